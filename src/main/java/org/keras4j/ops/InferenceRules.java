package org.keras4j.ops;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.op.Spec;

/** What operations give whose result Keras infers in a way of its own: shapes that depend on values, and the like. */
final class InferenceRules {
    private static final Shape VECTOR = Shape.of(Shape.UNKNOWN);

    private InferenceRules() {}

    /** Returns Specs, or null if {@code name} is not such an operation or no argument is a Spec. */
    static @Nullable Object infer(
            String name, List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs) {
        Spec x = first(args, kwargs);
        if (x == null) return null;
        return switch (name) {
            case "nonzero" -> {
                List<Spec> out = new ArrayList<>();
                for (int i = 0; i < x.shape().rank(); i++) out.add(new Spec(DType.INT32, VECTOR));
                yield out;
            }
            case "where" -> args.size() + kwargs.size() == 1 ? new Spec(DType.INT32, x.shape()) : null;
            case "ndim" -> new Spec(x.dtype(), Shape.of(x.shape().rank()));
            case "lu_factor" -> luFactor(x);
            case "corrcoef" ->
                new Spec(x.dtype() == DType.INT64 ? DType.FLOAT64 : DTypes.withFloat(x.dtype()), x.shape());
            case "trunc" -> x;
            case "size" -> new Spec(DType.INT32, Shape.SCALAR);
            case "segment_sum", "segment_prod", "segment_max", "segment_min" ->
                args.size() > 2 || kwargs.get("num_segments") != null
                        ? null
                        : new Spec(x.dtype(), x.shape().with(0, Shape.UNKNOWN));
            case "unique" -> unique(x, args, kwargs);
            case "bincount" -> bincount(x, args, kwargs);
            case "view" -> view(x, args.size() > 1 ? args.get(1) : kwargs.get("dtype"));
            case "unravel_index" -> unravelled(x, bound(name, args, kwargs).get("shape"));
            case "slogdet" -> signAndLog(x);
            case "psnr" -> new Spec(DTypes.withFloat(x.dtype()), Shape.SCALAR);
            case "gaussian_blur" -> x;
            case "argpartition" ->
                bound(name, args, kwargs).get("axis") == null ? null : new Spec(DType.INT32, x.shape());
            case "dot_product_attention" -> attended(x, bound(name, args, kwargs));
            case "diag" -> diagonal(x, 0, 1, x.shape().rank() == 2);
            case "diagonal" -> {
                Arguments a = bound(name, args, kwargs);
                yield diagonal(x, a.integer("axis1"), a.integer("axis2"), true);
            }
            case "get_item" -> item(x, bound(name, args, kwargs).get("key"));
            case "unstack" -> unstacked(x, bound(name, args, kwargs));
            default -> byShape(name, x, args, kwargs);
        };
    }

    /** What the arguments say, not the elements. */
    private static @Nullable Object byShape(
            String name,
            Spec x,
            List<? extends @Nullable Object> args,
            Map<String, ? extends @Nullable Object> kwargs) {
        return switch (name) {
            case "reshape" -> reshaped(x, bound(name, args, kwargs).get("newshape"));
            case "slice" -> {
                Arguments a = bound(name, args, kwargs);
                yield a.get("start_indices") instanceof Spec ? sliced(x, a.ints("shape")) : null;
            }
            case "repeat" -> {
                Arguments a = bound(name, args, kwargs);
                boolean unknown = a.get("repeats") instanceof List<?> l
                        && l.size() > 1
                        && a.get("axis") instanceof Number axis
                        && x.shape().dim(axis.intValue()) == Shape.UNKNOWN;
                yield unknown ? x : null;
            }
            case "scale_and_translate" ->
                new Spec(x.dtype(), sizes(bound(name, args, kwargs).get("output_shape")));
            case "ctc_loss" -> ctcLoss(x, bound(name, args, kwargs).get("output"));
            case "ctc_decode" -> ctcDecode(x, bound(name, args, kwargs));
            case "tensordot" -> contracted(x, bound(name, args, kwargs));
            default -> null;
        };
    }

    private static @Nullable Spec first(
            List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs) {
        Object x = args.isEmpty() ? kwargs.getOrDefault("x", null) : args.getFirst();
        return x instanceof Spec s ? s : null;
    }

