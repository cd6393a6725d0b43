package org.keras4j.optimizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.constraints.NonNeg;
import org.keras4j.graph.Function;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.graph.Variable;
import org.keras4j.op.Spec;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.PiecewiseConstantDecay;

/** Expectations were computed by Keras 3.15.1. */
class OptimizersTest {
    private static Variable variable(float... values) {
        return new Variable("kernel", NDArray.of(values));
    }

    private static void step(Optimizer optimizer, Variable v, float... gradient) {
        optimizer.apply(List.of(K.constant(gradient)), List.of(v));
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of(new SGD(.1, .9, true), new float[] {0.61095f, 2.2897f, -3.7015f}),
                Arguments.of(new Adam(.1), new float[] {0.734601f, 2.190603f, -3.211999f}),
                Arguments.of(new RMSprop(.1), new float[] {0.331239f, 2.250995f, -3.350512f}),
                Arguments.of(new AdamW(.1, .05), new float[] {0.721075f, 2.1595f, -3.165951f}),
                Arguments.of(new Adagrad(.1), new float[] {0.813069f, 2.076614f, -3.107846f}),
                Arguments.of(new Nadam(.1), new float[] {0.76719f, 2.099194f, -3.130096f}),
                Arguments.of(new Lion(.1), new float[] {0.7f, 2.1f, -3.1f}),
                Arguments.of(new Adadelta(1.), new float[] {0.99637f, 2.001012f, -3.001613f}));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void changesVariablesAsKeras(Optimizer optimizer, float[] expected) {
        Variable v = variable(1, 2, -3);
        step(optimizer, v, .5f, -1, 2);
        step(optimizer, v, .1f, .2f, -.3f);
        step(optimizer, v, 1, 0, .5f);
        assertArrayEquals(expected, v.numpy().floats(), 2e-6f);
    }

    @Test
    void accumulatesClipsAndAverages() {
        var optimizer = new SGD(1)
                .gradientAccumulationSteps(2)
                .clipnorm(1.0)
                .useEma(true)
                .emaMomentum(.5);
        Variable v = variable(1, 2);
        List<Float> seen = new ArrayList<>();
        for (float[] g : new float[][] {{3, 4}, {3, 4}, {0, .2f}, {0, .4f}}) {
            step(optimizer, v, g);
            for (float x : v.numpy().floats()) seen.add(Math.round(x * 1e4f) / 1e4f);
        }
        assertEquals(List.of(1f, 2f, .4f, 1.2f, .4f, 1.2f, .4f, .9f), seen);
        optimizer.finalizeVariableValues(List.of(v));
        assertArrayEquals(new float[] {.4f, 1.05f}, v.numpy().floats(), 1e-6f);
    }

    @Test
    void aTracedStepFollowsTheLearningRate() {
        var optimizer = new SGD(1);
        Variable v = variable(10);
        Tensor gradient = Primitives.input("gradient", DType.FLOAT32, Shape.of(1));
        optimizer.build(List.of(v));
        Function step;
        try (Trace trace = Trace.open()) {
            optimizer.apply(List.of(gradient), List.of(v));
            step = Function.of(List.of(gradient), List.of(), trace.updates());
        }
        assertArrayEquals(new float[] {10}, v.numpy().floats());
        step.run(List.of(NDArray.of(new float[] {1})));
        optimizer.learningRate(.5);
        step.run(List.of(NDArray.of(new float[] {1})));
        assertArrayEquals(new float[] {8.5f}, v.numpy().floats());
        assertEquals(.5, optimizer.learningRate());
        assertEquals(2, optimizer.iterations().item());
    }

    @Test
    void aScheduleGivesTheRateOfEachStep() {
        var optimizer = new SGD(new PiecewiseConstantDecay(List.of(0, 1), List.of(1.0, 0.5, 0.25)));
        Variable v = variable(0);
        for (int i = 0; i < 3; i++) step(optimizer, v, -1);
        assertArrayEquals(new float[] {1.75f}, v.numpy().floats());
        assertThrows(IllegalStateException.class, () -> optimizer.learningRate(.1));
        assertEquals(
                List.of("iteration"),
                optimizer.variables().stream().map(Variable::name).toList());
    }

    @Test
    void leavesOutWhatHasNoGradientOrNoDecay() {
        Variable kernel = variable(1);
        Variable bias = new Variable("bias", NDArray.of(new float[] {1}));
        Variable other = new Variable("other", NDArray.of(new float[] {1}));
        var optimizer = new SGD(.1).weightDecay(.5).excludeFromWeightDecay(List.of(), "bias");
        Tensor zero = K.constant(new float[] {0});
        optimizer.apply(Arrays.asList(zero, zero, null), List.of(kernel, bias, other));
        assertEquals(.95, kernel.numpy().item(), 1e-6);
        assertEquals(1, bias.numpy().item());
        assertEquals(1, other.numpy().item());
    }

