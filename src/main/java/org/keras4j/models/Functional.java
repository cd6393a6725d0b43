package org.keras4j.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Call;
import org.keras4j.layers.Input;
import org.keras4j.layers.InputLayer;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;
import org.keras4j.layers.MultiHeadAttention;
import org.keras4j.layers.Node;
import org.keras4j.layers.OpLayer;
import org.keras4j.op.Op;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.utils.Tree;

/**
 * A model that is the graph of calls between symbolic inputs and outputs.
 *
 * <pre>{@code
 * var x = new Input(784).tensor();
 * var y = new Dense(10).activation("softmax").apply(new Dense(64).activation("relu").apply(x));
 * var model = new Functional(x, y);
 * }</pre>
 */
public final class Functional extends Model {
    private final Object inputs;
    private final Object outputs;
    private final List<KerasTensor> inputTensors;
    private final NodeOrder order;

    /**
     * Makes the model of what lies between.
     *
     * @param inputs a {@link KerasTensor}, or a list or string-keyed map of them
     * @param outputs likewise
     */
    public Functional(Object inputs, Object outputs) {
        this.inputs = inputs;
        this.outputs = outputs;
        inputTensors = Tree.flatten(inputs, KerasTensor.class);
        List<KerasTensor> outputTensors = Tree.flatten(sorted(outputs), KerasTensor.class);
        if (inputTensors.isEmpty() || outputTensors.isEmpty())
            throw new IllegalArgumentException(
                    "Functional: expected symbolic tensors as inputs and outputs, got " + inputs + " and " + outputs);
        order = NodeOrder.between(Tree.flatten(sorted(inputs), KerasTensor.class), outputTensors);
        for (Node node : order.nodes())
            if (node.layer() instanceof InputLayer input && !inputTensors.contains(input.output()))
                throw new IllegalArgumentException("Functional: the outputs depend on input \"" + input.name()
                        + "\", which is not among the inputs " + inputTensors);
        Set<String> names = new LinkedHashSet<>();
        for (Layer l : order.layers())
            if (!names.add(l.name()))
                throw new IllegalArgumentException(
                        "Functional: all layers must have different names, got \"" + l.name() + "\" twice");
        track("layers", OpLayer.withoutOperations(order.layers()));
        supportsMasking(true);
        markBuilt();
    }

