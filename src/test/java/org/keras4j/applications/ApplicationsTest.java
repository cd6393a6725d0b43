package org.keras4j.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.keras4j.graph.Variable;
import org.keras4j.layers.Layer;
import org.keras4j.models.Functional;
import org.keras4j.utils.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds every network beside Keras's: layers, configs, weights and their order, with and without the top and with other
 * options. {@code golden/applications/README.md} says where the hashes come from.
 */
class ApplicationsTest {
    private static final String GOLDEN = "/golden/applications/digests.tsv";
    private static final int ALL = 40;

    @TestFactory
    Stream<DynamicTest> networksAreKeras() throws IOException {
        return lines().stream()
                .map(line -> line.split("\t"))
                .map(cells -> DynamicTest.dynamicTest(cells[0] + " " + cells[1], () -> check(cells)));
    }

    @Test
    void everyNetworkIsThere() throws IOException {
        long plain = lines().stream().filter(line -> line.contains("\t{}\t")).count();
        assertEquals(ALL, plain, "networks with their defaults");
    }

    private static List<String> lines() throws IOException {
        try (var in = ApplicationsTest.class.getResourceAsStream(GOLDEN)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static void check(String[] golden) throws Exception {
        Names.clear();
        Functional model = Arguments.apply(Arguments.network(golden[0]).weights(null), golden[1])
                .build();
        List<String> texts = new ArrayList<>();
        String whole = describe(model, texts);
        String expected = golden[6];
        for (int i = 0; i < texts.size(); i++) {
            String want = 2 * i < expected.length() ? expected.substring(2 * i, 2 * i + 2) : "none";
            if (!want.equals(sha(texts.get(i)).substring(0, 2)))
                fail("layer " + i + " of " + texts.size() + " (Keras has " + expected.length() / 2 + ") differs from"
                        + " Keras's: " + texts.get(i));
        }
        assertEquals(expected.length() / 2, texts.size(), "layers and operations");
        assertEquals(Integer.parseInt(golden[2]), model.layers().size(), "layers");
        assertEquals(Integer.parseInt(golden[3]), model.weights().size(), "weights");
        assertEquals(Long.parseLong(golden[4]), model.countParams(), "parameters");
        assertEquals(golden[5], sha(whole + String.join("", texts)).substring(0, 32), () -> "hash of " + whole);
    }

    /** Fills in the text of each layer, and returns that of the model without them. */
    private static String describe(Functional model, List<String> texts) {
        JsonNode config = JsonMapper.shared().readTree(model.toJson()).get("config");
        Map<String, Layer> layers = new HashMap<>();
        for (Layer layer : model.layers()) layers.put(layer.name(), layer);
        for (JsonNode entry : config.get("layers")) {
            strip((ObjectNode) entry);
            var text = new StringBuilder(canonical(entry));
            Layer layer = layers.get(entry.get("name").asString());
            if (layer != null) for (Variable weight : layer.weights()) text.append(described(weight));
            texts.add(text.toString());
        }
        Map<String, JsonNode> rest = new TreeMap<>();
        config.properties().forEach(e -> rest.put(e.getKey(), e.getValue()));
        rest.remove("layers");
        return canonical(rest);
    }

    /** Takes away what makes no difference: which shapes a layer was built for, and arguments as they are anyway. */
    private static void strip(ObjectNode entry) {
        entry.remove("build_config");
        for (JsonNode node : entry.path("inbound_nodes")) {
            var arguments = (ObjectNode) node.get("kwargs");
            for (String name : List.copyOf(arguments.propertyNames()))
                if (arguments.get(name).isNull()
                        || name.equals("training") && !arguments.get(name).asBoolean()) arguments.remove(name);
        }
        for (JsonNode layer : entry.path("config").path("layers")) ((ObjectNode) layer).remove("build_config");
    }

    private static String canonical(JsonNode node) {
        if (node.isNumber()) return HexFormat.of().toHexDigits(Double.doubleToLongBits(node.asDouble()));
        if (node.isArray()) {
            List<String> items = new ArrayList<>();
            for (JsonNode item : node) items.add(canonical(item));
            return "[" + String.join(",", items) + "]";
        }
        if (!node.isObject()) return node.toString();
        Map<String, JsonNode> sorted = new TreeMap<>();
        node.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
        return canonical(sorted);
    }

    private static String canonical(Map<String, JsonNode> sorted) {
        List<String> entries = new ArrayList<>();
        sorted.forEach((key, value) -> entries.add("\"" + key + "\":" + canonical(value)));
        return "{" + String.join(",", entries) + "}";
    }

    private static String described(Variable weight) {
        List<String> dims = new ArrayList<>();
        for (int dim : weight.shape().dims()) dims.add(Integer.toString(dim));
        return weight.name() + " [" + String.join(",", dims) + "]"
                + weight.dtype().keras() + weight.trainable();
    }

    private static String sha(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
