package org.keras4j.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Concatenate;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Embedding;
import org.keras4j.layers.GlobalAveragePooling1D;
import org.keras4j.layers.Hashing;
import org.keras4j.layers.Input;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.StringLookup;
import org.keras4j.layers.TextVectorization;
import org.keras4j.utils.Npy;
import org.keras4j.utils.RandomSeeds;

/** Models whose inputs are strings: what works on the host comes before the graph. */
class StringModelsTest {
    private static final String[] TEXTS = {"good film", "bad bad film", "very very good", "so bad", "good", "bad film!"
    };
    private static final int[] LIKED = {1, 0, 1, 0, 1, 0};

    @BeforeEach
    void start() {
        Backends.use("reference");
        RandomSeeds.setRandomSeed(3);
    }

    private static Sequential classifier(TextVectorization words) {
        var model = new Sequential(
                new Input().dtype("string"),
                words,
                new Embedding(words.vocabularySize(), 4).maskZero(true),
                new GlobalAveragePooling1D(),
                new Dense(1, "sigmoid"));
        model.compile(c -> c.optimizer("adam").loss("binary_crossentropy").metrics("accuracy"));
        return model;
    }

    @Test
    void textsAreTrainedOnAndEvaluated() {
        Sequential model = classifier(new TextVectorization().adapt(TEXTS));
        model.optimizer().learningRate(0.1);
        model.fit(TEXTS, LIKED, f -> f.epochs(30).batchSize(2).verbose(0));
        assertEquals(1, model.evaluate(TEXTS, LIKED, o -> o.verbose(0)).get("accuracy"));
        float[] liked = model.predict(new String[] {"good good", "bad"}).floats();
        assertTrue(liked[0] > 0.5 && liked[1] < 0.5, () -> liked[0] + " " + liked[1]);
    }

    /** Batches of texts of different lengths are padded to the longest of each. */
    @Test
    void eachBatchIsAsLongAsItsLongestText() {
        var words = new TextVectorization().adapt(TEXTS);
        var plain = new Sequential(
                new Input().dtype("string"),
                words,
                new Embedding(words.vocabularySize(), 2),
                new GlobalAveragePooling1D());
        float[] whole = plain.predict(TEXTS, o -> o.batchSize(6)).floats();
        float[] alone = plain.predict(TEXTS, o -> o.batchSize(1)).floats();
        int film = words.getVocabulary().indexOf("good");
        float[] weights = plain.weights().getFirst().numpy().floats();
        assertEquals(weights[2 * film], alone[8], 1e-6f, "a text of one word is the mean of one word");
        assertEquals((weights[2 * film] + 2 * weights[0]) / 3, whole[8], 1e-6f, "beside others it is padded");
        Sequential places = new Sequential(new Input().dtype("string"), words);
        assertEquals(Shape.of(6, 3), places.predict(TEXTS, o -> o.batchSize(6)).shape());
        assertThrows(IllegalStateException.class, () -> places.predict(TEXTS, o -> o.batchSize(1)));
    }

    @Test
    void aModelWithoutAnInputIsBuiltByStrings() {
        var model = new Sequential(
                new TextVectorization().vocabulary(List.of("good", "bad")).outputSequenceLength(2),
                new Embedding(4, 3),
                new GlobalAveragePooling1D());
        var text = StringArray.of(new String[][] {{"good bad"}});
        Tensor direct = model.apply(text);
        assertArrayEquals(direct.floats(), model.predict(text).floats());
        assertEquals(Shape.of(1, 3), direct.shape());
    }

