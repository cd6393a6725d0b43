package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import org.keras4j.callbacks.LambdaCallback;
import org.keras4j.graph.Function;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.initializers.RandomUniform;
import org.keras4j.layers.Bidirectional;
import org.keras4j.layers.Call;
import org.keras4j.layers.DTypePolicy;
import org.keras4j.layers.Dense;
import org.keras4j.layers.GRU;
import org.keras4j.layers.Input;
import org.keras4j.layers.LSTM;
import org.keras4j.layers.Masking;
import org.keras4j.layers.Stackable;
import org.keras4j.models.Sequential;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;
import org.keras4j.utils.Tree;

/** Recurrent layers by cuDNN, on the stand-ins, beside the reference backend. */
class RecurrenceStandInTest {
    private static final int SAMPLES = 12;
    private static final Shape INPUT = Shape.of(SAMPLES, 5, 3);

    @TempDir
    Path folder;

    @AfterEach
    void usualPlaces() {
        StandIns.askCudnn("standin_rnn_gap", 0);
        Backends.use("reference"); // those of the tests are closed
    }

    private static NDArray numbers(Shape shape) {
        float[] x = new float[shape.size()];
        for (int i = 0; i < x.length; i++) x[i] = (float) Math.sin(0.7 * i);
        return NDArray.of(shape, x);
    }

    private static RandomUniform start(int seed) {
        return new RandomUniform(-0.4, 0.4, seed);
    }

    private static LSTM lstm(int units) {
        return new LSTM(units)
                .kernelInitializer(start(1))
                .recurrentInitializer(start(2))
                .biasInitializer(start(3));
    }

    private static GRU gru(int units) {
        return new GRU(units)
                .kernelInitializer(start(4))
                .recurrentInitializer(start(5))
                .biasInitializer(start(6));
    }

    /** Returns the losses, what the model then says of its inputs, and its weights. */
    private static List<NDArray> train(Backend backend, Supplier<Stackable[]> layers) {
        Backends.use(backend);
        var model = new Sequential(layers.get());
        model.compile(c -> c.optimizer("sgd").loss("mse"));
        List<NDArray> results = new ArrayList<>();
        var recorder = new LambdaCallback()
                .onEpochEnd((epoch, logs) -> results.add(NDArray.of(
                        Shape.of(1), Objects.requireNonNull(logs.get("loss")).floatValue())));
        NDArray x = numbers(INPUT);
        model.fit(
                x,
                numbers(Shape.of(SAMPLES, 2)),
                f -> f.batchSize(4).epochs(2).shuffle(false).verbose(0).callbacks(recorder));
        results.add(model.predict(x));
        results.addAll(model.getWeights());
        return results;
    }

    private static void assertClose(List<NDArray> expected, List<NDArray> got) {
        assertClose(expected, got, 1e-5);
    }

    private static void assertClose(List<NDArray> expected, List<NDArray> got, double tolerance) {
        assertEquals(expected.size(), got.size());
        for (int i = 0; i < expected.size(); i++)
            for (int j = 0; j < expected.get(i).size(); j++)
                assertEquals(expected.get(i).get(j), got.get(i).get(j), tolerance, "element " + j + " of result " + i);
    }

    /** Trains on both backends, expects the same, and returns the calls of cuDNN's recurrent functions. */
    private static int calls(Supplier<Backend> open, Supplier<Stackable[]> layers) {
        List<NDArray> expected = train(Backends.open("reference"), layers);
        try (Backend cuda = open.get()) {
            int before = StandIns.askCudnn("standin_rnn_calls");
            assertClose(expected, train(cuda, layers));
            return StandIns.askCudnn("standin_rnn_calls") - before;
        }
    }

    private static Stackable[] stack() {
        return new Stackable[] {
            new Input(5, 3),
            lstm(7).returnSequences(true),
            gru(6).returnSequences(true).goBackwards(true),
            new Bidirectional(lstm(4).useBias(false)),
            new Dense(2).kernelInitializer(start(7))
        };
    }

    @Test
    void aModelTrainsToTheSameNumbersWithCudnnsLayers() {
        // 4 layers: steps, gradient by data and by weights, twice launched and once recorded; then predict
        assertEquals(4 * 3 * 3 + 4, calls(StandIns::open, RecurrenceStandInTest::stack));
    }

    @Test
    void aModelTrainsInSixteenBits() {
        Supplier<Stackable[]> layers = () -> new Stackable[] {
            new Input(5, 3), lstm(7).returnSequences(true), gru(6), new Dense(2).kernelInitializer(start(7))
        };
        DTypePolicy.setGlobal(DTypePolicy.of("mixed_bfloat16"));
        try (Backend cuda = StandIns.open()) {
            List<NDArray> expected = train(Backends.open("reference"), layers);
            int before = StandIns.askCudnn("standin_rnn_calls");
            assertClose(expected, train(cuda, layers), 2e-2);
            assertEquals(2 * 3 * 3 + 2, StandIns.askCudnn("standin_rnn_calls") - before);
        } finally {
            DTypePolicy.setGlobal(null);
        }
    }

    @Test
    void weightsAreFoundWhereverCudnnHasThem() {
        StandIns.askCudnn("standin_rnn_gap", 5);
        assertEquals(4 * 3 * 3 + 4, calls(StandIns::open, RecurrenceStandInTest::stack));
    }

