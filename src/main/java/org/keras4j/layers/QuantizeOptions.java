package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How and which layers are quantized: the options of {@code Model.quantize}. */
public final class QuantizeOptions {
    private static final int INT8_RANGE = 127;

    private final String mode;
    private @Nullable Integer blockSize = 128;
    private boolean roundInputs;
    private Predicate<Layer> filters = layer -> true;

    /**
     * Takes Keras's defaults of a mode.
     *
     * @param mode {@code "int8"}, {@code "int4"} or {@code "float8"}
     */
    public QuantizeOptions(String mode) {
        if (!List.of("int8", "int4", "float8").contains(mode))
            throw new IllegalArgumentException("quantize: expected the mode \"int8\", \"int4\" or \"float8\", got \""
                    + mode + "\"; files that Keras quantized with \"gptq\" and \"awq\" can be loaded");
        this.mode = mode;
        roundInputs = mode.equals("int8");
    }

    /** Sets how many rows of an int4 weight share a scale and a zero point; 128 if not set, null for all of them. */
    public QuantizeOptions blockSize(@Nullable Integer blockSize) {
        if (blockSize != null && blockSize != -1 && blockSize <= 0)
            throw new IllegalArgumentException("quantize: block_size must be positive, -1 or null, got " + blockSize);
        this.blockSize = blockSize;
        return this;
    }

    /**
     * Says whether layers round their inputs to 8 bits too, as with Keras's {@code activation_quantizer}; true for int8,
     * false for int4 if not set.
     */
    public QuantizeOptions roundInputs(boolean roundInputs) {
        this.roundInputs = roundInputs;
        return this;
    }

    /** Takes only layers in whose name one of these regular expressions is found. */
    public QuantizeOptions filters(String... patterns) {
        List<Pattern> compiled =
                java.util.Arrays.stream(patterns).map(Pattern::compile).toList();
        return filters(
                layer -> compiled.stream().anyMatch(p -> p.matcher(layer.name()).find()));
    }

    /** Takes only layers of which this is true. */
    public QuantizeOptions filters(Predicate<Layer> filters) {
        this.filters = filters;
        return this;
    }

    /** Says whether the layer is among those that were asked for. */
    public boolean wants(Layer layer) {
        return filters.test(layer);
    }

    String mode() {
        return mode;
    }

    boolean isFloat8() {
        return mode.equals("float8");
    }

    /** Returns the policy of a layer that had {@code source}. */
    DTypePolicy policy(DTypePolicy source) {
        String kind = mode.equals("int4") ? "int4/" + (blockSize == null ? -1 : blockSize) : mode;
        return DTypePolicy.of(kind + "_from_" + source.name());
    }

    /** Returns Keras's {@code quantization_config} of a layer. */
    Map<String, @Nullable Object> config() {
        boolean isInBlocks = mode.equals("int4") && blockSize != null && blockSize > 0;
        if (isInBlocks && roundInputs)
            throw new IllegalArgumentException(
                    "quantize: int4 in blocks does not round inputs; set block_size to null");
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        if (!isFloat8()) {
            config.put("weight_quantizer", null);
            config.put("activation_quantizer", roundInputs ? absMaxQuantizer() : null);
        }
        if (mode.equals("int4")) config.put("block_size", blockSize);
        String className = switch (mode) {
            case "int8" -> "Int8QuantizationConfig";
            case "int4" -> "Int4QuantizationConfig";
            default -> "Float8QuantizationConfig";
        };
        return serialized(className, config);
    }

    private static Map<String, @Nullable Object> absMaxQuantizer() {
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("value_range", List.of(-INT8_RANGE, INT8_RANGE));
        config.put("epsilon", Quantizer.EPSILON);
        config.put("output_dtype", "int8");
        return serialized("AbsMaxQuantizer", config);
    }

    private static Map<String, @Nullable Object> serialized(String className, Map<String, @Nullable Object> config) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("module", "keras.quantizers");
        map.put("class_name", className);
        map.put("config", config);
        map.put("registered_name", null);
        return map;
    }
}
