package org.keras4j.layers;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.op.Spec;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * Replaces tokens by their places in a vocabulary, or the other way round, on the host. Place 0 is that of the mask
 * token where there is one and the output is "int", then come the places of unknown tokens, then the vocabulary.
 *
 * @param <T> the tokens: String or Long
 * @param <L> the layer itself
 */
abstract class BaseIndexLookup<T, L extends BaseIndexLookup<T, L>> extends HostLayer<L> {
    private static final String FILE = "vocabulary.txt";
    private static final String IDF_WEIGHTS = "idf_weights";

    private @Nullable Integer maxTokens;
    private int numOovIndices = 1;
    private @Nullable T maskToken;
    private @Nullable T oovToken;
    private @Nullable List<T> given;
    private double @Nullable [] givenIdf;
    private boolean invert;
    private String outputMode = "int";
    private boolean padToMaxTokens;
    private boolean sparse;
    private String oovMethod = "floormod";
    private long @Nullable [] salt;
    private @Nullable Integer frozenSize;
    private @Nullable Vocabulary vocabulary;
    private @Nullable Variable idf;

    BaseIndexLookup() {}

    /** Returns a token of a config or of one line of a file; null if it is none. */
    abstract @Nullable T token(Object value);

    /** Says whether tokens are whole numbers. */
    abstract boolean isWhole();

    // ---- options ----------------------------------------------------------------------------------------------------

    /** Sets how many tokens there may be, the mask token and those for unknown ones included; null for no limit. */
    public L maxTokens(@Nullable Integer count) {
        requireUnbuilt();
        if (count != null && count <= 1)
            throw new IllegalArgumentException(className() + ": max_tokens must be greater than 1, got " + count);
        maxTokens = count;
        return self();
    }

    /** Sets how many places unknown tokens share, by their hash; 1 if not set. With 0 they are an error. */
    public L numOovIndices(int count) {
        requireUnbuilt();
        if (count < 0)
            throw new IllegalArgumentException(className() + ": num_oov_indices must be 0 or more, got " + count);
        numOovIndices = count;
        return self();
    }

    L mask(@Nullable T token) {
        requireUnbuilt();
        maskToken = token;
        return self();
    }

    L oov(@Nullable T token) {
        requireUnbuilt();
        oovToken = token;
        return self();
    }

    L tokens(List<T> tokens) {
        requireUnbuilt();
        given = List.copyOf(tokens);
        vocabulary = null;
        return self();
    }

    /** Sets the weight of each token of the vocabulary for "tf_idf". */
    public L idfWeights(double... weights) {
        requireUnbuilt();
        givenIdf = weights.clone();
        return self();
    }

    /** Says whether places are replaced by the tokens at them; false if not set. */
    public L invert(boolean invert) {
        requireUnbuilt();
        this.invert = invert;
        return self();
    }

    /** Sets "int" (the place, if not set), "one_hot", "multi_hot", "count" or "tf_idf". */
    public L outputMode(String mode) {
        requireUnbuilt();
        String known = mode.equals("binary") ? "multi_hot" : mode.equals("tf-idf") ? "tf_idf" : mode;
        outputMode = CategoryCodes.checked(className(), known, "int", "one_hot", "multi_hot", "count", "tf_idf");
        return self();
    }

    /** Says whether outputs other than "int" have {@link #maxTokens(Integer)} places, however small the vocabulary. */
    public L padToMaxTokens(boolean pad) {
        requireUnbuilt();
        padToMaxTokens = pad;
        return self();
    }

    /** Is kept for Keras's files only; outputs are never sparse here. */
    public L sparse(boolean sparse) {
        this.sparse = sparse;
        return self();
    }

    /** Sets how unknown numbers share several places: "floormod" (if not set) or "farmhash"; strings are hashed. */
    public L oovMethod(String method) {
        requireUnbuilt();
        if (!method.equals("floormod") && !method.equals("farmhash"))
            throw new IllegalArgumentException(
                    className() + ": oov_method must be \"floormod\" or \"farmhash\", got \"" + method + "\"");
        oovMethod = method;
        return self();
    }

    /** Sets the key of SipHash for unknown tokens: an integer, which counts twice, or two. */
    public L salt(long... salt) {
        requireUnbuilt();
        this.salt = HashBins.checkedSalt(className(), salt);
        return self();
    }

    final String outputMode() {
        return outputMode;
    }

