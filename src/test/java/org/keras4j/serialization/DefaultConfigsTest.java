package org.keras4j.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.keras4j.constraints.Constraints;
import org.keras4j.initializers.Initializers;
import org.keras4j.losses.Losses;
import org.keras4j.metrics.Metrics;
import org.keras4j.optimizers.Optimizers;
import org.keras4j.regularizers.Regularizers;
import org.keras4j.saving.archive.Json;
import org.keras4j.utils.Names;

/**
 * Compares the configs of objects made without options with those of Keras 3.15.1: keys, their order, values and kinds
 * of numbers. {@code golden/default-configs.jsonl} has {@code keras.saving.serialize_keras_object(cls(*args))} of each
 * class.
 */
class DefaultConfigsTest {
    private static final String GOLDEN = "/golden/default-configs.jsonl";

    @TestFactory
    Stream<DynamicTest> configsAreKeras() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : lines()) {
            Map<String, Object> golden = Json.parseObject(line, GOLDEN, "");
            String name = golden.get("module") + "." + golden.get("class_name");
            tests.add(DynamicTest.dynamicTest(name, () -> check(golden)));
        }
        assertFalse(tests.isEmpty());
        return tests.stream();
    }

    private static List<String> lines() throws IOException {
        try (var in = DefaultConfigsTest.class.getResourceAsStream(GOLDEN)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static void check(Map<String, Object> golden) {
        var config = (Map<?, ?>) golden.get("config");
        if (((List<?>) golden.get("args")).isEmpty()) {
            Names.clear();
            assertSame(config, made(golden).getConfig(), "of a new one");
        }
        var read = (Configurable) Registry.keras().deserialize(golden, "golden");
        assertSame(config, read.getConfig(), "of one that was read");
        assertEquals(golden.get("class_name"), read.className());
        assertEquals(golden.get("module"), read.module());
    }

    private static Configurable made(Map<String, Object> golden) {
        String name = (String) golden.get("class_name");
        return switch ((String) golden.get("module")) {
            case "keras.initializers" -> Initializers.get(name);
            case "keras.regularizers" -> Regularizers.get(name);
            case "keras.constraints" -> Constraints.get(name);
            case "keras.optimizers" -> Optimizers.get(name);
            case "keras.losses" -> Losses.get(name);
            case "keras.metrics" -> Metrics.get(name);
            default -> throw new AssertionError(golden.get("module"));
        };
    }

    private static void assertSame(Object expected, Object got, String where) {
        switch (expected) {
            case Map<?, ?> map -> {
                assertEquals(List.copyOf(map.keySet()), List.copyOf(((Map<?, ?>) got).keySet()), "keys " + where);
                map.forEach((k, v) -> assertSame(v, ((Map<?, ?>) got).get(k), where + ": " + k));
            }
            case List<?> list -> {
                assertEquals(list.size(), ((List<?>) got).size(), where);
                for (int i = 0; i < list.size(); i++) assertSame(list.get(i), ((List<?>) got).get(i), where);
            }
            case Double d -> assertEquals(d, got, where);
            case Number n -> {
                assertEquals(n.longValue(), ((Number) got).longValue(), where);
                assertFalse(got instanceof Double, where + ": expected an integer, got " + got);
            }
            case null, default -> assertEquals(expected, got, where);
        }
    }
}