    @Test
    void modelsInsideModelsTakeStrings() {
        var words = new TextVectorization().vocabulary(List.of("good", "bad")).outputSequenceLength(3);
        var prepare = new Sequential(new Input(1).dtype("string"), words);
        KerasTensor text = new Input(1).dtype("string").tensor();
        KerasTensor places = prepare.apply(text);
        assertEquals(Shape.of(-1, 3), places.shape());
        assertEquals(DType.INT64, places.dtype());
        var model = new Functional(text, new Embedding(4, 2).apply(places));
        String[][] texts = {{"bad good"}, {"ugly"}};
        float[] weights = model.weights().getFirst().numpy().floats();
        float[] got = model.predict(texts).floats();
        assertEquals(Shape.of(2, 3, 2), model.predict(texts).shape());
        assertEquals(weights[2 * 3], got[0]);
        assertEquals(weights[2 * 1], got[6]);
    }

    @Test
    void stringsAndNumbersStandSideBySide() {
        KerasTensor color = new Input(1).dtype("string").name("color").tensor();
        KerasTensor size = new Input(1).name("size").tensor();
        KerasTensor code = new Input(1).dtype("int64").name("code").tensor();
        KerasTensor hot =
                new StringLookup(List.of("red", "blue")).outputMode("one_hot").apply(color);
        KerasTensor bin = new Hashing(3).outputMode("one_hot").apply(code);
        var model = new Functional(List.of(color, size, code), new Concatenate().apply(hot, size, bin));
        Map<String, Object> data = Map.of(
                "color", new String[] {"blue", "green"},
                "size", new float[][] {{0.5f}, {2}},
                "code", new long[][] {{0}, {1}});
        float[] expected = {0, 0, 1, 0.5f, 0, 1, 0, 1, 0, 0, 2, 1, 0, 0};
        assertArrayEquals(expected, model.predict(data).floats());
        assertArrayEquals(expected, model.predict(data, o -> o.batchSize(1)).floats());
    }

    @Test
    void wrongDataIsRefused() {
        Sequential texts = classifier(new TextVectorization().adapt(TEXTS));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> texts.predict(new float[] {1}))
                .getMessage()
                .contains("of strings of shape (None,), got (1,)"));
        var numbers = new Sequential(new Input(1), new Dense(1));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> numbers.predict(new String[][] {{"a"}}))
                .getMessage()
                .contains("got strings of (1, 1)"));
        assertThrows(IllegalStateException.class, () -> texts.predictFunction(Shape.of(1)));
        assertThrows(IllegalArgumentException.class, () -> texts.fit(TEXTS, TEXTS, f -> f.verbose(0)));
    }

    @Test
    void theVocabularyIsSavedBesideTheWeights(@TempDir Path dir) {
        Sequential model = classifier(new TextVectorization().adapt(TEXTS));
        Path file = dir.resolve("texts.keras");
        model.save(file);
        Model back = Models.loadModel(file);
        assertArrayEquals(model.predict(TEXTS).floats(), back.predict(TEXTS).floats());
        var words = (TextVectorization) back.layers().getFirst();
        assertEquals(List.of("", "[UNK]", "bad", "good", "film", "very", "so"), words.getVocabulary());
    }

    /** The file and the numbers are by Keras, see {@code golden/models/README.md}. */
    @Test
    void aModelOfKerasGivesKerassNumbers(@TempDir Path dir) throws IOException, URISyntaxException {
        Path golden = Path.of(StringModelsTest.class
                .getResource("/golden/models/strings.keras")
                .toURI());
        Map<String, Object> data = Map.of(
                "text", new String[][] {{"The cat sat on the mat"}, {"a dog"}, {"A dog, and a cat!"}},
                "color", new String[][] {{"red"}, {"blue"}, {"black"}},
                "code", new long[][] {{5}, {-7}, {1}});
        Model model = Models.loadModel(golden);
        Path copy = dir.resolve("copy.keras");
        model.save(copy);
        for (Model each : List.of(model, Models.loadModel(copy))) {
            List<NDArray> got = each.predictAll(data, o -> {});
            for (int i = 0; i < 2; i++)
                assertArrayEquals(
                        Npy.read(golden.resolveSibling("strings.output_" + i + ".npy"))
                                .floats(),
                        got.get(i).floats(),
                        1e-5f);
        }
    }
}
