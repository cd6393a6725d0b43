package org.keras4j.ops;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;

/** Reading the bits of known values as another dtype. */
final class BitViews {
    private BitViews() {}

    /** The last axis grows or shrinks where the dtypes have different sizes. */
    static Tensor view(Tensor x, DType to) {
        if (x.dtype() == to) return x;
        int from = bytes(x.dtype());
        int size = bytes(to);
        if (x.rank() == 0 ? from != size : x.shape().last() * from % size != 0)
            throw new IllegalArgumentException("view: " + x.spec() + " cannot be read as " + to);
        NDArray values = Searching.known(x, "view");
        ByteBuffer buffer = ByteBuffer.allocate(values.size() * from).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.size(); i++) put(buffer, values, i);
        buffer.flip();
        Shape shape = x.rank() == 0 ? x.shape() : x.shape().with(-1, x.shape().last() * from / size);
        NDArray out = NDArray.zeros(to, shape);
        for (int i = 0; i < out.size(); i++) get(buffer, out, i);
        return Tensor.of(out);
    }

    private static int bytes(DType dtype) {
        return Math.max(1, dtype.bits() / 8);
    }

    private static void put(ByteBuffer to, NDArray from, int i) {
        switch (from.dtype()) {
            case BOOL, INT8, UINT8 -> to.put((byte) from.getLong(i));
            case INT16, UINT16 -> to.putShort((short) from.getLong(i));
            case INT32, UINT32 -> to.putInt((int) from.getLong(i));
            case INT64 -> to.putLong(from.getLong(i));
            case FLOAT16 -> to.putShort(Float.floatToFloat16((float) from.get(i)));
            case BFLOAT16 -> to.putShort((short) (Float.floatToRawIntBits((float) from.get(i)) >>> 16));
            case FLOAT32 -> to.putFloat((float) from.get(i));
            case FLOAT64 -> to.putDouble(from.get(i));
        }
    }

    private static void get(ByteBuffer from, NDArray to, int i) {
        switch (to.data()) {
            case float[] f ->
                f[i] = switch (to.dtype()) {
                    case FLOAT16 -> Float.float16ToFloat(from.getShort());
                    case BFLOAT16 -> Float.intBitsToFloat(from.getShort() << 16);
                    default -> from.getFloat();
                };
            case double[] d -> d[i] = from.getDouble();
            case int[] n ->
                n[i] = (int) to.dtype()
                        .wrap(
                                switch (bytes(to.dtype())) {
                                    case 1 -> from.get();
                                    case 2 -> from.getShort();
                                    default -> from.getInt();
                                });
            case long[] l -> l[i] = to.dtype() == DType.UINT32 ? from.getInt() & 0xffff_ffffL : from.getLong();
            default -> throw new AssertionError();
        }
    }
}
