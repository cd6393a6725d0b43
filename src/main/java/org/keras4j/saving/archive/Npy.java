package org.keras4j.saving.archive;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.keras4j.saving.ElementType;
import org.keras4j.saving.HostArray;
import org.keras4j.saving.KerasFileException;

/** NumPy's {@code .npy} arrays: numbers and booleans of any shape; format after NumPy's NEP 1. */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_HEADER = 1 << 20;
    private static final int BUFFER = 1 << 18;
    private static final int ALIGNMENT = 64;

    private Npy() {}

    /** Reads the array in the file at {@code path}. */
    public static HostArray read(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            HostArray array = read(in, path.toString(), "");
            if (in.read() >= 0) throw new KerasFileException(path.toString(), "", "has bytes after the array's end");
            return array;
        } catch (IOException e) {
            throw new KerasFileException(path.toString(), "", "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads an array from bytes; {@code name} is what errors call it. */
    public static HostArray read(byte[] bytes, String name) {
        return read(new ByteArrayInputStream(bytes), name, "");
    }

    /**
     * Reads one array from a stream and leaves the stream behind it.
     *
     * @throws KerasFileException if the bytes are no array of numbers, or end early
     */
    public static HostArray read(InputStream in, String file, String place) {
        try {
            NpyHeader header = NpyHeader.parse(readHeader(in, file, place), file, place);
            return readValues(in, header, file, place);
        } catch (EOFException e) {
            throw new KerasFileException(file, place, "ends early: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new KerasFileException(file, place, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static String readHeader(InputStream in, String file, String place) throws IOException {
        byte[] start = exactly(in, MAGIC.length + 2);
        if (!Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length))
            throw new KerasFileException(file, place, "expected a .npy array, got other bytes at its start");
        int version = start[MAGIC.length];
        if (version < 1 || version > 3)
            throw new KerasFileException(file, place, "expected .npy version 1, 2 or 3, got " + version);
        ByteBuffer lengthBytes = ByteBuffer.wrap(exactly(in, version == 1 ? 2 : 4)).order(ByteOrder.LITTLE_ENDIAN);
        long length = version == 1 ? Short.toUnsignedInt(lengthBytes.getShort()) : Integer.toUnsignedLong(lengthBytes.getInt());
        if (length > MAX_HEADER)
            throw new KerasFileException(file, place, "expected a header up to " + MAX_HEADER + " bytes, got " + length);
        byte[] header = exactly(in, (int) length);
        return new String(header, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    }

    private static HostArray readValues(InputStream in, NpyHeader header, String file, String place) throws IOException {
        ElementType type = header.type();
        int count = header.count(file, place);
        int step = BUFFER / type.bytes();
        Object values = type.allocate(Math.min(count, step));
        for (int at = 0; at < count; at += step) {
            int part = Math.min(step, count - at);
            byte[] bytes = exactly(in, part * type.bytes());
            // grown with what has come, so that a header alone cannot ask for the whole heap
            if (type.lengthOf(values) < at + part)
                values = grown(type, values, at, (int) Math.min(count, Math.max(at + (long) part, at * 2L)));
            type.read(ByteBuffer.wrap(bytes).order(header.order()), values, at, part);
        }
        int[] shape = header.shape();
        if (!header.fortranOrder() || shape.length < 2) return HostArray.of(type, shape, values);
        return HostArray.of(type, shape, rowMajor(type, values, shape));
    }

    private static Object grown(ElementType type, Object values, int used, int length) {
        Object larger = type.allocate(length);
        System.arraycopy(values, 0, larger, 0, used);
        return larger;
    }

    /** Reorders values whose first axis runs fastest. */
    private static Object rowMajor(ElementType type, Object columnMajor, int[] shape) {
        int count = type.lengthOf(columnMajor);
        Object out = type.allocate(count);
        var index = new int[shape.length];
        var strides = new int[shape.length];
        strides[0] = 1;
        for (int axis = 1; axis < shape.length; axis++) strides[axis] = strides[axis - 1] * shape[axis - 1];
        int from = 0;
        for (int to = 0; to < count; to++) {
            System.arraycopy(columnMajor, from, out, to, 1);
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                from += strides[axis];
                if (++index[axis] < shape[axis]) break;
                from -= shape[axis] * strides[axis];
                index[axis] = 0;
            }
        }
        return out;
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) throw new EOFException("expected " + length + " more bytes, got " + bytes.length);
        return bytes;
    }

    /** Writes the array to the file at {@code path}, all or nothing. */
    public static void write(Path path, HostArray array) {
        AtomicFile.write(path, channel -> write(channel, array));
    }

    /** Writes one array: version 1 and, as NumPy does, a header padded to 64 bytes. */
    public static void write(WritableByteChannel to, HostArray array) throws IOException {
        writeFully(ByteBuffer.wrap(header(array)), to);
        ElementType type = array.type();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        int step = BUFFER / type.bytes();
        for (int at = 0; at < array.size(); at += step) {
            type.write(array.data(), at, Math.min(step, array.size() - at), buffer.clear());
            writeFully(buffer.flip(), to);
        }
    }

    /** Returns how many bytes {@link #write(WritableByteChannel, HostArray)} writes. */
    static long sizeOf(HostArray array) {
        return header(array).length + (long) array.size() * array.type().bytes();
    }

    private static byte[] header(HostArray array) {
        byte[] text = new NpyHeader(array.type(), ByteOrder.LITTLE_ENDIAN, false, array.shape())
                .toString()
                .getBytes(StandardCharsets.ISO_8859_1);
        int before = MAGIC.length + 4;
        int total = (before + text.length + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer out = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (total - before)).put(text);
        while (out.remaining() > 1) out.put((byte) ' ');
        return out.put((byte) '\n').array();
    }

    private static void writeFully(ByteBuffer bytes, WritableByteChannel to) throws IOException {
        while (bytes.hasRemaining()) to.write(bytes);
    }
}
