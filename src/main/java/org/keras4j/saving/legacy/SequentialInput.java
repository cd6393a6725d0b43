package org.keras4j.saving.legacy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The input of an old Sequential, which stood in the config of its first layer. */
final class SequentialInput {
    private SequentialInput() {}

    /** Puts an InputLayer before the upgraded layers if there is none and the old ones say the shape. */
    static void insert(List<Map<String, @Nullable Object>> layers, List<?> old, @Nullable Object buildShape) {
        if (layers.isEmpty() || "InputLayer".equals(layers.getFirst().get("class_name"))) return;
        Map<?, ?> first = (Map<?, ?>) old.getFirst();
        List<?> shape = shapeOf(first);
        if (shape == null && buildShape instanceof List<?> list) shape = list;
        if (shape == null) return;
        Map<?, ?> config = configOf(first);
        Map<String, @Nullable Object> input = new LinkedHashMap<>();
        input.put("batch_shape", shape);
        Object dtype = config.get("input_dtype") == null ? config.get("dtype") : config.get("input_dtype");
        input.put("dtype", dtype instanceof String name ? name : "float32");
        Object name = config.get("name");
        input.put("name", name == null ? "input" : name + "_input");
        layers.addFirst(LegacyKeys.object("InputLayer", input));
    }

    /**
     * Returns the shape with the batch axis that a layer, or the first layer in it, expects; null if it does not say.
     */
    private static @Nullable List<?> shapeOf(Map<?, ?> layer) {
        if (layer.get("config") instanceof List<?> layers)
            return layers.isEmpty() ? null : shapeOf((Map<?, ?>) layers.getFirst());
        Map<?, ?> config = configOf(layer);
        if (config.get("batch_input_shape") instanceof List<?> shape) return shape;
        if (config.get("batch_shape") instanceof List<?> shape) return shape;
        if (config.get("layers") instanceof List<?> layers)
            return layers.isEmpty() ? null : shapeOf((Map<?, ?>) layers.getFirst());
        Object length = config.get("input_length");
        if ("Embedding".equals(layer.get("class_name"))) return Arrays.asList(null, length);
        if (!(config.get("input_dim") instanceof Number dim)) return null;
        List<@Nullable Object> shape = new ArrayList<>();
        shape.add(null);
        if (config.containsKey("input_length")) shape.add(length);
        shape.add(dim);
        return shape;
    }

    private static Map<?, ?> configOf(Map<?, ?> layer) {
        return layer.get("config") instanceof Map<?, ?> config ? config : Map.of();
    }
}
