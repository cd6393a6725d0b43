package org.keras4j.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.initializers.Constant;
import org.keras4j.layers.DTypePolicy;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Input;
import org.keras4j.optimizers.LossScaleOptimizer;
import org.keras4j.optimizers.SGD;

/** Training in half precision with weights in float32. */
class MixedPrecisionTest {
    private static final NDArray X = NDArray.of(Shape.of(4, 1), new float[] {1, 1, 1, 1});
    private static final NDArray Y = NDArray.of(Shape.of(4, 1), new float[] {2, 2, 2, 2});

    @AfterEach
    void usualPolicy() {
        DTypePolicy.setGlobal(null);
    }

    private static Sequential model(String policy) {
        DTypePolicy.setGlobal(DTypePolicy.of(policy));
        return new Sequential(new Input(1), new Dense(1).useBias(false).kernelInitializer(new Constant(1)));
    }

    private static double kernel(Model model) {
        return model.trainableWeights().getFirst().numpy().item();
    }

    private static double scale(Model model) {
        return model.optimizer().variables().stream()
                .filter(v -> v.path().endsWith("dynamic_scale"))
                .findFirst()
                .orElseThrow()
                .numpy()
                .item();
    }

    /** Trains one batch with a loss so small that its gradient, 1.25e-8 for each sample, is zero in float16. */
    private static double kernelAfterASmallGradient(String policy, boolean autoScaleLoss) {
        Sequential model = model(policy);
        model.compile(
                c -> c.optimizer(new SGD(1e6)).loss("mse").lossWeights(2.5e-8).autoScaleLoss(autoScaleLoss));
        model.trainOnBatch(X, Y);
        return kernel(model);
    }

    @Test
    void smallGradientsOfFloat16VanishUnlessTheLossIsScaled() {
        assertEquals(1.05, kernelAfterASmallGradient("float32", true), 1e-6);
        assertEquals(1.05, kernelAfterASmallGradient("mixed_bfloat16", true), 1e-3);
        assertEquals(1.05, kernelAfterASmallGradient("mixed_float16", true), 1e-3);
        assertEquals(1, kernelAfterASmallGradient("mixed_float16", false));
    }

    @Test
    void onlyFloat16IsScaled() {
        for (String policy : new String[] {"float32", "mixed_bfloat16", "mixed_float16"}) {
            Sequential model = model(policy);
            model.compile(c -> c.optimizer("sgd").loss("mse"));
            if (policy.equals("mixed_float16")) {
                var scaled = assertInstanceOf(LossScaleOptimizer.class, model.optimizer());
                assertInstanceOf(SGD.class, scaled.innerOptimizer());
                assertEquals("loss_scale_optimizer", scaled.name());
            } else assertFalse(model.optimizer() instanceof LossScaleOptimizer, policy);
        }
        Sequential model = model("mixed_float16");
        var given = new LossScaleOptimizer(new SGD(1));
        model.compile(c -> c.optimizer(given).loss("mse"));
        assertEquals(given, model.optimizer());
    }

    @Test
    void aStepWhoseGradientsOverflowOnlyHalvesTheScale() {
        Sequential model = model("mixed_float16");
        model.compile(c -> c.optimizer(new LossScaleOptimizer(new SGD(0.25)).initialScale(1 << 17))
                .loss("mse"));
        // the gradient of the output is -0.5 for each of the four samples: 2^16 is not a float16
        double first = model.trainOnBatch(X, Y).get("loss");
        assertEquals(1, first, "the loss that is shown is not scaled");
        assertEquals(1, kernel(model));
        assertEquals(1 << 16, scale(model));
        for (int i = 0; i < 6; i++) model.trainOnBatch(X, Y);
        assertTrue(scale(model) < 1 << 16 && scale(model) > 1 << 10, "scale " + scale(model));
        assertTrue(kernel(model) > 1.7 && kernel(model) < 2.01, "the scale is divided out again: " + kernel(model));
    }

    @Test
    void weightsStayInFloat32AndOutputsAreHalf() {
        Sequential model = model("mixed_float16");
        assertEquals(DType.FLOAT32, model.trainableWeights().getFirst().dtype());
        assertEquals(DType.FLOAT16, model.predictOnBatch(X).getFirst().dtype());
        assertEquals(
                "mixed_float16",
                ((Map<?, ?>) model.layers().getLast().dtypePolicy().getConfig()).get("name"));
    }

    @Test
    void goesOnWhereKerasStopped() throws URISyntaxException {
        DTypePolicy.setGlobal(DTypePolicy.of("mixed_float16"));
        var url = Objects.requireNonNull(MixedPrecisionTest.class.getResource("/golden/models/mixed_float16.keras"));
        Model model = Models.loadModel(Path.of(url.toURI()));
        assertEquals(1 << 14, scale(model));
        float[] x = new float[24];
        float[] y = new float[8];
        for (int i = 0; i < x.length; i++) x[i] = (float) Math.sin(i);
        for (int i = 0; i < y.length; i++) y[i] = (float) Math.cos(i);
        for (double loss : new double[] {1.4095809, 1.3350554, 1.2662567, 1.2024672})
            assertEquals(
                    loss,
                    model.trainOnBatch(NDArray.of(Shape.of(8, 3), x), NDArray.of(Shape.of(8, 1), y))
                            .get("loss"),
                    1e-4);
    }
}
