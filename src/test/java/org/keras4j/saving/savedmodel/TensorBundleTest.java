package org.keras4j.saving.savedmodel;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.KerasFileException;

/** Checkpoints that somebody made to do harm: their checksums are right, what they sum up is not. */
class TensorBundleTest {
    private static final int FOOTER = 48;

    @TempDir
    Path folder;

    private byte[] index = {};

    @BeforeEach
    void unpack() throws IOException {
        try (var zip = new ZipInputStream(Objects.requireNonNull(
                TensorBundleTest.class.getResourceAsStream("/golden/savedmodel/savedmodel.zip")))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry())
                if (entry.getName().startsWith("names/"))
                    Files.write(folder.resolve(entry.getName().substring("names/".length())), zip.readAllBytes());
        }
        index = Files.readAllBytes(folder.resolve("ckpt.index"));
    }

    /** Returns the index with one byte of its block of entries, or of the type behind it, changed and summed anew. */
    private byte[] changed(int at, int bits) {
        ByteBuffer bytes = ByteBuffer.wrap(index.clone()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(at, (byte) (bytes.get(at) ^ bits));
        bytes.putInt(blockSize() + 1, Checksum.masked(bytes.slice(0, blockSize() + 1)));
        return bytes.array();
    }

    /** The block of entries is the first of the file; the one behind it is that of metadata. */
    private int blockSize() {
        ByteBuffer footer =
                ByteBuffer.wrap(index, index.length - FOOTER, FOOTER).slice();
        return (int) ProtoReader.varint(footer, "", "") - 5;
    }

    @Test
    void compressedBlocksAreRefused() {
        var e = assertThrows(KerasFileException.class, () -> Table.read("x.index", changed(blockSize(), 1)));
        assertTrue(e.getMessage().startsWith("x.index: block at byte 0: is compressed (type 1)"), e.getMessage());
    }

    @Test
    void whateverTheIndexSaysIsReadOrReported() throws IOException {
        int reports = 0;
        for (int at = 0; at < blockSize(); at++) {
            Files.write(folder.resolve("ckpt.index"), changed(at, 0xff));
            try {
                TensorBundle bundle = TensorBundle.open(folder.resolve("ckpt"));
                for (String key : Table.read(folder.resolve("ckpt.index")).keySet())
                    if (key.endsWith("VARIABLE_VALUE")) bundle.read(key);
                    else if (!key.isEmpty()) bundle.readString(key);
            } catch (KerasFileException e) {
                assertTrue(e.file().startsWith(folder.toString()), e.getMessage());
                reports++;
            }
        }
        assertTrue(reports > blockSize() / 2, reports + " of " + blockSize());
    }

    /** Objects that do not exist, lengths beyond the end, and numbers without one. */
    @Test
    void graphsOfObjectsAreChecked() {
        byte[][] graphs = {
            {}, {0x0a, 0x04, 0x0a, 0x02, 0x08, 0x05}, {0x0a, 0x7f}, {0x0a, 0x02, 0x0a, 0x7f}, {(byte) 0x80}, {0x0b}
        };
        for (byte[] graph : graphs)
            assertThrows(KerasFileException.class, () -> ObjectGraph.parse(ByteBuffer.wrap(graph), "file", "graph"));
    }
}
