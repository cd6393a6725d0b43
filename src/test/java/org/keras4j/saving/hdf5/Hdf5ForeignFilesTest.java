package org.keras4j.saving.hdf5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.KerasFileException;

/** Files made by h5py, see {@code golden/files/README.md}. */
class Hdf5ForeignFilesTest {
    static Hdf5File golden(String name) {
        try {
            return Hdf5File.open(Path.of(Hdf5ForeignFilesTest.class
                    .getResource("/golden/files/" + name)
                    .toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gzip_shuffle, FLOAT32, 1",
        "lzf, FLOAT32, 1",
        "big_endian, FLOAT64, 1",
        "big_endian_chunked, INT32, 1",
        "half, FLOAT16, 1",
        "u8_chunked, UINT8, 7",
        "bfloat16, BFLOAT16, 1",
        "bfloat16_gzip, BFLOAT16, 1"
    })
    void readsEveryLayout(String name, ElementType type, int factor) {
        try (Hdf5File file = golden("layouts.h5")) {
            HostArray array = file.root().dataset(name).read();
            assertEquals(type, array.type());
            assertArrayEquals(new int[] {5, 7}, array.shape());
            var expected = new double[35];
            Arrays.setAll(expected, i -> i * factor);
            assertArrayEquals(expected, array.doubles());
        }
    }

    @Test
    void readsBooleansLargeNumbersAndNothing() {
        try (Hdf5File file = golden("layouts.h5")) {
            boolean[] odd =
                    (boolean[]) file.root().dataset("bool_chunked").read().data();
            for (int i = 0; i < 35; i++) assertEquals(i % 2 == 1, odd[i]);
            assertArrayEquals(
                    new double[] {1, 0x1p63},
                    file.root().dataset("u64_chunked").read().doubles());
            assertEquals(
                    Long.MIN_VALUE + 5,
                    file.root().dataset("u64_chunked").read().longs()[1]);
            assertArrayEquals(
                    new float[4], file.root().dataset("never_written").read().floats());
        }
    }

    @Test
    void readsAttributes() {
        try (Hdf5File file = golden("layouts.h5")) {
            Hdf5Attributes attributes = file.root().attributes();
            assertEquals("é日", attributes.string("utf8"));
            assertEquals(List.of("ab", "c"), attributes.strings("fixed"));
            assertEquals(List.of("é", "x"), attributes.strings("bytes"));
            assertEquals(List.of(), attributes.strings("empty"));
            assertEquals(
                    "bfloat16", file.root().dataset("bfloat16").attributes().string("dtype"));
        }
    }

    @Test
    void readsTheLatestFormat() {
        try (Hdf5File file = golden("latest.h5")) {
            Hdf5Group vars = file.root().group("layers/dense/vars");
            assertEquals("dense", vars.attributes().string("name"));
            assertEquals(34, vars.dataset("0").read().floats()[34]);
            assertArrayEquals(
                    new float[] {0, 1, 2, 3, 4, 5, 6}, vars.dataset("1").read().floats());
            assertEquals("v19", file.root().attributes().string("a19"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"complex", "text"})
    void refusesOtherTypesByName(String name) {
        try (Hdf5File file = golden("layouts.h5")) {
            Hdf5Dataset dataset = file.root().dataset(name);
            var refused = assertThrows(KerasFileException.class, dataset::read);
            assertEquals("/" + name, refused.place());
        }
    }

    @Test
    void refusesLinks() {
        try (Hdf5File file = golden("links.h5")) {
            assertEquals(35, file.root().dataset("data").read().size());
            for (String link : List.of("soft", "external", "hard"))
                assertEquals(
                        "/" + link,
                        assertThrows(KerasFileException.class, () -> file.root().dataset(link))
                                .place());
            Hdf5Group cycle = file.root().group("cycle");
            assertThrows(KerasFileException.class, () -> cycle.group("self"));
        }
    }

    @Test
    void missingMembersAreNamedWithWhatIsThere() {
        try (Hdf5File file = golden("latest.h5")) {
            var missing = assertThrows(
                    KerasFileException.class, () -> file.root().group("layers").group("dense_1"));
            assertTrue(missing.getMessage().contains("\"dense_1\", found [dense]"), missing.getMessage());
        }
    }
}
