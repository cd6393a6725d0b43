package org.keras4j.models;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.layers.Call;
import org.keras4j.layers.InputLayer;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;
import org.keras4j.layers.Node;
import org.keras4j.layers.OpLayer;
import org.keras4j.layers.Stackable;
import org.keras4j.saving.Saving;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.Registry;
import org.keras4j.utils.Tree;

/** Makes models of the layers of others. A layer that is shared there is shared here. */
final class Cloning {
    private final UnaryOperator<Layer> function;
    private final boolean recursive;
    private final Map<Layer, Layer> made = new IdentityHashMap<>();

    Cloning(UnaryOperator<Layer> function, boolean recursive) {
        this.function = function;
        this.recursive = recursive;
    }

    /** Makes a layer of the same config, without weights. */
    static Layer layer(Layer layer) {
        if (layer instanceof OpLayer) return new OpLayer(layer.module(), layer.className(), layer.getConfig());
        if (!(Saving.serializeKerasObject(layer) instanceof Map<?, ?> config))
            throw new IllegalArgumentException(layer.describe() + " has no config to clone it by");
        config.remove("build_config");
        return (Layer) Saving.deserializeKerasObject(config);
    }

    Model model(Model model) {
        Model clone = switch (model) {
            case Sequential s -> sequential(s);
            case Functional f -> functional(f);
            default ->
                throw new IllegalArgumentException(
                        "A clone function is for Sequential and Functional models, got " + model.describe());
        };
        clone.name(model.name());
        if (!model.trainable()) clone.trainable(false);
        if (model.isCompiled() && Saving.serializeKerasObject(model.getCompileConfig()) instanceof Map<?, ?> compile)
            clone.compileFromConfig(new ConfigReader(Registry.keras(), "compile_config", compile));
        return clone;
    }

    private Layer copy(Layer layer) {
        Layer known = made.get(layer);
        if (known != null) return known;
        boolean isInside = recursive && (layer instanceof Sequential || layer instanceof Functional);
        // what carries data in, and operations without options, are not for the function
        boolean isPlain = layer instanceof InputLayer || layer instanceof OpLayer;
        Layer copy = isInside ? model((Model) layer) : isPlain ? layer(layer) : function.apply(layer);
        made.put(layer, copy);
        return copy;
    }

    private Sequential sequential(Sequential model) {
        Sequential clone = new Sequential();
        for (InputLayer input : model.inputLayers()) clone.add((Stackable) copy(input));
        for (Layer layer : model.layers()) clone.add(copy(layer));
        return clone;
    }

    private Functional functional(Functional model) {
        Map<KerasTensor, KerasTensor> tensors = new IdentityHashMap<>();
        for (InputLayer input : model.inputLayers()) tensors.put(input.output(), ((InputLayer) copy(input)).output());
        for (Node node : model.nodes()) {
            if (tensors.keySet().containsAll(node.outputTensors())) continue;
            Call call = node.call().map(leaf -> moved(tensors, leaf));
            List<KerasTensor> outputs = Tree.flatten(copy(node.layer()).applyTo(call), KerasTensor.class);
            List<KerasTensor> places = node.outputTensors();
            if (outputs.size() != places.size())
                throw new IllegalArgumentException("The clone of "
                        + node.layer().describe() + " has " + outputs.size() + " outputs, expected " + places.size());
            for (int i = 0; i < places.size(); i++) tensors.put(places.get(i), outputs.get(i));
        }
        return new Functional(
                Objects.requireNonNull(Tree.map(model.inputs(), leaf -> moved(tensors, leaf))),
                Objects.requireNonNull(Tree.map(model.outputs(), leaf -> moved(tensors, leaf))));
    }

    private static @Nullable Object moved(Map<KerasTensor, KerasTensor> tensors, @Nullable Object leaf) {
        return leaf instanceof KerasTensor t ? tensors.getOrDefault(t, t) : leaf;
    }
}
