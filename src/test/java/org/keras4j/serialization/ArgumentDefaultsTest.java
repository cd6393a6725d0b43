package org.keras4j.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.keras4j.saving.Saving;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds what optional arguments are where nobody gives them against Keras: an object is made from a config with the
 * arguments only that Keras's object was made with, and its own config is compared with that of Keras's object.
 */
class ArgumentDefaultsTest {
    private static final String BASE = "to be extended; no object is one itself";

    /** Configs that differ, each with the reason. */
    private static final Map<String, String> OTHERS = Map.of(
            "keras.constraints.Constraint",
            BASE,
            "keras.initializers.Initializer",
            BASE,
            "keras.layers.InputLayer",
            "the argument shape is written as batch_shape",
            "keras.layers.InputSpec",
            "no config names it",
            "keras.layers.Layer",
            BASE,
            "keras.layers.RandomCrop",
            "Keras draws a seed where none is given, and writes it",
            "keras.losses.Loss",
            BASE,
            "keras.metrics.Metric",
            BASE);

    @Test
    void defaultsAreKerass() {
        Path file = Stream.of("../shared", "../../shared")
                .map(folder -> Path.of(folder, "keras/api.json"))
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
        assumeTrue(file != null, "the description of Keras's API (shared/keras/api.json) is not beside the project");
        JsonNode api = JsonMapper.shared().readTree(file);
        Map<String, JsonNode> parameters = new LinkedHashMap<>();
        for (JsonNode section : api)
            if (section.isArray())
                for (JsonNode entry : section)
                    if (entry.has("params")) parameters.put(entry.get("name").asString(), entry.get("params"));
        var different = new TreeMap<String, String>();
        int seen = 0;
        for (Map.Entry<String, JsonNode> entry : api.get("serialized_defaults").properties()) {
            JsonNode serialized = entry.getValue().get("serialized");
            if (!parameters.containsKey(entry.getKey())
                    || !serialized.path("config").isObject()) continue;
            seen++;
            int given = entry.getValue().get("args_used").size();
            String difference = difference(parameters.get(entry.getKey()), given, serialized);
            if (!difference.isEmpty()) different.put(entry.getKey(), difference);
        }
        assertTrue(seen > 200, "classes that were compared: " + seen);
        assertEquals(new TreeSet<>(OTHERS.keySet()), different.keySet(), () -> String.join("\n", lines(different)));
    }

    private static List<String> lines(Map<String, String> different) {
        return different.entrySet().stream()
                .map(e -> e.getKey() + ": " + e.getValue())
                .toList();
    }

    private static String difference(JsonNode parameters, int given, JsonNode serialized) {
        var config = new LinkedHashMap<String, Object>();
        for (JsonNode p : parameters) {
            String name = p.get("name").asString();
            if ((p.get("required").asBoolean() || config.size() < given)
                    && serialized.get("config").has(name))
                config.put(name, plain(serialized.get("config").get(name)));
        }
        var minimal = new LinkedHashMap<String, Object>();
        minimal.put("module", serialized.get("module").asString());
        minimal.put("class_name", serialized.get("class_name").asString());
        minimal.put("config", config);
        try {
            var made = (Map<?, ?>) Saving.serializeKerasObject(Saving.deserializeKerasObject(minimal));
            return difference(plain(serialized.get("config")), made.get("config"), "");
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    private static Object plain(JsonNode node) {
        return JsonMapper.shared().treeToValue(node, Object.class);
    }

    /** Names count up, and are no default. */
    private static String difference(Object expected, Object got, String where) {
        if (expected instanceof Map<?, ?> map && got instanceof Map<?, ?> other) {
            var text = new StringBuilder();
            map.forEach((key, value) -> {
                if (key.equals("name") && !where.endsWith("dtype/config")) return;
                if (!other.containsKey(key)) text.append(where + "/" + key + " is missing; ");
                else text.append(difference(value, other.get(key), where + "/" + key));
            });
            return text.toString();
        }
        if (expected instanceof List<?> list && got instanceof List<?> other && list.size() == other.size()) {
            var text = new StringBuilder();
            for (int i = 0; i < list.size(); i++) text.append(difference(list.get(i), other.get(i), where + "/" + i));
            return text.toString();
        }
        boolean same = expected instanceof Number a && got instanceof Number b
                ? Math.abs(a.doubleValue() - b.doubleValue()) <= 1e-6 * Math.abs(a.doubleValue())
                : expected == null ? got == null : expected.equals(got);
        return same ? "" : where + " is " + expected + ", here " + got + "; ";
    }
}
