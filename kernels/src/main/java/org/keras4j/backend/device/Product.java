package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.backend.View;
import org.keras4j.op.Activation;
import org.keras4j.op.Op;

/**
 * A matrix product to prepare: {@code activation(a . b + bias)} in batches, {@code a[batch, m, k]}, {@code b[batch, k,
 * n]}, {@code bias[n]} or {@code bias[1]}, {@code out[batch, m, n]}; a transposed input has its last two axes the other
 * way round.
 */
record Product(
        int batch,
        int m,
        int n,
        int k,
        boolean transposeA,
        boolean transposeB,
        View a,
        View b,
        @Nullable View bias,
        Activation activation,
        View out) {

    static Product of(Op.Dot op, View a, View b, @Nullable View bias, Activation activation, View out) {
        Shape to = out.shape();
        int batch = to.rank() == 3 ? to.dim(0) : 1;
        int m = to.dim(-2);
        int n = to.dim(-1);
        int k = a.shape().dim(op.transposeA() ? -2 : -1);
        // a product with one column is one with one row: tiles are wider than high
        if (n == 1) return new Product(batch, 1, m, k, false, !op.transposeA(), b, a, bias, activation, out);
        return new Product(batch, m, n, k, op.transposeA(), op.transposeB(), a, b, bias, activation, out);
    }

    /** Says how the bias is added: 0 not at all, 1 one for each column, 2 the same for all. */
    int biased() {
        if (bias == null) return 0;
        return bias.size() == n ? 1 : 2;
    }

    DType dtype() {
        return out.dtype();
    }

    /**
     * Returns the macros for the element type; {@code to} is the result, or null for sums that are added afterwards.
     */
    List<String> macros(@Nullable View to) {
        var macros = new ArrayList<>(ElementMacros.kept(a, to));
        macros.add("T=" + ElementTypes.name(dtype().storage()));
        macros.add("DEFINE_FINISHING=" + (dtype().isFloating() ? "DEFINE_FINISH" : "DEFINE_WRAP"));
        return macros;
    }

    /**
     * Returns what all kernels of products are called with: the places of a, b, bias (out, where there is none) and
     * {@code to}; batches, m, n, k; the reach of a split; how to add the bias; how to finish; and {@code more}. What is
     * summed up afterwards has no bias and nothing to finish.
     */
    Argument[] arguments(Argument.Place to, int reach, int... more) {
        boolean whole = reach >= k;
        List<Argument> all = new ArrayList<>();
        for (View view : new View[] {a, b, bias == null ? out : bias}) all.add(Argument.of(view));
        all.add(to);
        int[] numbers = {batch, m, n, k, reach, whole ? biased() : 0, whole ? finishing() : 0};
        for (int number : numbers) all.add(Argument.of(number));
        for (int number : more) all.add(Argument.of(number));
        return all.toArray(Argument[]::new);
    }

    /** Returns what the kernels' {@code finish} is told: the activation and the rounding to a narrower type. */
    int finishing() {
        return switch (dtype()) {
            case FLOAT16 -> activation.ordinal() + 4;
            case BFLOAT16 -> activation.ordinal() + 8;
            case FLOAT32, FLOAT64 -> activation.ordinal();
            case INT8, INT16 -> -dtype().bits();
            case UINT8, UINT16, UINT32 -> dtype().bits();
            case BOOL, INT32, INT64 -> 0;
        };
    }
}
