package org.keras4j.saving.hdf5;

/** Object header of version 1: a list of messages. */
final class ObjectHeader {
    static final int DATASPACE = 0x01;
    static final int DATATYPE = 0x03;
    static final int FILL_VALUE = 0x05;
    static final int LAYOUT = 0x08;
    static final int ATTRIBUTE = 0x0C;
    static final int SYMBOL_TABLE = 0x11;
    static final int CONSTANT = 1;

    private final ByteSink messages = new ByteSink();
    private int count;

    ObjectHeader add(int type, int flags, byte[] body) {
        messages.put2(type)
                .put2(ByteSink.padded(body.length))
                .put1(flags)
                .zeros(3)
                .putPadded(body);
        count++;
        return this;
    }

    ObjectHeader addAttributes(Iterable<Attribute> attributes) {
        for (Attribute attribute : attributes) add(ATTRIBUTE, 0, attribute.message());
        return this;
    }

    void write(ByteSink out) {
        out.put1(1)
                .put1(0)
                .put2(count)
                .put4(1)
                .put4(messages.position())
                .zeros(4)
                .put(messages.toArray());
    }
}
