package org.keras4j.saving.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.saving.ElementType;
import org.keras4j.saving.HostArray;
import org.keras4j.saving.KerasFileException;

class NpyTest {
    private static byte[] bytes(HostArray array) {
        var out = new ByteArrayOutputStream();
        try {
            Npy.write(Channels.newChannel(out), array);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static byte[] npy(int version, String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) out.putShort((short) text.length);
        else out.putInt(text.length);
        return Arrays.copyOf(out.put(text).put(data).array(), out.position());
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeComesBack(ElementType type) {
        Object values = type.allocate(6);
        var raw = new byte[6 * type.bytes()];
        for (int i = 0; i < raw.length; i++) raw[i] = (byte) (type == ElementType.BOOL ? i % 2 : 37 * i + 5);
        type.read(ByteBuffer.wrap(raw), values, 0, 6);
        HostArray back = Npy.read(bytes(HostArray.of(type, new int[] {3, 1, 2}, values)), "x.npy");
        assertEquals(type, back.type());
        assertArrayEquals(new int[] {3, 1, 2}, back.shape());
        var backRaw = ByteBuffer.allocate(raw.length);
        type.write(back.data(), 0, 6, backRaw);
        assertArrayEquals(raw, backRaw.array());
    }

    @Test
    void headersAreNumPys() {
        byte[] bytes = bytes(HostArray.of(new float[] {1}, 1));
        assertEquals(128 + 4, bytes.length);
        String header = new String(bytes, 10, 118, StandardCharsets.ISO_8859_1);
        assertEquals("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", header.strip());
        assertTrue(new String(bytes(HostArray.of(new float[1])), StandardCharsets.ISO_8859_1).contains("'shape': ()"));
        assertTrue(new String(bytes(HostArray.of(new float[6], 2, 3)), StandardCharsets.ISO_8859_1)
                .contains("'shape': (2, 3)"));
    }

    @Test
    void largeArraysComeBack() {
        var values = new float[300_001];
        for (int i = 0; i < values.length; i++) values[i] = i;
        assertArrayEquals(values, Npy.read(bytes(HostArray.of(values, values.length)), "x").floats());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsEveryVersionAndColumnOrder(int version) {
        byte[] data = {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6};
        HostArray array = Npy.read(
                npy(version, "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }", data), "x.npy");
        assertArrayEquals(new double[] {1, 3, 5, 2, 4, 6}, array.doubles());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
                "{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000, 2000000000), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483000,), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
                "{'descr': '<f4', 'shape': (1,), }",
                "__import__('os')",
                ""
            })
    void refusesOtherHeaders(String header) {
        var refused = assertThrows(KerasFileException.class, () -> Npy.read(npy(1, header, new byte[4]), "x.npy"));
        assertEquals("x.npy", refused.file());
    }

    @Test
    void refusesDamage() {
        byte[] whole = bytes(HostArray.of(new float[100], 100));
        for (int length : new int[] {0, 5, 9, 60, 128, whole.length - 1}) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThrows(KerasFileException.class, () -> Npy.read(part, "x.npy"), "length " + length);
        }
        var random = new Random(5);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(128)] ^= (byte) (1 << random.nextInt(8));
            try {
                Npy.read(damaged, "x.npy");
            } catch (KerasFileException e) {
                assertEquals("x.npy", e.file());
            }
        }
    }

    @Test
    void readsNumPysArchive() throws Exception {
        Map<String, HostArray> arrays =
                Npz.read(Path.of(NpyTest.class.getResource("/golden/files/arrays.npz").toURI()));
        assertEquals(List.of("a", "f", "b", "h", "z", "zeros"), List.copyOf(arrays.keySet()));
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, arrays.get("a").floats());
        var counted = new double[24];
        Arrays.setAll(counted, i -> i);
        assertArrayEquals(counted, arrays.get("f").doubles());
        assertArrayEquals(new int[] {2, 3, 4}, arrays.get("f").shape());
        assertArrayEquals(new boolean[] {true, false}, (boolean[]) arrays.get("b").data());
        assertEquals(1.5f, arrays.get("h").floats()[0]);
        assertArrayEquals(new int[] {0, 3}, arrays.get("z").shape());
        assertEquals(5000, arrays.get("zeros").size());
    }

    @Test
    void archivesComeBackAndDamageIsTold(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("x.npz");
        Map<String, HostArray> arrays = new LinkedHashMap<>();
        arrays.put("b", HostArray.of(new float[] {1, 2}, 2));
        arrays.put("a/é", HostArray.of(new long[] {3}));
        Npz.write(path, arrays);
        assertEquals(List.of("b", "a/é"), List.copyOf(Npz.read(path).keySet()));
        assertArrayEquals(new float[] {1, 2}, Npz.read(path, "b").floats());
        assertThrows(KerasFileException.class, () -> Npz.read(path, "c"));
        byte[] bytes = Files.readAllBytes(path);
        bytes[170] ^= 1; // in the values of b
        Files.write(path, bytes);
        var refused = assertThrows(KerasFileException.class, () -> Npz.read(path));
        assertEquals("b.npy", refused.place());
        Path npy = directory.resolve("y.npy");
        Npy.write(npy, arrays.get("b"));
        assertArrayEquals(new float[] {1, 2}, Npy.read(npy).floats());
        Files.write(npy, new byte[1], java.nio.file.StandardOpenOption.APPEND);
        assertThrows(KerasFileException.class, () -> Npy.read(npy));
    }
}