    /** Reads what all lookups have in their config. */
    final L read(ConfigReader config) {
        configure(self(), config);
        trainable(true);
        maskToken = tokenOrNull(config, "mask_token", null);
        oovToken = tokenOrNull(config, "oov_token", oovToken);
        if (config.get("vocabulary") instanceof String file)
            throw config.wrong("vocabulary", "tokens; files outside of the model are not read", file);
        List<?> tokens = config.list("vocabulary");
        if (!tokens.isEmpty()) {
            List<T> known = new ArrayList<>();
            for (Object o : tokens) known.add(required(config, "vocabulary", o));
            given = List.copyOf(known);
        }
        maxTokens(config.nullableInteger("max_tokens"));
        numOovIndices(config.integer("num_oov_indices", 1));
        outputMode(config.string("output_mode", "int"));
        invert = config.bool("invert", false);
        padToMaxTokens = config.bool("pad_to_max_tokens", false);
        sparse = config.bool("sparse", false);
        oovMethod(config.string("oov_method", "floormod"));
        salt = HashBins.readSalt(config);
        frozenSize = config.nullableInteger("vocabulary_size");
        List<?> weights = config.list(IDF_WEIGHTS);
        if (!weights.isEmpty())
            givenIdf = weights.stream()
                    .mapToDouble(v -> ((Number) v).doubleValue())
                    .toArray();
        if (given != null) vocabulary();
        return self();
    }

    private @Nullable T tokenOrNull(ConfigReader config, String key, @Nullable T otherwise) {
        if (!config.has(key)) return otherwise;
        Object value = config.get(key);
        return value == null ? null : required(config, key, value);
    }

    private T required(ConfigReader config, String key, Object value) {
        T token = token(value);
        if (token == null) throw config.wrong(key, isWhole() ? "whole numbers" : "strings", value);
        return token;
    }

    // ---- the vocabulary ---------------------------------------------------------------------------------------------

    private int oovStart() {
        return maskToken != null && outputMode.equals("int") ? 1 : 0;
    }

    private int tokenStart() {
        return oovStart() + numOovIndices;
    }

    private List<@Nullable Object> special() {
        List<@Nullable Object> special = new ArrayList<>();
        if (oovStart() == 1) special.add(maskToken);
        for (int i = 0; i < numOovIndices; i++) special.add(oovToken);
        return special;
    }

    private Vocabulary vocabulary() {
        Vocabulary known = vocabulary;
        if (known != null) return known;
        if (given == null) return Vocabulary.NONE;
        use(given, givenIdf);
        return Objects.requireNonNull(vocabulary);
    }

    private Vocabulary requiredVocabulary() {
        Vocabulary known = vocabulary();
        if (known == Vocabulary.NONE)
            throw new IllegalArgumentException("expected a vocabulary before the first call, has none; give one, call"
                    + " adapt, or load a .keras file, the only one that keeps what adapt found");
        return known;
    }

    /**
     * Replaces the vocabulary.
     *
     * @param tokens the tokens, most frequent first; the special tokens may stand before them
     */
    public L setVocabulary(List<T> tokens) {
        return setVocabulary(tokens, (double[]) null);
    }

    /** Replaces the vocabulary and the weight of each of its tokens, which "tf_idf" needs. */
    public L setVocabulary(List<T> tokens, double @Nullable ... idfWeights) {
        use(tokens, idfWeights);
        return self();
    }

    private void use(List<T> tokens, double @Nullable [] weights) {
        if (outputMode.equals("tf_idf") != (weights != null))
            throw new IllegalArgumentException(
                    describe() + ": expected idf_weights with output_mode \"tf_idf\", and only then");
        List<Object> forbidden = new ArrayList<>();
        if (maskToken != null) forbidden.add(maskToken);
        if (invert && oovToken != null) forbidden.add(oovToken);
        Vocabulary made;
        try {
            made = Vocabulary.of(tokens, special(), forbidden);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(describe() + ": " + e.getMessage(), e);
        }
        freeze(made);
        if (weights != null) weigh(weights, tokens.size(), Vocabulary.startsWith(tokens, special()));
    }

    private void freeze(Vocabulary made) {
        int size = tokenStart() + made.size();
        if (maxTokens != null && size > maxTokens)
            throw new IllegalArgumentException(
                    describe() + ": expected a vocabulary of at most max_tokens " + maxTokens + ", got " + size);
        boolean sizeMatters = !outputMode.equals("int") && !padToMaxTokens;
        if (sizeMatters && frozenSize != null && frozenSize != size)
            throw new IllegalArgumentException(describe() + ": the size of the vocabulary cannot change from "
                    + frozenSize + " to " + size + " with output_mode \"" + outputMode + "\"");
        frozenSize = size;
        vocabulary = made;
    }

