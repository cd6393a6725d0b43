package org.keras4j.saving.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.KerasFileException;

class ZipTest {
    private static final byte[] WEIGHTS = new byte[5000];

    static {
        new Random(1).nextBytes(WEIGHTS);
    }

    @TempDir
    Path directory;

    private Path model(long announced) {
        Path path = directory.resolve("model.keras");
        AtomicFile.write(path, channel -> {
            var zip = new ZipWriter(channel);
            zip.add("metadata.json", ZipWriter.EPOCH, "{}".getBytes(StandardCharsets.UTF_8));
            zip.add("model.weights.h5", LocalDateTime.of(2026, 11, 22, 1, 2, 4), announced, to -> {
                to.write(ByteBuffer.wrap(WEIGHTS, 0, 3000));
                to.write(ByteBuffer.wrap(WEIGHTS, 3000, 2000));
            });
            zip.add("assets/é.txt", ZipWriter.EPOCH, new byte[0]);
            zip.finish();
        });
        return path;
    }

    private Path deflated(String name, byte[] content) throws IOException {
        Path path = directory.resolve("deflated.zip");
        try (var out = new ZipOutputStream(Files.newOutputStream(path))) {
            out.putNextEntry(new ZipEntry(name));
            out.write(content);
            out.closeEntry();
        }
        return path;
    }

    @ParameterizedTest
    @ValueSource(longs = {5000, 1L << 33}) // the second asks for the wide header
    void membersComeBackStored(long announced) throws IOException {
        Path path = model(announced);
        try (var zip = new ZipFile(path.toFile())) {
            var entries = Collections.list(zip.entries());
            assertEquals(
                    List.of("metadata.json", "model.weights.h5", "assets/é.txt"),
                    entries.stream().map(ZipEntry::getName).toList());
            for (ZipEntry entry : entries) assertEquals(ZipEntry.STORED, entry.getMethod());
            assertEquals(LocalDateTime.of(1980, 1, 1, 0, 0), entries.get(0).getTimeLocal());
            assertEquals(LocalDateTime.of(2026, 11, 22, 1, 2, 4), entries.get(1).getTimeLocal());
        }
        try (ZipReader reader = ZipReader.open(path, ZipLimits.KERAS)) {
            assertEquals(List.of("metadata.json", "model.weights.h5", "assets/é.txt"), reader.names());
            assertArrayEquals(WEIGHTS, reader.read("model.weights.h5"));
            assertEquals(5000, reader.size("model.weights.h5"));
            assertEquals(0, reader.read("assets/é.txt").length);
            Path extracted = reader.extract("model.weights.h5");
            assertArrayEquals(WEIGHTS, Files.readAllBytes(extracted));
            Files.delete(extracted);
            var missing = assertThrows(KerasFileException.class, () -> reader.read("config.json"));
            assertTrue(missing.getMessage().contains("config.json, found [metadata.json"), missing.getMessage());
        }
    }

    @Test
    void deflatedMembersAreReadWithinTheRatio() throws IOException {
        byte[] text = "the same again ".repeat(1000).getBytes(StandardCharsets.UTF_8);
        try (ZipReader reader = ZipReader.open(deflated("config.json", text), ZipLimits.KERAS)) {
            assertArrayEquals(text, reader.read("config.json"));
        }
        Path bomb = deflated("config.json", new byte[8 << 20]);
        var refused = assertThrows(KerasFileException.class, () -> ZipReader.open(bomb, ZipLimits.KERAS));
        assertEquals("config.json", refused.place());
        ZipReader.open(bomb, ZipLimits.ARRAYS).close();
        var small = new ZipLimits(10, 1000, 100);
        assertThrows(KerasFileException.class, () -> ZipReader.open(deflated("a", text), small));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/etc/x", "a/../../x", "C:/x", "a\\..\\x"})
    void membersOutsideAreRefused(String name) throws IOException {
        Path path = deflated(name, new byte[10]);
        assertThrows(KerasFileException.class, () -> ZipReader.open(path, ZipLimits.KERAS));
    }

    @Test
    void tooManyMembersAreRefused() {
        Path path = model(5000);
        assertThrows(KerasFileException.class, () -> ZipReader.open(path, new ZipLimits(2, 1 << 20, 100)));
    }

    @Test
    void damageIsTold() throws IOException {
        byte[] whole = Files.readAllBytes(model(5000));
        Path path = directory.resolve("damaged.keras");
        var random = new Random(4);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = i < 60 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (i >= 60) damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(path, damaged);
            try (ZipReader reader = ZipReader.open(path, ZipLimits.KERAS)) {
                if (reader.has("model.weights.h5")) assertArrayEquals(WEIGHTS, reader.read("model.weights.h5"));
            } catch (KerasFileException e) {
                assertEquals(path.toString(), e.file());
            }
        }
    }

    @Test
    void aFailedWriteLeavesTheOldFile() throws IOException {
        Path path = directory.resolve("model.keras");
        Files.writeString(path, "old");
        assertThrows(
                KerasFileException.class,
                () -> AtomicFile.write(path, channel -> {
                    channel.write(ByteBuffer.wrap(new byte[100]));
                    throw new IOException("disk full");
                }));
        assertThrows(
                IllegalStateException.class,
                () -> AtomicFile.write(path, _ -> {
                    throw new IllegalStateException("in the middle");
                }));
        assertEquals("old", Files.readString(path));
        try (var files = Files.list(directory)) {
            assertEquals(List.of(path), files.toList());
        }
    }

    @Test
    void writesThroughLinksAndSaysWhatIsMissing() throws IOException {
        Path real = directory.resolve("real.txt");
        Files.writeString(real, "old");
        Path link = Files.createSymbolicLink(directory.resolve("link.txt"), real);
        AtomicFile.write(link, channel -> channel.write(ByteBuffer.wrap(new byte[] {'n'})));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("n", Files.readString(real));
        Path nowhere = directory.resolve("missing/x.txt");
        var refused = assertThrows(KerasFileException.class, () -> AtomicFile.write(nowhere, _ -> {}));
        assertTrue(refused.getMessage().contains("expected its directory to exist"), refused.getMessage());
        assertThrows(KerasFileException.class, () -> AtomicFile.write(directory, _ -> {}));
    }
}
