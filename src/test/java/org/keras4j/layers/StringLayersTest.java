package org.keras4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.saving.Saving;
import org.keras4j.serialization.Registry;

/** Values are those of Keras 3.15 on TensorFlow. */
class StringLayersTest {
    private static final String[][] LETTERS = {{"a", "c", "d"}, {"d", "z", ""}};
    private static final List<String> ABCD = List.of("a", "b", "c", "d");

    private static void assertInts(Tensor got, Shape shape, int... expected) {
        assertEquals(shape, got.shape());
        assertArrayEquals(expected, got.ints());
    }

    @Test
    void stringLookupGivesPlaces() {
        assertInts(new StringLookup(ABCD).apply(LETTERS), Shape.of(2, 3), 1, 3, 4, 4, 0, 0);
        assertInts(new StringLookup(ABCD).maskToken("").apply(LETTERS), Shape.of(2, 3), 2, 4, 5, 5, 1, 0);
        assertInts(
                new StringLookup(ABCD).numOovIndices(3).apply("é", "qux", "zz", "a", "[UNK]"),
                Shape.of(5),
                1,
                0,
                1,
                3,
                0);
        assertInts(new StringLookup(ABCD).numOovIndices(3).salt(5).apply("é", "qux", "zz"), Shape.of(3), 1, 1, 0);
    }

