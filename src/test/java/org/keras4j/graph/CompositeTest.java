package org.keras4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.backend.View;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.ShapeRules;
import org.keras4j.op.Spec;

/** Fused operations that are prepared in parts and bound to given places. */
class CompositeTest {
    private static NDArray numbers(Spec spec, int seed) {
        NDArray x = NDArray.zeros(spec.dtype(), spec.shape());
        for (int i = 0; i < x.size(); i++) x.set(i, Math.sin(0.7 * i + seed));
        return x;
    }

    private static Spec spec(int... dims) {
        return new Spec(DType.FLOAT32, Shape.of(dims));
    }

    private static void check(Fusion fusion, Spec... specs) {
        Backend backend = Backends.open("reference");
        Backends.use(backend);
        List<View> in = new ArrayList<>();
        List<Tensor> tensors = new ArrayList<>();
        for (Spec s : specs) {
            NDArray values = numbers(s, in.size());
            in.add(room(backend, s));
            backend.upload(values, in.getLast());
            tensors.add(Tensor.of(values));
        }
        List<View> out = new ArrayList<>();
        for (Spec s : ShapeRules.of(new Op.Fused(fusion), List.of(specs))) out.add(room(backend, s));
        List<Tensor> expected = Decompose.of(fusion, tensors);
        try (var composite = new Composite(backend, fusion, in, out)) {
            for (int run = 0; run < 2; run++) {
                composite.run();
                for (int i = 0; i < out.size(); i++) {
                    NDArray got = NDArray.zeros(DType.FLOAT32, out.get(i).shape());
                    backend.download(out.get(i), got);
                    assertEquals(expected.get(i).value(), got, fusion + ", result " + i);
                }
            }
        }
    }

    private static View room(Backend backend, Spec spec) {
        int n = spec.shape().size();
        return new View(backend.allocate(spec.dtype().storage(), n + 3), 3, spec.shape(), spec.dtype());
    }

    @Test
    void batchNorms() {
        check(new Fusion.BatchNorm(1e-3), spec(3, 4, 2), spec(2), spec(2));
        check(new Fusion.BatchNormGradient(1e-3), spec(3, 4, 2), spec(2), spec(2), spec(2), spec(3, 4, 2));
    }

    @Test
    void recurrences() {
        Spec[] gru = {spec(4, 3, 5), spec(5, 6), spec(2, 6), spec(2, 6), spec(3, 2)};
        check(new Fusion.Recurrence(Fusion.Cell.GRU, 7), gru);
        Spec[] lstm = {spec(4, 3, 5), spec(5, 8), spec(2, 8), spec(8), spec(3, 2), spec(3, 2)};
        check(new Fusion.Recurrence(Fusion.Cell.LSTM, 7), lstm);
        List<Spec> all = new ArrayList<>(List.of(lstm));
        all.addAll(List.of(spec(4, 3, 2), spec(7), spec(4, 3, 2), spec(3, 2), spec(3, 2)));
        check(new Fusion.RecurrenceGradient(Fusion.Cell.LSTM, 7), all.toArray(Spec[]::new));
    }
}
