package org.keras4j.graph;

import static org.keras4j.graph.Decompose.alongLast;
import static org.keras4j.graph.Primitives.add;
import static org.keras4j.graph.Primitives.reshape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.op.Fusion;

/** Recurrent layers as loops over their steps: what the fused operations for them mean. */
final class RecurrenceDecomposition {
    private RecurrenceDecomposition() {}

    /** Returns the outputs, the last states, and zeros for what a backend reserves. */
    static List<Tensor> forward(Fusion.Cell cell, int reserve, List<Tensor> in) {
        Tensor x = in.get(0);
        Tensor recurrent = in.get(2);
        Tensor bias = in.get(3);
        boolean lstm = cell == Fusion.Cell.LSTM;
        int columns = recurrent.shape().last();
        Shape shape = x.shape();
        Tensor rows = reshape(x, Shape.of(shape.dim(0) * shape.dim(1), shape.last()));
        Tensor product = Primitives.dot(rows, false, in.get(1), false);
        Tensor z =
                reshape(add(product, alongLast(lstm ? bias : row(bias, 0), product.shape())), shape.with(2, columns));
        Scans.Result loop = Scans.scan(shape.dim(0), false, in.subList(4, in.size()), List.of(z), (states, steps) -> {
            Tensor inner = Primitives.dot(states.getFirst(), false, recurrent, false);
            if (!lstm) inner = add(inner, alongLast(row(bias, 1), inner.shape()));
            Fusion step = lstm ? new Fusion.LstmCell() : new Fusion.GruCell();
            Tensor made = Primitives.fused(step, steps.getFirst(), inner, states.getLast());
            List<Tensor> next = lstm ? List.of(Primitives.item(made, 0), Primitives.item(made, 1)) : List.of(made);
            return new Scans.Step(next, List.of(next.getFirst()));
        });
        List<Tensor> results = new ArrayList<>(loop.outputs());
        results.addAll(loop.carried());
        results.add(Primitives.full(0, DType.FLOAT32, Shape.of(reserve)));
        return results;
    }

    private static Tensor row(Tensor bias, int index) {
        return reshape(
                Primitives.slice(bias, 0, index, 1), Shape.of(bias.shape().last()));
    }

    /** Returns the gradients for the inputs from the inputs of {@link Fusion.RecurrenceGradient}. */
    static List<Tensor> gradient(Fusion.Cell cell, List<Tensor> in) {
        List<Tensor> inputs = in.subList(0, 4 + cell.states());
        List<Tensor> dys = new ArrayList<>(in.subList(inputs.size() + 2, in.size()));
        dys.add(Primitives.full(0, DType.FLOAT32, Shape.of(0)));
        List<Tensor> gradients = new ArrayList<>();
        for (Tensor d : anew(cell, inputs, dys))
            gradients.add(
                    d == null ? Primitives.zeros(inputs.get(gradients.size()).spec()) : d);
        return gradients;
    }

    /** Returns the gradients for the inputs of {@code y}, given those of all its results. */
    static List<@Nullable Tensor> gradientOf(Fusion.Cell cell, int reserve, Tensor y, List<Tensor> dys) {
        if (reserve == 0) return anew(cell, y.inputs(), dys);
        List<Tensor> all = new ArrayList<>(y.inputs());
        all.add(Primitives.item(y, 0));
        all.add(Primitives.item(y, 1 + cell.states()));
        all.addAll(dys.subList(0, dys.size() - 1));
        Tensor gradients = Primitives.fused(new Fusion.RecurrenceGradient(cell, reserve), all.toArray(Tensor[]::new));
        @Nullable Tensor[] items = new Tensor[y.inputs().size()];
        for (int i = 0; i < items.length; i++) items[i] = Primitives.item(gradients, i);
        return Arrays.asList(items);
    }

    private static List<@Nullable Tensor> anew(Fusion.Cell cell, List<Tensor> inputs, List<Tensor> dys) {
        return FusedGradients.ofDecomposition(new Fusion.Recurrence(cell, 0), inputs, dys);
    }
}
