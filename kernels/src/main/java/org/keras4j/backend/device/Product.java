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
 * n]}, {@code bias[n]}, {@code out[batch, m, n]}; a transposed input has its last two axes the other way round.
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
        return new Product(
                to.rank() == 3 ? to.dim(0) : 1,
                to.dim(-2),
                to.dim(-1),
                a.shape().dim(op.transposeA() ? -2 : -1),
                op.transposeA(),
                op.transposeB(),
                a,
                b,
                bias,
                activation,
                out);
    }

    DType dtype() {
        return out.dtype();
    }

    /**
     * Returns what all kernels of products are called with: the places of a, b, bias (out, where there is none) and out; m,
     * n, k; {@code more}; 1 for a transposed A plus 2 for a transposed B; whether there is a bias; how to finish.
     */
    Argument[] arguments(Argument... more) {
        List<Argument> all = new ArrayList<>();
        for (View view : new View[] {a, b, bias == null ? out : bias, out}) all.add(Argument.of(view));
        for (int size : new int[] {m, n, k}) all.add(Argument.of(size));
        all.addAll(List.of(more));
        all.add(Argument.of((transposeA ? 1 : 0) + (transposeB ? 2 : 0)));
        all.add(Argument.of(bias == null ? 0 : 1));
        all.add(Argument.of(finishing()));
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
