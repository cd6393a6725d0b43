package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.callbacks.LambdaCallback;
import org.keras4j.initializers.RandomUniform;
import org.keras4j.layers.Call;
import org.keras4j.layers.DTypePolicy;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Embedding;
import org.keras4j.layers.GlobalAveragePooling1D;
import org.keras4j.layers.Input;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.MultiHeadAttention;
import org.keras4j.models.Functional;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;

/** Attention in 16 bits by cuDNN, on the stand-ins; what it computes is in the contract. */
class AttentionStandInTest {
    private static final int SAMPLES = 16;
    private static final Fusion.Attention PLAIN = new Fusion.Attention(0.3, false, false, false);

    @TempDir
    Path folder;

    @AfterEach
    void usualPlaces() {
        StandIns.askCudnn("standin_no_engines", 0);
        DTypePolicy.setGlobal(null);
        Backends.use("reference"); // those of the tests are closed
    }

    private static int attentions() {
        return StandIns.askCudnn("standin_attentions");
    }

    private static List<Spec> specs(DType dtype, int size) {
        return List.of(
                new Spec(dtype, Shape.of(2, 5, 4, size)),
                new Spec(dtype, Shape.of(2, 7, 2, size)),
                new Spec(dtype, Shape.of(2, 7, 2, 8)));
    }

    private static List<Spec> gradientSpecs(DType dtype, int size) {
        List<Spec> in = new ArrayList<>(specs(dtype, size));
        var y = new Spec(dtype, Shape.of(2, 5, 4, 8));
        var row = new Spec(DType.FLOAT32, Shape.of(2, 5, 4));
        in.addAll(List.of(y, row, y, row));
        return in;
    }

    @Test
    void takesWhatHasAnEngine() {
        try (Backend cuda = StandIns.open(new CudaOptions(0, true, false, false, true), null)) {
            for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16)) {
                assertTrue(cuda.supports(PLAIN, specs(dtype, 16)));
                assertTrue(cuda.supports(new Fusion.AttentionGradient(PLAIN), gradientSpecs(dtype, 16)));
                assertFalse(cuda.supports(PLAIN, specs(dtype, 12)), "sizes are multiples of 8");
                assertFalse(cuda.supports(PLAIN, specs(dtype, 264)), "a long head");
            }
            assertFalse(cuda.supports(PLAIN, specs(DType.FLOAT32, 16)), "with TF32, products are the faster parts");
            StandIns.askCudnn("standin_no_engines", 1);
            assertFalse(cuda.supports(PLAIN, specs(DType.FLOAT16, 24)));
            int plans = StandIns.askCudnn("standin_graph_plans");
            assertTrue(cuda.supports(PLAIN, specs(DType.FLOAT16, 16)), "a plan is made once");
            assertEquals(plans, StandIns.askCudnn("standin_graph_plans"));
        }
    }

    @Test
    void isMeasuredBesideItsParts() {
        var fresh = new TuningCache(folder, "measured");
        try (Backend cuda = StandIns.open(new CudaOptions(0, false, true, false, true), fresh)) {
            int before = attentions();
            List<Spec> in = specs(DType.FLOAT16, 16);
            boolean taken = cuda.supports(PLAIN, in);
            assertTrue(attentions() > before, "cuDNN's was measured");
            assertEquals(
                    taken ? "cudnn" : "ours", fresh.get(PLAIN + " of " + in).orElseThrow());
        }
    }

    /** Returns the losses and what the model then says: tokens of which some are padding, attention to earlier ones. */
    private static List<Double> train(Backend backend) {
        Backends.use(backend);
        DTypePolicy.setGlobal(DTypePolicy.of("mixed_bfloat16"));
        KerasTensor input = new Input(6).dtype("int32").tensor();
        KerasTensor embedded = new Embedding(10, 16)
                .maskZero(true)
                .embeddingsInitializer(new RandomUniform(-1, 1, 1))
                .apply(input);
        var attention = new MultiHeadAttention(2, 8).kernelInitializer(new RandomUniform(-0.5, 0.5, 2));
        var attended =
                (KerasTensor) attention.applyTo(Call.of(embedded, embedded).with("use_causal_mask", true));
        KerasTensor pooled = new GlobalAveragePooling1D().apply(attended);
        KerasTensor output = new Dense(3, "softmax")
                .kernelInitializer(new RandomUniform(-0.5, 0.5, 3))
                .dtype("float32")
                .apply(pooled);
        var model = new Functional(input, output);
        model.compile(c -> c.optimizer("sgd").loss("sparse_categorical_crossentropy"));
        int[] tokens = new int[SAMPLES * 6];
        int[] labels = new int[SAMPLES];
        for (int i = 0; i < tokens.length; i++) tokens[i] = i % 6 < 2 + i / 6 % 5 ? 1 + i * 7 % 9 : 0;
        for (int i = 0; i < SAMPLES; i++) labels[i] = i % 3;
        List<Double> results = new ArrayList<>();
        var recorder =
                new LambdaCallback().onEpochEnd((epoch, logs) -> results.add(Objects.requireNonNull(logs.get("loss"))));
        NDArray x = NDArray.of(Shape.of(SAMPLES, 6), tokens);
        model.fit(
                x,
                NDArray.of(Shape.of(SAMPLES), labels),
                f -> f.batchSize(4).epochs(3).shuffle(false).verbose(0).callbacks(recorder));
        NDArray said = model.predict(x);
        for (int i = 0; i < said.size(); i++) results.add(said.get(i));
        return results;
    }

    @Test
    void aMaskedModelTrainsAsTheReferenceDoes() {
        List<Double> expected = train(Backends.open("reference"));
        try (Backend cuda = StandIns.open()) {
            int before = attentions();
            List<Double> got = train(cuda);
            // forwards and backwards, twice launched and once recorded; then a prediction of one batch
            assertEquals(3 * 2 + 1, attentions() - before);
            assertEquals(expected.size(), got.size());
            for (int i = 0; i < got.size(); i++) assertEquals(expected.get(i), got.get(i), 2e-2, "number " + i);
        }
    }
}
