package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.backend.View;
import org.keras4j.callbacks.LambdaCallback;
import org.keras4j.graph.Tensor;
import org.keras4j.initializers.RandomUniform;
import org.keras4j.layers.AveragePooling2D;
import org.keras4j.layers.BatchNormalization;
import org.keras4j.layers.Call;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.DTypePolicy;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Flatten;
import org.keras4j.layers.Input;
import org.keras4j.layers.MaxPooling2D;
import org.keras4j.models.Sequential;
import org.keras4j.op.Fusion;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;
import org.keras4j.op.Window;

/** Batch normalization and gradients of pooling by cuDNN, on the stand-ins. */
class NormalizationStandInTest {
    private static final int SAMPLES = 24;
    private static final CudaOptions MEASURED = new CudaOptions(0, false, true, false, true);

    @TempDir
    Path folder;

    @AfterEach
    void usualBackend() {
        DTypePolicy.setGlobal(null);
        Backends.use("reference"); // those of the tests are closed
    }

    private static NDArray numbers(Shape shape) {
        float[] x = new float[shape.size()];
        for (int i = 0; i < x.length; i++) x[i] = (float) Math.sin(0.7 * i);
        return NDArray.of(shape, x);
    }

    private static Sequential model() {
        return new Sequential(
                new Input(8, 8, 2),
                new Conv2D(4, 3).padding("same").kernelInitializer(new RandomUniform(-0.3, 0.3, 1)),
                new BatchNormalization(),
                new MaxPooling2D(2),
                new AveragePooling2D(2),
                new Flatten(),
                new Dense(6).kernelInitializer(new RandomUniform(-0.3, 0.3, 2)),
                new BatchNormalization().scale(false).momentum(0.5),
                new Dense(3, "softmax").kernelInitializer(new RandomUniform(-0.3, 0.3, 3)));
    }

    /** Returns the losses, what the model then says of its inputs, and its weights, moving averages among them. */
    private static List<NDArray> train(Backend backend) {
        Backends.use(backend);
        Sequential model = model();
        model.compile(c -> c.optimizer("sgd").loss("sparse_categorical_crossentropy"));
        int[] labels = new int[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) labels[i] = i % 3;
        NDArray x = numbers(Shape.of(SAMPLES, 8, 8, 2));
        List<NDArray> results = new ArrayList<>();
        var recorder = new LambdaCallback()
                .onEpochEnd((epoch, logs) -> results.add(NDArray.of(
                        Shape.of(1), Objects.requireNonNull(logs.get("loss")).floatValue())));
        model.fit(
                x,
                NDArray.of(Shape.of(SAMPLES), labels),
                f -> f.batchSize(8).epochs(3).shuffle(false).verbose(0).callbacks(recorder));
        results.add(model.predict(x));
        results.addAll(model.getWeights());
        return results;
    }

    private static void assertClose(List<NDArray> expected, List<NDArray> got) {
        assertClose(expected, got, 1e-4);
    }

    private static void assertClose(List<NDArray> expected, List<NDArray> got, double tolerance) {
        assertEquals(expected.size(), got.size());
        for (int i = 0; i < expected.size(); i++)
            for (int j = 0; j < expected.get(i).size(); j++)
                assertEquals(expected.get(i).get(j), got.get(i).get(j), tolerance, "element " + j + " of result " + i);
    }

    private static int calls(String what, Supplier<List<NDArray>> run, List<NDArray> expected) {
        int before = StandIns.askCudnn(what);
        assertClose(expected, run.get());
        return StandIns.askCudnn(what) - before;
    }

    @Test
    void aModelTrainsToTheSameNumbersWithCudnnsBatchNormalization() {
        List<NDArray> expected = train(Backends.open("reference"));
        try (Backend cuda = StandIns.open()) {
            int calls = calls("standin_batch_norms", () -> train(cuda), expected);
            // two layers forwards and backwards: launched twice, then once more to be recorded
            assertEquals(3 * 4, calls, "calls of cuDNN");
        }
    }

    @Test
    void sixteenBitsAreNormalizedAsTheyAre() {
        Call call = Call.of(Tensor.of(numbers(Shape.of(3, 4, 5)))).with("training", true);
        List<NDArray> results = new ArrayList<>();
        DTypePolicy.setGlobal(DTypePolicy.of("mixed_bfloat16"));
        List<Backend> backends = List.of(Backends.open("reference"), StandIns.open());
        int before = StandIns.askCudnn("standin_narrow_batch_norms");
        for (Backend backend : backends) {
            Backends.use(backend);
            results.add(((Tensor) new BatchNormalization().applyTo(call)).value());
        }
        Backends.current().close();
        assertTrue(StandIns.askCudnn("standin_narrow_batch_norms") > before, "cuDNN has computed it");
        assertEquals(DType.BFLOAT16, results.get(1).dtype());
        assertClose(results.subList(0, 1), results.subList(1, 2), 2e-2);
    }