    /** The values are those of Keras on JAX; a gradient as small as epsilon shows how the corrections are rounded. */
    @Test
    void scheduleFreeStepsFromTheFirstAsKeras() {
        Variable v = variable(1, -2, 0.5f);
        var optimizer = new ScheduleFreeAdamW(0.1);
        float[][] expected = {
            {0.8999999761581421f, -1.899999976158142f, 0.40000098943710327f},
            {0.8304404616355896f, -1.8304405212402344f, 0.33044198155403137f},
            {0.7559362053871155f, -1.7559361457824707f, 0.2559380829334259f}
        };
        for (int i = 0; i < 3; i++) {
            step(optimizer, v, 0.3f * (i + 1), -0.7f * (i + 1), 0.001f * (i + 1));
            assertArrayEquals(expected[i], v.numpy().floats(), 1.5e-7f, "step " + (i + 1));
        }
    }

    @Test
    void scheduleFreeStartsFromWeightsThatAreLoadedLater() {
        Variable v = variable(9, 9, 9);
        var optimizer = new ScheduleFreeAdamW(0.1);
        optimizer.build(List.of(v));
        v.assign(variable(1, -2, 0.5f).numpy());
        step(optimizer, v, 0.3f, -0.7f, 0.001f);
        assertArrayEquals(
                new float[] {0.8999999761581421f, -1.899999976158142f, 0.40000098943710327f},
                v.numpy().floats(),
                1.5e-7f);
    }

    @Test
    void constrainsAfterTheUpdate() {
        Variable v = variable(1, 1).constraint(new NonNeg()::call);
        step(new SGD(1), v, 3, .5f);
        assertArrayEquals(new float[] {0, .5f}, v.numpy().floats());
    }

    @Test
    void lossScaleHalvesAtInfinityAndDoublesAfterGoodSteps() {
        var optimizer = new LossScaleOptimizer(new SGD(1)).initialScale(8).dynamicGrowthSteps(2);
        Variable v = variable(1);
        step(optimizer, v, Float.POSITIVE_INFINITY);
        assertEquals(1, v.numpy().item());
        assertEquals(4, optimizer.scaleLoss(K.constant(1f)).item());
        assertEquals(0, optimizer.iterations().item());
        step(optimizer, v, 2);
        assertEquals(.5, v.numpy().item());
        step(optimizer, v, 2);
        assertEquals(0, v.numpy().item());
        assertEquals(8, optimizer.scaleLoss(K.constant(1f)).item());
    }

    @Test
    void variablesHaveKerasNamesAndOrder() {
        Variable kernel = new Variable(
                "kernel", "dense/kernel", new Spec(DType.FLOAT32, Shape.of(1)), () -> NDArray.of(new float[1]));
        var optimizer = new Adam().name("opt").amsgrad(true).useEma(true);
        optimizer.build(List.of(kernel, variable(1)));
        assertEquals(
                List.of(
                        "opt/iteration",
                        "opt/learning_rate",
                        "opt/dense_kernel_average",
                        "opt/kernel_average",
                        "opt/dense_kernel_momentum",
                        "opt/dense_kernel_velocity",
                        "opt/kernel_momentum",
                        "opt/kernel_velocity",
                        "opt/dense_kernel_velocity_hat",
                        "opt/kernel_velocity_hat"),
                optimizer.variables().stream().map(Variable::path).toList());
    }

    @Test
    void isFoundInAnyCase() {
        assertInstanceOf(RMSprop.class, Optimizers.get("rmsprop"));
        assertInstanceOf(AdamW.class, Optimizers.get("ADAMW"));
        var old = Optimizers.get(Map.of("class_name", "SGD", "config", Map.of("lr", .1, "decay", 1.0, "momentum", .5)));
        assertEquals(.1, old.learningRate(), 1e-7);
        step(old, variable(1), 1);
        assertEquals(.05, old.learningRate(), 1e-7);
        var error = assertThrows(IllegalArgumentException.class, () -> Optimizers.get("adma"));
        assertTrue(error.getMessage().startsWith("Unknown optimizer \"adma\"; known: "), error.getMessage());
    }

    @Test
    void saysWhatItExpects() {
        Variable v = variable(1);
        Tensor g = K.constant(new float[] {1});
        assertThrows(IllegalArgumentException.class, () -> new SGD().momentum(2));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SGD().clipnorm(1.0).clipvalue(1.0).build(List.of(v)));
        assertThrows(IllegalArgumentException.class, () -> new Adam().gradientAccumulationSteps(1));
        assertThrows(IllegalArgumentException.class, () -> new SGD().apply(List.of(g, g), List.of(v)));
        assertThrows(IllegalArgumentException.class, () -> new SGD().apply(Arrays.asList((Tensor) null), List.of(v)));
        var built = new SGD().name("mine");
        built.build(List.of(v));
        var error = assertThrows(IllegalArgumentException.class, () -> built.apply(List.of(g), List.of(variable(2))));
        assertTrue(error.getMessage().contains("\"mine\" was built for other variables"), error.getMessage());
        assertThrows(IllegalStateException.class, () -> built.momentum(.5));
    }
}
