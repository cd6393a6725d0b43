package org.keras4j.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.op.Spec;

/** What operations give whose result Keras infers in a way of its own: shapes that depend on values, and the like. */
final class Unsized {
    private static final Shape VECTOR = Shape.of(Shape.UNKNOWN);

    private Unsized() {}

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
}
