package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.keras4j.DType;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Writes whole numbers from 0 to {@code numTokens} - 1 as vectors with a place for each. */
public final class CategoryEncoding extends BaseLayer<CategoryEncoding> {
    private final int numTokens;
    private String outputMode = "multi_hot";

    public CategoryEncoding(int numTokens) {
        if (numTokens < 1)
            throw new IllegalArgumentException("CategoryEncoding: num_tokens must be positive, got " + numTokens);
        this.numTokens = numTokens;
    }

    static CategoryEncoding fromConfig(ConfigReader config) {
        Integer tokens = config.nullableInteger("num_tokens");
        return configure(new CategoryEncoding(tokens == null ? config.integer("max_tokens") : tokens), config)
                .outputMode(config.string("output_mode", "multi_hot"));
    }

    /** Sets "multi_hot" (1 for each number that comes, if not set), "one_hot" or "count". */
    public CategoryEncoding outputMode(String mode) {
        requireUnbuilt();
        String known = mode.equals("binary") ? "multi_hot" : mode;
        outputMode = CategoryCodes.checked("CategoryEncoding", known, "count", "one_hot", "multi_hot");
        return this;
    }

    @Override
    protected List<String> argumentNames() {
        return List.of("inputs", "count_weights");
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        DType compute = dtypePolicy().compute();
        Tensor weights = call.tensor(1, "count_weights");
        if (weights != null && !outputMode.equals("count"))
            throw refuse("expected count_weights with output_mode \"count\" only", outputMode);
        Tensor index = x.dtype().isInteger() ? x : K.cast(x, DType.INT32);
        return CategoryCodes.encode(
                index, outputMode, numTokens, compute, weights == null ? null : K.cast(weights, compute));
    }

    @Override
    protected boolean castsInputs() {
        return false;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("num_tokens", numTokens);
        config.put("output_mode", outputMode);
        return config;
    }
}
