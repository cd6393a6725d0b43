package org.keras4j.models;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.layers.Call;
import org.keras4j.layers.InputLayer;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;
import org.keras4j.layers.OpLayer;
import org.keras4j.ops.Operations;
import org.keras4j.saving.tensorflow.TensorFlowLayer;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.utils.Tree;

/**
 * Rebuilds a functional model from its config: makes all layers, then makes their calls in an order in which each finds
 * its inputs. Calls are understood as Keras 3 writes them ({@code args} and {@code kwargs}) and as Keras 1 and 2 do
 * (lists of {@code [layer, node, tensor]}).
 */
final class FunctionalReader {
    private final ConfigReader config;
    private final Map<String, Layer> layers = new LinkedHashMap<>();
    /** Layers that become operations with their calls. */
    private final Map<String, TensorFlowLayer> functions = new HashMap<>();
    /** What each call of a layer in this model has given, by the layer's name; functions may give sizes too. */
    private final Map<String, List<List<Object>>> made = new HashMap<>();

    private final Map<String, List<Object>> waiting = new LinkedHashMap<>();

    private FunctionalReader(ConfigReader config) {
        this.config = config;
    }

    static Functional read(ConfigReader config) {
        var reader = new FunctionalReader(config);
        reader.makeLayers();
        reader.makeCalls();
        Object inputs = reader.places("input_layers");
        Object outputs = reader.places("output_layers");
        var model = new Functional(inputs, outputs);
        String name = config.nullableString("name");
        if (name != null) model.name(name);
        if (!config.bool("trainable", true)) model.trainable(false);
        return model;
    }

    private void makeLayers() {
        int i = 0;
        for (Object entry : config.list("layers")) {
            String key = "layers[" + i++ + "]";
            if (!(entry instanceof Map<?, ?> map)) throw config.wrong(key, "a layer", entry);
            if (isFunction(map)) {
                String name = String.valueOf(map.get("name"));
                Map<?, ?> own = map.get("config") instanceof Map<?, ?> c ? c : Map.of();
                functions.put(name, new TensorFlowLayer(name, String.valueOf(map.get("class_name")), own));
                await(name, map);
                continue;
            }
            Layer layer = makeLayer(key, map);
            String name = map.get("name") instanceof String s ? s : layer.name();
            layers.put(name, layer);
            if (layer instanceof InputLayer input) made.put(name, List.of(List.of(input.output())));
            else await(name, map);
        }
    }

    private boolean isFunction(Map<?, ?> map) {
        String className = String.valueOf(map.get("class_name"));
        return TensorFlowLayer.isOne(className)
                && config.registry().find(null, className, null) == null
                && map.get("name") instanceof String;
    }

    private void await(String name, Map<?, ?> map) {
        made.put(name, new ArrayList<>());
        List<Object> calls = new ArrayList<>();
        if (map.get("inbound_nodes") instanceof List<?> nodes) calls.addAll(nodes);
        waiting.put(name, calls);
    }

    private Layer makeLayer(String key, Map<?, ?> map) {
        String className = String.valueOf(map.get("class_name"));
        String module = map.get("module") instanceof String m ? m : null;
        boolean operation = module != null && module.startsWith("keras.src.ops")
                || module == null && Operations.knows(className) && isOperation(className, map);
        if (!operation) return config.deserialize(key, asLayer(map), Layer.class);
        Map<String, Object> own = new LinkedHashMap<>();
        if (map.get("config") instanceof Map<?, ?> c) c.forEach((k, v) -> own.put(String.valueOf(k), v));
        own.putIfAbsent("name", String.valueOf(map.get("name")));
        return module == null ? OpLayer.of(className, own) : new OpLayer(module, className, own);
    }

    /** Returns the config of a layer with the module that a file may leave out: an Identity is an initializer, too. */
    static Object asLayer(Object value) {
        if (!(value instanceof Map<?, ?> map) || map.get("module") != null) return value;
        Map<Object, @Nullable Object> whole = new LinkedHashMap<>(map);
        whole.put("module", "keras.layers");
        return whole;
    }

    /** Where a file leaves the module out, an Add may be the operation or the layer. */
    private boolean isOperation(String className, Map<?, ?> map) {
        if (config.registry().find(null, className, null) == null) return true;
        boolean ofKeras3 = map.get("inbound_nodes") instanceof List<?> nodes
                && !nodes.isEmpty()
                && nodes.getFirst() instanceof Map<?, ?>;
        // every layer says whether it is trainable, no operation does
        return ofKeras3 && map.get("config") instanceof Map<?, ?> own && !own.containsKey("trainable");
    }

