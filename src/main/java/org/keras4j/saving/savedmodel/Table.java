package org.keras4j.saving.savedmodel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.keras4j.KerasFileException;

/**
 * A file of sorted keys with values, in LevelDB's table format: blocks of entries whose keys leave out what they share
 * with the key before, a block that lists the blocks, and a footer that says where that is.
 */
final class Table {
    private static final long MAGIC = 0xdb4775248b80fb57L;
    private static final int FOOTER = 48;
    private static final int TRAILER = 5;
    private static final int MAX_KEY = 1 << 15;
    private static final long MAX_SIZE = 1L << 28;

    private final String file;
    private final ByteBuffer data;
    private final Map<String, ByteBuffer> entries = new LinkedHashMap<>();
    private long keyBytes;

    private Table(String file, ByteBuffer data) {
        this.file = file;
        this.data = data;
    }

    /**
     * Returns all values by key.
     *
     * @throws KerasFileException if it is no such file, is damaged, or has compressed blocks
     */
    static Map<String, ByteBuffer> read(Path path) {
        try {
            long size = Files.size(path);
            if (size < FOOTER || size > MAX_SIZE)
                throw new KerasFileException(
                        path.toString(), "", "expected an index of a checkpoint, got a file of " + size + " bytes");
            byte[] all = Files.readAllBytes(path);
            return read(path.toString(), all);
        } catch (IOException e) {
            throw new KerasFileException(path.toString(), "", "cannot be read: " + e.getMessage(), e);
        }
    }

    static Map<String, ByteBuffer> read(String file, byte[] all) {
        var table = new Table(file, ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN));
        ByteBuffer footer = table.data.slice(all.length - FOOTER, FOOTER).order(ByteOrder.LITTLE_ENDIAN);
        if (footer.getLong(FOOTER - Long.BYTES) != MAGIC)
            throw new KerasFileException(file, "", "expected an index of a checkpoint, got other bytes at its end");
        table.block(footer, "footer"); // where the block of metadata is, of which there is none
        ByteBuffer index = table.checked(table.block(footer, "footer"), "index block");
        table.entries(index, "index block", (_, handle) -> {
            Handle block = table.block(handle, "index block");
            String place = "block at byte " + block.offset;
            table.entries(table.checked(block, place), place, table::keep);
        });
        return table.entries;
    }

    /** Where a block is. */
    private record Handle(int offset, int size) {}

    private void keep(String key, ByteBuffer value) {
        keyBytes += key.length();
        // keys may share nearly all of what came before, so that a small file can hold very long ones
        if (keyBytes > MAX_SIZE) throw new KerasFileException(file, "", "has more than " + MAX_SIZE + " bytes of keys");
        entries.put(key, value);
    }

    private Handle block(ByteBuffer in, String place) {
        long offset = ProtoReader.varint(in, file, place);
        long size = ProtoReader.varint(in, file, place);
        if (offset < 0 || size < 0 || offset > data.limit() || size > data.limit() - offset - TRAILER)
            throw new KerasFileException(
                    file,
                    place,
                    "names a block of " + size + " bytes at byte " + offset + ", which is not in the file");
        return new Handle((int) offset, (int) size);
    }

    private ByteBuffer checked(Handle handle, String place) {
        ByteBuffer summed = data.slice(handle.offset, handle.size + 1);
        if (Checksum.masked(summed) != data.getInt(handle.offset + handle.size + 1))
            throw new KerasFileException(file, place, "is damaged: its checksum is wrong");
        byte compression = summed.get(handle.size);
        if (compression != 0)
            throw new KerasFileException(
                    file,
                    place,
                    "is compressed (type " + compression + "), which TensorFlow's checkpoints are not and which is"
                            + " not read here");
        return summed.slice(0, handle.size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void entries(ByteBuffer block, String place, BiConsumer<String, ByteBuffer> use) {
        long restarts = block.limit() < Integer.BYTES ? -1 : block.getInt(block.limit() - Integer.BYTES);
        long end = block.limit() - Integer.BYTES * (restarts + 1);
        if (restarts < 0 || end < 0) throw new KerasFileException(file, place, "is damaged: " + restarts + " restarts");
        block.limit((int) end);
        byte[] key = new byte[0];
        while (block.hasRemaining()) {
            long shared = ProtoReader.varint(block, file, place);
            long added = ProtoReader.varint(block, file, place);
            long length = ProtoReader.varint(block, file, place);
            if (shared < 0
                    || shared > key.length
                    || added < 0
                    || added > MAX_KEY - shared
                    || added > block.remaining()
                    || length < 0
                    || length > block.remaining() - added)
                throw new KerasFileException(
                        file, place, "is damaged: an entry with lengths " + shared + ", " + added + ", " + length);
            key = Arrays.copyOf(key, (int) (shared + added));
            block.get(key, (int) shared, (int) added);
            ByteBuffer value = block.slice(block.position(), (int) length);
            block.position(block.position() + (int) length);
            use.accept(new String(key, StandardCharsets.UTF_8), value);
        }
    }
}
