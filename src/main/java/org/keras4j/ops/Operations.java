package org.keras4j.ops;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.op.Spec;
import org.keras4j.utils.Names;

/**
 * Keras's operations by name, with Keras's arguments: how model files and scripts call them. A name may be a public
 * path such as {@code "keras.ops.add"}, {@code "keras.ops.numpy.add"} or {@code "keras.activations.relu"}, or the class
 * of a functional model's node such as {@code "keras.src.ops.numpy.NotEqual"}.
 */
public final class Operations {
    /** What an operation does with its arguments; gives a Tensor, a list, a number or a string. */
    @FunctionalInterface
    interface Call {
        @Nullable
        Object run(Arguments arguments);
    }

    private record Entry(Signature signature, Call call) {}

    private static final Map<String, Entry> ENTRIES = new TreeMap<>();
    /** Class names of nodes that are not the function's name in another spelling. */
    private static final Map<String, String> CLASSES = new HashMap<>();

    static {
        ArithmeticEntries.register();
        ComplexEntries.register();
        ReductionEntries.register();
        ShapeEntries.register();
        NnEntries.register();
        LinalgEntries.register();
        ImageEntries.register();
        CLASSES.put("RMSNorm", "rms_normalization");
        CLASSES.put("LayerNorm", "layer_normalization");
        CLASSES.put("BatchNorm", "batch_normalization");
        CLASSES.put("ReLU", "activations.relu");
        CLASSES.put("AllClose", "allclose");
        CLASSES.put("CDist", "cdist");
        CLASSES.put("CTCDecode", "ctc_decode");
        CLASSES.put("CTCLoss", "ctc_loss");
        CLASSES.put("IsIn", "isin");
        CLASSES.put("SearchSorted", "searchsorted");
    }

    private Operations() {}

    /** Adds an operation; {@code signature} is Keras's, such as {@code "sum(x, axis=None, keepdims=False)"}. */
    static void add(String signature, Call call) {
        var parsed = new Signature(signature);
        ENTRIES.put(parsed.name(), new Entry(parsed, call));
    }

    /** Makes the known operation {@code name} known by other names too. */
    static void alias(String name, String... others) {
        for (String other : others) ENTRIES.put(other, ENTRIES.get(name));
    }

    /** Says whether {@code name} is the path of an operation or the class of an operation's node. */
    public static boolean knows(String name) {
        return find(name) != null;
    }

    /** Returns the short names of all operations, sorted. */
    public static List<String> names() {
        return List.copyOf(ENTRIES.keySet());
    }

    /** Returns Keras's signature of an operation. */
    public static String signature(String name) {
        return entry(name).signature.toString();
    }

    /**
     * Calls an operation. Values are Tensors, Variables, NDArrays, numbers, booleans, strings, null, {@link Slice}s,
     * and lists of them. The result is a Tensor, a {@link Complex}, a List of them, a number, a boolean, a string or a Shape.
     *
     * @throws IllegalArgumentException if there is no such operation, or the arguments do not fit its signature
     */
    public static @Nullable Object call(
            String name, List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs) {
        Entry entry = entry(name);
        return entry.call.run(entry.signature.bind(args, kwargs));
    }

    /**
     * Calls the operation of a functional model's node: {@code config} holds what its class was made with, the other
     * arguments follow. Config keys that are not parameters, such as the node's name, do not count.
     */
    public static @Nullable Object callNode(
            String className,
            Map<String, ? extends @Nullable Object> config,
            List<? extends @Nullable Object> args,
            Map<String, ? extends @Nullable Object> kwargs) {
        Entry entry = entry(className);
        Map<String, @Nullable Object> made = new HashMap<>();
        config.forEach((key, value) -> {
            if (entry.signature.takes(key) && !kwargs.containsKey(key)) made.put(key, value);
        });
        return entry.call.run(entry.signature.bind(args, kwargs, made));
    }

    /**
     * Returns what {@link #call} would give, with a {@link Spec} in place of each Tensor. Arguments may hold Specs,
     * whose unknown sizes are {@link Shape#UNKNOWN}.
     */
    public static @Nullable Object infer(
            String name, List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs) {
        Object special = InferenceRules.infer(shortName(name), args, kwargs);
        return special != null ? special : Inference.infer(args, kwargs, (a, k) -> call(name, a, k));
    }

    /** Returns what {@link #callNode} would give, with a {@link Spec} in place of each Tensor, as {@link #infer}. */
    public static @Nullable Object inferNode(
            String className,
            Map<String, ? extends @Nullable Object> config,
            List<? extends @Nullable Object> args,
            Map<String, ? extends @Nullable Object> kwargs) {
        Entry entry = entry(className);
        Map<String, @Nullable Object> all = new HashMap<>(kwargs);
        config.forEach((key, value) -> {
            if (entry.signature.takes(key)) all.putIfAbsent(key, value);
        });
        Object special = InferenceRules.infer(entry.signature.name(), args, all);
        return special != null ? special : Inference.infer(args, kwargs, (a, k) -> callNode(className, config, a, k));
    }

    private static Entry entry(String name) {
        Entry entry = find(name);
        if (entry != null) return entry;
        throw new IllegalArgumentException("Unknown operation \"" + name + "\"; near names: " + near(shortName(name)));
    }

    private static @Nullable Entry find(String name) {
        String last = shortName(name);
        if (CLASSES.containsKey(last)) last = CLASSES.get(last);
        else if (!last.isEmpty() && Character.isUpperCase(last.charAt(0))) last = Names.toSnakeCase(last);
        if (name.contains("activations.") && ENTRIES.containsKey("activations." + last))
            return ENTRIES.get("activations." + last);
        return ENTRIES.get(last);
    }

    private static String shortName(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static List<String> near(String name) {
        List<String> near = new ArrayList<>();
        for (String known : ENTRIES.keySet())
            if (Names.distance(known, name) <= Math.max(2, name.length() / 3) || known.contains(name)) near.add(known);
        return near.isEmpty() ? names() : near;
    }
}
