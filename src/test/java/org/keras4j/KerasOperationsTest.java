package org.keras4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.keras4j.ops.Image;
import org.keras4j.ops.K;
import org.keras4j.ops.Linalg;
import org.keras4j.ops.Operations;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds {@code keras.ops} against what is here: every operation is known by name, with Keras's arguments and defaults,
 * and is a method in camelCase of {@link K}, {@link Linalg} or {@link Image}.
 */
class KerasOperationsTest {
    private static final String FUNCTIONS = "takes functions, so it is a method of K only";
    private static final String PYTHON = "about Python's values; Java has its own words";

    /** Operations that are not known by name, each with the reason. */
    private static final Map<String, String> UNNAMED = Map.ofEntries(
            Map.entry("associative_scan", FUNCTIONS),
            Map.entry("cond", FUNCTIONS),
            Map.entry("custom_gradient", FUNCTIONS),
            Map.entry("fori_loop", FUNCTIONS),
            Map.entry("jvp", FUNCTIONS),
            Map.entry("map", FUNCTIONS),
            Map.entry("scan", FUNCTIONS),
            Map.entry("switch", FUNCTIONS),
            Map.entry("vectorize", FUNCTIONS),
            Map.entry("vectorized_map", FUNCTIONS),
            Map.entry("while_loop", FUNCTIONS),
            Map.entry("eig", "its results are complex, and no operation takes them"));

    /** Operations without a method of their name, each with the reason. */
    private static final Map<String, String> NO_METHOD = Map.ofEntries(
            Map.entry("array", "constant"),
            Map.entry("convert_to_tensor", "constant"),
            Map.entry("convert_to_numpy", "Tensor.value"),
            Map.entry("bitwise_invert", "bitwiseNot"),
            Map.entry("left_shift", "bitwiseLeftShift"),
            Map.entry("right_shift", "bitwiseRightShift"),
            Map.entry("conj", "conjugate"),
            Map.entry("copy", "tensors do not change"),
            Map.entry("empty", "zeros"),
            Map.entry("empty_like", "zerosLike"),
            Map.entry("extract_patches_3d", "extractPatches takes 2 or 3 axes"),
            Map.entry("switch", "switchCase; a word of the language"),
            Map.entry("isreal", PYTHON),
            Map.entry("is_tensor", PYTHON),
            Map.entry("dtype", PYTHON),
            Map.entry("ndim", PYTHON),
            Map.entry("shape", PYTHON),
            Map.entry("size", PYTHON),
            Map.entry("eig", "its results are complex, and no operation takes them"));

    /** Signatures that are spelled in another way, each with the reason. */
    private static final Map<String, String> OTHER_SIGNATURE = Map.ofEntries(
            Map.entry("einsum", "its only keyword chooses between algorithms of a backend"),
            Map.entry("gaussian_blur", "a default of null stands for the lists"),
            Map.entry("layer_normalization", "rms_scaling, which Keras has among **kwargs"),
            Map.entry("multi_hot", "Keras's **kwargs are an old name of num_classes"),
            Map.entry("rot90", "a default of null stands for the list"),
            Map.entry("top_k", "is_stable, which later versions of Keras have"));

    private static JsonNode operations;

    @BeforeAll
    static void readDescription() {
        Path file = Stream.of("../shared", "../../shared")
                .map(folder -> Path.of(folder, "keras/api.json"))
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
        assumeTrue(file != null, "the description of Keras's API (shared/keras/api.json) is not beside the project");
        operations = JsonMapper.shared().readTree(file).get("ops");
    }

    private static List<JsonNode> functions() {
        List<JsonNode> functions = new ArrayList<>();
        for (JsonNode section : operations)
            for (JsonNode entry : section) if (entry.get("kind").asString().equals("function")) functions.add(entry);
        return functions;
    }

    private static String shortName(JsonNode entry) {
        String name = entry.get("name").asString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    @Test
    void everyOperationIsKnownByName() {
        var missing = new TreeSet<String>();
        for (JsonNode entry : functions())
            if (!Operations.knows("keras.ops." + shortName(entry))) missing.add(shortName(entry));
        assertEquals(
                new TreeSet<>(UNNAMED.keySet()), missing, "operations that are not known, and that are meant not to");
    }

    @Test
    void everyOperationIsAMethod() {
        Set<String> methods = new TreeSet<>();
        for (Class<?> type : List.of(K.class, Linalg.class, Image.class))
            for (Method method : type.getMethods()) methods.add(method.getName());
        var missing = new TreeSet<String>();
        for (JsonNode entry : functions())
            if (!methods.contains(camelCase(shortName(entry)))) missing.add(shortName(entry));
        assertEquals(
                new TreeSet<>(NO_METHOD.keySet()),
                missing,
                "operations without a method, and those meant to have none");
    }

    @Test
    void argumentsAndDefaultsAreKerass() {
        var different = new TreeMap<String, String>();
        int seen = 0;
        for (JsonNode entry : functions()) {
            String name = shortName(entry);
            if (!Operations.knows("keras.ops." + name)) continue;
            seen++;
            String here = Operations.signature("keras.ops." + name);
            String got = here.substring(here.indexOf('(') + 1, here.length() - 1)
                    .replace("1e-5", "1e-05")
                    .replace("1e-8", "1e-08");
            String expected = parameters(entry.get("params"));
            if (!got.equals(expected)) different.put(name, expected + " here " + got);
        }
        assertTrue(seen > 300, "operations that were compared: " + seen);
        assertEquals(new TreeSet<>(OTHER_SIGNATURE.keySet()), different.keySet(), different::toString);
    }

    private static String parameters(JsonNode parameters) {
        var text = new StringJoiner(", ");
        for (JsonNode p : parameters) {
            String kind = p.get("kind").asString();
            String name = p.get("name").asString();
            if (kind.startsWith("VAR_")) text.add((kind.equals("VAR_KEYWORD") ? "**" : "*") + name);
            else text.add(p.get("required").asBoolean() ? name : name + "=" + value(p.get("default")));
        }
        return text.toString();
    }

    private static String value(JsonNode value) {
        if (value == null || value.isNull()) return "None";
        if (value.isBoolean()) return value.asBoolean() ? "True" : "False";
        if (value.isDouble() && Math.abs(value.asDouble()) > 0 && Math.abs(value.asDouble()) < 1e-4)
            return String.format(java.util.Locale.ROOT, "%.0e", value.asDouble());
        return value.toString();
    }

    private static String camelCase(String name) {
        var text = new StringBuilder();
        for (String word : name.split("_")) {
            if (word.isEmpty()) continue;
            text.append(text.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return text.toString();
    }
}
