package org.keras4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Variable;
import org.keras4j.models.Sequential;
import org.keras4j.ops.K;

/** Kernels of 8-bit floats, and matrices that GPTQ and AWQ made. */
class QuantizedKernelsTest {
    private static List<String> names(List<Variable> variables) {
        return variables.stream().map(Variable::name).toList();
    }

    @Test
    void factorsAreRoundedToTheNearestE4m3Number() {
        var layer = new Dense(1).useBias(false).dtype("float8_from_float32");
        float[] x = {0.3f, 17, 19, 500, -0.001f, 0.0009f, 1 / 64f, 0.0146f, 448, -3.3f};
        // 17 lies between 16 and 18 and goes to the even one; below 2^-6 the numbers are 2^-9 apart
        float[] rounded = {0.3125f, 16, 20, 448, -1 / 512f, 0, 1 / 64f, 7 / 512f, 448, -3.25f};
        layer.apply(K.constant(new float[][] {{1}}));
        layer.setWeights(layer.weights().stream()
                .map(v -> v.name().equals("kernel") ? NDArray.full(DType.FLOAT32, v.shape(), 1) : v.numpy())
                .toList());
        NDArray column = NDArray.of(Shape.of(x.length, 1), x);
        assertArrayEquals(rounded, layer.apply(K.constant(column)).value().floats());
    }

    @Test
    void float8VariablesComeInKerasOrder() {
        var layer = new EinsumDense("ab,bc->ac", 3).biasAxes("c").dtype("float8_from_mixed_bfloat16");
        layer.apply(K.constant(new float[][] {{1, 2}}));
        assertEquals(
                List.of(
                        "inputs_scale",
                        "inputs_amax_history",
                        "kernel_scale",
                        "kernel_amax_history",
                        "outputs_grad_scale",
                        "outputs_grad_amax_history",
                        "kernel",
                        "bias"),
                names(layer.weights()));
        assertEquals(
                "kernel",
                List.copyOf(layer.storedVariables().values()).getFirst().name());
    }

    @Test
    void scalesFollowTheGreatestElementsInTraining() {
        var dense = new Dense(1).useBias(false).dtype("float8_from_float32");
        var model = new Sequential(new Input(2), dense);
        model.compile(c -> c.optimizer("sgd").loss("mse"));
        float[][] x = {{1, 2}, {-30, 4}};
        float[][] y = {{1}, {2}};
        Variable history = dense.weights().get(1);
        Variable scale = dense.weights().get(0);
        model.trainOnBatch(x, y);
        assertEquals(30, history.numpy().get(0));
        assertEquals(1, scale.numpy().get(0), "nothing had been seen before the first step");
        model.trainOnBatch(x, y);
        assertEquals(30 / 448.0, scale.numpy().get(0), 1e-7);
        float before = scale.numpy().floats()[0];
        model.evaluate(x, y);
        assertEquals(before, scale.numpy().floats()[0]);
    }

    @Test
    void calibratedMatricesHaveAScaleAndAZeroForEachGroup() {
        var layer = new Dense(3).dtype("gptq/4/2_from_float32");
        layer.apply(K.constant(new float[][] {{1, 1, 1, 1}}));
        assertEquals(
                List.of("bias", "kernel", "kernel_scale", "kernel_zero", "g_idx"),
                names(List.copyOf(layer.storedVariables().values())));
        // columns 0 and 1 share bytes, column 2 has the lower halves of the second row of bytes
        set(layer, "kernel", 0x21, 0x43, 0x65, 0x87, 0x0f, 0x0e, 0x0d, 0x0c);
        set(layer, "kernel_scale", 1, 10, 2, 20, 0.5, 3);
        set(layer, "kernel_zero", 1, 0, 2, 8, 15, 2);
        set(layer, "g_idx", 0, 0, 1, 1);
        float[][] rows = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
        float[] expected = {0, 0, 0, 2, 4, -0.5f, 50, -40, 33, 70, 0, 30};
        assertArrayEquals(expected, layer.apply(K.constant(rows)).value().floats(), 1e-5f);
    }

    @Test
    void awqDividesEachRow() {
        var layer = new Dense(1).useBias(false).dtype("awq/4/-1_from_float32");
        layer.apply(K.constant(new float[][] {{1, 1}}));
        set(layer, "kernel", 6, 9);
        set(layer, "awq_scales", 2, 3);
        float[][] rows = {{1, 0}, {0, 1}};
        assertArrayEquals(
                new float[] {3, 3}, layer.apply(K.constant(rows)).value().floats(), 1e-6f);
    }

    @Test
    void refusesWhatIsNoSuchPolicy() {
        var layer = new Dense(1).dtype("gptq/5/0_from_float32");
        var e = assertThrows(IllegalArgumentException.class, () -> layer.apply(K.constant(new float[][] {{1}})));
        assertTrue(e.getMessage().contains("gptq/4/128"), e.getMessage());
    }

    private static void set(Layer layer, String name, double... values) {
        Variable v = layer.weights().stream()
                .filter(w -> w.name().equals(name))
                .findFirst()
                .orElseThrow();
        assertEquals(v.shape().size(), values.length, Arrays.toString(values));
        NDArray array = NDArray.zeros(v.dtype(), v.shape());
        for (int i = 0; i < values.length; i++) array.set(i, values[i]);
        v.assign(array);
    }
}