    /**
     * Sets the weight of each place; without weights of their own, unknown tokens weigh what known ones do on average.
     */
    private void weigh(double[] weights, int expected, boolean withSpecial) {
        if (weights.length != expected)
            throw new IllegalArgumentException(
                    describe() + ": expected idf_weights of " + expected + " numbers, got " + weights.length);
        NDArray all = NDArray.zeros(DType.of(Config.floatx()), Shape.of(depth()));
        int first = withSpecial ? 0 : tokenStart();
        double mean = Arrays.stream(weights).average().orElse(0);
        for (int i = 0; i < first; i++) all.set(i, mean);
        for (int i = 0; i < weights.length; i++) all.set(first + i, weights[i]);
        idf = new Variable(IDF_WEIGHTS, name() + "/" + IDF_WEIGHTS, new Spec(all.dtype(), all.shape()), () -> all)
                .trainable(false);
    }

    private int depth() {
        if (padToMaxTokens && maxTokens != null) return maxTokens;
        if (frozenSize == null)
            throw new IllegalArgumentException("expected a vocabulary before the first call with output_mode \""
                    + outputMode + "\"; give one, or call adapt");
        return frozenSize;
    }

    /** Returns the number of places: the vocabulary, the mask token and those for unknown tokens. */
    public int vocabularySize() {
        return tokenStart() + vocabulary().size();
    }

    /** Returns the tokens by their places, with those for padding and unknown ones. */
    public List<T> getVocabulary() {
        return getVocabulary(true);
    }

    /** Returns the tokens by their places; without the special ones at the start if these are not wanted. */
    @SuppressWarnings("unchecked") // a vocabulary has what token() gave
    public List<T> getVocabulary(boolean includeSpecialTokens) {
        List<Object> all = new ArrayList<>();
        if (includeSpecialTokens) all.addAll(special());
        all.addAll(vocabulary().tokens());
        return (List<T>) (List<?>) all;
    }

    /** Makes a vocabulary of the tokens in the data, the most frequent first; the first axis is that of documents. */
    final void adaptTo(List<List<Object>> documents) {
        if (given != null)
            throw new IllegalStateException(describe() + " was made with a vocabulary, so it cannot be adapted");
        var counts = new Vocabulary.Counts();
        documents.forEach(counts::add);
        if (counts.isEmpty()) return;
        List<@Nullable Object> without = new ArrayList<>();
        if (maskToken != null) without.add(maskToken);
        if (oovToken != null) without.add(oovToken);
        freeze(counts.vocabulary(without, maxTokens == null ? Integer.MAX_VALUE : maxTokens - tokenStart()));
        if (outputMode.equals("tf_idf"))
            weigh(counts.inverseDocumentFrequencies(vocabulary()), vocabulary().size(), false);
    }

    /** Returns the tokens of each row of an input. */
    final List<List<Object>> documents(Object input) {
        Object x = single(input);
        Shape shape = shape(x);
        int rows = shape.rank() == 0 ? 1 : shape.dim(0);
        List<List<Object>> documents = new ArrayList<>();
        Object values = x instanceof Tensor t ? t.value() : x;
        int row = rows == 0 ? 0 : shape.size() / rows;
        for (int i = 0; i < rows; i++) {
            List<Object> document = new ArrayList<>();
            for (int k = i * row; k < (i + 1) * row; k++) document.add(element(values, k));
            documents.add(document);
        }
        return documents;
    }

    private Object element(Object values, int i) {
        if (values instanceof StringArray s && !isWhole()) return s.get(i);
        if (values instanceof NDArray a && isWhole()) return a.getLong(i);
        throw refuse(
                isWhole() ? "expected whole numbers" : "expected strings",
                values instanceof NDArray a ? a.dtype() + " of shape " + a.shape() : values);
    }

    @Override
    public boolean takesStrings() {
        return !invert && !isWhole();
    }

    // ---- calling ----------------------------------------------------------------------------------------------------

    @Override
    protected Object callAll(Object inputs, Call call) {
        Object x = single(inputs);
        if (!invert || isWhole()) return call(List.of(x));
        if (!(x instanceof Tensor places)) throw refuse("expected places in the vocabulary", x);
        Object[] words = inverse(places.value());
        return StringArray.of(places.shape(), Arrays.copyOf(words, words.length, String[].class));
    }

    @Override
    NDArray onHost(List<Object> inputs) {
        Object x = inputs.getFirst();
        if (invert) {
            Object[] numbers = inverse((NDArray) x);
            return NDArray.of(
                    shape(x), Arrays.stream(numbers).mapToLong(n -> (Long) n).toArray());
        }
        var places = new long[shape(x).size()];
        for (int i = 0; i < places.length; i++) places[i] = place(element(x, i));
        return NDArray.of(shape(x), places);
    }

    /** Returns the place of a token; -1 for one that is to be left out. */
    final int place(Object token) {
        if (token.equals(maskToken)) return oovStart() - 1;
        int known = requiredVocabulary().place(token);
        if (known >= 0) return tokenStart() + known;
        if (numOovIndices == 0)
            throw new IllegalArgumentException(
                    "expected tokens of the vocabulary only, as num_oov_indices is 0, got \"" + token + "\"");
        if (numOovIndices == 1) return oovStart();
        var bins = new HashBins(numOovIndices, salt);
        if (!(token instanceof Long number)) return oovStart() + bins.of((String) token);
        return oovStart()
                + (oovMethod.equals("farmhash") ? bins.of(number) : (int) Math.floorMod(number, (long) numOovIndices));
    }

