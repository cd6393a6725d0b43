package org.keras4j.saving.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.KerasFileException;

class JsonTest {
    private static Object parse(String text) {
        return Json.parse(text, "file", "place");
    }

    @Test
    void readsPlainValuesInOrder() {
        Map<String, Object> map = Json.parseObject(
                "{\"z\": 1, \"a\": [1.0, -2, true, false, null, \"\\u00e9\"], \"m\": {\"k\": {}}}", "file", "");
        assertEquals(List.of("z", "a", "m"), List.copyOf(map.keySet()));
        assertEquals(1L, map.get("z"));
        assertEquals(Arrays.asList(1.0, -2L, true, false, null, "é"), map.get("a"));
        assertEquals(Map.of("k", Map.of()), map.get("m"));
        assertEquals(new BigInteger("123456789012345678901234567890"), parse("123456789012345678901234567890"));
    }

    @Test
    void readsAndWritesPythonsSpecialNumbers() {
        assertEquals(
                List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY),
                parse("[NaN, Infinity, -Infinity]"));
        assertEquals(
                "[NaN, Infinity, -Infinity, -0.0]",
                Json.write(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"a\": 1} x",
                "{\"a\": 1, \"a\": 2}",
                "[1,]",
                "{'a': 1}",
                "nan",
                "[1 2]",
                "\"\\x\"",
                "{\"a\" 1}",
                "\"unfinished"
            })
    void refusesOtherText(String text) {
        var refused = assertThrows(KerasFileException.class, () -> parse(text));
        assertTrue(refused.getMessage().startsWith("file: place: "), refused.getMessage());
    }

    @Test
    void refusesDepthWithoutOverflow() {
        assertThrows(KerasFileException.class, () -> parse("[".repeat(100_000)));
        assertThrows(KerasFileException.class, () -> parse("{\"a\":".repeat(100_000)));
        assertInstanceOf(List.class, parse("[".repeat(450) + "]".repeat(450)));
        assertThrows(KerasFileException.class, () -> Json.parseObject("[]", "file", ""));
        assertThrows(KerasFileException.class, () -> parse("1" + "0".repeat(10_000)));
    }

    @Test
    void writesDoublesAsPythonDoes() throws IOException {
        try (InputStream in = JsonTest.class.getResourceAsStream("/golden/files/python-floats.txt")) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
            assertEquals(60, lines.size());
            for (String line : lines) {
                String[] parts = line.split(" ");
                assertEquals(parts[1], Json.write(Double.longBitsToDouble(Long.parseLong(parts[0]))));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0.001f, 0.001", "1e-7f, 1e-07", "0.1f, 0.1", "16777216f, 16777216.0", "1e20f, 1e+20"})
    void writesFloatsByTheirShortestDecimal(float value, String expected) {
        assertEquals(expected, Json.write(value));
    }

    @Test
    void writesAsPythonDoes() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", List.of(1, 2L, 1.0));
        map.put("b", null);
        map.put("é\"\\\n\u007f/😀", true);
        map.put("e", List.of());
        map.put("o", Map.of());
        map.put("i", new int[] {1, 2});
        assertEquals(
                "{\"a\": [1, 2, 1.0], \"b\": null, \"\\u00e9\\\"\\\\\\n\\u007f/\\ud83d\\ude00\": true, "
                        + "\"e\": [], \"o\": {}, \"i\": [1, 2]}",
                Json.write(map));
        assertEquals("{\n    \"a\": [\n        1\n    ]\n}", Json.write(Map.of("a", List.of(1)), 4));
        assertThrows(IllegalArgumentException.class, () -> Json.write(new Object()));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        List<Object> values = new ArrayList<>(Arrays.asList("x", 1L, 2.5, null, true, Map.of("k", List.of(1e300))));
        assertEquals(values, parse(Json.write(values)));
        assertEquals(values, parse(Json.write(values, 2)));
    }
}
