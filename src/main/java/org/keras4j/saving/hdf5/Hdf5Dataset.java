package org.keras4j.saving.hdf5;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.OpaqueDataType;
import io.jhdf.object.datatype.OrderedDataType;
import io.jhdf.object.datatype.StringData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dataset of an HDF5 file: its type and shape at once, its values when {@link #read} is called. */
public final class Hdf5Dataset {
    private static final long UNDEFINED = -1;
    // deflate cannot pack tighter than 1:1032
    private static final long MAX_RATIO = 1032;

    private final Hdf5File file;
    private final Dataset dataset;
    private final String path;
    private final int[] shape;
    private final DataType datatype;

    Hdf5Dataset(Hdf5File file, Dataset dataset, String path) {
        this.file = file;
        this.dataset = dataset;
        this.path = path;
        file.visit(file.guard(path, dataset::getAddress), path);
        this.shape = file.guard(path, this::readShape);
        this.datatype = file.guard(path, dataset::getDataType);
    }

    /** Returns the path from the root. */
    public String path() {
        return path;
    }

    /** Returns the last part of the path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Returns a copy of the shape; no axes for a scalar. */
    public int[] shape() {
        return shape.clone();
    }

    /** Returns the attributes. */
    public Hdf5Attributes attributes() {
        return new Hdf5Attributes(file, path, dataset);
    }

    /**
     * Returns the element type; opaque pairs of bytes are bfloat16, the only such thing Keras writes.
     *
     * @throws org.keras4j.KerasFileException if the file's type is not one of {@link ElementType}
     */
    public ElementType type() {
        ElementType type = typeOrNull();
        if (type == null)
            throw file.damaged(
                    path,
                    "expected numbers or booleans, got HDF5 datatype class " + datatype.getDataClass() + " of "
                            + datatype.getSize() + " bytes");
        return type;
    }

    /** Reads all values. */
    public HostArray read() {
        ElementType type = type();
        int count = checkedCount(type);
        if (count == 0) return HostArray.of(type, shape, type.allocate(0));
        return file.guard(path, () -> HostArray.of(type, shape, readFlat(type, count)));
    }

    private Object readFlat(ElementType type, int count) {
        if (dataset instanceof ContiguousDataset contiguous) {
            Object values = type.allocate(count);
            if (contiguous.getDataAddress() == UNDEFINED) return values; // never written: the default fill value
            type.read(contiguous.getBuffer().duplicate().order(byteOrder()), values, 0, count);
            return values;
        }
        if (dataset instanceof ChunkedDataset chunked) {
            checkChunk(chunked, type);
            if (type == ElementType.BFLOAT16) return OpaqueChunks.read(chunked, shape);
        }
        return BoxedValues.flatten(type, dataset.getDataFlat(), count);
    }

    private ByteOrder byteOrder() {
        return datatype instanceof OrderedDataType ordered ? ordered.getByteOrder() : ByteOrder.LITTLE_ENDIAN;
    }

    private int[] readShape() {
        long[] dims = dataset.getDimensionsAsLong();
        var axes = new int[dims.length];
        for (int i = 0; i < axes.length; i++) {
            if (dims[i] < 0 || dims[i] > Integer.MAX_VALUE)
                throw file.damaged(path, "expected axes up to " + Integer.MAX_VALUE + ", got one of " + dims[i]);
            axes[i] = (int) dims[i];
        }
        return axes;
    }

    private int checkedCount(ElementType type) {
        long count;
        try {
            count = HostArray.sizeOf(shape);
        } catch (ArithmeticException e) {
            throw file.damaged(path, "claims more elements than can be counted");
        }
        if (count > Integer.MAX_VALUE / type.bytes() && !(count == 0))
            throw file.damaged(path, "has " + count + " elements of " + type.dtype() + "; up to 2 GiB can be read");
        checkBytes(count * type.bytes());
        return (int) count;
    }

    private void checkBytes(long bytes) {
        if (bytes > 1 << 20 && bytes / MAX_RATIO > file.fileBytes())
            throw file.damaged(path, "claims " + bytes + " bytes in a file of " + file.fileBytes());
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        if (bytes > free)
            throw file.damaged(path, "needs " + bytes + " bytes, the Java heap has " + free + " left; raise -Xmx");
    }

    private void checkChunk(ChunkedDataset chunked, ElementType type) {
        long elements = 1;
        for (int dim : chunked.getChunkDimensions()) {
            if (dim <= 0) throw file.damaged(path, "claims a chunk axis of " + dim);
            elements = Math.multiplyExact(elements, (long) dim);
        }
        if (elements > Integer.MAX_VALUE / type.bytes())
            throw file.damaged(path, "claims chunks of " + elements + " elements");
        checkBytes(elements * type.bytes());
    }

    private @Nullable ElementType typeOrNull() {
        return switch (datatype) {
            case FixedPoint integer -> integer(integer);
            case FloatingPoint number -> number(number);
            case OpaqueDataType opaque -> opaque.getSize() == 2 ? ElementType.BFLOAT16 : null;
            case StringData pair -> file.opaqueReplaced() && pair.getSize() == 2 ? ElementType.BFLOAT16 : null;
            case EnumDataType enumeration -> bool(enumeration);
            default -> null;
        };
    }

    private static @Nullable ElementType integer(FixedPoint type) {
        boolean signed = type.isSigned();
        return switch (type.getSize()) {
            case 1 -> signed ? ElementType.INT8 : ElementType.UINT8;
            case 2 -> signed ? ElementType.INT16 : ElementType.UINT16;
            case 4 -> signed ? ElementType.INT32 : ElementType.UINT32;
            case 8 -> signed ? ElementType.INT64 : ElementType.UINT64;
            default -> null;
        };
    }

    private static @Nullable ElementType number(FloatingPoint type) {
        int exponent = type.getExponentSize();
        return switch (type.getSize()) {
            case 2 -> exponent == 5 ? ElementType.FLOAT16 : exponent == 8 ? ElementType.BFLOAT16 : null;
            case 4 -> exponent == 8 ? ElementType.FLOAT32 : null;
            case 8 -> exponent == 11 ? ElementType.FLOAT64 : null;
            default -> null;
        };
    }

    private static @Nullable ElementType bool(EnumDataType type) {
        boolean named = type.getEnumMapping().equals(Map.of(0, "FALSE", 1, "TRUE"));
        return type.getSize() == 1 && named ? ElementType.BOOL : null;
    }

    /** Puts the chunks of opaque pairs together, which the library would hand out as objects. */
    private static final class OpaqueChunks {
        static short[] read(ChunkedDataset chunked, int[] shape) {
            var out = new short[(int) HostArray.sizeOf(shape)];
            int[] chunk = chunked.getChunkDimensions();
            var at = new int[shape.length];
            do {
                copy(
                        ByteBuffer.wrap(chunked.getDecompressedChunk(at)).order(ByteOrder.LITTLE_ENDIAN),
                        chunk,
                        at,
                        shape,
                        out);
            } while (next(at, chunk, shape));
            return out;
        }

        private static void copy(ByteBuffer from, int[] chunk, int[] at, int[] shape, short[] out) {
            int count = (int) HostArray.sizeOf(chunk);
            for (int i = 0; i < count; i++) {
                int target = 0;
                boolean inside = true;
                for (int axis = 0, rest = i, block = count; axis < shape.length; axis++) {
                    block /= chunk[axis];
                    int index = at[axis] + rest / block;
                    rest %= block;
                    inside &= index < shape[axis];
                    target = target * shape[axis] + index;
                }
                if (inside) out[target] = from.getShort(2 * i);
            }
        }

        private static boolean next(int[] at, int[] chunk, int[] shape) {
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                at[axis] += chunk[axis];
                if (at[axis] < shape[axis]) return true;
                at[axis] = 0;
            }
            return false;
        }
    }
}
