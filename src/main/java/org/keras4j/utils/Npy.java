package org.keras4j.utils;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** Reads and writes NumPy's {@code .npy} files, format versions 1 to 3. Objects and text in them are refused. */
public final class Npy {
    private static final int CHUNK = 1 << 16;

    private Npy() {}

    /**
     * Reads a file.
     *
     * @throws IOException if the file is damaged or of a kind that has no dtype here; the message names the file
     */
    public static NDArray read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > Integer.MAX_VALUE)
                throw new IOException("expected at most 2 GiB, got " + channel.size() + " bytes");
            return read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        } catch (EOFException e) {
            throw new IOException(file + ": the file ends too early", e);
        } catch (FileSystemException e) {
            throw e; // names the file already
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Reads the bytes of a file; the buffer must end where the array ends. */
    public static NDArray read(ByteBuffer file) throws IOException {
        NpyHeader header = NpyHeader.read(file);
        long expected = header.elements() * header.bytes();
        if (file.remaining() < expected)
            throw new EOFException("expected " + expected + " bytes of data, got " + file.remaining());
        if (file.remaining() > expected)
            throw new IOException("expected " + expected + " bytes of data, got " + file.remaining());
        NDArray array = NDArray.zeros(header.dtype(), header.shape());
        ByteBuffer data = file.order(header.order());
        int[] place = header.isFortranOrder() ? rowMajorPlaces(header.shape()) : null;
        for (int i = 0; i < array.size(); i++) header.copyElement(data, array, place == null ? i : place[i]);
        return array;
    }

    /** Writes a file in row-major order, little-endian, as NumPy does; bfloat16 as float32. */
    public static void write(Path file, NDArray array) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            write(out, array);
        }
    }

    /** Writes what a file of this array holds. */
    public static void write(OutputStream out, NDArray array) throws IOException {
        DType dtype = array.dtype() == DType.BFLOAT16 ? DType.FLOAT32 : array.dtype();
        NpyHeader header = NpyHeader.of(dtype, array.shape());
        out.write(header.toBytes());
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < array.size(); i++) {
            if (buffer.remaining() < Long.BYTES) flush(buffer, out);
            putElement(array, i, dtype, buffer);
        }
        flush(buffer, out);
    }

    private static void flush(ByteBuffer buffer, OutputStream out) throws IOException {
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
    }

    private static void putElement(NDArray array, int i, DType dtype, ByteBuffer to) {
        switch (dtype) {
            case BOOL, UINT8, INT8 -> to.put((byte) array.getLong(i));
            case UINT16, INT16 -> to.putShort((short) array.getLong(i));
            case UINT32, INT32 -> to.putInt((int) array.getLong(i));
            case INT64 -> to.putLong(array.getLong(i));
            case FLOAT16 -> to.putShort(Float.floatToFloat16((float) array.get(i)));
            case FLOAT32, BFLOAT16 -> to.putFloat((float) array.get(i));
            case FLOAT64 -> to.putDouble(array.get(i));
        }
    }

    /** Returns, for each element in column-major order, its place in row-major order. */
    private static int[] rowMajorPlaces(Shape shape) {
        int rank = shape.rank();
        var strides = new int[rank];
        int stride = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape.dim(axis);
        }
        var places = new int[shape.size()];
        var index = new int[rank];
        int place = 0;
        for (int i = 0; i < places.length; i++) {
            places[i] = place;
            for (int axis = 0; axis < rank; axis++) {
                place += strides[axis];
                if (++index[axis] < shape.dim(axis)) break;
                place -= strides[axis] * index[axis];
                index[axis] = 0;
            }
        }
        return places;
    }
}
