package org.keras4j.saving.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.saving.KerasFileException;

class CsvTest {
    private static Csv read(String text) throws IOException {
        return Csv.read(new StringReader(text), "t.csv");
    }

    @Test
    void readsNumbersWithAndWithoutHeader() throws IOException {
        Csv bare = read("1,2.5\n-3e2, 4\r\n\n");
        assertEquals(List.of(), bare.header());
        assertEquals(2, bare.rows());
        assertArrayEquals(new double[] {1, 2.5, -300, 4}, bare.values().doubles());
        Csv named = read("\uFEFFx;\"y; z\"\n1;\"2\"\n");
        assertEquals(List.of("x", "y; z"), named.header());
        assertArrayEquals(new double[] {1, 2}, named.values().doubles());
        assertEquals(0, read("a,b").rows());
    }

    @Test
    void emptyCellsAreNotNumbers() throws IOException {
        assertArrayEquals(
                new double[] {1, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY},
                read("1\t\nNA\tinf").values().doubles());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
        'a,b\n1,x' | line 2
        '1,2\n3' | line 2
        '1\n\n2,3' | line 3
        '1\n0x1p' | line 2
        '1\n3f' | line 2""")
    void wrongCellsAreNamedByLine(String text, String place) {
        var refused = assertThrows(KerasFileException.class, () -> read(text.replace("\\n", "\n")));
        assertEquals(place, refused.place());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 100_000})
    void readsPackedTablesOfAnyLength(int rows, @TempDir Path directory) throws IOException {
        Path path = directory.resolve("t.csv.gz");
        var text = new StringBuilder();
        for (int i = 0; i < rows; i++) text.append(i).append(",1\n");
        try (var out = new GZIPOutputStream(Files.newOutputStream(path))) {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        Csv csv = Csv.read(path);
        assertEquals(rows, csv.rows());
        assertEquals(rows - 1, csv.values().doubles()[2 * rows - 2]);
        Files.write(path, new byte[] {1, 2, 3});
        assertThrows(KerasFileException.class, () -> Csv.read(path));
    }
}
