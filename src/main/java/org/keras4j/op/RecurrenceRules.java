package org.keras4j.op;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.DType;
import org.keras4j.Shape;

/** The shape rules of recurrent layers as one operation. */
final class RecurrenceRules {
    private RecurrenceRules() {}

    static List<Spec> results(Fusion fusion, Fusion.Cell cell, int reserve, List<Spec> in) {
        if (in.size() != 4 + cell.states()) throw refusal(fusion, in);
        Spec x = in.getFirst();
        Spec h = in.get(4);
        if (x.shape().rank() != 3 || h.shape().rank() != 2 || !x.dtype().isFloating()) throw refusal(fusion, in);
        int batch = x.shape().dim(1);
        int units = h.shape().dim(1);
        int columns = cell.gates() * units;
        List<Spec> expected = new ArrayList<>(List.of(
                x,
                like(x, x.shape().dim(2), columns),
                like(x, units, columns),
                cell == Fusion.Cell.GRU ? like(x, 2, columns) : like(x, columns)));
        for (int i = 0; i < cell.states(); i++) expected.add(like(x, batch, units));
        if (!in.equals(expected)) throw refusal(fusion, in);
        List<Spec> results = new ArrayList<>(List.of(like(x, x.shape().dim(0), batch, units)));
        results.addAll(in.subList(4, in.size()));
        results.add(new Spec(DType.FLOAT32, Shape.of(reserve)));
        return results;
    }

    static List<Spec> gradients(Fusion fusion, Fusion.Cell cell, int reserve, List<Spec> in) {
        int inputs = 4 + cell.states();
        if (in.size() != inputs + 2 + 1 + cell.states()) throw refusal(fusion, in);
        List<Spec> results = results(fusion, cell, reserve, in.subList(0, inputs));
        List<Spec> expected = new ArrayList<>(in.subList(0, inputs));
        expected.add(results.getFirst());
        expected.add(results.getLast());
        expected.addAll(results.subList(0, results.size() - 1));
        if (!in.equals(expected)) throw refusal(fusion, in);
        return in.subList(0, inputs);
    }

    private static Spec like(Spec x, int... sizes) {
        return new Spec(x.dtype(), Shape.of(sizes));
    }

    private static IllegalArgumentException refusal(Fusion fusion, List<Spec> in) {
        return new IllegalArgumentException(fusion + ": expected x[t, b, n], kernel[n, g u], recurrent[u, g u], a bias"
                + " and states [b, u] (and what a gradient needs of the results), got " + in);
    }
}
