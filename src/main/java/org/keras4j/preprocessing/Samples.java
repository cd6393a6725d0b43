package org.keras4j.preprocessing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Tensor;
import org.keras4j.models.Batch;
import org.keras4j.utils.Tree;

/** Takes samples out of arrays, and puts samples together to arrays. */
final class Samples {
    private Samples() {}

    /** Returns the same data with an NDArray or StringArray for each array. */
    static Batch arrays(Batch data) {
        return each(data, leaf -> leaf == null ? null : array(leaf));
    }

    private static Batch each(Batch data, UnaryOperator<@Nullable Object> change) {
        return new Batch(
                Objects.requireNonNull(Tree.map(nested(data.x()), change)),
                data.y() == null ? null : Tree.map(nested(data.y()), change),
                data.sampleWeight() == null ? null : Tree.map(nested(data.sampleWeight()), change));
    }

    /** A list of strings is one array, not several. */
    private static Object nested(Object data) {
        return data instanceof List<?> && StringArray.isStrings(data) ? StringArray.of(data) : data;
    }

    private static Object array(Object leaf) {
        return switch (leaf) {
            case NDArray a -> a;
            case StringArray s -> s;
            case Tensor t -> t.value();
            default -> StringArray.isStrings(leaf) ? StringArray.of(leaf) : NDArray.of(leaf);
        };
    }

    private static Shape shape(Object array) {
        return array instanceof StringArray s ? s.shape() : ((NDArray) array).shape();
    }

    /** Returns the number of samples, which must be the same for all arrays. */
    static int count(Batch arrays) {
        List<Object> all = new ArrayList<>(Tree.flatten(arrays.x(), Object.class));
        all.addAll(Tree.flatten(arrays.y(), Object.class));
        all.addAll(Tree.flatten(arrays.sampleWeight(), Object.class));
        if (all.isEmpty()) throw new IllegalArgumentException("Expected at least one array, got none");
        int count = -1;
        for (Object a : all) {
            if (shape(a).rank() == 0)
                throw new IllegalArgumentException("Expected arrays whose first axis is the samples, got a scalar");
            if (count >= 0 && shape(a).dim(0) != count)
                throw new IllegalArgumentException("All arrays must have the same number of samples, got shapes "
                        + all.stream().map(Samples::shape).toList());
            count = shape(a).dim(0);
        }
        return count;
    }

    /** Copies some samples. */
    static Batch rows(Batch arrays, int[] chosen) {
        return each(arrays, leaf -> switch (leaf) {
            case StringArray s -> s.rows(chosen);
            case NDArray a -> a.rows(chosen);
            case null, default -> leaf;
        });
    }

    /** Puts samples together along a new first axis. */
    static Batch stack(Batch[] samples) {
        return new Batch(
                Objects.requireNonNull(stack(samples, Batch::x)),
                stack(samples, Batch::y),
                stack(samples, Batch::sampleWeight));
    }

    private static @Nullable Object stack(Batch[] samples, Function<Batch, @Nullable Object> part) {
        List<Object> parts = new ArrayList<>(samples.length);
        for (Batch sample : samples) {
            Object value = part.apply(sample);
            if (value != null) parts.add(value);
        }
        if (parts.isEmpty()) return null;
        if (parts.size() != samples.length)
            throw new IllegalArgumentException("Either all samples of a batch have labels (or weights) or none, got "
                    + parts.size() + " of " + samples.length);
        return stack(parts);
    }

    private static Object stack(List<Object> parts) {
        return switch (parts.getFirst()) {
            case List<?> list
            when !StringArray.isStrings(list) -> {
                List<Object> out = new ArrayList<>();
                for (int i = 0; i < list.size(); i++) {
                    int place = i;
                    out.add(stack(children(
                            parts, p -> p instanceof List<?> l && place < l.size() ? l.get(place) : null)));
                }
                yield out;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> out = new LinkedHashMap<>();
                for (Object key : map.keySet())
                    out.put(key, stack(children(parts, p -> p instanceof Map<?, ?> m ? m.get(key) : null)));
                yield out;
            }
            default -> stackArrays(parts.stream().map(Samples::array).toList());
        };
    }

    private static List<Object> children(List<Object> parts, Function<Object, @Nullable Object> child) {
        List<Object> out = new ArrayList<>(parts.size());
        for (Object part : parts) {
            Object value = child.apply(part);
            if (value == null)
                throw new IllegalArgumentException(
                        "All samples of a batch must have one structure, got " + parts.getFirst() + " and " + part);
            out.add(value);
        }
        return out;
    }

    private static Object stackArrays(List<Object> arrays) {
        Object first = arrays.getFirst();
        for (Object a : arrays)
            if (a.getClass() != first.getClass()
                    || !shape(a).equals(shape(first))
                    || a instanceof NDArray n && n.dtype() != ((NDArray) first).dtype())
                throw new IllegalArgumentException("All samples of a batch must have one shape and dtype, got "
                        + describe(first) + " and " + describe(a));
        Shape shape = shape(first).insert(0, arrays.size());
        if (first instanceof StringArray) {
            List<String> strings = new ArrayList<>();
            for (Object a : arrays) strings.addAll(List.of(((StringArray) a).toArray()));
            return StringArray.of(shape, strings.toArray(String[]::new));
        }
        NDArray out = NDArray.zeros(((NDArray) first).dtype(), shape);
        int size = ((NDArray) first).size();
        for (int i = 0; i < arrays.size(); i++)
            System.arraycopy(((NDArray) arrays.get(i)).data(), 0, out.data(), i * size, size);
        return out;
    }

    private static String describe(Object array) {
        return array instanceof NDArray a ? a.dtype() + " " + a.shape() : "strings " + shape(array);
    }
}
