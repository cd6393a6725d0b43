package org.keras4j.utils;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/**
 * The dictionary at the start of a {@code .npy} file.
 *
 * @param kind NumPy's letter for the type: b, i, u or f
 * @param bytes what an element takes in the file
 */
record NpyHeader(char kind, int bytes, ByteOrder order, boolean isFortranOrder, Shape shape, DType dtype) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST = 1 << 16;
    private static final int ALIGNMENT = 64;

    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([<>|=])([a-zA-Z])(\\d{1,9})'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");

    static NpyHeader of(DType dtype, Shape shape) {
        char kind = dtype == DType.BOOL ? 'b' : dtype.isFloating() ? 'f' : dtype.isUnsigned() ? 'u' : 'i';
        int bytes = dtype == DType.BOOL ? 1 : dtype.bits() / 8;
        return new NpyHeader(kind, bytes, ByteOrder.LITTLE_ENDIAN, false, shape, dtype);
    }

    /** Reads the header; the buffer is then at the first element. */
    static NpyHeader read(ByteBuffer file) throws IOException {
        var magic = new byte[MAGIC.length];
        if (file.remaining() < MAGIC.length + 4) throw new EOFException("the header is not complete");
        file.get(magic);
        if (!Arrays.equals(magic, MAGIC)) throw new IOException("not a .npy file: it does not start with \\x93NUMPY");
        int version = file.get();
        file.get();
        if (version < 1 || version > 3) throw new IOException("expected format version 1, 2 or 3, got " + version);
        file.order(ByteOrder.LITTLE_ENDIAN);
        if (version > 1 && file.remaining() < Integer.BYTES) throw new EOFException("the header is not complete");
        long length = version == 1 ? Short.toUnsignedInt(file.getShort()) : Integer.toUnsignedLong(file.getInt());
        if (length > LONGEST)
            throw new IOException("expected a header of at most " + LONGEST + " bytes, got " + length);
        if (length > file.remaining()) throw new EOFException("the header is not complete");
        var text = new byte[(int) length];
        file.get(text);
        return parse(new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
    }

    private static NpyHeader parse(String text) throws IOException {
        Matcher type = find(TYPE, text);
        char kind = type.group(2).charAt(0);
        int bytes = Integer.parseInt(type.group(3));
        ByteOrder order = switch (type.group(1)) {
            case ">" -> ByteOrder.BIG_ENDIAN;
            case "=" -> ByteOrder.nativeOrder();
            default -> ByteOrder.LITTLE_ENDIAN;
        };
        boolean isFortranOrder = find(ORDER, text).group(1).equals("True");
        Shape shape = shape(find(SHAPE, text).group(1));
        return new NpyHeader(kind, bytes, order, isFortranOrder, shape, dtype(kind, bytes));
    }

    private static Matcher find(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) throw new IOException("cannot read the header: " + text.strip());
        return matcher;
    }

    private static Shape shape(String text) throws IOException {
        String[] parts = text.isBlank() ? new String[0] : text.strip().split("\\s*,\\s*");
        var dims = new int[parts.length];
        long elements = 1;
        try {
            for (int i = 0; i < dims.length; i++) {
                dims[i] = Integer.parseInt(parts[i]);
                elements = Math.multiplyExact(elements, dims[i]);
            }
            Math.toIntExact(elements);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IOException("expected at most 2^31 - 1 elements, got shape (" + text + ")", e);
        }
        return Shape.of(dims);
    }

    private static DType dtype(char kind, int bytes) throws IOException {
        return switch ("" + kind + bytes) {
            case "b1" -> DType.BOOL;
            case "u1" -> DType.UINT8;
            case "u2" -> DType.UINT16;
            case "u4" -> DType.UINT32;
            case "i1" -> DType.INT8;
            case "i2" -> DType.INT16;
            case "i4" -> DType.INT32;
            case "i8", "u8" -> DType.INT64;
            case "f2" -> DType.FLOAT16;
            case "f4" -> DType.FLOAT32;
            case "f8" -> DType.FLOAT64;
            default ->
                throw new IOException(
                        "expected numbers (bool, int8 to int64, uint8 to uint64, float16 to float64), got NumPy type \""
                                + kind + bytes + "\"");
        };
    }

    long elements() {
        return shape.size();
    }

    /** Copies the next element of the file to place {@code i} of the array. */
    void copyElement(ByteBuffer from, NDArray to, int i) throws IOException {
        switch (dtype) {
            case BOOL -> to.set(i, from.get());
            case UINT8, INT8 -> to.set(i, dtype.wrap(from.get()));
            case UINT16, INT16 -> to.set(i, dtype.wrap(from.getShort()));
            case INT32 -> ((int[]) to.data())[i] = from.getInt();
            case UINT32 -> ((long[]) to.data())[i] = Integer.toUnsignedLong(from.getInt());
            case INT64 -> ((long[]) to.data())[i] = signed(from.getLong());
            case FLOAT16 -> ((float[]) to.data())[i] = Float.float16ToFloat(from.getShort());
            case FLOAT32 -> ((float[]) to.data())[i] = from.getFloat();
            case FLOAT64 -> ((double[]) to.data())[i] = from.getDouble();
            case BFLOAT16 -> throw new IOException("NumPy has no bfloat16");
        }
    }

    private long signed(long value) throws IOException {
        if (kind == 'u' && value < 0)
            throw new IOException("expected integers below 2^63, got " + Long.toUnsignedString(value));
        return value;
    }

    /** Returns magic, version, length and dictionary, padded so that the data begins at a multiple of 64. */
    byte[] toBytes() {
        String sizes = IntStream.of(shape.dims()).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        String dictionary = "{'descr': '" + (bytes == 1 ? "|" : "<") + kind + bytes
                + "', 'fortran_order': False, 'shape': (" + sizes + (shape.rank() == 1 ? "," : "") + "), }";
        int start = MAGIC.length + 4;
        int padding = ALIGNMENT - (start + dictionary.length() + 1) % ALIGNMENT;
        String text = dictionary + " ".repeat(padding) + "\n";
        ByteBuffer out = ByteBuffer.allocate(start + text.length()).order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) text.length());
        return out.put(text.getBytes(StandardCharsets.US_ASCII)).array();
    }
}
