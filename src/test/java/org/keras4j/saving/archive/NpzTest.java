package org.keras4j.saving.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.DType;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.Shape;

class NpzTest {
    @Test
    void readsNumPysArchive() throws URISyntaxException {
        Path path =
                Path.of(NpzTest.class.getResource("/golden/files/arrays.npz").toURI());
        Map<String, NDArray> arrays = Npz.read(path);
        assertEquals(List.of("a", "f", "b", "h", "z", "zeros"), List.copyOf(arrays.keySet()));
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, arrays.get("a").floats());
        var counted = new double[24];
        Arrays.setAll(counted, i -> i);
        assertArrayEquals(counted, arrays.get("f").doubles());
        assertEquals(Shape.of(2, 3, 4), arrays.get("f").shape());
        assertEquals(DType.BOOL, arrays.get("b").dtype());
        assertEquals(1.5f, arrays.get("h").floats()[0]);
        assertEquals(Shape.of(0, 3), arrays.get("z").shape());
        assertEquals(5000, arrays.get("zeros").size());
        assertEquals(arrays.get("a"), Npz.read(path, "a"));
        assertThrows(KerasFileException.class, () -> Npz.read(path, "missing"));
    }

    @Test
    void archivesComeBackAndDamageIsTold(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("x.npz");
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        arrays.put("b", NDArray.of(Shape.of(2), 1f, 2f));
        arrays.put("a/é", NDArray.of(Shape.SCALAR, 3L));
        Npz.write(path, arrays);
        assertEquals(arrays, Npz.read(path));
        byte[] bytes = Files.readAllBytes(path);
        bytes[170] ^= 1; // in the values of b
        Files.write(path, bytes);
        var refused = assertThrows(KerasFileException.class, () -> Npz.read(path));
        assertEquals("b.npy", refused.place());
    }
}
