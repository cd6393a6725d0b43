package org.keras4j.saving.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** A contiguous dataset to be written; its values are asked for only when their turn comes. */
final class DatasetWriter implements Hdf5Object {
    private static final int BUFFER = 1 << 18;
    private static final long UNDEFINED = -1;

    private final String name;
    private final String path;
    private final ElementType type;
    private final int[] shape;
    private final Supplier<HostArray> values;
    private final List<Attribute> attributes = new ArrayList<>();
    private long headerAddress;
    private long dataAddress = UNDEFINED;

    DatasetWriter(String name, String path, ElementType type, int[] shape, Supplier<HostArray> values) {
        this.name = name;
        this.path = path;
        this.type = type;
        this.shape = shape.clone();
        this.values = values;
    }

    @Override
    public String name() {
        return name;
    }

    void attribute(Attribute attribute) {
        attributes.add(attribute);
    }

    long dataBytes() {
        return Math.multiplyExact(HostArray.sizeOf(shape), (long) type.bytes());
    }

    void placeData(long address) {
        dataAddress = dataBytes() == 0 ? UNDEFINED : address;
    }

    @Override
    public void write(ByteSink out) {
        headerAddress = out.position();
        // allocated late, written if set, defined with no bytes: zeros, as the library writes by default
        byte[] fill = {2, 2, 2, 1, 0, 0, 0, 0};
        byte[] layout = new ByteSink()
                .put1(3)
                .put1(1)
                .put8(dataAddress)
                .put8(dataBytes())
                .toArray();
        new ObjectHeader()
                .add(ObjectHeader.DATASPACE, 0, Attribute.dataspaceOf(shape))
                .add(ObjectHeader.DATATYPE, ObjectHeader.CONSTANT, Datatypes.of(type))
                .add(ObjectHeader.FILL_VALUE, ObjectHeader.CONSTANT, fill)
                .add(ObjectHeader.LAYOUT, 0, layout)
                .addAttributes(attributes)
                .write(out);
    }

    @Override
    public void writeEntry(ByteSink out, long nameOffset) {
        out.put8(nameOffset).put8(headerAddress).zeros(24);
    }

    void writeData(WritableByteChannel to) throws IOException {
        HostArray array = values.get();
        if (array.type() != type || !Arrays.equals(array.shape(), shape))
            throw new IllegalStateException("Dataset " + path + ": expected " + type.dtype() + Arrays.toString(shape)
                    + " as announced, got " + array);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        int step = BUFFER / type.bytes();
        for (int at = 0; at < array.size(); at += step) {
            type.write(array.data(), at, Math.min(step, array.size() - at), buffer.clear());
            buffer.flip();
            while (buffer.hasRemaining()) to.write(buffer);
        }
    }
}
