package org.keras4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Tensor;
import org.keras4j.models.Functional;
import org.keras4j.models.Sequential;
import org.keras4j.regularizers.L2;
import org.keras4j.utils.Tree;

/** What calls do beside giving outputs, which what comes later in a model notices. */
class CallEffectsTest {
    @BeforeAll
    static void useReference() {
        Backends.use("reference");
    }

    private static Tensor ones(int... shape) {
        return Tensor.of(NDArray.full(DType.FLOAT32, Shape.of(shape), 1));
    }

    @Test
    void attentionInAModelTakesTheMasksFromItsInputs() {
        var x = new Input(3).dtype("int32").tensor();
        var embedded = new Embedding(5, 2).maskZero(true).apply(x);
        var attended = new MultiHeadAttention(1, 2).apply(embedded, embedded);
        var sum = new Add().apply(attended, embedded);
        var model = new Functional(x, List.of(attended, sum));
        List<Tensor> out =
                Tree.flatten(model.applyTo(Call.of(Tensor.of(NDArray.of(new int[][] {{1, 2, 0}})))), Tensor.class);
        assertNotNull(out.get(0).mask());
        assertNull(out.get(1).mask());
    }

    @Test
    void aLayerInTimeDistributedAddsNoPenaltyOfItsOwn() {
        var steps = new TimeDistributed(new Identity().activityRegularizer(new L2(1)));
        steps.apply(ones(2, 3, 4));
        assertEquals(List.of(), steps.losses());
    }

    @Test
    void penaltiesInsideAModelInTimeDistributedAreCountedByStep() {
        var inner = new Sequential(new Identity().activityRegularizer(new L2(1)));
        var steps = new TimeDistributed(inner);
        steps.apply(ones(2, 3, 4));
        double sum = 0;
        for (Tensor t : steps.losses()) sum += t.floats()[0];
        assertEquals(3 * 4, sum, 1e-6);
    }

    @Test
    void theSizeOfATensorIsANodeOfItsOwn() {
        var x = new Input(3, 4).tensor();
        var model = new Functional(x, OpLayer.call("Size", x));
        NDArray size = model.predictOnBatch(NDArray.zeros(DType.FLOAT32, Shape.of(2, 3, 4)))
                .getFirst();
        assertEquals(DType.INT32, size.dtype());
        assertEquals(24, size.get(0));
    }
}
