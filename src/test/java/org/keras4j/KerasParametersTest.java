package org.keras4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds the rule by which Keras code is ported: every keyword argument of a Keras class is a method of the same name in
 * camelCase. Required arguments, and the first three, may be parameters of a constructor instead.
 */
class KerasParametersTest {
    /** Sections of the description of Keras's API, and where their classes live here. */
    private static final Map<String, String> PACKAGES = Map.of(
            "layers", "layers",
            "optimizers", "optimizers",
            "learning_rate_schedules", "optimizers.schedules",
            "losses", "losses",
            "metrics", "metrics",
            "callbacks", "callbacks",
            "initializers", "initializers",
            "regularizers", "regularizers",
            "constraints", "constraints");

    private static final int LEADING = 3;

    /** What has no method of its name, each with the reason. */
    private static final Map<String, String> EXCEPTIONS = Map.ofEntries(
            Map.entry("BatchNormalization.synchronized", "a word of the language; here synchronizedAcrossDevices"),
            Map.entry("Bidirectional.weights", "initial weights are set with setWeights"),
            Map.entry("CategoryEncoding.sparse", "there are no sparse tensors"),
            Map.entry("Dense.quantizationConfig", "Model.quantize sets it"),
            Map.entry("Discretization.epsilon", "adapt looks at all data, so there is no error to bound"),
            Map.entry("Discretization.sparse", "there are no sparse tensors"),
            Map.entry("Dot.axes", "the constructor takes them one by one"),
            Map.entry("EinsumDense.gptqUnpackedColumnSize", "Model.quantize sets it"),
            Map.entry("EinsumDense.quantizationConfig", "Model.quantize sets it"),
            Map.entry("Embedding.quantizationConfig", "Model.quantize sets it"),
            Map.entry("InputLayer", "made by Input, which has the methods"),
            Map.entry("InputSpec", "a value that layers declare, made by its static methods"),
            Map.entry("Lambda.mask", "not offered; a mask that comes in passes on"),
            Map.entry("MeanMetricWrapper.fn", "the constructor takes a Java function"),
            Map.entry("TensorBoard.embeddingsFreq", "the embedding projector is not fed"),
            Map.entry("TensorBoard.embeddingsMetadata", "the embedding projector is not fed"),
            Map.entry("TensorBoard.profileBatch", "Model.profileTraining measures"),
            Map.entry("TensorBoard.writeImages", "weights are shown as histograms"));

    private static JsonNode api;

    @BeforeAll
    static void readDescription() {
        Path file = Stream.of("../shared", "../../shared")
                .map(folder -> Path.of(folder, "keras/api.json"))
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
        assumeTrue(file != null, "the description of Keras's API (shared/keras/api.json) is not beside the project");
        api = JsonMapper.shared().readTree(file);
    }

    @Test
    void everyKeywordArgumentIsAMethod() {
        var missing = new TreeSet<String>();
        int classes = 0;
        for (Map.Entry<String, String> section : PACKAGES.entrySet()) {
            for (JsonNode entry : api.get(section.getKey())) {
                Class<?> type = find("org.keras4j." + section.getValue(), entry);
                if (type == null) continue;
                classes++;
                if (EXCEPTIONS.containsKey(type.getSimpleName())) continue;
                for (String argument : missing(type, entry.get("params")))
                    missing.add(type.getSimpleName() + "." + argument);
            }
        }
        int found = classes;
        assertTrue(found > 150, () -> "expected more than 150 classes that Keras has too, got " + found);
        var known =
                EXCEPTIONS.keySet().stream().filter(name -> name.contains(".")).toList();
        assertEquals(new TreeSet<>(known), missing, "arguments of Keras without a method, and those that are known");
    }

    @Test
    void everyKeywordArgumentOfAnApplicationIsAMethod() throws ClassNotFoundException {
        var missing = new TreeSet<String>();
        for (JsonNode entry : api.get("applications").get("functions")) {
            String name = entry.get("name").asString();
            Class<?> type = Class.forName("org.keras4j.applications" + name.substring(name.lastIndexOf('.')));
            for (String argument : missing(type, entry.get("params"))) missing.add(name + "." + argument);
        }
        assertEquals(new TreeSet<>(), missing, "arguments of Keras's applications without a method");
    }

    private static Class<?> find(String folder, JsonNode entry) {
        if (!entry.get("kind").asString().equals("class")) return null;
        String name = entry.get("name").asString();
        try {
            Class<?> type = Class.forName(folder + "." + name.substring(name.lastIndexOf('.') + 1));
            boolean isForUsers = Modifier.isPublic(type.getModifiers()) && !Modifier.isAbstract(type.getModifiers());
            return isForUsers ? type : null;
        } catch (ClassNotFoundException e) {
            return null; // not here yet
        }
    }

    private static List<String> missing(Class<?> type, JsonNode parameters) {
        var names = new ArrayList<String>();
        int place = 0;
        for (JsonNode parameter : parameters) {
            if (parameter.get("kind").asString().startsWith("VAR_")) continue;
            String name = camelCase(parameter.get("name").asString());
            boolean isLeading = place++ < LEADING || parameter.get("required").asBoolean();
            if (!hasMethod(type, name) && !(isLeading && hasConstructorParameter(type, name))) names.add(name);
        }
        return names;
    }

    private static boolean hasMethod(Class<?> type, String name) {
        return Arrays.stream(type.getMethods())
                .anyMatch(method -> method.getName().equals(name) && method.getParameterCount() > 0);
    }

    private static boolean hasConstructorParameter(Class<?> type, String name) {
        return Arrays.stream(type.getConstructors())
                .flatMap(constructor -> Arrays.stream(constructor.getParameters()))
                .anyMatch(parameter -> parameter.getName().equals(name));
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
