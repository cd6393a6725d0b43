package org.keras4j.saving.tensorflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.layers.KerasTensor;

/** Functions along axes: sums, norms, products of matrices, orders. */
final class ReductionFunctions {
    private static final String REDUCTIONS = "reduce_all=All reduce_any=Any reduce_logsumexp=Logsumexp reduce_max=Max"
            + " reduce_mean=Mean reduce_min=Min reduce_prod=Prod reduce_std=Std reduce_sum=Sum reduce_variance=Var";

    private static final Map<String, Integer> LAST_TWO = Map.of("axis1", -2, "axis2", -1);

    private ReductionFunctions() {}

    static void register(Map<String, Function> all) {
        for (String pair : REDUCTIONS.split(" ")) {
            String[] names = pair.split("=");
            all.put(names[0], (a, e) -> reduced(names[1], a.x(), a, e));
        }
        Function product = Objects.requireNonNull(all.get("reduce_prod"));
        all.put("reduce_prod", (a, e) -> {
            if (!(a.first() instanceof Size.Vector v)) return product.apply(a, e);
            Object size = 1L;
            for (Object factor : v.sizes()) size = Size.computed("multiply", size, factor);
            return size;
        });
        all.put("argmax", (a, e) -> e.op("Argmax", Map.of("axis", argAxis(a)), a.x()));
        all.put("argmin", (a, e) -> e.op("Argmin", Map.of("axis", argAxis(a)), a.x()));
        all.put("reduce_euclidean_norm", (a, e) -> e.op("Sqrt", reduced("Sum", e.op("Square", a.x()), a, e)));
        all.put("count_nonzero", (a, e) -> {
            KerasTensor flags = e.op("Cast", Map.of("dtype", "int32"), e.op("NotEqual", a.x(), 0));
            return reduced("Sum", flags, a, e);
        });
        all.put("moments", (a, e) -> {
            Map<String, Object> how = config(a.axes("axes"), a.bool("keepdims"));
            return List.of(e.op("Mean", how, a.x()), e.op("Var", how, a.x()));
        });
        norms(all);
        orders(all);
        matrices(all);
    }

    private static KerasTensor reduced(String className, KerasTensor x, FunctionArguments a, Emitter e) {
        return e.op(className, config(a.axes("axis"), a.bool("keepdims")), x);
    }

    private static Map<String, Object> config(@Nullable Object axis, boolean keepDims) {
        Map<String, Object> config = new LinkedHashMap<>();
        if (axis != null) config.put("axis", axis);
        config.put("keepdims", keepDims);
        return config;
    }

    private static int argAxis(FunctionArguments a) {
        return a.has("dimension") ? a.integer("dimension") : a.integer("axis", 0);
    }

    private static void norms(Map<String, Function> all) {
        all.put("norm", (a, e) -> norm(a.x(), a.get("ord"), a.axes("axis"), a.bool("keepdims"), e));
        all.put("normalize", (a, e) -> {
            KerasTensor norm = norm(a.x(), a.get("ord"), a.axes("axis"), true, e);
            return List.of(e.op("TrueDivide", a.x(), norm), norm);
        });
        all.put("l2_normalize", (a, e) -> {
            Object axis = a.has("dim") ? a.axes("dim") : a.axes("axis");
            KerasTensor squares = e.op("Sum", config(axis, true), e.op("Square", a.x()));
            return e.op("Multiply", a.x(), e.op("Rsqrt", e.op("Maximum", squares, a.real("epsilon", 1e-12))));
        });
        all.put("clip_by_norm", (a, e) -> {
            double most = a.real("clip_norm", 1);
            KerasTensor norm = norm(a.x(), null, a.axes("axes"), true, e);
            return e.op("TrueDivide", e.op("Multiply", a.x(), most), e.op("Maximum", norm, most));
        });
    }

    private static KerasTensor norm(
            KerasTensor x, @Nullable Object order, @Nullable Object axis, boolean keepDims, Emitter e) {
        Map<String, Object> how = config(axis, keepDims);
        boolean ofVectors = !(axis instanceof List);
        if (order == null
                || order.equals("euclidean")
                || ofVectors && order instanceof Number n && n.doubleValue() == 2)
            return e.op("Sqrt", e.op("Sum", how, e.op("Square", x)));
        if (ofVectors && order instanceof Number n && n.doubleValue() == 1)
            return e.op("Sum", how, e.op("Absolute", x));
        if (ofVectors && order instanceof Number n && n.doubleValue() == Double.POSITIVE_INFINITY)
            return e.op("Max", how, e.op("Absolute", x));
        throw FunctionArguments.wrong("ord", "euclidean, or 1, 2 or inf of vectors", order);
    }