    @Test
    void whatCudnnDoesNotHaveIsDoneStepByStep() {
        Supplier<Stackable[]> layers = () -> new Stackable[] {
            new Input(5, 3),
            new Masking(5.0),
            lstm(4).returnSequences(true),
            gru(4).returnSequences(true).resetAfter(false),
            gru(4).returnSequences(true).useCudnn(false),
            lstm(4).activation("relu"),
            new Dense(2).kernelInitializer(start(7))
        };
        assertEquals(0, calls(StandIns::open, layers));
    }

    @Test
    void statesComeAndGo() {
        NDArray x = numbers(INPUT);
        List<List<NDArray>> all = new ArrayList<>();
        for (Backend backend : List.of(Backends.open("reference"), StandIns.open())) {
            Backends.use(backend);
            int before = StandIns.askCudnn("standin_rnn_calls");
            var layer = lstm(4).returnState(true).stateful(true);
            List<NDArray> results = new ArrayList<>();
            for (int i = 0; i < 2; i++)
                for (Tensor y : Tree.flatten(layer.applyTo(Call.of(Tensor.of(x))), Tensor.class))
                    results.add(y.value());
            all.add(results);
            if (backend.name().equals("cuda"))
                assertTrue(StandIns.askCudnn("standin_rnn_calls") > before, "cuDNN has computed it");
        }
        assertClose(all.get(0), all.get(1));
        Backends.current().close();
    }

    /** Returns gradients of two losses of one layer, of which the second needs the same steps as the first. */
    private static List<NDArray> twoGradients(Backend backend, DType dtype) {
        Backends.use(backend);
        Tensor x = Primitives.input("x", dtype, Shape.of(5, 4, 3));
        List<Tensor> in = List.of(
                x,
                Tensor.of(numbers(Shape.of(3, 8)).cast(dtype)),
                Tensor.of(numbers(Shape.of(2, 8)).cast(dtype)),
                Tensor.of(numbers(Shape.of(8)).cast(dtype)),
                Tensor.of(numbers(Shape.of(4, 2)).cast(dtype)),
                Tensor.of(numbers(Shape.of(4, 2)).cast(dtype)));
        List<Spec> specs = in.stream().map(Tensor::spec).toList();
        var fusion = new Fusion.Recurrence(Fusion.Cell.LSTM, backend.reserve(Fusion.Cell.LSTM, specs));
        Tensor y = Primitives.item(Primitives.fused(fusion, in.toArray(Tensor[]::new)), 0);
        List<Tensor> wanted = new ArrayList<>();
        for (Tensor loss : List.of(Primitives.sum(y, 0, 1, 2), Primitives.sum(Primitives.mul(y, y), 0, 1, 2)))
            wanted.add(Objects.requireNonNull(Gradients.of(loss, List.of(x)).getFirst()));
        try (Function f = Function.of(List.of(x), wanted, Map.of())) {
            return f.run(List.of(numbers(x.shape()).cast(dtype)));
        }
    }

    @Test
    void twoGradientsShareWhatWasReserved() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT16)) {
            List<NDArray> expected = twoGradients(Backends.open("reference"), dtype);
            try (Backend cuda = StandIns.open()) {
                int before = StandIns.askCudnn("standin_rnn_calls");
                assertClose(expected, twoGradients(cuda, dtype), dtype == DType.FLOAT16 ? 1e-2 : 1e-5);
                int calls = StandIns.askCudnn("standin_rnn_calls") - before;
                assertEquals(5, calls, "the steps once, two gradients of two calls");
            }
        }
    }

    @Test
    void whatMeasuringHasChosenIsTaken() {
        var measured = new CudaOptions(0, false, true, false, true);
        List<String> asked = new ArrayList<>();
        for (String winner : List.of("ours", "cudnn")) {
            var choices = new TuningCache(folder, winner) {
                @Override
                Optional<String> get(String problem) {
                    asked.add(problem);
                    return Optional.of(winner);
                }
            };
            try (Backend cuda = StandIns.open(measured, choices)) {
                List<Spec> specs = specs();
                int reserve = cuda.reserve(Fusion.Cell.GRU, specs);
                boolean taken = cuda.supports(new Fusion.Recurrence(Fusion.Cell.GRU, reserve), specs);
                assertEquals(winner.equals("cudnn"), taken);
            }
        }
        var fresh = new TuningCache(folder, "measured");
        try (Backend cuda = StandIns.open(measured, fresh)) {
            int reserve = cuda.reserve(Fusion.Cell.GRU, specs());
            var fusion = new Fusion.Recurrence(Fusion.Cell.GRU, reserve);
            boolean taken = cuda.supports(fusion, specs());
            assertEquals(Optional.of(taken ? "cudnn" : "ours"), fresh.get(asked.getLast()));
        }
    }

    private static List<Spec> specs() {
        List<Spec> specs = new ArrayList<>();
        for (Shape shape : List.of(Shape.of(3, 2, 4), Shape.of(4, 9), Shape.of(3, 9), Shape.of(2, 9), Shape.of(2, 3)))
            specs.add(new Spec(DType.FLOAT32, shape));
        return specs;
    }
}