    private Object[] inverse(NDArray places) {
        var tokens = new Object[places.size()];
        Vocabulary known = requiredVocabulary();
        for (int i = 0; i < tokens.length; i++) {
            long place = places.getLong(i) - tokenStart();
            Object token = place >= 0 && place < known.size() ? known.token((int) place) : oovToken;
            if (maskToken != null && places.getLong(i) == 0) token = maskToken;
            if (token == null)
                throw new IllegalArgumentException(
                        "expected places in the vocabulary, as there is no oov_token, got " + places.getLong(i));
            tokens[i] = token;
        }
        return tokens;
    }

    @Override
    Shape hostShape(List<Shape> inputs) {
        return inputs.getFirst();
    }

    @Override
    Tensor inGraph(Tensor places) {
        if (outputMode.equals("int")) return places;
        if (!outputMode.equals("tf_idf")) return CategoryCodes.encode(places, outputMode, depth(), DType.INT64, null);
        DType floatx = DType.of(Config.floatx());
        vocabulary();
        Tensor weights = idf == null ? K.zeros(Shape.of(depth()), floatx) : idf.value();
        return K.multiply(CategoryCodes.encode(places, "count", depth(), floatx, null), weights);
    }

    @Override
    protected Object computeOutputSpec(Call call) {
        if (!(call.first() instanceof KerasTensor x)) throw refuse("expected a single input", call.first());
        return spec(x.shape());
    }

    /** Returns what Keras infers: floats for encoded places, although it then computes whole numbers. */
    final KerasTensor spec(Shape input) {
        if (outputMode.equals("int")) return new KerasTensor(input, DType.INT64, "keras_tensor");
        Integer known = padToMaxTokens ? maxTokens : frozenSize;
        Shape depth = Shape.of(known == null ? Shape.UNKNOWN : known);
        boolean keeps = outputMode.equals("one_hot") && !(input.rank() > 1 && input.last() == 1);
        Shape rows = keeps ? input : input.slice(0, Math.max(0, input.rank() - 1));
        return new KerasTensor(rows.concat(depth), DType.of(Config.floatx()), "keras_tensor");
    }

    // ---- files ------------------------------------------------------------------------------------------------------

    @Override
    public Map<String, Variable> storedVariables() {
        if (!outputMode.equals("tf_idf")) return Map.of();
        vocabulary();
        return idf == null ? Map.of() : Map.of(IDF_WEIGHTS, idf);
    }

    @Override
    public Map<String, byte[]> assets() {
        if (given != null) return Map.of();
        String lines =
                String.join("\n", getVocabulary().stream().map(String::valueOf).toList());
        return Map.of(FILE, lines.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void loadAssets(Map<String, byte[]> assets) {
        byte[] file = assets.get(FILE);
        if (given != null || file == null) return;
        List<String> lines = SplitLines.of(new String(file, StandardCharsets.UTF_8));
        while (!lines.isEmpty() && lines.getLast().isEmpty()) lines.removeLast();
        List<T> tokens = new ArrayList<>();
        for (String line : lines) {
            T token = token(line);
            if (token == null)
                throw new IllegalArgumentException(
                        describe() + ": expected whole numbers in " + FILE + ", got \"" + line + "\"");
            tokens.add(token);
        }
        if (tokens.isEmpty() || tokens.size() == special().size()) return;
        use(tokens, outputMode.equals("tf_idf") ? new double[tokens.size()] : null);
    }

    @Override
    public Map<String, Object> getBuildConfig() {
        return Map.of();
    }

    @Override
    public Map<String, Object> getConfig() {
        if (given != null) vocabulary();
        Map<String, Object> config = super.getConfig();
        config.put("invert", invert);
        config.put("max_tokens", maxTokens);
        config.put("num_oov_indices", numOovIndices);
        config.put("oov_token", oovToken);
        config.put("mask_token", maskToken);
        config.put("output_mode", outputMode);
        config.put("sparse", sparse);
        config.put("pad_to_max_tokens", padToMaxTokens);
        config.put("vocabulary_dtype", isWhole() ? "int64" : "string");
        config.put(
                IDF_WEIGHTS,
                givenIdf == null ? null : Arrays.stream(givenIdf).boxed().toList());
        config.put("vocabulary", given);
        config.put("vocabulary_size", frozenSize);
        config.put("oov_method", oovMethod);
        config.put("salt", HashBins.writeSalt(salt));
        return config;
    }
}
