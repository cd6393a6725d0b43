package org.keras4j.saving.tensorflow;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.layers.KerasTensor;

/**
 * A layer of a functional model that is a function of TensorFlow, as {@code tf.keras} of TensorFlow 2 wrote it. A call of
 * it becomes operations of Keras 3, so that the model can be saved for it.
 */
public final class TensorFlowLayer {
    private static final Set<String> FUNCTION_CLASSES = Set.of("TFOpLambda", "SlicingOpLambda");
    private static final String GRAPH_CLASS = "TensorFlowOpLayer";
    private static final Set<String> METHOD_CLASSES = Set.of("ClassMethod", "InstanceMethod", "InstanceProperty");
    private static final List<String> MODULES = List.of(
            "compat.v1.",
            "compat.v2.",
            "math.",
            "nn.",
            "linalg.",
            "__operators__.",
            "dtypes.",
            "keras.activations.",
            "keras.backend.");

    private static final Map<String, Function> FUNCTIONS = new HashMap<>();

    static {
        ElementwiseFunctions.register(FUNCTIONS);
        ReductionFunctions.register(FUNCTIONS);
        ShapeFunctions.register(FUNCTIONS);
        IndexFunctions.register(FUNCTIONS);
        ImageFunctions.register(FUNCTIONS);
    }

    private final String name;
    private final String className;
    private final Map<String, Object> config = new LinkedHashMap<>();
    private final Emitter emitter;
    private boolean called;

    /**
     * Makes the layer that a file describes.
     *
     * @param name by which calls name it
     * @param className one of those that {@link #isOne} knows
     * @param config as the file has it
     */
    public TensorFlowLayer(String name, String className, Map<?, ?> config) {
        this.name = name;
        this.className = className;
        config.forEach((key, value) -> {
            if (value != null) this.config.put(String.valueOf(key), value);
        });
        emitter = new Emitter(name);
    }

    /** Says whether a class of a file is a function of TensorFlow as a layer. */
    public static boolean isOne(String className) {
        return FUNCTION_CLASSES.contains(className)
                || className.equals(GRAPH_CLASS)
                || METHOD_CLASSES.contains(className);
    }

    /** Returns what of TensorFlow such a layer is, if there is no counterpart of it here; null if there is one. */
    public static @Nullable String unknown(String className, @Nullable Object config) {
        Map<?, ?> map = config instanceof Map<?, ?> m ? m : Map.of();
        if (FUNCTION_CLASSES.contains(className)) {
            String function = String.valueOf(map.get("function"));
            return find(function) == null ? "tf." + function : null;
        }
        if (className.equals(GRAPH_CLASS)) {
            var node = new GraphNode(map);
            String function = node.function();
            return function == null || find(function) == null ? "the graph's node " + node.type() : null;
        }
        return "tf." + map.get("cls_symbol") + " "
                + Objects.requireNonNullElse(map.get("method_name"), map.get("attr_name"));
    }

    private static @Nullable Function find(String function) {
        if (function.startsWith("compat.v1.image.resize") || function.startsWith("image.resize_")) {
            if (function.endsWith("resize_nearest_neighbor")) return (a, e) -> OldResize.resize(a, true, e);
            if (function.endsWith("resize_bilinear")) return (a, e) -> OldResize.resize(a, false, e);
            if (function.endsWith(".resize") || function.endsWith(".resize_images")) return TensorFlowLayer::oldResize;
        }
        String last = function;
        for (String module : MODULES) if (last.startsWith(module)) last = last.substring(module.length());
        return FUNCTIONS.get(last);
    }

    private static Object oldResize(FunctionArguments a, Emitter e) {
        Number method = Size.number(a.get("method"));
        String text = a.get("method") instanceof String s ? s : "bilinear";
        boolean bilinear = method == null ? text.equals("bilinear") : method.intValue() == 0;
        boolean nearest = method == null ? text.equals("nearest") : method.intValue() == 1;
        if (!bilinear && !nearest) throw FunctionArguments.wrong("method", "bilinear or nearest", a.get("method"));
        return OldResize.resize(a, nearest, e);
    }

    /**
     * Makes one call of the layer.
     *
     * @param first what the file has in the place of inputs: a tensor, a value, or a list of them
     * @param named the other arguments; values are what earlier calls gave, or plain
     * @return the outputs: each a {@link KerasTensor}, or something that only other functions take
     * @throws IllegalArgumentException that names the layer, if the function has no counterpart for such arguments
     */
    public List<Object> call(@Nullable Object first, Map<String, @Nullable Object> named) {
        boolean ofGraph = className.equals(GRAPH_CLASS);
        GraphNode node = ofGraph ? new GraphNode(config) : null;
        String function =
                node == null ? String.valueOf(config.get("function")) : Objects.requireNonNull(node.function());
        FunctionArguments arguments = node == null
                ? new FunctionArguments(first, named)
                : node.arguments(first instanceof List<?> list ? list : List.of(Objects.requireNonNull(first)));
        if (node != null && node.halfPixels()) function = "image.resize";
        try {
            Object result = Objects.requireNonNull(find(function)).apply(arguments, emitter);
            emitter.finish(!called);
            called = true;
            return result instanceof List<?> list ? List.copyOf(list) : List.of(result);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    className + " \"" + name + "\" (tf." + function + "): " + e.getMessage(), e);
        }
    }
}