    private void makeCalls() {
        int left = waiting.values().stream().mapToInt(List::size).sum();
        while (left > 0) {
            int before = left;
            for (Map.Entry<String, List<Object>> entry : waiting.entrySet()) {
                List<Object> calls = entry.getValue();
                while (!calls.isEmpty()) {
                    Call call = CallReader.read(this, entry.getKey(), calls.getFirst());
                    if (call == null) break;
                    calls.removeFirst();
                    left--;
                    Objects.requireNonNull(made.get(entry.getKey())).add(outputs(entry.getKey(), call));
                }
            }
            if (left == before) {
                List<String> stuck = waiting.entrySet().stream()
                        .filter(e -> !e.getValue().isEmpty())
                        .map(Map.Entry::getKey)
                        .toList();
                throw config.wrong("layers", "calls whose inputs exist", "unreachable calls of " + stuck);
            }
        }
    }

    private List<Object> outputs(String name, Call call) {
        TensorFlowLayer function = functions.get(name);
        if (function != null) return function.call(call.args().getFirst(), call.kwargs());
        Object outputs = Objects.requireNonNull(layers.get(name)).applyTo(call);
        return List.copyOf(Tree.flatten(outputs, KerasTensor.class));
    }

    ConfigReader config() {
        return config;
    }

    boolean has(String name) {
        return made.containsKey(name);
    }

    /** Says whether a layer of this name becomes operations. */
    boolean isFunction(String name) {
        return functions.containsKey(name);
    }

    @Nullable
    Layer layer(String name) {
        return layers.get(name);
    }

    /** Returns output {@code tensor} of call {@code node} of a layer, or null if that call is not made yet. */
    @Nullable
    Object tensor(String layer, int node, int tensor) {
        List<List<Object>> calls = made.get(layer);
        if (calls == null) throw config.wrong("inbound_nodes", "a layer of this model", "\"" + layer + "\"");
        if (node >= calls.size()) return null;
        List<Object> outputs = calls.get(node);
        if (tensor >= outputs.size())
            throw config.wrong("inbound_nodes", "one of " + outputs.size() + " outputs of " + layer, tensor);
        return outputs.get(tensor);
    }

    private Object places(String key) {
        Object value = config.get(key);
        if (value == null) throw config.wrong(key, "places of tensors", null);
        Object places = place(key, value);
        return places instanceof List<?> list
                        && list.size() == 1
                        && isPlace(((List<?>) value).getFirst())
                        && !wasStructured(value)
                ? list.getFirst()
                : places;
    }

    /** Keras 1 and 2 always write a list of places, Keras 3 a list only where the model was made from a list. */
    private boolean wasStructured(Object value) {
        return value instanceof List<?> list && list.size() == 1 && hasCallsOfKeras3();
    }

    private boolean hasCallsOfKeras3() {
        for (Object entry : config.list("layers"))
            if (entry instanceof Map<?, ?> map && map.get("inbound_nodes") instanceof List<?> nodes && !nodes.isEmpty())
                return nodes.getFirst() instanceof Map;
        return true;
    }

    private Object place(String key, Object value) {
        if (isPlace(value)) {
            var place = (List<?>) value;
            String name = (String) place.get(0);
            int node = ((Number) place.get(1)).intValue();
            if (layers.get(name) instanceof Functional && node > 0) node--;
            else if (layers.get(name) instanceof Sequential
                    && node > 0
                    && node >= Objects.requireNonNull(made.get(name)).size()) node--;
            Object found = tensor(name, node, ((Number) place.get(2)).intValue());
            if (found == null) throw config.wrong(key, "a call of " + name, node);
            if (found instanceof KerasTensor t) return t;
            throw config.wrong(key, "a tensor", "the shape that " + name + " gives");
        }
        if (value instanceof List<?> list) {
            List<Object> out = new ArrayList<>();
            for (Object v : list) out.add(place(key, v));
            return out;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> out = new LinkedHashMap<>();
            map.forEach((k, v) -> out.put(String.valueOf(k), place(key, v)));
            return out;
        }
        throw config.wrong(key, "[layer, node, tensor]", value);
    }

    static boolean isPlace(@Nullable Object value) {
        return value instanceof List<?> l
                && l.size() == 3
                && l.get(0) instanceof String
                && l.get(1) instanceof Number
                && l.get(2) instanceof Number;
    }
}
