package org.keras4j.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.op.Spec;
import org.keras4j.ops.Operations;
import org.keras4j.utils.Tree;

/**
 * An operation of {@code keras.ops} in a functional model, such as the Add that {@code a + b} makes. Keras counts it
 * among a model's operations, not among its layers.
 */
public final class OpLayer extends Layer {
    private final String module;
    private final String className;
    private final Map<String, Object> config;

    /**
     * Makes the operation that a model file names.
     *
     * @param module such as {@code "keras.src.ops.numpy"}; empty for a path such as {@code "keras.ops.add"} as class
     * @param className such as {@code "Add"}
     * @param config the operation's own arguments, and its name
     */
    public OpLayer(String module, String className, Map<String, Object> config) {
        this.module = module;
        this.className = className;
        this.config = new LinkedHashMap<>(config);
        if (config.get("name") instanceof String name) name(name);
        supportsMasking(false);
        markBuilt();
    }

    /** Returns the operation of a class name alone, as {@code .h5} files give it. */
    public static OpLayer of(String className, Map<String, Object> config) {
        return new OpLayer(OpModules.of(className), className, config);
    }

    /** Returns the symbolic result of an operation such as {@code call("Add", a, b)}: class name and arguments. */
    public static KerasTensor call(String className, @Nullable Object... args) {
        return (KerasTensor) of(className, Map.of()).applyTo(Call.of(args));
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        Object outputs = Objects.requireNonNull(
                Operations.callNode(path(), own(), new ArrayList<>(call.args()), withoutMask(call)));
        // the size and the rank of a tensor are numbers, but what a node gives are tensors
        return outputs instanceof Number n ? Primitives.full(n.doubleValue(), DType.INT32, Shape.SCALAR) : outputs;
    }

    private String path() {
        return module.isEmpty() ? className : module + "." + className;
    }

    /** Functional models hand masks to all their nodes; an operation has no use for one. */
    private static Map<String, @Nullable Object> withoutMask(Call call) {
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>(call.kwargs());
        kwargs.remove("mask");
        return kwargs;
    }

    @Override
    protected Object computeOutputSpec(Call call) {
        Call specs = call.map(leaf -> leaf instanceof KerasTensor t ? new Spec(t.dtype(), t.shape()) : leaf);
        Object outputs = Operations.inferNode(path(), own(), specs.args(), withoutMask(specs));
        return Objects.requireNonNull(Tree.map(
                outputs,
                leaf -> leaf instanceof Spec s ? new KerasTensor(s.shape(), s.dtype(), "keras_tensor") : leaf));
    }

    private Map<String, Object> own() {
        Map<String, Object> own = new LinkedHashMap<>(config);
        own.remove("name");
        return own;
    }

    @Override
    protected boolean castsInputs() {
        return false;
    }

    @Override
    public String module() {
        return module;
    }

    @Override
    public String className() {
        return className;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", name());
        all.putAll(own());
        return all;
    }

    /** Returns the layers of {@code all} that Keras counts as layers. */
    public static List<Layer> withoutOperations(List<Layer> all) {
        return all.stream().filter(l -> !(l instanceof OpLayer)).toList();
    }
}
