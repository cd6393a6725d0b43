package org.keras4j.models;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;
import org.keras4j.layers.Node;
import org.keras4j.serialization.Described;
import org.keras4j.utils.Tree;

/** Writes the config of a functional model: its layers, and the calls of each. */
final class FunctionalWriter {
    private final Map<Node, Integer> indices = new IdentityHashMap<>();

    private FunctionalWriter(Functional model) {
        // A node's number counts only the calls of its layer that belong to this model.
        Map<Layer, Integer> counts = new IdentityHashMap<>();
        for (Layer layer : model.operations())
            for (Node node : layer.inboundNodes())
                if (model.nodes().contains(node)) indices.put(node, counts.merge(layer, 1, Integer::sum) - 1);
    }

    static Map<String, Object> config(Functional model, Map<String, Object> config) {
        var writer = new FunctionalWriter(model);
        config.put("name", model.name());
        config.put("trainable", model.trainable());
        List<Object> layers = new ArrayList<>();
        for (Layer layer : model.operations()) layers.add(writer.layer(layer));
        config.put("layers", layers);
        config.put("input_layers", writer.places(model.inputs()));
        config.put("output_layers", writer.places(model.outputs()));
        return config;
    }

    private Object layer(Layer layer) {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("name", layer.name());
        List<Object> nodes = new ArrayList<>();
        for (Node node : layer.inboundNodes()) {
            if (!indices.containsKey(node) || node.inputTensors().isEmpty()) continue;
            Map<String, Object> call = new LinkedHashMap<>();
            call.put("args", describe(node.call().args()));
            call.put("kwargs", describe(node.call().kwargs()));
            nodes.add(call);
        }
        more.put("inbound_nodes", nodes);
        return new Described(layer, more);
    }

    private Object describe(Object tree) {
        return Objects.requireNonNull(Tree.map(tree, leaf -> leaf instanceof KerasTensor t ? tensor(t) : leaf));
    }

    private Map<String, Object> tensor(KerasTensor t) {
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("shape", t.shape());
        config.put("dtype", t.dtypeName());
        config.put("keras_history", place(t));
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("class_name", "__keras_tensor__");
        out.put("config", config);
        return out;
    }

    private List<Object> place(KerasTensor t) {
        Node node = NodeOrder.nodeOf(t);
        return List.of(node.layer().name(), indices.get(node), t.index());
    }

    /** Keras numbers the calls of a functional model inside this one from 1 here, and only here. */
    private Object places(Object tree) {
        return Objects.requireNonNull(Tree.map(tree, leaf -> {
            if (!(leaf instanceof KerasTensor t)) return leaf;
            Node node = NodeOrder.nodeOf(t);
            int index = Objects.requireNonNull(indices.get(node)) + (node.layer() instanceof Functional ? 1 : 0);
            return List.of(node.layer().name(), index, t.index());
        }));
    }
}
