package org.keras4j.saving.savedmodel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.saving.hdf5.ElementType;

/**
 * Where a tensor of a checkpoint is: TensorFlow's {@code BundleEntryProto}.
 *
 * @param dtype TensorFlow's number of the type
 * @param shard the number of the data file
 * @param offset the first byte in that file
 * @param checksum the masked CRC-32C of the bytes
 * @param isSliced whether the tensor lies in pieces under other keys
 */
record BundleEntry(int dtype, int[] shape, int shard, long offset, long size, int checksum, boolean isSliced) {
    static final int STRING = 7;

    static BundleEntry parse(ByteBuffer bytes, String file, String key) {
        var in = new ProtoReader(bytes, file, key);
        int dtype = 0;
        int[] shape = {};
        int shard = 0;
        long offset = 0;
        long size = 0;
        int checksum = 0;
        boolean isSliced = false;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> dtype = in.index();
                case 2 -> shape = shape(in.message(), file, key);
                case 3 -> shard = in.index();
                case 4 -> offset = in.number();
                case 5 -> size = in.number();
                case 6 -> checksum = (int) in.number();
                case 7 -> isSliced = true;
                default -> {} // of a later TensorFlow
            }
        }
        return new BundleEntry(dtype, shape, shard, offset, size, checksum, isSliced);
    }

    private static int[] shape(ProtoReader in, String file, String key) {
        List<Integer> dims = new ArrayList<>();
        while (in.next()) {
            if (in.field() != 2) continue;
            ProtoReader dim = in.message();
            int size = 0;
            while (dim.next()) if (dim.field() == 1) size = dim.index();
            dims.add(size);
        }
        int[] shape = dims.stream().mapToInt(Integer::intValue).toArray();
        long count = 1;
        for (int dim : shape) {
            count *= dim;
            if (count > Integer.MAX_VALUE)
                throw new KerasFileException(file, key, "has shape " + dims + ", which is too large");
        }
        return shape;
    }

    /** Returns the number of elements. */
    int count() {
        int count = 1;
        for (int dim : shape) count *= dim;
        return count;
    }

    /** Returns the type of the elements; null for one that no weight of Keras has. */
    @Nullable
    ElementType type() {
        return switch (dtype) {
            case 1 -> ElementType.FLOAT32;
            case 2 -> ElementType.FLOAT64;
            case 3 -> ElementType.INT32;
            case 4 -> ElementType.UINT8;
            case 5 -> ElementType.INT16;
            case 6 -> ElementType.INT8;
            case 9 -> ElementType.INT64;
            case 10 -> ElementType.BOOL;
            case 14 -> ElementType.BFLOAT16;
            case 17 -> ElementType.UINT16;
            case 19 -> ElementType.FLOAT16;
            case 22 -> ElementType.UINT32;
            case 23 -> ElementType.UINT64;
            default -> null;
        };
    }
}
