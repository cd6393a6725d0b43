package org.keras4j.saving.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes an HDF5 file in the low-level profile of Keras's own: superblock version 0, symbol table groups, object
 * headers of version 1, contiguous little-endian datasets.
 *
 * <p>The tree is described first, then written in one forward pass; large datasets are fetched and streamed one at a
 * time. Layout after "HDF5 File Format Specification Version 3.0".
 */
public final class Hdf5Writer {
    private static final int SUPERBLOCK = 96;
    private static final long UNDEFINED = -1;

    private final GlobalHeap heap = new GlobalHeap();
    private final GroupWriter root = new GroupWriter("/", "/", heap);

    /** Returns the root group, to which everything is added. */
    public GroupWriter root() {
        return root;
    }

    /** Returns how many bytes {@link #writeTo} will write. */
    public long size() {
        return layOut().size;
    }

    /**
     * Writes the file.
     *
     * @throws IllegalStateException if a dataset's values are not of the announced type and shape
     */
    public void writeTo(WritableByteChannel to) throws IOException {
        Layout layout = layOut();
        ByteSink metadata = metadata(layout.size);
        writeFully(metadata.written(), to);
        long at = metadata.position();
        for (DatasetWriter dataset : layout.datasets) {
            dataset.writeData(to);
            long bytes = dataset.dataBytes();
            writeFully(ByteBuffer.allocate((int) (padded(bytes) - bytes)), to);
            at += padded(bytes);
        }
        if (at != layout.size)
            throw new IllegalStateException("Expected to write " + layout.size + " bytes, wrote " + at);
    }

    private record Layout(List<DatasetWriter> datasets, long size) {}

    /** Writes the metadata once to learn its length, which no address changes, and places the data behind it. */
    private Layout layOut() {
        long at = metadata(0).position();
        List<DatasetWriter> datasets = new ArrayList<>();
        root.forEachDataset(datasets::add);
        for (DatasetWriter dataset : datasets) {
            dataset.placeData(at);
            at = Math.addExact(at, padded(dataset.dataBytes()));
        }
        return new Layout(datasets, at);
    }

    private ByteSink metadata(long fileSize) {
        var body = new ByteSink().zeros(SUPERBLOCK);
        heap.write(body);
        root.write(body);
        body.alignTo8();
        byte[] superblock = superblock(fileSize).toArray();
        body.written().put(superblock);
        return body;
    }

    private ByteSink superblock(long fileSize) {
        int bytesOfAddress = 8;
        var out = new ByteSink().put(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'});
        out.put4(0).put1(0).put1(bytesOfAddress).put1(bytesOfAddress).put1(0);
        out.put2(SymbolTable.LEAF_K).put2(SymbolTable.INTERNAL_K).put4(0);
        out.put8(0).put8(UNDEFINED).put8(fileSize).put8(UNDEFINED);
        root.writeEntry(out, 0);
        return out;
    }

    private static long padded(long bytes) {
        return Math.addExact(bytes, 7L) & ~7L;
    }

    private static void writeFully(ByteBuffer bytes, WritableByteChannel to) throws IOException {
        while (bytes.hasRemaining()) to.write(bytes);
    }
}
