package org.keras4j.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.StringArray;
import org.keras4j.graph.Tensor;
import org.keras4j.utils.Tree;

/**
 * The arguments of a layer's call, positional and by Keras's keyword. A value is a {@link Tensor} (or {@link
 * KerasTensor} in a symbolic call), a {@link StringArray}, a list or string-keyed map of values, a number, string,
 * boolean or null.
 */
public final class Call {
    private final List<@Nullable Object> args;
    private final Map<String, @Nullable Object> kwargs;

    public Call(List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs) {
        this.args = new ArrayList<>(args);
        this.kwargs = new LinkedHashMap<>(kwargs);
    }

    /** Returns the call with these positional arguments. */
    public static Call of(@Nullable Object... args) {
        return new Call(Arrays.asList(args), Map.of());
    }

    /** Returns this call with one more keyword argument. */
    public Call with(String keyword, @Nullable Object value) {
        var more = new Call(args, kwargs);
        more.kwargs.put(keyword, value);
        return more;
    }

    public List<@Nullable Object> args() {
        return args;
    }

    public Map<String, @Nullable Object> kwargs() {
        return kwargs;
    }

    /** Returns this call with all arguments but the first given by name. */
    Call named(List<String> names) {
        if (args.size() <= 1 || names.size() <= 1) return this;
        if (args.size() > names.size())
            throw new IllegalArgumentException(
                    "expected at most " + names.size() + " arguments " + names + ", got " + args.size());
        var named = new Call(args.subList(0, 1), kwargs);
        for (int i = 1; i < args.size(); i++) named.kwargs.put(names.get(i), args.get(i));
        return named;
    }

    /** Returns the first argument; where all come by keyword, {@code inputs} or the first one that is no mask. */
    public Object first() {
        if (!args.isEmpty() && args.getFirst() != null) return args.getFirst();
        Object inputs = kwargs.get("inputs");
        if (args.isEmpty() && inputs != null) return inputs;
        if (args.isEmpty()) {
            for (Map.Entry<String, @Nullable Object> e : kwargs.entrySet()) {
                Object value = e.getValue();
                if (!e.getKey().endsWith("mask") && value != null && hasInput(value)) return value;
            }
        }
        throw new IllegalArgumentException("expected an input, got none");
    }

    private static boolean hasInput(Object value) {
        return !Tree.flatten(value, Tensor.class).isEmpty()
                || !Tree.flatten(value, StringArray.class).isEmpty()
                || !Tree.flatten(value, KerasTensor.class).isEmpty()
                || !Tree.flatten(value, org.keras4j.Shape.class).isEmpty();
    }

    /** Returns the argument at {@code position} or called {@code keyword}, or null if it was not given. */
    public @Nullable Object get(int position, String keyword) {
        return position < args.size() ? args.get(position) : kwargs.get(keyword);
    }

    /** Returns the tensor at {@code position} or called {@code keyword}, or null if it was not given. */
    public @Nullable Tensor tensor(int position, String keyword) {
        Object value = get(position, keyword);
        if (value == null || value instanceof Tensor) return (Tensor) value;
        throw new IllegalArgumentException(keyword + ": expected a tensor, got " + value);
    }

    /** Returns the keyword argument {@code training} or {@code use_causal_mask} and the like; null if not given. */
    public @Nullable Boolean bool(String keyword) {
        return kwargs.get(keyword) instanceof Boolean b ? b : null;
    }

    /** Says whether this is a training call: the argument if given, else what the enclosing call says, else false. */
    public boolean training() {
        Boolean given = bool("training");
        return given != null ? given : CallContext.training();
    }

    /** Says whether the calls around this place were told whether they are training calls. */
    public static boolean trainingGiven() {
        return CallContext.trainingGiven();
    }

    /**
     * Returns the mask of the first argument in its structure: the keyword {@code mask} if given, else the masks that
     * the tensors carry. Null if there is none.
     */
    public @Nullable Object mask() {
        Object given = kwargs.get("mask");
        return given != null ? given : carriedMask(first());
    }

    /** Returns the mask of the first argument where that is a single tensor, or null. */
    public @Nullable Tensor tensorMask() {
        return mask() instanceof Tensor t ? t : null;
    }

    /** Returns the masks that the tensors of {@code tree} carry, in its structure; null if there is none. */
    public static @Nullable Object carriedMask(@Nullable Object tree) {
        boolean any = false;
        for (Tensor t : Tree.flatten(tree, Tensor.class)) any |= t.mask() != null;
        return any ? Tree.map(tree, leaf -> leaf instanceof Tensor t ? t.mask() : null) : null;
    }

    /** Returns this call with each leaf replaced. */
    public Call map(UnaryOperator<@Nullable Object> function) {
        List<@Nullable Object> mapped = new ArrayList<>();
        for (Object arg : args) mapped.add(Tree.map(arg, function));
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        kwargs.forEach((k, v) -> keywords.put(k, Tree.map(v, function)));
        return new Call(mapped, keywords);
    }

    /** Returns all leaves of a type, arguments first. */
    public <T> List<T> tensors(Class<T> type) {
        List<T> all = new ArrayList<>(Tree.flatten(args, type));
        all.addAll(Tree.flatten(kwargs, type));
        return all;
    }

    @Override
    public String toString() {
        return args + (kwargs.isEmpty() ? "" : " " + kwargs);
    }
}
