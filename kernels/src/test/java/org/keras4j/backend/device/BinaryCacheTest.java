package org.keras4j.backend.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryCacheTest {
    @TempDir
    private Path folder;

    private static final Source SOURCE = new Source("kernel", "text");

    private BinaryCache cache(String device) {
        return new BinaryCache(folder, device, 1000);
    }

    private long bytes() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    void whatIsKeptIsFoundAgain() {
        cache("a").put(SOURCE, "-O", new byte[] {1, 2, 3});
        assertArrayEquals(new byte[] {1, 2, 3}, cache("a").get(SOURCE, "-O").orElseThrow());
    }

    @Test
    void otherDevicesOptionsAndTextsHaveTheirOwn() {
        cache("a").put(SOURCE, "-O", new byte[] {1});
        assertTrue(cache("b").get(SOURCE, "-O").isEmpty());
        assertTrue(cache("a").get(SOURCE, "").isEmpty());
        assertTrue(cache("a").get(new Source("kernel", "other"), "-O").isEmpty());
    }

    @Test
    void removedIsGone() {
        cache("a").put(SOURCE, "-O", new byte[] {1});
        cache("a").remove(SOURCE, "-O");
        assertTrue(cache("a").get(SOURCE, "-O").isEmpty());
    }

    private Path only() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 50, 99})
    void damagedFilesAreRemovedAndNeverSeen(int kept) throws IOException {
        cache("a").put(SOURCE, "-O", new byte[100]);
        Path file = only();
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), kept));
        assertTrue(cache("a").get(SOURCE, "-O").isEmpty());
        assertTrue(Files.notExists(file));
    }

    @Test
    void aFolderThatCannotBeMadeCostsNothingButTheBinary() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        var cache = new BinaryCache(file.resolve("kernels"), "a", 1000);
        cache.put(SOURCE, "-O", new byte[] {1});
        assertTrue(cache.get(SOURCE, "-O").isEmpty());
    }

    @Test
    void theFolderStaysBoundedAndKeepsWhatWasUsedLast() throws IOException {
        for (int i = 0; i < 8; i++) {
            Files.write(folder.resolve(i + ".bin"), new byte[200]);
            Files.setLastModifiedTime(
                    folder.resolve(i + ".bin"), FileTime.from(Instant.now().minus(Duration.ofDays(20 - i))));
        }
        cache("a").put(SOURCE, "-O", new byte[100]);
        assertTrue(bytes() <= 1000, () -> folder + " is too large");
        assertTrue(cache("a").get(SOURCE, "-O").isPresent(), "the newest stays");
        assertTrue(Files.notExists(folder.resolve("0.bin")), "the oldest goes");
    }

    @Test
    void usingABinaryMakesItYoung() throws IOException {
        cache("a").put(SOURCE, "-O", new byte[100]);
        Path only = only();
        Files.setLastModifiedTime(only, FileTime.from(Instant.now().minus(Duration.ofDays(9))));
        assertEquals(100, cache("a").get(SOURCE, "-O").orElseThrow().length);
        assertTrue(Files.getLastModifiedTime(only)
                .toInstant()
                .isAfter(Instant.now().minus(Duration.ofHours(1))));
    }
}
