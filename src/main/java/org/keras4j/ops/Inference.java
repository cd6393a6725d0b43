package org.keras4j.ops;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Spec;

/**
 * Finds what an operation gives for values of which only dtype and shape are known: it is traced twice with two odd
 * sizes in place of the unknown ones, and axes that differ between the results are unknown.
 */
final class Inference {
    private static final int[][] TRIALS = {{7, 11}, {8, 16}, {32, 64}};

    private Inference() {}

    /** {@code call} gets arguments in which Tensors stand for Specs. */
    static @Nullable Object infer(
            List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs, Call call) {
        List<Spec> specs = new ArrayList<>();
        collect(args, specs);
        collect(new ArrayList<>(kwargs.values()), specs);
        if (specs.stream().allMatch(s -> s.shape().isKnown())) return run(args, kwargs, call, s -> s);
        RuntimeException failure = null;
        for (int[] sizes : TRIALS) {
            try {
                return merge(
                        run(args, kwargs, call, s -> filled(s, sizes[0])),
                        run(args, kwargs, call, s -> filled(s, sizes[1])));
            } catch (IllegalArgumentException | IllegalStateException e) {
                if (failure == null) failure = e;
            }
        }
        try {
            // Operands that must agree with one of a known size: take that size.
            UnaryOperator<Spec> aligned = s -> aligned(s, specs);
            return run(args, kwargs, call, aligned);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw failure;
        }
    }

    /** An operation on the two kinds of arguments. */
    interface Call {
        @Nullable Object run(List<@Nullable Object> args, Map<String, @Nullable Object> kwargs);
    }

    private static @Nullable Object run(
            List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs, Call call,
            UnaryOperator<Spec> fill) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Object a : args) values.add(replaced(a, fill));
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        kwargs.forEach((k, v) -> named.put(k, replaced(v, fill)));
        return specs(call.run(values, named));
    }

    private static Spec filled(Spec spec, int size) {
        int[] dims = spec.shape().dims();
        for (int i = 0; i < dims.length; i++) if (dims[i] == Shape.UNKNOWN) dims[i] = size;
        return new Spec(spec.dtype(), Shape.of(dims));
    }

    private static Spec aligned(Spec spec, List<Spec> all) {
        int[] dims = spec.shape().dims();
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] != Shape.UNKNOWN) continue;
            dims[i] = TRIALS[0][0];
            for (Spec other : all) {
                int at = other.shape().rank() - (dims.length - i);
                if (at >= 0 && other.shape().dim(at) > 1) dims[i] = other.shape().dim(at);
            }
        }
        return new Spec(spec.dtype(), Shape.of(dims));
    }

    private static void collect(List<? extends @Nullable Object> values, List<Spec> specs) {
        for (Object v : values) {
            if (v instanceof Spec s) specs.add(s);
            else if (v instanceof List<?> list) collect(list, specs);
        }
    }

    private static @Nullable Object replaced(@Nullable Object value, UnaryOperator<Spec> fill) {
        return switch (value) {
            case Spec s -> {
                Spec full = fill.apply(s);
                yield Primitives.input("symbolic", full.dtype(), full.shape());
            }
            case List<?> list -> {
                List<@Nullable Object> out = new ArrayList<>();
                for (Object o : list) out.add(replaced(o, fill));
                yield out;
            }
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> out = new HashMap<>();
                map.forEach((k, v) -> out.put(k, replaced(v, fill)));
                yield out;
            }
            case null, default -> value;
        };
    }

    /** Puts Specs in place of Tensors. */
    private static @Nullable Object specs(@Nullable Object result) {
        return switch (result) {
            case Tensor t -> t.spec();
            case List<?> list -> {
                List<@Nullable Object> out = new ArrayList<>();
                for (Object o : list) out.add(specs(o));
                yield out;
            }
            case null, default -> result;
        };
    }

    private static @Nullable Object merge(@Nullable Object a, @Nullable Object b) {
        if (a instanceof List<?> x && b instanceof List<?> y && x.size() == y.size()) {
            List<@Nullable Object> out = new ArrayList<>();
            for (int i = 0; i < x.size(); i++) out.add(merge(x.get(i), y.get(i)));
            return out;
        }
        if (a instanceof Spec x && b instanceof Spec y && x.shape().rank() == y.shape().rank())
            return new Spec(x.dtype(), merge(x.shape(), y.shape()));
        if (a instanceof Shape x && b instanceof Shape y && x.rank() == y.rank()) return merge(x, y);
        return a == null || a.equals(b) ? a : null;
    }

    private static Shape merge(Shape a, Shape b) {
        int[] dims = a.dims();
        for (int i = 0; i < dims.length; i++) if (dims[i] != b.dim(i)) dims[i] = Shape.UNKNOWN;
        return Shape.of(dims);
    }
}
