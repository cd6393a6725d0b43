package org.keras4j.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.StringArray;
import org.keras4j.graph.Tensor;

/** Takes data in the forms that users have it in, and gives one host array for each input or output. */
final class HostArrays {
    private HostArrays() {}

    /**
     * Returns the arrays of {@code data} in the order of {@code names}.
     *
     * @param data an NDArray, a Tensor or a Java array for one name; a list or a map by name for several
     * @param what what the data is, for messages
     */
    static List<NDArray> of(Object data, List<String> names, String what) {
        List<NDArray> arrays = new ArrayList<>();
        for (Object part : withStrings(data, names, what)) {
            if (!(part instanceof NDArray a))
                throw new IllegalArgumentException(what + ": expected numbers, got " + part);
            arrays.add(a);
        }
        return arrays;
    }

    /** Returns the arrays as {@link #of}, of which some may be strings: each an NDArray or a StringArray. */
    static List<Object> withStrings(Object data, List<String> names, String what) {
        List<Object> arrays = new ArrayList<>();
        if (data instanceof Map<?, ?> map) {
            for (String name : names) {
                Object part = map.get(name);
                if (part == null)
                    throw new IllegalArgumentException(
                            what + ": expected entries named " + names + ", got " + map.keySet());
                arrays.add(array(part, what + " \"" + name + "\""));
            }
        } else if (data instanceof List<?> list) {
            for (Object part : list) arrays.add(array(part, what));
        } else {
            arrays.add(array(data, what));
        }
        if (!names.isEmpty() && arrays.size() != names.size())
            throw new IllegalArgumentException(
                    what + ": expected " + names.size() + " arrays " + names + ", got " + arrays.size());
        return arrays;
    }

    private static Object array(@Nullable Object part, String what) {
        return switch (part) {
            case NDArray a -> a;
            case StringArray s -> s;
            case Tensor t -> t.value();
            case null -> throw new IllegalArgumentException(what + ": expected an array, got null");
            case Object o when o.getClass().isArray() -> StringArray.isStrings(o) ? StringArray.of(o) : NDArray.of(o);
            default ->
                throw new IllegalArgumentException(what + ": expected an NDArray, a Tensor or a Java array, got "
                        + part.getClass().getName());
        };
    }

    /** Checks that all arrays have one number of samples, and returns it. */
    static int samples(List<NDArray> x, List<NDArray> y, List<NDArray> weights) {
        int n = -1;
        List<NDArray> all = new ArrayList<>(x);
        all.addAll(y);
        all.addAll(weights);
        for (NDArray a : all) {
            if (a.shape().rank() == 0)
                throw new IllegalArgumentException("Expected arrays whose first axis is the samples, got a scalar");
            if (n >= 0 && a.shape().dim(0) != n)
                throw new IllegalArgumentException("All arrays must have the same number of samples, got x " + shapes(x)
                        + ", y " + shapes(y) + ", sample_weight " + shapes(weights));
            n = a.shape().dim(0);
        }
        if (n <= 0) throw new IllegalArgumentException("Expected at least one sample, got x of shapes " + shapes(x));
        return n;
    }

    static List<String> shapes(List<NDArray> arrays) {
        return arrays.stream().map(a -> a.shape().toString()).toList();
    }

    /** Returns the array as Keras's trainers take it: floats in floatx, others as they are. */
    static NDArray standard(NDArray a) {
        DType floatx = DType.of(Config.floatx());
        return a.dtype() == DType.FLOAT64 && floatx == DType.FLOAT32 ? a.cast(floatx) : a;
    }

    /** Refuses labels that are not numbers. */
    static void checkLabels(List<NDArray> y, List<String> names) {
        for (int i = 0; i < y.size(); i++) {
            NDArray a = y.get(i);
            if (!a.dtype().isFloating()) continue;
            for (int k = 0; k < a.size(); k++)
                if (Double.isNaN(a.get(k)))
                    throw new IllegalArgumentException("Labels for output \""
                            + (i < names.size() ? names.get(i) : "output " + i)
                            + "\": expected numbers, got NaN at element "
                            + k + " of shape " + a.shape());
        }
    }
}
