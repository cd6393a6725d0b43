package org.keras4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.utils.Npy;

class DataFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsTables() throws IOException {
        Files.writeString(folder.resolve("a.csv"), "1,2.5,3\n4,5,6\n\n");
        assertEquals(NDArray.of(Shape.of(2, 3), 1f, 2.5f, 3f, 4f, 5f, 6f), read("a.csv"));
        assertEquals(NDArray.of(Shape.of(2), 3, 6), read("a.csv:2"));
        assertEquals(NDArray.of(Shape.of(2, 2), 2.5f, 3f, 5f, 6f), read("a.csv:1-2"));
    }

    @Test
    void readsNamedColumns() throws IOException {
        Files.writeString(folder.resolve("b.tsv"), "\"width\"\theight\tclass\r\n1\t2\t0\r\n-3\t1e2\t1\r\n");
        assertEquals(NDArray.of(Shape.of(2), 0, 1), read("b.tsv:class"));
        assertEquals(NDArray.of(Shape.of(2, 2), 2, 1, 100, -3), read("b.tsv:height,width"));
    }

    @Test
    void readsThroughGzipAndFromNumPy() throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("c.csv.gz")))) {
            out.write("7,8\n".getBytes(StandardCharsets.US_ASCII));
        }
        assertEquals(NDArray.of(Shape.of(1, 2), 7, 8), read("c.csv.gz"));
        NDArray array = NDArray.of(Shape.of(2), 1.5, 2.5);
        Npy.write(folder.resolve("d.npy"), array);
        assertEquals(array, read("d.npy"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1,2|3;bad.csv;line 2: expected 2 columns, got 1",
                "1,2|3,x;bad.csv;line 2, column 1: expected a number, got \"x\"",
                "1,2|3,;bad.csv;line 2, column 1: expected a number, got \"\"",
                "a,b;bad.csv;bad.csv: no rows",
                "1,2;bad.csv:2;expected columns 0 to 1, got \"2\"",
                "a,b|1,2;bad.csv:c;expected columns 0 to 1 or a, b, got \"c\"",
                "1,2;bad.txt;expected a .npy, .csv or .tsv file",
                "1,2;bad.npy;bad.npy: not a .npy file",
                "1,2;bad.npy:1;only a table has columns"
            })
    void saysWhatIsWrong(String content, String name, String message) throws IOException {
        Files.writeString(folder.resolve(name.replaceAll(":.*", "")), content.replace('|', '\n') + "\n".repeat(9));
        CommandException failure = assertThrows(CommandException.class, () -> read(name));
        assertTrue(failure.getMessage().contains(message), failure.getMessage());
    }

    @Test
    void saysWhichFileIsMissing() {
        CommandException failure = assertThrows(CommandException.class, () -> read("none.csv"));
        assertEquals(folder.resolve("none.csv") + ": no such file", failure.getMessage());
    }

    private NDArray read(String name) {
        return DataFile.of(folder.resolve(name).toString()).read();
    }
}
