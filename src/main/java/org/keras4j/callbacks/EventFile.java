package org.keras4j.callbacks;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/**
 * A file of events as TensorBoard reads it: TFRecords, each a protocol buffer {@code tensorflow.Event}.
 *
 * <p>A record is its length (8 bytes), the checksum of the length, the data and the checksum of the data,
 * little-endian; a checksum is CRC-32C, turned by 15 bits and with a constant added.
 */
final class EventFile implements AutoCloseable {
    private static final int CRC_SHIFT = 0xa282ead8;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    // the numbers that tensorflow/core/framework/types.proto and summary.proto give
    private static final int FLOAT = 1;
    private static final int DOUBLE = 2;
    private static final int STRING = 7;
    private static final int CLASS_SCALAR = 1;
    private static final int CLASS_TENSOR = 2;

    private final OutputStream out;
    private final Path file;

    /** Makes a new file in {@code directory}, with a name that TensorBoard looks for. */
    EventFile(Path directory) {
        double now = seconds();
        file = directory.resolve(String.format(
                Locale.ROOT,
                "events.out.tfevents.%010d.keras4j.%d.%d.v2",
                (long) now,
                ProcessHandle.current().pid(),
                NUMBER.getAndIncrement()));
        try {
            Files.createDirectories(directory);
            out = new BufferedOutputStream(Files.newOutputStream(file));
        } catch (IOException e) {
            throw new UncheckedIOException("TensorBoard: cannot write " + file, e);
        }
        write(new Proto().number(1, now).text(3, "brain.Event:2"));
    }

    static double seconds() {
        return System.currentTimeMillis() / 1000.0;
    }

    void scalar(String tag, double value, long step) {
        write(scalar(tag, value, step, seconds()));
    }

    static Proto scalar(String tag, double value, long step, double time) {
        Proto tensor = new Proto().varint(1, FLOAT).message(2, new Proto()).floats(5, (float) value);
        return event(time, step, tag, tensor, "scalars", "", CLASS_SCALAR);
    }

    /**
     * Writes a histogram.
     *
     * @param buckets left end, right end and number of values of each bucket
     */
    void histogram(String tag, double[][] buckets, long step) {
        Proto shape =
                new Proto().message(2, new Proto().varint(1, buckets.length)).message(2, new Proto().varint(1, 3));
        ByteBuffer content =
                ByteBuffer.allocate(buckets.length * 3 * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double[] bucket : buckets) for (double v : bucket) content.putDouble(v);
        Proto tensor = new Proto().varint(1, DOUBLE).message(2, shape).bytes(4, content.array());
        write(event(seconds(), step, tag, tensor, "histograms", "", CLASS_TENSOR));
    }

    /** Writes the architecture of a model, which TensorBoard draws. */
    void kerasModel(String json) {
        Proto tensor = new Proto().varint(1, STRING).message(2, new Proto()).text(8, json);
        write(event(seconds(), 0, "keras", tensor, "graph_keras_model", "1", 0));
    }

    private static Proto event(
            double time, long step, String tag, Proto tensor, String plugin, String content, int dataClass) {
        Proto pluginData = new Proto().text(1, plugin);
        if (!content.isEmpty()) pluginData.text(2, content);
        Proto metadata = new Proto().message(1, pluginData);
        if (dataClass > 0) metadata.varint(4, dataClass);
        Proto value = new Proto().text(1, tag).message(8, tensor).message(9, metadata);
        Proto event = new Proto().number(1, time);
        if (step != 0) event.varint(2, step);
        return event.message(5, new Proto().message(1, value));
    }

    private void write(Proto event) {
        try {
            out.write(record(event.toBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("TensorBoard: cannot write " + file, e);
        }
    }

    /** Returns a record with its length and checksums. */
    static byte[] record(byte[] data) {
        ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(checksum(record.array(), 0, 8)).put(data).putInt(checksum(data, 0, data.length));
        return record.array();
    }

    private static int checksum(byte[] bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes, from, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + CRC_SHIFT;
    }

    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("TensorBoard: cannot write " + file, e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("TensorBoard: cannot write " + file, e);
        }
    }

    /** A message of protocol buffers, built field by field. */
    static final class Proto {
        private static final int VARINT = 0;
        private static final int FIXED64 = 1;
        private static final int BYTES = 2;

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Proto varint(int field, long value) {
            tag(field, VARINT);
            raw(value);
            return this;
        }

        Proto number(int field, double value) {
            tag(field, FIXED64);
            out.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putDouble(value)
                    .array());
            return this;
        }

        Proto bytes(int field, byte[] value) {
            tag(field, BYTES);
            raw(value.length);
            out.writeBytes(value);
            return this;
        }

        Proto text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Proto message(int field, Proto value) {
            return bytes(field, value.toBytes());
        }

        Proto floats(int field, float value) {
            return bytes(
                    field,
                    ByteBuffer.allocate(4)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putFloat(value)
                            .array());
        }

        private void tag(int field, int type) {
            raw((long) field << 3 | type);
        }

        private void raw(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        byte[] toBytes() {
            return out.toByteArray();
        }
    }
}
