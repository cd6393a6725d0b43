package org.keras4j.saving.legacy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the calls of an old functional model, {@code [[layer, node, tensor, kwargs], ...]}, into those of Keras 3. */
final class LegacyNodes {
    private static final Set<String> RECURRENT =
            Set.of("LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Bidirectional");
    private static final String CONSTANT = "_CONSTANT_VALUE";

    private final List<Map<String, @Nullable Object>> layers;
    private final Map<String, @Nullable Object> model;
    private final Map<String, String> classes = new HashMap<>();
    private final Map<String, Long> firstNodes = new HashMap<>();

    LegacyNodes(List<Map<String, @Nullable Object>> layers, Map<String, @Nullable Object> model) {
        this.layers = layers;
        this.model = model;
    }

    void upgrade() {
        for (Map<String, @Nullable Object> layer : layers) {
            Object name = layer.get("name");
            if (name == null && layer.get("config") instanceof Map<?, ?> config) name = config.get("name");
            layer.put("name", name);
            classes.put(String.valueOf(name), String.valueOf(layer.get("class_name")));
        }
        boolean old = false;
        for (Map<String, @Nullable Object> layer : layers)
            if (layer.get("inbound_nodes") instanceof List<?> nodes)
                for (Object node : nodes) old |= node instanceof List<?>;
        if (old) {
            for (Map<String, @Nullable Object> layer : layers) countFrom(layer.get("inbound_nodes"));
            countFrom(model.get("output_layers"));
        }
        for (Map<String, @Nullable Object> layer : layers)
            if (layer.get("inbound_nodes") instanceof List<?> nodes) layer.put("inbound_nodes", upgradeAll(layer, nodes));
        if (old) model.put("output_layers", outputs(model.get("output_layers")));
    }

    /** Finds the smallest node number by which each nested model is called. */
    private void countFrom(@Nullable Object value) {
        if (isReference(value)) {
            List<?> reference = (List<?>) value;
            String name = (String) reference.getFirst();
            if (isModel(name)) firstNodes.merge(name, ((Number) reference.get(1)).longValue(), Math::min);
        }
        if (value instanceof List<?> list) list.forEach(this::countFrom);
        if (value instanceof Map<?, ?> map) map.values().forEach(this::countFrom);
    }

    private List<Object> upgradeAll(Map<String, @Nullable Object> layer, List<?> nodes) {
        List<Object> out = new ArrayList<>();
        for (Object node : nodes) {
            if (node instanceof Map<?, ?>) out.add(node);
            else if (node instanceof List<?> call) out.add(node(layer, call));
        }
        return out;
    }

    private Map<String, @Nullable Object> node(Map<String, @Nullable Object> layer, List<?> call) {
        // TensorFlow writes a call with one input without the list around it
        List<?> inputs = isReference(call) ? List.of(call) : call;
        List<@Nullable Object> tensors = new ArrayList<>();
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        for (Object input : inputs) {
            List<?> reference = (List<?>) input;
            tensors.add(tensor(reference));
            if (reference.size() > 3 && reference.get(3) instanceof Map<?, ?> more)
                more.forEach((key, value) -> {
                    if (!key.equals("name")) kwargs.putIfAbsent(String.valueOf(key), argument(value));
                });
        }
        List<@Nullable Object> args = new ArrayList<>();
        if (tensors.size() == 1) {
            args.add(tensors.getFirst());
        } else if (RECURRENT.contains(String.valueOf(layer.get("class_name")))) {
            args.add(tensors.getFirst());
            kwargs.put("initial_state", tensors.subList(1, tensors.size()));
        } else {
            args.add(tensors);
        }
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("args", args);
        out.put("kwargs", kwargs);
        return out;
    }

    private @Nullable Object argument(@Nullable Object value) {
        if (isReference(value)) return tensor((List<?>) value);
        if (!(value instanceof List<?> list)) return value;
        List<@Nullable Object> out = new ArrayList<>();
        for (Object element : list) out.add(argument(element));
        return out;
    }

    private @Nullable Object tensor(List<?> reference) {
        String name = (String) reference.getFirst();
        if (name.equals(CONSTANT)) return reference.get(2);
        List<Object> history = List.of(name, node(name, reference), ((Number) reference.get(2)).longValue());
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("shape", null);
        config.put("dtype", "float32");
        config.put("keras_history", history);
        return LegacyKeys.object("__keras_tensor__", config);
    }

    /** A nested model owned its first node itself, so calls of it count from one. */
    private long node(String name, List<?> reference) {
        long node = ((Number) reference.get(1)).longValue();
        return firstNodes.getOrDefault(name, 0L) >= 1 ? node - 1 : node;
    }

    /** The outputs of a nested functional model still count from one in Keras 3. */
    private @Nullable Object outputs(@Nullable Object value) {
        if (isReference(value)) {
            List<?> reference = (List<?>) value;
            String name = (String) reference.getFirst();
            long node = node(name, reference) + ("Functional".equals(classes.get(name)) ? 1 : 0);
            return List.of(name, node, reference.get(2));
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> out = new ArrayList<>();
            for (Object element : list) out.add(outputs(element));
            return out;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> out = new LinkedHashMap<>();
            map.forEach((key, element) -> out.put(key, outputs(element)));
            return out;
        }
        return value;
    }

    private boolean isModel(String name) {
        String type = classes.get(name);
        return "Functional".equals(type) || "Sequential".equals(type);
    }

    private boolean isReference(@Nullable Object value) {
        return value instanceof List<?> list
                && list.size() >= 3
                && list.get(0) instanceof String name
                && (classes.containsKey(name) || name.equals(CONSTANT))
                && list.get(1) instanceof Number
                && (list.get(2) instanceof Number || name.equals(CONSTANT));
    }
}
