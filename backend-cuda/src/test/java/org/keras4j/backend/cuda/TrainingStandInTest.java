package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.callbacks.LambdaCallback;
import org.keras4j.initializers.RandomUniform;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.DTypePolicy;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Flatten;
import org.keras4j.layers.Input;
import org.keras4j.models.Sequential;

/** Training on the stand-ins, whose steps are replayed as graphs, beside the reference backend. */
class TrainingStandInTest {
    private static final int SAMPLES = 24;

    private static NDArray numbers(Shape shape) {
        float[] x = new float[shape.size()];
        for (int i = 0; i < x.length; i++) x[i] = (float) Math.sin(0.7 * i);
        return NDArray.of(shape, x);
    }

    private static NDArray labels() {
        int[] y = new int[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) y[i] = i % 3;
        return NDArray.of(Shape.of(SAMPLES), y);
    }

    /** Returns the loss of each epoch. */
    private static List<Double> train(Backend backend, String policy) {
        Backends.use(backend);
        DTypePolicy.setGlobal(DTypePolicy.of(policy));
        var model = new Sequential(
                new Input(8, 8, 2),
                new Conv2D(4, 3)
                        .strides(2)
                        .padding("same")
                        .activation("relu")
                        .kernelInitializer(new RandomUniform(-0.3, 0.3, 1)),
                new Flatten(),
                new Dense(3, "softmax").kernelInitializer(new RandomUniform(-0.3, 0.3, 2)));
        // each kernel has to be compiled; one way to train is enough to see a policy's
        String optimizer = policy.equals("float32") ? "adam" : "sgd";
        model.compile(c -> c.optimizer(optimizer).loss("sparse_categorical_crossentropy"));
        List<Double> losses = new ArrayList<>();
        var recorder = new LambdaCallback().onEpochEnd((epoch, logs) -> losses.add(logs.get("loss")));
        model.fit(
                numbers(Shape.of(SAMPLES, 8, 8, 2)),
                labels(),
                f -> f.batchSize(8).epochs(4).shuffle(false).verbose(0).callbacks(recorder));
        return losses;
    }

    @AfterEach
    void usualPolicy() {
        DTypePolicy.setGlobal(null);
    }

    private static void assertClose(List<Double> expected, List<Double> losses, double tolerance) {
        for (int i = 0; i < expected.size(); i++) assertEquals(expected.get(i), losses.get(i), tolerance, "epoch " + i);
        assertTrue(expected.getLast() < expected.getFirst(), "it learns");
    }

    @Test
    void stepsReplayedAsGraphsTrainAsTheReferenceDoes() {
        List<Double> expected = train(Backends.open("reference"), "float32");
        try (Backend cuda = StandIns.open()) {
            int graphs = StandIns.ask("standin_graph_launches");
            assertClose(expected, train(cuda, "float32"), 1e-4);
            assertTrue(StandIns.ask("standin_graph_launches") > graphs, "no step was replayed as a graph");
        }
    }

    @Test
    void withoutGraphsStepsAreLaunchedOneByOne() {
        List<Double> expected = train(Backends.open("reference"), "float32");
        try (Backend cuda = StandIns.open(new CudaOptions(0, false, false, false, false), null)) {
            int graphs = StandIns.ask("standin_graph_launches");
            assertClose(expected, train(cuda, "float32"), 1e-4);
            assertEquals(graphs, StandIns.ask("standin_graph_launches"));
        }
    }

    @Test
    void stepsDoNotWaitForTheDevice() {
        try (Backend cuda = StandIns.open()) {
            Backends.use(cuda);
            var model = new Sequential(new Input(6), new Dense(4, "relu"), new Dense(3, "softmax"));
            model.compile(c ->
                    c.optimizer("adam").loss("sparse_categorical_crossentropy").metrics("accuracy"));
            List<Integer> queued = new ArrayList<>();
            var listener =
                    new LambdaCallback().onTrainBatchEnd((step, logs) -> queued.add(StandIns.ask("standin_waiting")));
            model.fit(
                    numbers(Shape.of(SAMPLES, 6)),
                    labels(),
                    f -> f.batchSize(4).verbose(0).callbacks(listener));
            // who waits for a step has run all that was queued
            assertEquals(SAMPLES / 4, queued.size());
            for (int i = 1; i < queued.size(); i++)
                assertTrue(queued.get(i) > queued.get(i - 1), "the host waits in a step: " + queued);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixed_float16", "mixed_bfloat16"})
    void mixedPrecisionTrainsAsTheReferenceDoes(String policy) {
        List<Double> expected = train(Backends.open("reference"), policy);
        try (Backend cuda = StandIns.open()) {
            assertClose(expected, train(cuda, policy), policy.equals("mixed_float16") ? 2e-3 : 2e-2);
        }
    }
}