    /** Keras says that the pivots have the dtype of the matrix, although they are whole numbers. */
    private static @Nullable Object luFactor(Spec x) {
        Shape shape = x.shape();
        int rank = shape.rank();
        if (rank < 2 || shape.dim(rank - 1) == Shape.UNKNOWN || shape.dim(rank - 2) == Shape.UNKNOWN) return null;
        int least = Math.min(shape.dim(rank - 1), shape.dim(rank - 2));
        return List.of(x, new Spec(x.dtype(), shape.slice(0, rank - 2).concat(Shape.of(least))));
    }

    private static Object unique(
            Spec x, List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs) {
        Arguments a = new Signature(Operations.signature("unique")).bind(args, kwargs);
        Integer axis = a.optionalInteger("axis");
        int n = a.has("size") ? a.integer("size") : Shape.UNKNOWN;
        Spec values = new Spec(x.dtype(), axis == null ? Shape.of(n) : x.shape().with(axis, n));
        if (!a.flag("return_index") && !a.flag("return_inverse") && !a.flag("return_counts")) return values;
        List<Spec> out = new ArrayList<>(List.of(values));
        if (a.flag("return_index")) out.add(new Spec(DType.INT32, Shape.of(n)));
        if (a.flag("return_inverse"))
            out.add(new Spec(
                    DType.INT32, axis == null ? x.shape() : Shape.of(x.shape().dim(axis))));
        if (a.flag("return_counts")) out.add(new Spec(DType.INT32, Shape.of(n)));
        return out;
    }

    private static Spec bincount(
            Spec x, List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs) {
        Arguments a = new Signature(Operations.signature("bincount")).bind(args, kwargs);
        DType dtype = a.get("weights") instanceof Spec w ? DTypes.result(x.dtype(), w.dtype()) : DType.INT32;
        return new Spec(dtype, x.shape().rank() == 2 ? Shape.of(x.shape().dim(0), Shape.UNKNOWN) : VECTOR);
    }

    private static @Nullable Spec view(Spec x, @Nullable Object dtype) {
        DType to = dtype instanceof DType d ? d : dtype instanceof String s ? DType.of(s) : x.dtype();
        int from = Math.max(8, x.dtype().bits());
        int size = Math.max(8, to.bits());
        if (from == size || x.shape().rank() == 0) return new Spec(to, x.shape());
        int last = x.shape().last();
        return new Spec(to, last == Shape.UNKNOWN ? x.shape() : x.shape().with(-1, last * from / size));
    }

    private static Arguments bound(
            String name, List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs) {
        return new Signature(Operations.signature(name)).bind(args, kwargs);
    }

    /** One vector of places for each axis; Keras gives them the dtype of the indices. */
    private static @Nullable Object unravelled(Spec x, @Nullable Object shape) {
        return shape instanceof List<?> dims ? Collections.nCopies(dims.size(), x) : null;
    }

    /** Keras says that the sign is one number, also of a batch of matrices. */
    private static @Nullable Object signAndLog(Spec x) {
        int rank = x.shape().rank();
        if (rank < 2) return null;
        return List.of(
                new Spec(x.dtype(), Shape.SCALAR), new Spec(x.dtype(), x.shape().slice(0, rank - 2)));
    }

    private static @Nullable Object diagonal(Spec x, int first, int second, boolean isMatrix) {
        Shape shape = x.shape();
        if (!isMatrix || shape.rank() < 2) return null;
        int a = shape.axis(first);
        int b = shape.axis(second);
        if (shape.dim(a) != Shape.UNKNOWN && shape.dim(b) != Shape.UNKNOWN) return null;
        Shape rest = shape.without(Math.max(a, b)).without(Math.min(a, b));
        return new Spec(x.dtype(), rest.concat(VECTOR));
    }

    /** A slice of an axis of unknown size has an unknown size, whatever its ends. */
    private static @Nullable Object item(Spec x, @Nullable Object key) {
        List<?> keys = key instanceof List<?> l ? l : key instanceof Slice s ? List.of(s) : List.of();
        for (Object k : keys) if (!(k instanceof Slice || k instanceof Number)) return null;
        boolean cut = false;
        List<Integer> dims = new ArrayList<>();
        for (int i = 0; i < x.shape().rank(); i++) {
            int n = x.shape().dim(i);
            Object k = i < keys.size() ? keys.get(i) : Slice.ALL;
            if (k instanceof Number) continue;
            if (n == Shape.UNKNOWN) cut |= ((Slice) k).stop() != null;
            dims.add(n == Shape.UNKNOWN ? n : length((Slice) k, n));
        }
        return cut ? new Spec(x.dtype(), Shape.of(dims.stream().mapToInt(d -> d).toArray())) : null;
    }