    private static void orders(Map<String, Function> all) {
        all.put("cumsum", (a, e) -> {
            int axis = a.integer("axis", 0);
            KerasTensor x = a.bool("reverse") ? e.op("Flip", Map.of("axis", axis), a.x()) : a.x();
            KerasTensor sums = e.op("Cumsum", Map.of("axis", axis), x);
            if (a.bool("exclusive")) sums = e.op("Subtract", sums, x);
            return a.bool("reverse") ? e.op("Flip", Map.of("axis", axis), sums) : sums;
        });
        all.put("cumprod", (a, e) -> {
            if (a.bool("exclusive") || a.bool("reverse"))
                throw FunctionArguments.wrong("exclusive and reverse", "false", true);
            return e.op("Cumprod", Map.of("axis", a.integer("axis", 0)), a.x());
        });
        all.put("sort", (a, e) -> {
            Map<String, Object> axis = Map.of("axis", a.integer("axis", -1));
            if (!isDescending(a)) return e.op("Sort", axis, a.x());
            return e.op("Negative", e.op("Sort", axis, e.op("Negative", a.x())));
        });
        all.put(
                "argsort",
                (a, e) -> e.op(
                        "Argsort",
                        Map.of("axis", a.integer("axis", -1)),
                        isDescending(a) ? e.op("Negative", a.x()) : a.x()));
        all.put("top_k", (a, e) -> e.results("TopK", Map.of("k", a.integer("k", 1)), a.x()));
    }

    private static boolean isDescending(FunctionArguments a) {
        return a.text("direction", "ASCENDING").equals("DESCENDING");
    }

    private static void matrices(Map<String, Function> all) {
        all.put("matmul", (a, e) -> {
            Object y = e.operand(a.get("b"), dtypeOf(a));
            Object x = e.operand(a.first(), dtypeOf(a));
            if (a.bool("transpose_a") || a.bool("adjoint_a")) x = e.op("Swapaxes", LAST_TWO, x);
            if (a.bool("transpose_b") || a.bool("adjoint_b")) y = e.op("Swapaxes", LAST_TWO, y);
            return e.op("Matmul", x, y);
        });
        all.put("matvec", (a, e) -> {
            Object x = a.bool("transpose_a") ? e.op("Swapaxes", LAST_TWO, a.x()) : a.x();
            Object column = e.op("ExpandDims", Map.of("axis", -1), e.operand(a.get("b"), dtypeOf(a)));
            return e.op("Squeeze", Map.of("axis", -1), e.op("Matmul", x, column));
        });
        all.put("tensordot", (a, e) -> {
            Object axes = a.get("axes");
            return e.op(
                    "Tensordot",
                    Map.of("axes", axes == null ? 2 : axes),
                    e.operand(a.first(), dtypeOf(a)),
                    e.operand(a.get("b"), dtypeOf(a)));
        });
        all.put("matrix_transpose", (a, e) -> e.op("Swapaxes", LAST_TWO, a.x()));
        all.put("diag_part", (a, e) -> e.op("Diagonal", Map.of("axis1", -2, "axis2", -1), a.x()));
        all.put("trace", (a, e) -> e.op("Trace", Map.of("axis1", -2, "axis2", -1), a.x()));
        all.put("inv", (a, e) -> e.op("Inv", a.x()));
        all.put("det", (a, e) -> e.op("Det", a.x()));
        all.put("cholesky", (a, e) -> e.op("Cholesky", a.x()));
        all.put("band_part", (a, e) -> {
            int lower = a.integer("num_lower");
            int upper = a.integer("num_upper");
            KerasTensor x = upper < 0 ? a.x() : e.op("Tril", Map.of("k", upper), a.x());
            return lower < 0 ? x : e.op("Triu", Map.of("k", -lower), x);
        });
    }

    private static DType dtypeOf(FunctionArguments a) {
        return a.first() instanceof KerasTensor t ? t.dtype() : a.tensor("b").dtype();
    }
}
