package org.keras4j.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.serialization.ConfigException;
import org.keras4j.serialization.ConfigReader;

/**
 * Turns texts into places of their words in a vocabulary: standardizes each text, splits it into words, joins words to
 * n-grams, and looks these up. Inputs are strings of shape (batch) or (batch, 1); the output "int" has shape (batch,
 * words), padded with 0, where 1 stands for unknown words; the other outputs have shape (batch, vocabulary).
 */
public final class TextVectorization extends HostLayer<TextVectorization> {
    private static final Map<String, UnaryOperator<String>> STANDARDS = new ConcurrentHashMap<>();
    private static final Map<String, Function<String, List<String>>> SPLITS = new ConcurrentHashMap<>();

    private final StringLookup lookup = new StringLookup().maskToken("");
    private Tokenization words = Tokenization.STANDARD;
    private @Nullable Integer outputSequenceLength;
    private boolean ragged;

    public TextVectorization() {
        track("_lookup_layer", lookup);
    }

    /** Takes the most places that the vocabulary may have, those for padding and unknown words included. */
    public TextVectorization(int maxTokens) {
        this();
        maxTokens(maxTokens);
    }

    /** Makes a function for {@link #standardize(String)} known by the name that files have for it. */
    public static void registerStandardize(String name, UnaryOperator<String> function) {
        STANDARDS.put(name, function);
    }

    /** Makes a function for {@link #split(String)} known by the name that files have for it. */
    public static void registerSplit(String name, Function<String, List<String>> function) {
        SPLITS.put(name, function);
    }

    static TextVectorization fromConfig(ConfigReader config) {
        TextVectorization layer = configure(new TextVectorization(), config);
        layer.lookup.read(new ConfigReader(config.registry(), config.where(), lookupConfig(config)));
        if (config.has("standardize")) layer.standardize(functionName(config, "standardize", STANDARDS));
        if (config.has("split")) layer.split(functionName(config, "split", SPLITS));
        Object ngrams = config.get("ngrams");
        if (ngrams instanceof List<?>) layer.ngrams(config.ints("ngrams"));
        else if (ngrams != null) layer.ngrams(config.integer("ngrams"));
        layer.outputSequenceLength = config.nullableInteger("output_sequence_length");
        layer.ragged = config.bool("ragged", false);
        return layer;
    }

    private static Map<String, Object> lookupConfig(ConfigReader config) {
        Map<String, Object> inner = new LinkedHashMap<>(config.values());
        inner.keySet()
                .retainAll(List.of(
                        "max_tokens",
                        "output_mode",
                        "pad_to_max_tokens",
                        "vocabulary",
                        "idf_weights",
                        "sparse",
                        "vocabulary_size"));
        inner.put("mask_token", "");
        // Keras counts the special tokens of a layer that knows no words yet.
        if (inner.get("vocabulary") == null && inner.get("vocabulary_size") instanceof Number n && n.intValue() <= 2)
            inner.remove("vocabulary_size");
        return inner;
    }

    /** Returns the name in a config: null, one of Keras's, or that of a function of the program that wrote the file. */
    private static @Nullable String functionName(ConfigReader config, String key, Map<String, ?> registered) {
        Object value = config.get(key);
        if (value == null || value instanceof String) return (String) value;
        if (value instanceof Map<?, ?> map) {
            if (map.get("registered_name") instanceof String name && registered.containsKey(name)) return name;
            if (map.get("config") instanceof String name && registered.containsKey(name)) return name;
        }
        throw new ConfigException(config.where() + ": " + key + " is a Python function, which is not run; give its"
                + " meaning in Java with TextVectorization.register" + (key.equals("split") ? "Split" : "Standardize")
                + " before reading the model: " + value);
    }

    // ---- options ----------------------------------------------------------------------------------------------------

    /** Sets how many words there may be, those for padding and unknown ones included; null for no limit. */
    public TextVectorization maxTokens(@Nullable Integer count) {
        requireUnbuilt();
        lookup.maxTokens(count);
        return this;
    }

    /**
     * Sets what is done to each text first: "lower_and_strip_punctuation" (if not set), "lower", "strip_punctuation"
     * (these know ASCII only, as in Keras), a name that {@link #registerStandardize} knows, or null for nothing.
     */
    public TextVectorization standardize(@Nullable String how) {
        requireUnbuilt();
        UnaryOperator<String> known = how == null ? null : STANDARDS.get(how);
        words = words.standardize(how, known);
        return this;
    }

