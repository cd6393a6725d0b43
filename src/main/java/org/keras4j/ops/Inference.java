package org.keras4j.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
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
    /** Pairs of sizes for unknown axes; the later ones can be divided often. */
    private static final int[][] TRIALS = {{7, 11}, {8, 16}, {32, 64}};
    /** Stands for a size that differs between the two traces. */
    private static final int MOVING = -1;

    private static final int MOST_ATTEMPTS = 500;

    private Inference() {}

    /** {@code call} gets arguments in which Tensors stand for Specs. */
    static @Nullable Object infer(
            List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs, Call call) {
        List<Spec> specs = new ArrayList<>();
        collect(args, specs);
        collect(new ArrayList<>(kwargs.values()), specs);
        int unknown = 0;
        TreeSet<Integer> known = new TreeSet<>();
        known.add(1);
        for (Spec s : specs)
            for (int d : s.shape().dims())
                if (d == Shape.UNKNOWN) unknown++;
                else if (d > 0) known.add(d);
        var sizes = new int[unknown];
        Arrays.fill(sizes, MOVING);
        RuntimeException failure = null;
        for (int[] trial : TRIALS) {
            try {
                return twice(args, kwargs, call, sizes, trial);
            } catch (IllegalArgumentException | IllegalStateException e) {
                if (unknown == 0) throw e;
                if (failure == null) failure = e;
            }
        }
        // Some unknown sizes may have to agree with known ones, or be 1.
        List<Integer> choices = new ArrayList<>(known.descendingSet());
        choices.addFirst(MOVING);
        for (int attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
            int rest = attempt;
            for (int i = 0; i < unknown; i++, rest /= choices.size()) sizes[i] = choices.get(rest % choices.size());
            if (rest > 0) break;
            try {
                return twice(args, kwargs, call, sizes, TRIALS[0]);
            } catch (IllegalArgumentException | IllegalStateException e) {
                if (failure != null) failure.addSuppressed(e);
            }
        }
        throw Objects.requireNonNull(failure, "the first trial failed");
    }

    private static @Nullable Object twice(
            List<? extends @Nullable Object> args,
            Map<String, ? extends @Nullable Object> kwargs,
            Call call,
            int[] sizes,
            int[] trial) {
        Object first = run(args, kwargs, call, new Filler(sizes, trial[0]));
        return sizes.length == 0 ? first : merge(first, run(args, kwargs, call, new Filler(sizes, trial[1])));
    }

    /** Gives the unknown axes their sizes in the order in which they come. */
    private static final class Filler implements UnaryOperator<Spec> {
        private final int[] sizes;
        private final int moving;
        private int next;

        Filler(int[] sizes, int moving) {
            this.sizes = sizes;
            this.moving = moving;
        }

        @Override
        public Spec apply(Spec spec) {
            int[] dims = spec.shape().dims();
            for (int i = 0; i < dims.length; i++) {
                if (dims[i] != Shape.UNKNOWN) continue;
                int size = sizes[next++];
                dims[i] = size == MOVING ? moving : size;
            }
            return new Spec(spec.dtype(), Shape.of(dims));
        }
    }

    /** An operation on the two kinds of arguments. */
    interface Call {
        @Nullable
        Object run(List<@Nullable Object> args, Map<String, @Nullable Object> kwargs);
    }

    private static @Nullable Object run(
            List<? extends @Nullable Object> args,
            Map<String, ? extends @Nullable Object> kwargs,
            Call call,
            UnaryOperator<Spec> fill) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Object a : args) values.add(replaced(a, fill));
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        kwargs.forEach((k, v) -> named.put(k, replaced(v, fill)));
        return specs(call.run(values, named));
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
        if (a instanceof Spec x
                && b instanceof Spec y
                && x.shape().rank() == y.shape().rank()) return new Spec(x.dtype(), merge(x.shape(), y.shape()));
        if (a instanceof Shape x && b instanceof Shape y && x.rank() == y.rank()) return merge(x, y);
        return a == null || a.equals(b) ? a : null;
    }

    private static Shape merge(Shape a, Shape b) {
        int[] dims = a.dims();
        for (int i = 0; i < dims.length; i++) if (dims[i] != b.dim(i)) dims[i] = Shape.UNKNOWN;
        return Shape.of(dims);
    }
}