    /** Returns how many of n places Python's slice takes. */
    private static int length(Slice slice, int n) {
        int step = slice.step() == null ? 1 : slice.step();
        int start = place(slice.start(), n, step > 0 ? 0 : n - 1, step);
        int stop = place(slice.stop(), n, step > 0 ? n : -1, step);
        int reach = step > 0 ? stop - start : start - stop;
        return reach <= 0 ? 0 : Math.ceilDiv(reach, Math.abs(step));
    }

    private static int place(@Nullable Integer bound, int n, int open, int step) {
        if (bound == null) return open;
        int at = bound < 0 ? bound + n : bound;
        return step > 0 ? Math.clamp(at, 0, n) : Math.clamp(at, -1, n - 1);
    }

    private static @Nullable Object unstacked(Spec x, Arguments a) {
        int axis = x.shape().axis(a.integer("axis"));
        if (x.shape().dim(axis) != Shape.UNKNOWN) return null;
        if (!a.has("num"))
            throw new IllegalArgumentException(
                    "unstack: expected num, since axis " + axis + " of " + x.shape() + " has no known size");
        return Collections.nCopies(
                a.integer("num"), new Spec(x.dtype(), x.shape().without(axis)));
    }

    private static Spec sliced(Spec x, int[] sizes) {
        int[] dims = sizes.clone();
        for (int i = 0; i < dims.length; i++) if (dims[i] < 0) dims[i] = Shape.UNKNOWN;
        return new Spec(x.dtype(), Shape.of(dims));
    }

    /** Sizes that are numbers; others are not known yet. */
    private static Shape sizes(@Nullable Object list) {
        List<?> values = list instanceof List<?> l ? l : List.of();
        var dims = new int[values.size()];
        for (int i = 0; i < dims.length; i++)
            dims[i] = values.get(i) instanceof Number n && n.intValue() >= 0 ? n.intValue() : Shape.UNKNOWN;
        return Shape.of(dims);
    }

    /** A new shape that is computed, or that says all of an unknown size's sizes. */
    private static @Nullable Object reshaped(Spec x, @Nullable Object shape) {
        if (shape instanceof Spec s) {
            if (s.shape().rank() != 1 || s.shape().dim(0) == Shape.UNKNOWN) return null;
            return new Spec(x.dtype(), sizes(Collections.nCopies(s.shape().dim(0), "")));
        }
        if (!(shape instanceof List<?> list)) return null;
        boolean computed = false;
        boolean whole = true;
        for (Object d : list) {
            computed |= !(d instanceof Number);
            whole &= d instanceof Number n && n.intValue() >= Shape.UNKNOWN;
        }
        boolean open = false;
        for (int d : x.shape().dims()) open |= d == Shape.UNKNOWN;
        return computed || whole && open ? new Spec(x.dtype(), sizes(list)) : null;
    }

    private static Spec attended(Spec query, Arguments a) {
        DType dtype = query.dtype();
        for (String name : List.of("key", "value"))
            if (a.get(name) instanceof Spec other) dtype = DTypes.result(dtype, other.dtype());
        return new Spec(dtype, query.shape());
    }

    private static @Nullable Object ctcLoss(Spec target, @Nullable Object output) {
        return output instanceof Spec o
                ? new Spec(DTypes.withFloat(o.dtype()), Shape.of(target.shape().dim(0)))
                : null;
    }

    /** Beam search works on known values only, but gives what is known beforehand. */
    private static @Nullable Object ctcDecode(Spec inputs, Arguments a) {
        if (!a.text("strategy").equals("beam_search") || inputs.shape().rank() != 3) return null;
        int paths = a.integer("top_paths");
        int batch = inputs.shape().dim(0);
        return List.of(
                new Spec(DType.INT32, Shape.of(paths, batch, inputs.shape().dim(1))),
                new Spec(inputs.dtype(), Shape.of(batch, paths)));
    }

    /** The outer axes, where a number says how many inner ones are summed. */
    private static @Nullable Object contracted(Spec x, Arguments a) {
        if (!(a.get("axes") instanceof Number n) || !(a.get("x2") instanceof Spec y)) return null;
        Shape left = x.shape();
        Shape right = y.shape();
        if (n.intValue() <= 0 || n.intValue() > Math.min(left.rank(), right.rank())) return null;
        Shape outer = left.slice(0, left.rank() - n.intValue()).concat(right.slice(n.intValue(), right.rank()));
        return new Spec(DTypes.result(x.dtype(), y.dtype()), outer);
    }
}