    @Test
    void whatMeasuringHasChosenIsTaken() {
        List<NDArray> expected = train(Backends.open("reference"));
        try (Backend cuda = StandIns.open(MEASURED, winning("cudnn"))) {
            int gradients = StandIns.askCudnn("standin_pool_gradients");
            assertEquals(12, calls("standin_batch_norms", () -> train(cuda), expected));
            assertEquals(6, StandIns.askCudnn("standin_pool_gradients") - gradients);
        }
        try (Backend cuda = StandIns.open(MEASURED, winning("ours"))) {
            var x = new Spec(DType.FLOAT32, Shape.of(2, 4, 4, 3));
            var channel = new Spec(DType.FLOAT32, Shape.of(3));
            assertTrue(!cuda.supports(new Fusion.BatchNorm(1e-3), List.of(x, channel, channel)), "ours is in parts");
        }
    }

    private TuningCache winning(String winner) {
        return new TuningCache(folder, winner) {
            @Override
            Optional<String> get(String problem) {
                boolean library = problem.startsWith("conv ") || problem.startsWith("dot ");
                return library ? super.get(problem) : Optional.of(winner);
            }
        };
    }

    /** Returns what is kept of the gradient of pooling. */
    private String chosen(Op.Reduction function) {
        var two = Ints.of(2, 2);
        var ones = Ints.of(1, 1);
        var window = new Window(ones, ones, Ints.of(0, 0), Ints.of(0, 0), 1);
        var op = new Op.PoolGradient(function, two, window, Shape.of(2, 5, 5, 3));
        var choices = new TuningCache(folder, "ties " + function + System.nanoTime());
        try (Backend cuda = StandIns.open(MEASURED, choices)) {
            View x = put(cuda, op.x());
            View dy = put(cuda, Shape.of(2, 4, 4, 3));
            View dx = put(cuda, op.x());
            cuda.poolGradient(op, function == Op.Reduction.MAX ? List.of(x, dy) : List.of(dy), dx)
                    .run();
            return choices.get(op + " of float32" + (function == Op.Reduction.MAX ? x : dy).shape())
                    .orElseThrow();
        }
    }

    private static View put(Backend backend, Shape shape) {
        var view = new View(backend.allocate(DType.FLOAT32.storage(), shape.size()), 0, shape, DType.FLOAT32);
        backend.upload(numbers(shape), view);
        return view;
    }

    @Test
    void aGradientThatGoesToAnotherOfEqualElementsIsNotTaken() {
        assertTrue(List.of("ours", "cudnn").contains(chosen(Op.Reduction.SUM)));
        assertTrue(List.of("ours", "cudnn").contains(chosen(Op.Reduction.MAX)));
        StandIns.askCudnn("standin_pool_ties", 1);
        try {
            for (int i = 0; i < 3; i++) assertEquals("ours", chosen(Op.Reduction.MAX));
        } finally {
            StandIns.askCudnn("standin_pool_ties", 0);
        }
    }

    @Test
    void whatCudnnRefusesIsDoneInParts() {
        try (Backend cuda = StandIns.open()) {
            var fusion = new Fusion.BatchNorm(1e-3);
            var row = new Spec(DType.FLOAT32, Shape.of(1, 4));
            var channel = new Spec(DType.FLOAT32, Shape.of(4));
            assertTrue(!cuda.supports(fusion, List.of(row, channel, channel)), "the variance of one row");
            View all = put(cuda, Shape.of(41));
            var x = new View(all.memory(), 1, Shape.of(10, 4), DType.FLOAT32); // not aligned as cuDNN wants it
            List<View> in = List.of(x, put(cuda, Shape.of(4)), put(cuda, Shape.of(4)));
            List<View> out = List.of(
                    put(cuda, x.shape()), put(cuda, Shape.of(4)), put(cuda, Shape.of(4)), put(cuda, Shape.of(4)));
            int before = StandIns.askCudnn("standin_batch_norms");
            cuda.fused(fusion, in, out).orElseThrow().run();
            assertEquals(before, StandIns.askCudnn("standin_batch_norms"));
            NDArray mean = NDArray.zeros(DType.FLOAT32, Shape.of(4));
            cuda.download(out.get(1), mean);
            double sum = 0;
            for (int i = 0; i < 10; i++) sum += Math.sin(0.7 * (1 + 4 * i)) / 10;
            assertEquals(sum, mean.get(0), 1e-6);
        }
    }
}