    @Test
    void specialTokensMayStandBeforeTheVocabulary() {
        var lookup = new StringLookup(List.of("", "[UNK]", "a", "b")).maskToken("");
        assertInts(lookup.apply("", "?", "a", "b"), Shape.of(4), 0, 1, 2, 3);
        assertEquals(List.of("", "[UNK]", "a", "b"), lookup.getVocabulary());
        assertEquals(List.of("a", "b"), lookup.getVocabulary(false));
        assertEquals(4, lookup.vocabularySize());
        var misplaced = new StringLookup(List.of("a", "", "b")).maskToken("");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> misplaced.apply("a"))
                .getMessage()
                .contains("at place 1"));
        var twice = new StringLookup(List.of("a", "b", "a"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> twice.apply("a"))
                .getMessage()
                .contains("\"a\" twice"));
    }

    @Test
    void stringLookupEncodesPlaces() {
        var masked = new StringLookup(ABCD).maskToken("").outputMode("count");
        assertInts(masked.apply(LETTERS), Shape.of(2, 5), 0, 1, 0, 1, 1, 1, 0, 0, 0, 1);
        var hot = new StringLookup(List.of("a", "b")).outputMode("one_hot").apply(new String[][] {{"b"}, {"q"}});
        assertInts(hot, Shape.of(2, 3), 0, 0, 1, 1, 0, 0);
        var padded = new StringLookup(List.of("a", "b"))
                .outputMode("multi_hot")
                .maxTokens(5)
                .padToMaxTokens(true);
        assertInts(padded.apply("b", "b", "q"), Shape.of(5), 1, 0, 1, 0, 0);
        var weighed = new StringLookup(ABCD).outputMode("tf_idf").idfWeights(0.25, 0.75, 0.6, 0.4);
        assertArrayEquals(
                new float[] {0, 0.25f, 0, 0.6f, 0.8f, 1, 0, 0.75f, 0, 0.4f},
                weighed.apply(new String[][] {{"a", "c", "d", "d"}, {"d", "z", "b", "z"}})
                        .floats(),
                1e-6f);
    }

    @Test
    void inverseLookupGivesStrings() {
        var lookup = new StringLookup(ABCD).invert(true);
        Tensor places = Tensor.of(NDArray.of(Shape.of(2, 2), 1, 3, 0, 9));
        assertEquals(StringArray.of(Shape.of(2, 2), "a", "c", "[UNK]", "[UNK]"), lookup.strings(places));
        assertInts(
                new IntegerLookup(List.of(12, 36)).invert(true).maskToken(0).apply(places),
                Shape.of(2, 2),
                -1,
                36,
                0,
                -1);
    }

    @Test
    void adaptSortsByFrequencyThenBackwards() {
        var lookup = new StringLookup().adapt(new String[] {"b", "a", "c", "a", "[UNK]", "é", "😀", "\uffee"});
        assertEquals(List.of("a", "😀", "\uffee", "é", "c", "b"), lookup.getVocabulary(false));
        assertEquals(
                List.of(9L, 5L),
                new IntegerLookup()
                        .maxTokens(3)
                        .adapt(new int[] {5, 7, -1, 9, 9, 5})
                        .getVocabulary(false));
        var idf = new StringLookup().outputMode("tf_idf").adapt(new String[][] {{"a", "b"}, {"a", "a"}});
        // log(1 + 2 / (1 + 2)), log(1 + 2 / (1 + 1)); unknown ones weigh the mean
        assertArrayEquals(
                new float[] {0.6019864f, 1.0216513f, 0.6931472f},
                idf.apply(new String[][] {{"a", "a", "b", "?"}}).floats(),
                1e-6f);
        assertThrows(IllegalStateException.class, () -> new StringLookup(ABCD).adapt(new String[] {"a"}));
    }

    @Test
    void lookupsRefuseWhatTheyCannotKnow() {
        var strict = new StringLookup(ABCD).numOovIndices(0);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> strict.apply("q"))
                .getMessage()
                .contains("num_oov_indices is 0, got \"q\""));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new StringLookup().apply("q"))
                .getMessage()
                .contains("expected a vocabulary"));
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> new StringLookup(ABCD).apply(Tensor.of(NDArray.of(Shape.of(1), 1))))
                .getMessage()
                .contains("expected strings, got int32"));
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> new StringLookup(ABCD).maxTokens(3).apply("a"))
                .getMessage()
                .contains("at most max_tokens 3, got 5"));
        Tensor unknown = Primitives.input("x", DType.INT32, Shape.of(2));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new IntegerLookup(List.of(1)).apply(unknown))
                .getMessage()
                .contains("works on the host"));
    }

    @Test
    void otherLayersRefuseStrings() {
        StringArray strings = StringArray.of(LETTERS);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Dense(2).apply(strings))
                .getMessage()
                .contains("got strings of shape (2, 3)"));
        KerasTensor symbol = new Input(3).dtype("string").tensor();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Activation("relu").apply(symbol))
                .getMessage()
                .contains("expected a single input, got strings"));
        assertThrows(IllegalArgumentException.class, () -> symbol.add(1));
    }

    @Test
    void integerLookupKeepsLargeNumbersApart() {
        var lookup = new IntegerLookup(List.of(5_000_000_000L, 705_032_704L)).numOovIndices(2);
        Tensor x = Tensor.of(NDArray.of(Shape.of(4), 5_000_000_000L, 705_032_704L, 9_000_000_001L, -2L));
        assertInts(lookup.apply(x), Shape.of(4), 2, 3, 1, 0);
        var hashed = new IntegerLookup(List.of(10, 20, 30)).numOovIndices(4).oovMethod("farmhash");
        assertInts(
                hashed.apply(Tensor.of(NDArray.of(Shape.of(6), 100, 300, 700, 1100, 1700, 2000))),
                Shape.of(6),
                3,
                3,
                2,
                2,
                0,
                1);
    }

    @Test
    void hashingDistributesOverBins() {
        String[][] letters = {{"A"}, {"B"}, {""}, {"C"}, {"D"}};
        assertInts(new Hashing(3).apply(letters), Shape.of(5, 1), 1, 0, 2, 1, 1);
        assertInts(new Hashing(3).maskValue("").apply(letters), Shape.of(5, 1), 1, 1, 0, 2, 2);
        assertInts(new Hashing(3).salt(133, 137).apply("A", "B", "C", "D", "E"), Shape.of(5), 1, 2, 1, 0, 2);
        assertInts(new Hashing(3).salt(133).apply("A", "B", "C", "D", "E"), Shape.of(5), 0, 0, 2, 1, 0);
        Tensor hot = new Hashing(3).outputMode("one_hot").apply(letters);
        assertEquals(DType.FLOAT32, hot.dtype());
        assertInts(hot, Shape.of(5, 3), 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0);
        assertInts(new Hashing(3).apply(Tensor.of(NDArray.of(Shape.of(5), 0, 1, 2, 3, 4))), Shape.of(5), 1, 0, 1, 0, 2);
        assertThrows(
                IllegalArgumentException.class,
                () -> new Hashing(3).maskValue(1).apply(letters));
    }

    @Test
    void crossingHashesCombinations() {
        StringArray letters = StringArray.of(new String[] {"A", "B", "A", "B", "A"});
        Tensor numbers = Tensor.of(NDArray.of(Shape.of(5), 101, 101, 101, 102, 102));
        assertInts(
                (Tensor) new HashedCrossing(5).applyTo(Call.of(List.of(letters, numbers))), Shape.of(5), 1, 4, 1, 1, 3);
        assertThrows(IllegalArgumentException.class, () -> new HashedCrossing(5).apply("A", "B"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new HashedCrossing(5).applyTo(Call.of(List.of(letters, letters.reshape(Shape.of(5, 1))))));
    }

    @Test
    void textsBecomePlacesOfWords() {
        var layer = new TextVectorization().vocabulary(List.of("foo", "bar", "baz", "foo bar"));
        StringArray texts = StringArray.of(new String[][] {{"foo BAR, baz!"}, {" qux\tfoo "}});
        assertInts(layer.apply(texts), Shape.of(2, 3), 2, 3, 4, 1, 2, 0);
        var pairs = new TextVectorization()
                .vocabulary(List.of("foo", "bar", "baz", "foo bar"))
                .ngrams(2)
                .outputSequenceLength(4);
        assertInts(pairs.apply(texts), Shape.of(2, 4), 2, 3, 4, 5, 1, 2, 1, 0);
        var letters = new TextVectorization()
                .vocabulary(List.of("a", "😀"))
                .split("character")
                .standardize("lower");
        assertInts(letters.apply("A😀b"), Shape.of(1, 3), 2, 3, 1);
        var words = new TextVectorization()
                .vocabulary(List.of("a b"))
                .split((String) null)
                .standardize((String) null);
        assertInts(words.apply(new String[][] {{"a b", "A b", ""}}), Shape.of(1, 3), 2, 1, 0);
        var counts = new TextVectorization().vocabulary(List.of("foo")).outputMode("count");
        assertInts(counts.apply("foo, foo x", ""), Shape.of(2, 2), 1, 2, 0, 0);
        assertThrows(IllegalArgumentException.class, () -> layer.apply(new String[][] {{"two", "texts"}}));
    }

    @Test
    void textsOfOtherAlphabetsAreLoweredInAsciiOnly() {
        var layer = new TextVectorization().adapt(new String[] {"ÀB àb", "ÀB\u00a0x"});
        assertEquals(List.of("àb", "Àb\u00a0x", "Àb"), layer.getVocabulary(false));
    }

    @Test
    void functionsOfTheProgramStandardizeAndSplit() {
        TextVectorization.registerStandardize("test>upper", s -> s.toUpperCase(Locale.ROOT));
        TextVectorization.registerSplit("test>comma", s -> List.of(s.split(",")));
        var layer = new TextVectorization()
                .vocabulary(List.of("A", "B C"))
                .standardize("test>upper")
                .split("test>comma");
        assertInts(layer.apply("b c,a"), Shape.of(1, 2), 3, 2);
        assertInts(copy(layer).apply("b c,a"), Shape.of(1, 2), 3, 2);
        var nameless = new TextVectorization().standardize(String::strip);
        assertThrows(IllegalStateException.class, nameless::getConfig);
        Map<String, Object> config = new LinkedHashMap<>(new TextVectorization().getConfig());
        config.put("dtype", "float32");
        config.put("standardize", Map.of("module", "builtins", "class_name", "function", "config", "theirs"));
        var described = Map.of("module", "keras.layers", "class_name", "TextVectorization", "config", config);
        assertTrue(assertThrows(RuntimeException.class, () -> Registry.keras().deserialize(described, "config"))
                .getMessage()
                .contains("registerStandardize"));
    }

    @SuppressWarnings("unchecked")
    private static <L extends Layer> L copy(L layer) {
        return (L) Saving.deserializeKerasObject((Map<?, ?>) Saving.serializeKerasObject(layer));
    }

    @Test
    void configsComeBack() {
        var lookup = new StringLookup(ABCD).numOovIndices(2).salt(7).outputMode("count");
        assertEquals(lookup.getConfig(), copy(lookup).getConfig());
        var text = new TextVectorization(9).ngrams(1, 3).outputMode("multi_hot").vocabulary(ABCD);
        assertEquals(text.getConfig(), copy(text).getConfig());
        var hashing = new Hashing(4).salt(1, 2).maskValue(3).outputMode("count");
        assertEquals(hashing.getConfig(), copy(hashing).getConfig());
        var crossing = new HashedCrossing(4).outputMode("one_hot");
        assertEquals(crossing.getConfig(), copy(crossing).getConfig());
    }

    @Test
    void vocabularyFilesHaveTheLinesOfPython() {
        assertEquals(List.of("", "a", "b", "", "c"), SplitLines.of("\na\r\nb\n\u2028c\n"));
        assertEquals(List.of(), SplitLines.of(""));
    }
}
