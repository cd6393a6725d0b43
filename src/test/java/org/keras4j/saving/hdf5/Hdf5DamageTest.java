package org.keras4j.saving.hdf5;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.KerasFileException;

/** Damaged files end in a {@link KerasFileException} or are read; nothing else, and soon. */
class Hdf5DamageTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static byte[] sample(String kind) throws IOException {
        if (!kind.equals("ours")) return Files.readAllBytes(goldenPath(kind));
        var writer = new Hdf5Writer();
        writer.root().attribute("name", "sample");
        writer.root().asciiAttribute("model_config", "{}".repeat(3000));
        writer.root().stringsAttribute("layer_names", List.of("a", "b"));
        for (int i = 0; i < 12; i++)
            writer.root().dataset("layers/dense_" + i + "/vars/0", HostArray.of(new float[40], 8, 5));
        return Hdf5RoundTripTest.bytes(writer);
    }

    private static Path goldenPath(String name) {
        try {
            return Path.of(
                    Hdf5DamageTest.class.getResource("/golden/files/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads all there is; returns whether the file was whole. */
    private static boolean readAll(byte[] bytes) {
        try (Hdf5File file = Hdf5File.open(bytes, "damaged.h5")) {
            return readAll(file.root());
        } catch (KerasFileException e) {
            assertTrue(e.getMessage().startsWith("damaged.h5"), e.getMessage());
            return false;
        }
    }

    private static boolean readAll(Hdf5Group group) {
        for (String name : group.attributes().names()) group.attributes().strings(name);
        for (Hdf5Dataset dataset : group.datasets()) dataset.read();
        for (Hdf5Group below : group.groups()) readAll(below);
        return true;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ours", "layouts.h5", "latest.h5", "links.h5"})
    void truncatedFiles(String kind) throws IOException {
        byte[] whole = sample(kind);
        assertTimeoutPreemptively(SOON, () -> {
            var random = new Random(1);
            for (int i = 0; i < 60; i++) readAll(Arrays.copyOf(whole, random.nextInt(whole.length)));
        });
        assertThrows(KerasFileException.class, () -> Hdf5File.open(new byte[0], "empty.h5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ours", "layouts.h5", "latest.h5", "links.h5"})
    void flippedBits(String kind) throws IOException {
        byte[] whole = sample(kind);
        assertTimeoutPreemptively(SOON, () -> {
            var random = new Random(2);
            for (int i = 0; i < 150; i++) {
                byte[] damaged = whole.clone();
                for (int flips = 0; flips < 1 + i % 8; flips++)
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                readAll(damaged);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ours", "layouts.h5", "latest.h5"})
    void hugeSizes(String kind) throws IOException {
        byte[] whole = sample(kind);
        assertTimeoutPreemptively(SOON, () -> {
            var random = new Random(3);
            for (int i = 0; i < 150; i++) {
                byte[] damaged = whole.clone();
                int at = random.nextInt(damaged.length - 8);
                Arrays.fill(damaged, at, at + 1 + random.nextInt(7), (byte) (i % 2 == 0 ? 0xFF : 0x7F));
                readAll(damaged);
            }
        });
    }

    @Test
    void aDatasetLargerThanItsFileCanBeIsRefusedBeforeItIsRead() throws IOException {
        var writer = new Hdf5Writer();
        writer.root().dataset("d", HostArray.of(new float[1024], 1024));
        byte[] bytes = Hdf5RoundTripTest.bytes(writer);
        // the dataspace's only axis, the first 8-byte 1024 in the file
        int at = indexOf(bytes, new byte[] {0, 4, 0, 0, 0, 0, 0, 0});
        bytes[at + 3] = 0x1F;
        try (Hdf5File file = Hdf5File.open(bytes, "bomb.h5")) {
            Hdf5Dataset dataset = file.root().dataset("d");
            var refused = assertThrows(KerasFileException.class, dataset::read);
            assertTrue(refused.getMessage().contains("bomb.h5: /d: "), refused.getMessage());
        }
    }

    @Test
    void otherFilesAreNotHdf5(@TempDir Path directory) throws IOException {
        Path text = Files.writeString(directory.resolve("text.h5"), "not a model at all");
        assertThrows(KerasFileException.class, () -> Hdf5File.open(text));
        assertThrows(KerasFileException.class, () -> Hdf5File.open(directory));
        assertThrows(KerasFileException.class, () -> Hdf5File.open(directory.resolve("absent.h5")));
        assertTrue(!Hdf5File.isHdf5("PK".getBytes(StandardCharsets.US_ASCII)));
        assertTrue(Hdf5File.isHdf5(sample("ours")));
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int at = 0; at + part.length <= bytes.length; at++)
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) return at;
        throw new AssertionError("not found");
    }
}
