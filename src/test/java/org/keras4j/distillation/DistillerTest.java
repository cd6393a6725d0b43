package org.keras4j.distillation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keras4j.NDArray;
import org.keras4j.backend.Backends;
import org.keras4j.callbacks.History;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Input;
import org.keras4j.losses.SparseCategoricalCrossentropy;
import org.keras4j.models.Sequential;
import org.keras4j.optimizers.SGD;

/** The numbers are what Keras 3.15 gave for the same models and data, with the loss as an object. */
class DistillerTest {
    private static final float[][] X = {{1, 2}, {-1, 0.5f}, {0.3f, -2}, {0, 1}};
    private static final int[] Y = {0, 2, 1, 2};

    @BeforeEach
    void useReference() {
        Backends.use("reference");
    }

    private static Sequential model(int factor, String name) {
        var model = new Sequential(new Input(2), new Dense(4).name(name + "_h"), new Dense(3).name(name + "_o"));
        List<NDArray> weights = new ArrayList<>();
        int next = 0;
        for (NDArray w : model.getWeights()) {
            for (int i = 0; i < w.size(); i++) w.set(i, ((next++ * factor) % 11 - 5) / 7.0);
            weights.add(w);
        }
        model.setWeights(weights);
        return model;
    }

    private static Distiller compiled(Distiller distiller) {
        distiller.compile(c -> c.optimizer(new SGD(0.1))
                .loss(new SparseCategoricalCrossentropy().fromLogits(true))
                .metrics("accuracy"));
        return distiller;
    }

    private static void assertClose(Map<String, Double> expected, Map<String, Double> got) {
        assertEquals(expected.keySet(), got.keySet());
        expected.forEach((name, value) -> assertEquals(value, got.get(name), 2e-5, name));
    }

    @Test
    void distillsLogits() {
        Sequential student = model(5, "s");
        Distiller distiller = compiled(new Distiller(model(3, "t"), student, new LogitsDistillation(2)));
        assertClose(
                Map.of(
                        "accuracy", 0.0,
                        "distillation_loss", 1.904691219329834,
                        "loss", 2.2146873474121094,
                        "student_loss", 2.5246834754943848,
                        "total_loss", 2.2146873474121094),
                distiller.evaluate(X, Y, o -> o.batchSize(4)));
        List<NDArray> teacher = distiller.teacher().getWeights();
        History h =
                distiller.fit(X, Y, f -> f.epochs(2).batchSize(4).shuffle(false).verbose(0));
        assertEquals(1.6613308191299438, h.get("loss").get(1), 2e-5);
        assertEquals(1.952620267868042, h.get("student_loss").get(1), 2e-5);
        assertEquals(teacher, distiller.teacher().getWeights());
        assertEquals(4, distiller.trainableWeights().size());
        assertArrayEquals(
                new float[] {
                    -0.7250904f, 0.0226909f, 0.7044798f, -0.1208518f, 0.4159616f, -0.1124821f, 0.2739288f, -0.2591869f
                },
                student.getWeights().getFirst().floats(),
                2e-6f);
        assertEquals(student.predict(X), distiller.predict(X));
    }

    @Test
    void distillsFeaturesOfLayers() {
        Sequential student = model(5, "s");
        var distiller = new Distiller(
                        model(3, "t"),
                        student,
                        new LogitsDistillation().loss("mse"),
                        new FeatureDistillation().teacherLayerName("t_h").studentLayerName("s_h"))
                .distillationLossWeights(0.7, 0.3)
                .studentLossWeight(0.25);
        compiled(distiller);
        History h =
                distiller.fit(X, Y, f -> f.epochs(2).batchSize(4).shuffle(false).verbose(0));
        assertEquals(
                Set.of("accuracy", "distillation_loss", "loss", "student_loss", "total_loss"),
                h.history().keySet());
        assertEquals(0.9344089031219482, h.get("distillation_loss").get(0), 2e-5);
        assertEquals(1.1786028146743774, h.get("loss").get(1), 2e-5);
        assertArrayEquals(
                new float[] {
                    -0.7222226f, 0.0041724f, 0.706407f, -0.1231042f, 0.4441826f, -0.2121612f, 0.3628394f, -0.2991303f
                },
                student.getWeights().getFirst().floats(),
                5e-5f);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        var narrow = new Sequential(new Input(2), new Dense(2));
        var e = assertThrows(
                IllegalArgumentException.class, () -> new Distiller(model(3, "t"), narrow, new LogitsDistillation()));
        assertTrue(e.getMessage().contains("(None, 3)") && e.getMessage().contains("(None, 2)"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Distiller(model(3, "t"), model(5, "s")));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Distiller(model(3, "t"), model(5, "s"), new FeatureDistillation().teacherLayerName("none")));
        assertThrows(IllegalArgumentException.class, () -> new LogitsDistillation(0));
        Distiller two = new Distiller(model(3, "t"), model(5, "s"), new LogitsDistillation());
        assertThrows(IllegalArgumentException.class, () -> two.distillationLossWeights(1, 2));
    }
}
