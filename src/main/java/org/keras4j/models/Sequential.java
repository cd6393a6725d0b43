package org.keras4j.models;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Scope;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Call;
import org.keras4j.layers.DTypePolicy;
import org.keras4j.layers.Input;
import org.keras4j.layers.InputLayer;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;
import org.keras4j.layers.Stackable;
import org.keras4j.serialization.ConfigReader;

/**
 * A model that is a stack of layers, each taking what the one before gives.
 *
 * <pre>{@code
 * var model = new Sequential(new Input(784), new Dense(64).activation("relu"), new Dense(10));
 * }</pre>
 *
 * Without an {@link Input} the model is built by the first data that it sees.
 */
public final class Sequential extends Model {
    private final List<Layer> stack = new ArrayList<>();
    private @Nullable InputLayer input;
    private @Nullable KerasTensor output;

    public Sequential(Stackable... layers) {
        supportsMasking(true);
        track("layers", stack);
        for (Stackable layer : layers) add(layer);
    }

    @Override
    public Sequential name(String name) {
        super.name(name);
        return this;
    }

    /** Puts a layer on top. */
    public Sequential add(Stackable part) {
        Layer layer = part.layer();
        if (layer instanceof InputLayer first) {
            if (input != null || !stack.isEmpty())
                throw new IllegalArgumentException(describe() + ": an Input must come first, and only once");
            input = first;
            output = first.output();
            return this;
        }
        if (layersByName(layer.name()) != null)
            throw new IllegalArgumentException(
                    describe() + ": all layers must have different names, got \"" + layer.name() + "\" twice");
        stack.add(layer);
        if (output != null) extend(layer);
        forgetFunctions();
        return this;
    }

    /** Takes the last layer off and returns it. */
    public Layer pop() {
        if (stack.isEmpty()) throw new IllegalStateException(describe() + " has no layer to pop");
        Layer last = stack.removeLast();
        if (input != null) rebuild();
        forgetFunctions();
        return last;
    }

    private @Nullable Layer layersByName(String name) {
        for (Layer l : stack) if (l.name().equals(name)) return l;
        return null;
    }

    private void extend(Layer layer) {
        try (Scope scope = Scope.enter(name())) {
            output = layer.apply(Objects.requireNonNull(output));
        }
        markBuilt();
    }

    private void rebuild() {
        output = Objects.requireNonNull(input).output();
        for (Layer layer : stack) extend(layer);
    }

    @Override
    protected void buildAll(Object shapes) {
        if (input != null) return;
        if (!(shapes instanceof Shape shape)) throw refuse("expected a single input", shapes);
        boolean strings = !stack.isEmpty() && stack.getFirst().takesStrings();
        input = new Input(shape.from(1))
                .dtype(strings ? "string" : DTypePolicy.global().compute().keras())
                .layer();
        // the model's own scope is open here
        output = Objects.requireNonNull(input).output();
        for (Layer layer : stack) output = layer.apply(Objects.requireNonNull(output));
    }

    @Override
    protected Object callAll(Object given, Call call) {
        Object x = given;
        if (input != null
                && given instanceof Tensor t
                && !input.takesStrings()
                && t.dtype() != input.inputDtype()
                && input.inputDtype().isFloating())
            x = Primitives.cast(t, input.inputDtype()).mask(t.mask());
        // As in Keras other sizes are the layers' matter: a model without Flatten takes pictures of any size.
        if (input != null
                && x instanceof Tensor t
                && t.rank() != input.batchShape().rank())
            throw refuse("expected input of shape " + input.batchShape(), t);
        if (input != null && x instanceof StringArray s && !isCompatible(s.shape(), input.batchShape()))
            throw refuse("expected input of shape " + input.batchShape(), s);
        Object mask = call.kwargs().get("mask");
        for (Layer layer : stack) {
            Call next = Call.of(x);
            if (mask != null && layer == stack.getFirst()) next = next.with("mask", mask);
            x = layer.applyTo(next);
        }
        return x;
    }

    /** Says whether the first layer takes strings. */
    @Override
    public boolean takesStrings() {
        return input != null
                ? input.takesStrings()
                : !stack.isEmpty() && stack.getFirst().takesStrings();
    }

    /** Keras does not hold data to a fixed batch size. */
    static boolean isCompatible(Shape given, Shape expected) {
        return given.rank() == expected.rank()
                && (given.rank() == 0 || given.from(1).isCompatible(expected.from(1)));
    }

    @Override
    protected @Nullable Object computeMask(Object in, @Nullable Object mask) {
        return null; // the layers have put masks on the outputs already
    }

    @Override
    protected boolean castsInputs() {
        return false;
    }

    @Override
    public List<InputLayer> inputLayers() {
        return input == null ? List.of() : List.of(input);
    }

    /** Returns the symbolic output; null before the model is built. */
    public @Nullable KerasTensor output() {
        return output;
    }

    /** Returns the symbolic input; null before the model is built. */
    public @Nullable KerasTensor input() {
        return input == null ? null : input.output();
    }

    @Override
    public List<String> outputNames() {
        return List.of(stack.isEmpty() ? name() : stack.getLast().name());
    }

    @Override
    public List<String> inputNames() {
        return input == null ? List.of() : List.of(input.name());
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", name());
        config.put("trainable", trainable());
        config.put("dtype", dtypePolicy());
        List<Layer> layers = new ArrayList<>();
        if (input != null) layers.add(input);
        layers.addAll(stack);
        config.put("layers", layers);
        if (input != null) config.put("build_input_shape", input.batchShape());
        return config;
    }

    static Sequential fromConfig(ConfigReader config) {
        var model = new Sequential();
        String name = config.nullableString("name");
        if (name != null) model.name(name);
        List<?> layers = config.raw() instanceof List<?> list ? list : config.list("layers");
        int i = 0;
        for (Object layer : layers)
            model.add(config.deserialize("layers[" + i++ + "]", FunctionalReader.asLayer(layer), Layer.class));
        if (!config.bool("trainable", true)) model.trainable(false);
        Shape shape = config.nullableShape("build_input_shape");
        if (shape != null && model.input == null && !model.stack.isEmpty()) model.buildFrom(shape);
        return model;
    }
}
