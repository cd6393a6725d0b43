package org.keras4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;

class TernaryDenseTest {
    private static final NDArray X = NDArray.of(Shape.of(1, 6), 1f, 2f, 3f, 4f, 5f, 6f);

    @Test
    void weightsBelowHalfTheMeanSizeCountAsZero() {
        var layer = new TernaryDense(1).useBias(false);
        layer.apply(K.constant(X));
        layer.setWeights(List.of(NDArray.of(Shape.of(6, 1), 3f, -3f, 0.1f, -0.1f, 2f, -0.6f)));
        // mean size 8.8 / 6; kept: 3, -3, 2; signs 1 - 2 + 5 = 4
        assertEquals(4 * 8.8 / 6, layer.apply(K.constant(X)).value().get(0), 1e-5);
    }

    @Test
    void aThresholdLeavesTheScaleAway() {
        var layer = new TernaryDense(1).useBias(false).threshold(2.5);
        layer.apply(K.constant(X));
        layer.setWeights(List.of(NDArray.of(Shape.of(6, 1), 3f, -4f, 0f, 2f, 2.5f, -2.6f)));
        assertEquals(1 - 2 - 6, layer.apply(K.constant(X)).value().get(0), 0);
    }

    @Test
    void packedKernelsHoldFiveRowsToAByte() {
        var layer = new TernaryDense(2).dtype("ternary_from_float32");
        layer.apply(K.constant(X));
        assertEquals(0, layer.apply(K.constant(X)).value().get(1), "a new layer's weights are all 0");
        // column 0: 1, 0, -1, 0, 1 | -1 -> digits 2, 1, 0, 1, 2 | 0; column 1: all 0
        int first = 2 + 3 + 27 + 2 * 81;
        NDArray packed = NDArray.full(DType.UINT8, Shape.of(2, 2), 121);
        packed.set(0, first);
        packed.set(2, 0);
        List<Variable> weights = layer.weights();
        assertEquals(
                List.of("bias", "kernel", "kernel_scale"),
                weights.stream().map(Variable::name).toList());
        layer.setWeights(List.of(NDArray.of(Shape.of(2), 10f, 20f), packed, NDArray.of(Shape.of(), 0.5f)));
        assertArrayEquals(
                new float[] {10 + 0.5f * (1 - 3 + 5 - 6), 20},
                layer.apply(K.constant(X)).value().floats());
        assertEquals(List.of("0", "1", "2"), List.copyOf(layer.storedVariables().keySet()));
        assertEquals("bias", layer.storedVariables().get("1").name());
    }

    @Test
    void denseTakesTernaryWeightsToo() {
        var layer = new Dense(2).dtype("ternary_from_float32");
        layer.apply(K.constant(X));
        NDArray packed = NDArray.full(DType.UINT8, Shape.of(2, 2), 242); // all digits 2: all weights 1
        layer.setWeights(List.of(NDArray.of(Shape.of(2), 0f, 1f), packed, NDArray.of(Shape.of(), 2f)));
        assertArrayEquals(
                new float[] {42, 43}, layer.apply(K.constant(X)).value().floats());
    }

    @Test
    void gradientsPassTheRoundingAsIfItWereNotThere() {
        var layer = new TernaryDense(1).useBias(false).threshold(0.5);
        layer.apply(K.constant(X));
        Tensor loss = K.sum(layer.apply(K.constant(X)));
        Tensor gradient = K.gradients(loss, layer.trainableWeights()).getFirst();
        assertArrayEquals(X.floats(), gradient.value().floats());
    }

    @Test
    void refusesWhatItCannotDo() {
        assertThrows(IllegalArgumentException.class, () -> new TernaryDense(0));
        assertThrows(IllegalArgumentException.class, () -> new TernaryDense(1).threshold(-1.0));
        var layer = new TernaryDense(1).dtype("int8_from_float32");
        assertThrows(IllegalArgumentException.class, () -> layer.apply(K.constant(X)));
    }
}