    /** Sets what is done to each text first; a model with such a layer can be saved only if the function has a name. */
    public TextVectorization standardize(UnaryOperator<String> function) {
        requireUnbuilt();
        words = words.standardize("", function);
        return this;
    }

    /**
     * Sets how texts become words: "whitespace" (if not set), "character", a name that {@link #registerSplit} knows, or
     * null where each string is a word already.
     */
    public TextVectorization split(@Nullable String how) {
        requireUnbuilt();
        words = words.split(how, how == null ? null : SPLITS.get(how));
        return this;
    }

    /** Sets how texts become words; a model with such a layer can be saved only if the function has a name. */
    public TextVectorization split(Function<String, List<String>> function) {
        requireUnbuilt();
        words = words.split("", function);
        return this;
    }

    /** Joins up to so many words in a row, single words included. */
    public TextVectorization ngrams(int most) {
        requireUnbuilt();
        words = words.ngrams(most, null);
        return this;
    }

    /** Joins so many words in a row, one number after the other; 1 gives single words. */
    public TextVectorization ngrams(int... sizes) {
        requireUnbuilt();
        words = words.ngrams(null, List.copyOf(Arrays.stream(sizes).boxed().toList()));
        return this;
    }

    /** Sets "int" (places, if not set), "multi_hot", "count" or "tf_idf". */
    public TextVectorization outputMode(String mode) {
        requireUnbuilt();
        lookup.outputMode(mode);
        return this;
    }

    /** Sets how many words the output "int" has, whatever the texts; null for those of the longest text of a batch. */
    public TextVectorization outputSequenceLength(@Nullable Integer length) {
        requireUnbuilt();
        outputSequenceLength = length;
        return this;
    }

    /** Says whether outputs other than "int" have {@link #maxTokens} places, however small the vocabulary. */
    public TextVectorization padToMaxTokens(boolean pad) {
        requireUnbuilt();
        lookup.padToMaxTokens(pad);
        return this;
    }

    /** Sets the words that are known, most frequent first; {@link #adapt} finds them in data otherwise. */
    public TextVectorization vocabulary(List<String> vocabulary) {
        requireUnbuilt();
        lookup.vocabulary(vocabulary);
        return this;
    }

    /** Sets the weight of each word of the vocabulary for "tf_idf". */
    public TextVectorization idfWeights(double... weights) {
        requireUnbuilt();
        lookup.idfWeights(weights);
        return this;
    }

    /** Is kept for Keras's files only; outputs are never sparse here. */
    public TextVectorization sparse(boolean sparse) {
        lookup.sparse(sparse);
        return this;
    }

    /** Is kept for Keras's files only; outputs are always padded here. */
    public TextVectorization ragged(boolean ragged) {
        this.ragged = ragged;
        return this;
    }

    /** Is kept for Keras's files only; Java's strings need no decoding. */
    public TextVectorization encoding(String encoding) {
        lookup.encoding(encoding);
        return this;
    }

    // ---- the vocabulary ---------------------------------------------------------------------------------------------

    /**
     * Makes a vocabulary of the words in the texts, the most frequent first.
     *
     * @param texts a {@link StringArray} or a Java array of strings
     */
    public TextVectorization adapt(Object texts) {
        StringArray all = StringArray.of(texts);
        if (all.shape().rank() == 1) all = all.reshape(Shape.of(all.size(), 1));
        lookup.adaptTo(rows(all).stream().map(row -> List.<Object>copyOf(row)).toList());
        return this;
    }

    /** Replaces the vocabulary; the tokens for padding and unknown words may stand before it. */
    public TextVectorization setVocabulary(List<String> words) {
        lookup.setVocabulary(words);
        return this;
    }

    /** Replaces the vocabulary and the weight of each of its words, which "tf_idf" needs. */
    public TextVectorization setVocabulary(List<String> words, double... idfWeights) {
        lookup.setVocabulary(words, idfWeights);
        return this;
    }

    /** Returns the words by their places, with those for padding and unknown ones. */
    public List<String> getVocabulary() {
        return lookup.getVocabulary();
    }

    /** Returns the words by their places; without the special ones at the start if these are not wanted. */
    public List<String> getVocabulary(boolean includeSpecialTokens) {
        return lookup.getVocabulary(includeSpecialTokens);
    }

    /** Returns the number of places. */
    public int vocabularySize() {
        return lookup.vocabularySize();
    }

    // ---- calling ----------------------------------------------------------------------------------------------------

    private boolean isInt() {
        return lookup.outputMode().equals("int");
    }

