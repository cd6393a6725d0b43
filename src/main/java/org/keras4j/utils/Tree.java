package org.keras4j.utils;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Nested lists and string-keyed maps of anything, as {@code keras.tree}. Maps keep their order. */
public final class Tree {
    private Tree() {}

    /** Returns the same structure with {@code function} applied to each leaf, null leaves included. */
    public static @Nullable Object map(@Nullable Object tree, UnaryOperator<@Nullable Object> function) {
        return switch (tree) {
            case List<?> list -> {
                List<@Nullable Object> out = new ArrayList<>(list.size());
                for (Object o : list) out.add(map(o, function));
                yield out;
            }
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> out = new LinkedHashMap<>();
                map.forEach((k, v) -> out.put(k, map(v, function)));
                yield out;
            }
            case null, default -> function.apply(tree);
        };
    }

    /** Returns the leaves of type {@code type}, depth first. */
    public static <T> List<T> flatten(@Nullable Object tree, Class<T> type) {
        List<T> leaves = new ArrayList<>();
        forEach(tree, leaf -> {
            if (type.isInstance(leaf)) leaves.add(type.cast(leaf));
        });
        return leaves;
    }

    /** Calls {@code action} with each leaf, null leaves included, depth first. */
    public static void forEach(@Nullable Object tree, Consumer<@Nullable Object> action) {
        switch (tree) {
            case List<?> list -> list.forEach(o -> forEach(o, action));
            case Map<?, ?> map -> map.values().forEach(o -> forEach(o, action));
            case null, default -> action.accept(tree);
        }
    }
}