    /** Returns the structure as Keras walks it to number the layers: maps by their keys. */
    private static Object sorted(Object tree) {
        return switch (tree) {
            case List<?> list -> list.stream().map(Functional::sorted).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> sorted = new TreeMap<>();
                map.forEach((key, value) -> sorted.put(key, sorted(value)));
                yield sorted;
            }
            default -> tree;
        };
    }

    /** Makes the model of what lies between several inputs and an output or several. */
    public static Functional of(List<KerasTensor> inputs, Object outputs) {
        return new Functional(inputs, outputs);
    }

    static Functional fromConfig(ConfigReader config) {
        return FunctionalReader.read(config);
    }

    @Override
    public String module() {
        return "keras.src.models.functional";
    }

    @Override
    public Functional name(String name) {
        super.name(name);
        return this;
    }

    @Override
    protected boolean castsInputs() {
        return false;
    }

    /** Returns the structure of symbolic inputs. */
    public Object inputs() {
        return inputs;
    }

    /** Returns the structure of symbolic outputs. */
    public Object outputs() {
        return outputs;
    }

    /** Returns the calls in the order in which they are made. */
    public List<Node> nodes() {
        return order.nodes();
    }

    /** Returns the layers and operations in Keras's order, by depth. */
    public List<Layer> operations() {
        return order.layers();
    }

    @Override
    public List<InputLayer> inputLayers() {
        return inputTensors.stream()
                .map(t -> t.node() != null && t.node().layer() instanceof InputLayer l ? l : placeholder(t))
                .toList();
    }

    private static InputLayer placeholder(KerasTensor t) {
        return new Input(t.shape().from(1)).dtype(t.dtypeName()).layer();
    }

    @Override
    public List<String> outputNames() {
        if (outputs instanceof Map<?, ?> map && map.values().stream().allMatch(KerasTensor.class::isInstance))
            return map.keySet().stream().map(String::valueOf).toList();
        List<String> names = new ArrayList<>();
        for (KerasTensor t : Tree.flatten(outputs, KerasTensor.class))
            names.add(NodeOrder.nodeOf(t).layer().name());
        return names;
    }

    @Override
    protected @Nullable Object inputStructure() {
        return inputs;
    }

    @Override
    protected Object callAll(Object given, Call call) {
        Map<KerasTensor, @Nullable Object> values = new IdentityHashMap<>();
        List<Object> data = match(given);
        @Nullable List<@Nullable Tensor> masks = explicitMasks(call);
        for (int i = 0; i < data.size(); i++) {
            KerasTensor input = inputTensors.get(i);
            if (!(data.get(i) instanceof Tensor t)) {
                values.put(input, conform((StringArray) data.get(i), input));
                continue;
            }
            Tensor x = conform(t, input);
            Tensor mask = masks == null ? t.mask() : masks.get(i);
            if (x.mask() != mask) x = x == t ? alias(x).mask(mask) : x.mask(mask);
            values.put(input, x);
        }
        for (Node node : order.nodes()) {
            if (values.keySet().containsAll(node.outputTensors())) continue;
            Call concrete = node.call().map(leaf -> leaf instanceof KerasTensor t ? values.get(t) : leaf);
            // What a call was made with gives way to what the model is called with, as in Keras.
            if (Call.trainingGiven()) concrete.kwargs().remove("training");
            List<Object> made = data(node.layer().applyTo(concrete));
            if (node.layer() instanceof MultiHeadAttention attention) takeMasks(attention, concrete);
            List<KerasTensor> places = node.outputTensors();
            for (int i = 0; i < places.size(); i++) values.put(places.get(i), made.get(i));
        }
        return Objects.requireNonNull(Tree.map(outputs, leaf -> leaf instanceof KerasTensor t ? values.get(t) : leaf));
    }

    /**
     * Takes the masks off what an attention layer was called on, as Keras's does: layers that come later in the model,
     * such as the residual sum, find none. Of inputs that were cast Keras's layer sees copies only.
     */
    private static void takeMasks(MultiHeadAttention attention, Call call) {
        DType seen = attention.dtypePolicy().compute();
        for (Object input : Arrays.asList(call.get(0, "query"), call.get(1, "value"), call.get(2, "key")))
            if (input instanceof Tensor t && (t.dtype() == seen || !t.dtype().isFloating())) t.mask(null);
    }

    private static Tensor alias(Tensor x) {
        return Tensor.of(new Op.Reshape(x.shape()), x);
    }

    private static @Nullable List<@Nullable Tensor> explicitMasks(Call call) {
        Object given = call.kwargs().get("mask");
        if (given == null) return null;
        List<@Nullable Tensor> masks = new ArrayList<>();
        Tree.forEach(given, leaf -> masks.add((Tensor) leaf));
        return masks;
    }

    @Override
    protected @Nullable Object computeMask(Object in, @Nullable Object mask) {
        return null; // the layers have put masks on the outputs already
    }

    /** Returns the given tensors in the order of the model's inputs: by name where a map came, else by position. */
    private List<Object> match(Object given) {
        if (given instanceof Map<?, ?> map) {
            List<Object> found = new ArrayList<>();
            if (inputs instanceof Map) collect(inputs, given, found);
            else
                for (String name : inputNames()) {
                    Object x = map.get(name);
                    if (!isData(x)) throw refuse("expected inputs named " + inputNames(), map.keySet());
                    found.add(Objects.requireNonNull(x));
                }
            return found;
        }
        List<Object> list = data(given);
        if (list.size() != inputTensors.size())
            throw refuse("expected " + inputTensors.size() + " inputs " + inputNames(), list);
        return list;
    }

    private static boolean isData(@Nullable Object leaf) {
        return leaf instanceof Tensor || leaf instanceof StringArray;
    }

    /** Returns the tensors and strings in a structure. */
    private static List<Object> data(Object tree) {
        return Tree.flatten(tree, Object.class).stream()
                .filter(Functional::isData)
                .toList();
    }

    /** Walks the given data along the structure of the inputs. */
    private void collect(Object structure, @Nullable Object given, List<Object> found) {
        switch (structure) {
            case Map<?, ?> names
            when given instanceof Map<?, ?> map ->
                names.forEach((name, part) -> {
                    if (!map.containsKey(name)) throw refuse("expected inputs named " + names.keySet(), map.keySet());
                    collect(part, map.get(name), found);
                });
            case List<?> parts
            when given instanceof List<?> list && list.size() == parts.size() -> {
                for (int i = 0; i < parts.size(); i++) collect(parts.get(i), list.get(i), found);
            }
            case KerasTensor _ when given instanceof Tensor || given instanceof StringArray -> found.add(given);
            default -> throw refuse("expected inputs in the structure " + inputs, given);
        }
    }

    /** Returns the names by which a map gives the inputs: the keys of the inputs' map, or the input layers' names. */
    @Override
    public List<String> inputNames() {
        if (inputs instanceof Map<?, ?> map)
            return map.keySet().stream().map(String::valueOf).toList();
        return inputTensors.stream()
                .map(t -> NodeOrder.nodeOf(t).layer().name())
                .toList();
    }

    /** Adds or drops a last axis of size 1. */
    private StringArray conform(StringArray x, KerasTensor input) {
        Shape want = input.shape();
        Shape shape = x.shape();
        if (shape.rank() == want.rank() + 1 && shape.last() == 1) shape = shape.slice(0, want.rank());
        else if (shape.rank() == want.rank() - 1 && want.last() == 1) shape = shape.concat(Shape.of(1));
        if (!input.isStrings() || !Sequential.isCompatible(shape, want))
            throw refuse(
                    "expected input \"" + NodeOrder.nodeOf(input).layer().name() + "\" of dtype " + input.dtypeName()
                            + " and shape " + want,
                    x);
        return x.reshape(shape);
    }

    /** Casts, and adds or drops a last axis of size 1, as Keras does to make data fit an input. */
    private Tensor conform(Tensor x, KerasTensor input) {
        Tensor fit = x;
        Shape want = input.shape();
        if (x.rank() == want.rank() + 1 && x.shape().last() == 1) fit = K.squeeze(x, -1);
        else if (x.rank() == want.rank() - 1 && want.last() == 1) fit = K.expandDims(x, -1);
        if (!Sequential.isCompatible(fit.shape(), want))
            throw refuse("expected input \"" + NodeOrder.nodeOf(input).layer().name() + "\" of shape " + want, x);
        DType dtype = input.dtype();
        return fit.dtype() == dtype ? fit : K.cast(fit, dtype);
    }

    @Override
    protected Object computeOutputSpec(Call call) {
        List<KerasTensor> given = Tree.flatten(call.first(), KerasTensor.class);
        boolean same = given.size() == inputTensors.size();
        for (int i = 0; same && i < given.size(); i++)
            same = given.get(i).shape().equals(inputTensors.get(i).shape());
        if (!same) return super.computeOutputSpec(call);
        return Objects.requireNonNull(Tree.map(outputs, leaf -> leaf instanceof KerasTensor t ? t.copy() : leaf));
    }

    @Override
    public Map<String, Object> getConfig() {
        return FunctionalWriter.config(this, new LinkedHashMap<>());
    }
}