    @Override
    public boolean takesStrings() {
        return true;
    }

    @Override
    boolean dependsOnBatch() {
        return isInt() && outputSequenceLength == null && words.isSplit();
    }

    /** Returns the words of each text; without splitting, of each row. */
    private List<List<String>> rows(StringArray texts) {
        List<List<String>> rows = new ArrayList<>();
        int row =
                words.isSplit() || texts.shape().rank() == 0 ? 1 : texts.shape().last();
        for (int i = 0; i < texts.size(); i += row) {
            List<String> parts = new ArrayList<>();
            for (int k = i; k < i + row; k++) words.addTo(parts, texts.get(k));
            rows.add(words.joined(parts));
        }
        return rows;
    }

    /** Returns the shape without the axis of words. */
    private Shape outer(Shape texts) {
        if (!words.isSplit()) return texts.slice(0, Math.max(0, texts.rank() - 1));
        if (texts.rank() <= 1) return texts;
        if (texts.last() != 1) throw refuse("expected texts of shape (batch) or with a last axis of size 1", texts);
        return texts.slice(0, texts.rank() - 1);
    }

    @Override
    NDArray onHost(List<Object> inputs) {
        if (!(inputs.getFirst() instanceof StringArray texts))
            throw refuse("expected strings", ((NDArray) inputs.getFirst()).dtype());
        Shape outer = outer(texts.shape());
        List<List<String>> rows = rows(texts);
        int width = rows.stream().mapToInt(List::size).max().orElse(0);
        if (isInt() && outputSequenceLength != null) width = outputSequenceLength;
        var places = new long[rows.size() * width];
        Arrays.fill(places, isInt() ? 0 : -1);
        for (int r = 0; r < rows.size(); r++) {
            List<String> row = rows.get(r);
            for (int i = 0; i < Math.min(width, row.size()); i++) places[r * width + i] = lookup.place(row.get(i));
        }
        return NDArray.of(outer.concat(Shape.of(width)), places);
    }

    @Override
    Shape hostShape(List<Shape> inputs) {
        Shape outer = outer(inputs.getFirst());
        if (isInt() && outputSequenceLength != null) return outer.concat(Shape.of(outputSequenceLength));
        boolean fixed = !words.isSplit() && !words.joins() && inputs.getFirst().rank() > 0;
        return outer.concat(Shape.of(fixed ? inputs.getFirst().last() : Shape.UNKNOWN));
    }

    @Override
    Tensor inGraph(Tensor places) {
        return lookup.inGraph(places);
    }

    /** Returns what Keras infers, which for (batch, 1) texts has an axis more than what it then computes. */
    @Override
    protected Object computeOutputSpec(Call call) {
        if (!(call.first() instanceof KerasTensor x)) throw refuse("expected a single input", call.first());
        Shape shape = x.shape();
        if (isInt()) {
            int length = outputSequenceLength == null ? Shape.UNKNOWN : outputSequenceLength;
            return new KerasTensor(Shape.of(shape.dim(0), length), DType.INT64, "keras_tensor");
        }
        if (words.isSplit()) shape = shape.concat(Shape.of(Shape.UNKNOWN));
        else if (shape.rank() <= 1) shape = shape.concat(Shape.of(1));
        return new KerasTensor(lookup.spec(shape).shape(), DType.of(Config.floatx()), "keras_tensor");
    }

    // ---- files ------------------------------------------------------------------------------------------------------

    @Override
    public Map<String, Variable> storedVariables() {
        return lookup.storedVariables();
    }

    @Override
    public Map<String, byte[]> assets() {
        return lookup.assets();
    }

    @Override
    public void loadAssets(Map<String, byte[]> assets) {
        lookup.loadAssets(assets);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> inner = lookup.getConfig();
        Map<String, Object> config = super.getConfig();
        config.put("max_tokens", inner.get("max_tokens"));
        config.put("standardize", words.standardizeConfig(describe()));
        config.put("split", words.splitConfig(describe()));
        config.put("ngrams", words.ngramsConfig());
        config.put("output_mode", inner.get("output_mode"));
        config.put("output_sequence_length", outputSequenceLength);
        config.put("pad_to_max_tokens", inner.get("pad_to_max_tokens"));
        config.put("sparse", inner.get("sparse"));
        config.put("ragged", ragged);
        config.put("vocabulary", inner.get("vocabulary"));
        config.put("idf_weights", inner.get("idf_weights"));
        config.put("encoding", inner.get("encoding"));
        config.put("vocabulary_size", vocabularySize());
        return config;
    }
}
