package org.keras4j.saving.hdf5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

class Hdf5RoundTripTest {
    static byte[] bytes(Hdf5Writer writer) {
        var out = new ByteArrayOutputStream();
        try {
            writer.writeTo(Channels.newChannel(out));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    static Hdf5File reopened(Hdf5Writer writer) {
        return Hdf5File.open(bytes(writer), "test.h5");
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeComesBackBitForBit(ElementType type) {
        var random = new Random(3);
        var raw = new byte[30 * type.bytes()];
        random.nextBytes(raw);
        if (type == ElementType.BOOL) for (int i = 0; i < raw.length; i++) raw[i] = (byte) (raw[i] & 1);
        Object values = type.allocate(30);
        type.read(ByteBuffer.wrap(raw), values, 0, 30);
        var writer = new Hdf5Writer();
        writer.root().dataset("a/b", HostArray.of(type, new int[] {2, 3, 5}, values));
        writer.root().dataset("scalar", HostArray.of(type, new int[0], type.allocate(1)));
        writer.root().dataset("none", HostArray.of(type, new int[] {0, 4}, type.allocate(0)));
        try (Hdf5File file = reopened(writer)) {
            HostArray back = file.root().dataset("a/b").read();
            assertEquals(type, back.type());
            assertArrayEquals(new int[] {2, 3, 5}, back.shape());
            var backRaw = ByteBuffer.allocate(raw.length);
            type.write(back.data(), 0, 30, backRaw);
            assertArrayEquals(raw, backRaw.array());
            assertEquals(0, file.root().dataset("scalar").shape().length);
            assertEquals(1, file.root().dataset("scalar").read().size());
            assertArrayEquals(
                    new int[] {0, 4}, file.root().dataset("none").read().shape());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyDTypeOfTheLibraryComesBack(DType dtype) {
        NDArray array = NDArray.zeros(dtype, Shape.of(2, 3));
        for (int i = 0; i < 6; i++) array.set(i, dtype == DType.BOOL ? i % 2 : 40 * i);
        var writer = new Hdf5Writer();
        writer.root().dataset("x", HostArray.of(array));
        try (Hdf5File file = reopened(writer)) {
            HostArray back = file.root().dataset("x").read();
            assertEquals(dtype.keras(), back.dtype());
            assertEquals(array, back.toNDArray());
        }
    }

    @Test
    void attributesComeBack() {
        var writer = new Hdf5Writer();
        GroupWriter group = writer.root().group("empty/vars");
        String config = "{\"é\": 1}".repeat(20_000);
        group.attribute("name", "dense é日");
        group.attribute("nothing", "");
        group.attribute("count", -7L);
        group.attribute("日", "non-ASCII name");
        group.asciiAttribute("model_config", config);
        group.stringsAttribute("weight_names", List.of("kernel", "bias", "é"));
        group.stringsAttribute("none", List.of());
        group.fixedStringsAttribute("fixed", List.of("ab", "c", ""));
        try (Hdf5File file = reopened(writer)) {
            Hdf5Attributes back = file.root().group("empty/vars").attributes();
            assertEquals("dense é日", back.string("name"));
            assertEquals("", back.string("nothing"));
            assertEquals(-7L, back.integer("count"));
            assertEquals("non-ASCII name", back.string("日"));
            assertEquals(config, back.string("model_config"));
            assertEquals(List.of("kernel", "bias", "é"), back.strings("weight_names"));
            assertEquals(List.of(), back.strings("none"));
            assertEquals(List.of("ab", "c", ""), back.strings("fixed"));
            assertNull(back.string("absent"));
            assertNull(back.strings("absent"));
            assertTrue(file.root().group("empty").group("vars").names().isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2000, 3000, 9000})
    void longStringListsAreSplitAndJoined(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) names.add("a_layer_with_a_longish_name_" + i);
        var writer = new Hdf5Writer();
        writer.root().stringsAttribute("layer_names", names);
        try (Hdf5File file = reopened(writer)) {
            assertEquals(names, file.root().attributes().strings("layer_names"));
            assertEquals(count > 2000, file.root().attributes().names().contains("layer_names1"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 255, 256, 257, 8192, 8193})
    void groupsOfAnySizeAreFoundByTheTreeSearchOfTheLibrary(int members) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < members; i++) names.add("layer_" + i + (i % 3 == 0 ? "é" : ""));
        Collections.shuffle(names, new Random(members));
        var writer = new Hdf5Writer();
        GroupWriter group = writer.root().group("many");
        for (String name : names) group.group(name);
        byte[] bytes = bytes(writer);
        try (Hdf5File file = Hdf5File.open(bytes, "test.h5")) {
            assertEquals(members, file.root().group("many").names().size());
        }
        var search = new TreeSearch(bytes);
        long many = search.find(search.root(), "many");
        assertTrue(many > 0);
        for (String name : names) assertTrue(search.find(many, name) > 0, name);
        assertEquals(-1, search.find(many, "layer"));
        assertEquals(-1, search.find(many, "zzz"));
    }

    @Test
    void numbersComeBeforeNamesInNumericOrder() {
        var writer = new Hdf5Writer();
        for (int i : new int[] {10, 2, 0, 1, 11}) writer.root().dataset("" + i, HostArray.of(new float[] {i}, 1));
        writer.root().group("z");
        try (Hdf5File file = reopened(writer)) {
            assertEquals(List.of("0", "1", "2", "10", "11", "z"), file.root().names());
            assertEquals(5, file.root().datasets().size());
            assertEquals(1, file.root().groups().size());
            assertEquals("/z", file.root().groups().getFirst().path());
        }
    }

    @Test
    void largeDatasetsStreamOneAtATime(@TempDir Path directory) throws IOException {
        int size = 700_001;
        var asked = new int[1];
        var writer = new Hdf5Writer();
        for (int d = 0; d < 3; d++) {
            int first = d;
            writer.root().dataset("d" + d, ElementType.FLOAT32, new int[] {size}, () -> {
                asked[0]++;
                var values = new float[size];
                for (int i = 0; i < size; i++) values[i] = first + i;
                return HostArray.of(values, size);
            });
        }
        long announced = writer.size();
        assertEquals(0, asked[0]);
        Path path = directory.resolve("large.h5");
        try (var channel = Files.newByteChannel(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            writer.writeTo(channel);
        }
        assertEquals(3, asked[0]);
        assertEquals(announced, Files.size(path));
        try (Hdf5File file = Hdf5File.open(path)) {
            float[] last = file.root().dataset("d2").read().floats();
            assertEquals(size, last.length);
            assertEquals(2 + 700_000, last[700_000]);
        }
    }

    @Test
    void wrongUseIsRefused() {
        var writer = new Hdf5Writer();
        writer.root().dataset("a", HostArray.of(new float[2], 2));
        assertThrows(IllegalArgumentException.class, () -> writer.root().dataset("a", HostArray.of(new float[2], 2)));
        assertThrows(IllegalArgumentException.class, () -> writer.root().group("a/b"));
        assertThrows(IllegalArgumentException.class, () -> writer.root().group("/"));
        assertThrows(
                IllegalArgumentException.class, () -> writer.root().stringsAttribute("s", List.of("x".repeat(70_000))));
        assertThrows(IllegalArgumentException.class, () -> HostArray.of(new float[3], 2));
        writer.root().dataset("b", ElementType.FLOAT32, new int[] {2}, () -> HostArray.of(new float[3], 3));
        var wrong = assertThrows(
                IllegalStateException.class, () -> writer.writeTo(Channels.newChannel(new ByteArrayOutputStream())));
        assertTrue(wrong.getMessage().contains("/b"), wrong.getMessage());
    }

    /** Looks names up as the HDF5 library does: by the keys of the B-tree, then inside one symbol node. */
    private record TreeSearch(ByteBuffer file) {
        TreeSearch(byte[] bytes) {
            this(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        }

        long root() {
            return at(64);
        }

        private long at(long address) {
            return file.getLong((int) address);
        }

        long find(long header, String name) {
            long tree = at(header + 16 + 8);
            long names = at(at(header + 16 + 16) + 24);
            byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
            int level = file.get((int) tree + 5);
            while (true) {
                int used = file.getShort((int) tree + 6);
                long child = -1;
                for (int i = 0; i < used && child < 0; i++) {
                    boolean above = compare(wanted, names + at(tree + 24 + 16L * i)) > 0;
                    boolean notBeyond = compare(wanted, names + at(tree + 24 + 16L * (i + 1))) <= 0;
                    if (above && notBeyond) child = at(tree + 24 + 16L * i + 8);
                }
                if (child < 0) return -1;
                if (level-- == 0) return inNode(child, names, wanted);
                tree = child;
            }
        }

        private long inNode(long node, long names, byte[] wanted) {
            int used = file.getShort((int) node + 6);
            for (int i = 0; i < used; i++)
                if (compare(wanted, names + at(node + 8 + 40L * i)) == 0) return at(node + 8 + 40L * i + 8);
            return -1;
        }

        private int compare(byte[] wanted, long name) {
            int end = (int) name;
            while (file.get(end) != 0) end++;
            var bytes = new byte[end - (int) name];
            file.get((int) name, bytes);
            return Arrays.compareUnsigned(wanted, bytes);
        }
    }
}
