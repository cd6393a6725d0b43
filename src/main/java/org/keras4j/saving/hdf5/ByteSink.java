package org.keras4j.saving.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Growing little-endian bytes; the position is the address in the file, which starts here. */
final class ByteSink {
    private byte[] bytes = new byte[4096];
    private ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

    int position() {
        return buffer.position();
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, position());
    }

    /** Returns what was written so far, ready to be read, without a copy. */
    ByteBuffer written() {
        return ByteBuffer.wrap(bytes, 0, position());
    }

    ByteSink put1(int value) {
        room(1).put((byte) value);
        return this;
    }

    ByteSink put2(int value) {
        room(2).putShort((short) value);
        return this;
    }

    ByteSink put4(int value) {
        room(4).putInt(value);
        return this;
    }

    ByteSink put8(long value) {
        room(8).putLong(value);
        return this;
    }

    ByteSink put(byte[] value) {
        room(value.length).put(value);
        return this;
    }

    /** Writes {@code value} and zeros up to a multiple of 8 of its own length. */
    ByteSink putPadded(byte[] value) {
        return put(value).zeros(padded(value.length) - value.length);
    }

    ByteSink zeros(int count) {
        // room() leaves fresh bytes, and fresh bytes are zero
        room(count).position(position() + count);
        return this;
    }

    ByteSink alignTo8() {
        return zeros(padded(position()) - position());
    }

    static int padded(int length) {
        return Math.addExact(length, 7) & ~7;
    }

    private ByteBuffer room(int count) {
        if (buffer.remaining() < count) {
            int position = position();
            int wanted = Math.addExact(position, count);
            long doubled = Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L);
            bytes = Arrays.copyOf(bytes, (int) Math.max(wanted, doubled));
            buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(position);
        }
        return buffer;
    }
}
