package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.utils.Tree;

/** Replaces whole numbers by their places in a vocabulary, or the other way round. */
public final class IntegerLookup extends BaseLayer<IntegerLookup> {
    private @Nullable Integer maxTokens;
    private int numOovIndices = 1;
    private @Nullable Integer maskToken;
    private int oovToken = -1;
    private List<Integer> vocabulary = List.of();
    private @Nullable List<Double> idfWeights;
    private boolean invert;
    private String outputMode = "int";
    private boolean padToMaxTokens;

    public IntegerLookup() {
        dtype("int64");
    }

    /** Takes the numbers that are known, most frequent first. */
    public IntegerLookup(List<Integer> vocabulary) {
        this();
        this.vocabulary = List.copyOf(vocabulary);
    }

    static IntegerLookup fromConfig(ConfigReader config) {
        List<Integer> words = new ArrayList<>();
        for (Object o : config.list("vocabulary")) {
            if (!(o instanceof Number n)) throw config.wrong("vocabulary", "whole numbers", o);
            words.add(n.intValue());
        }
        IntegerLookup layer = configure(new IntegerLookup(words), config)
                .maskToken(config.nullableInteger("mask_token"))
                .oovToken(config.integer("oov_token", -1))
                .numOovIndices(config.integer("num_oov_indices", 1))
                .outputMode(config.string("output_mode", "int"))
                .invert(config.bool("invert", false));
        layer.maxTokens = config.nullableInteger("max_tokens");
        layer.padToMaxTokens = config.bool("pad_to_max_tokens", false);
        if (config.get("idf_weights") instanceof List<?> weights)
            layer.idfWeights =
                    weights.stream().map(v -> ((Number) v).doubleValue()).toList();
        layer.dropSpecialTokens();
        return layer;
    }

    /** Takes away a mask token and an unknown token that stand before the vocabulary. */
    private void dropSpecialTokens() {
        int from = 0;
        if (maskToken != null && !vocabulary.isEmpty() && vocabulary.getFirst().equals(maskToken)) from++;
        while (from < vocabulary.size() && vocabulary.get(from) == oovToken) from++;
        vocabulary = vocabulary.subList(from, vocabulary.size());
    }

    /** Sets the number that stands for padding, which gets place 0; null for none. */
    public IntegerLookup maskToken(@Nullable Integer token) {
        requireUnbuilt();
        maskToken = token;
        return this;
    }

    /** Sets what unknown places become when {@link #invert} is set; -1 if not set. */
    public IntegerLookup oovToken(int token) {
        requireUnbuilt();
        oovToken = token;
        return this;
    }

    /** Sets how many places unknown numbers share; 1 if not set. */
    public IntegerLookup numOovIndices(int count) {
        requireUnbuilt();
        if (count < 0)
            throw new IllegalArgumentException("IntegerLookup: num_oov_indices must be 0 or more, got " + count);
        numOovIndices = count;
        return this;
    }

    /** Sets "int" (the place, if not set), "one_hot", "multi_hot", "count" or "tf_idf". */
    public IntegerLookup outputMode(String mode) {
        requireUnbuilt();
        outputMode = CategoryCodes.checked("IntegerLookup", mode, "int", "one_hot", "multi_hot", "count", "tf_idf");
        return this;
    }

    /** Says whether places are replaced by the numbers at them; false if not set. */
    public IntegerLookup invert(boolean invert) {
        requireUnbuilt();
        this.invert = invert;
        return this;
    }

    private int masked() {
        return maskToken != null && outputMode.equals("int") ? 1 : 0;
    }

    private int depth() {
        return padToMaxTokens && maxTokens != null ? maxTokens : numOovIndices + vocabulary.size();
    }

    @Override
    protected void buildAll(Object inputs) {
        if (vocabulary.isEmpty()) throw new IllegalArgumentException("expected a vocabulary, got none");
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        if (inputs instanceof Tensor x) return lookup(x);
        List<Number> numbers = Tree.flatten(inputs, Number.class);
        if (!(inputs instanceof List<?> list) || list.size() != numbers.size())
            throw refuse("expected a tensor or a list of whole numbers", inputs);
        int[] values = numbers.stream().mapToInt(Number::intValue).toArray();
        return lookup(Tensor.of(NDArray.of(Shape.of(values.length), values)));
    }

    private Tensor lookup(Tensor x) {
        Tensor words = Tensor.of(NDArray.of(
                Shape.of(vocabulary.size()),
                vocabulary.stream().mapToInt(Integer::intValue).toArray()));
        Tensor number = K.cast(x, DType.INT32);
        int start = masked() + numOovIndices;
        if (invert) {
            Tensor place = K.subtract(number, start);
            Tensor known = K.logicalAnd(K.greaterEqual(place, 0), K.less(place, vocabulary.size()));
            Tensor word = K.take(words, K.where(known, place, K.zerosLike(place)), 0);
            Tensor found = K.where(known, word, K.fullLike(word, oovToken));
            return maskToken == null ? found : K.where(K.equal(number, 0), K.fullLike(found, maskToken), found);
        }
        Tensor equal = K.equal(K.expandDims(number, -1), words);
        Tensor known = K.any(equal, -1, false);
        Tensor place = K.add(K.argmax(K.cast(equal, DType.INT32), -1), start);
        Tensor unknown = numOovIndices > 1
                ? K.add(K.mod(number, numOovIndices), masked())
                : K.fullLike(number, numOovIndices == 0 ? -1 : masked());
        Tensor index = K.where(known, place, unknown);
        Integer mask = maskToken;
        if (mask != null && masked() == 1) index = K.where(K.equal(number, mask), K.zerosLike(index), index);
        if (!outputMode.equals("tf_idf")) return CategoryCodes.encode(index, outputMode, depth(), DType.INT32, null);
        return K.multiply(CategoryCodes.encode(index, "count", depth(), DType.FLOAT32, null), wordWeights());
    }

    /** Returns the weight of each place; unknown numbers weigh what known ones do on average. */
    private Tensor wordWeights() {
        List<Double> given = idfWeights;
        if (given == null || given.size() != vocabulary.size())
            throw new IllegalArgumentException("expected idf_weights of " + vocabulary.size()
                    + " numbers with output_mode \"tf_idf\", got " + (given == null ? "none" : given.size()));
        double mean = given.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        NDArray all = NDArray.zeros(DType.FLOAT32, Shape.of(depth()));
        for (int i = 0; i < numOovIndices; i++) all.set(i, mean);
        for (int i = 0; i < given.size(); i++) all.set(numOovIndices + i, given.get(i));
        return Tensor.of(all);
    }

    @Override
    protected boolean castsInputs() {
        return false;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("invert", invert);
        config.put("max_tokens", maxTokens);
        config.put("num_oov_indices", numOovIndices);
        config.put("oov_token", oovToken);
        config.put("mask_token", maskToken);
        config.put("output_mode", outputMode);
        config.put("sparse", false);
        config.put("pad_to_max_tokens", padToMaxTokens);
        config.put("vocabulary_dtype", "int64");
        config.put("idf_weights", idfWeights);
        config.put("vocabulary", vocabulary);
        config.put("vocabulary_size", masked() + numOovIndices + vocabulary.size());
        return config;
    }
}
