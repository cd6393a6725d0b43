package org.keras4j.saving.savedmodel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.keras4j.KerasFileException;

/** Goes through the fields of one message in the encoding of protocol buffers. */
final class ProtoReader {
    private static final int MAX_VARINT_BITS = 64;
    private static final int MAX_TEXT = 1 << 28;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ByteBuffer in;
    private final String file;
    private final String place;
    private int field;
    private long number;
    private ByteBuffer bytes = NOTHING;
    private boolean isBytes;

    /**
     * Reads from the buffer's position to its limit.
     *
     * @param place what errors call the message
     */
    ProtoReader(ByteBuffer in, String file, String place) {
        this.in = in.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.file = file;
        this.place = place;
    }

    /** Goes to the next field; false at the end. */
    boolean next() {
        if (!in.hasRemaining()) return false;
        long tag = varint(in, file, place);
        field = (int) (tag >>> 3);
        isBytes = false;
        switch ((int) (tag & 7)) {
            case 0 -> number = varint(in, file, place);
            case 1 -> number = need(Long.BYTES).getLong();
            case 2 -> {
                long length = varint(in, file, place);
                bytes = slice(length);
                isBytes = true;
            }
            case 5 -> number = need(Integer.BYTES).getInt();
            default ->
                throw problem("expected fields of known types, got type " + (tag & 7) + " at byte " + in.position());
        }
        return true;
    }

    /** Returns the number of the field that {@link #next} went to. */
    int field() {
        return field;
    }

    /** Returns the value of a numeric field. */
    long number() {
        if (isBytes) throw problem("expected a number in field " + field);
        return number;
    }

    /** Returns the value as the number of something that is counted. */
    int index() {
        long value = number();
        if (value < 0 || value > Integer.MAX_VALUE) throw problem("field " + field + " is out of range: " + value);
        return (int) value;
    }

    /** Returns the value of a field with a length, a part of the message's own bytes. */
    ByteBuffer bytes() {
        if (!isBytes) throw problem("expected bytes in field " + field);
        return bytes.duplicate();
    }

    /** Returns the value of a field with text. */
    String text() {
        if (bytes().remaining() > MAX_TEXT) throw problem("field " + field + " has more than " + MAX_TEXT + " bytes");
        return StandardCharsets.UTF_8.decode(bytes()).toString();
    }

    /** Returns a reader of the message in this field. */
    ProtoReader message() {
        return new ProtoReader(bytes(), file, place);
    }

    private ByteBuffer need(int count) {
        if (in.remaining() < count) throw problem("ends within field " + field);
        return in;
    }

    private ByteBuffer slice(long length) {
        if (length < 0 || length > in.remaining())
            throw problem("field " + field + " of " + length + " bytes, of which " + in.remaining() + " are there");
        ByteBuffer part = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        return part;
    }

    private KerasFileException problem(String problem) {
        return new KerasFileException(file, place, problem);
    }

    /** Reads a number of seven bits a byte, the lowest first. */
    static long varint(ByteBuffer in, String file, String place) {
        long value = 0;
        for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
            if (!in.hasRemaining()) throw new KerasFileException(file, place, "ends within a number");
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) return value;
        }
        throw new KerasFileException(file, place, "has a number of more than 64 bits");
    }
}
