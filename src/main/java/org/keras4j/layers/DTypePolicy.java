package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.DType;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.Configurable;

/**
 * Which dtype a layer computes in, and which its weights have: {@code "float32"}, {@code "mixed_float16"} and so on.
 *
 * @param name Keras's name
 * @param compute what floating inputs and weights are cast to in a call
 * @param variable what weights are stored as
 */
public record DTypePolicy(String name, DType compute, DType variable) implements Configurable {
    /** How many steps the scales of 8-bit floats look back. */
    static final int FLOAT8_HISTORY = 1024;

    private static volatile @Nullable DTypePolicy global;

    /**
     * Returns the policy called {@code name}: a dtype, {@code "mixed_float16"}, {@code "mixed_bfloat16"}, or one of
     * quantized weights such as {@code "int8_from_float32"}, {@code "int4/64_from_mixed_bfloat16"},
     * {@code "float8_from_float32"}, {@code "gptq/4/128_from_float32"} or {@code "awq/4/128_from_float32"}.
     */
    public static DTypePolicy of(String name) {
        int from = name.indexOf("_from_");
        if (from > 0) {
            DTypePolicy source = of(name.substring(from + "_from_".length()));
            return new DTypePolicy(name, source.compute, source.variable);
        }
        return switch (name) {
            case "mixed_float16" -> new DTypePolicy(name, DType.FLOAT16, DType.FLOAT32);
            case "mixed_bfloat16" -> new DTypePolicy(name, DType.BFLOAT16, DType.FLOAT32);
            default -> new DTypePolicy(name, DType.of(name), DType.of(name));
        };
    }

    /** Returns what layers without a policy of their own use: {@code floatx} unless set. */
    public static DTypePolicy global() {
        DTypePolicy set = global;
        return set == null ? of(Config.floatx()) : set;
    }

    /** Sets what layers made from now on use, as {@code keras.config.set_dtype_policy}; null for {@code floatx}. */
    public static void setGlobal(@Nullable DTypePolicy policy) {
        global = policy;
    }

    /** Reads the {@code dtype} of a layer's config: a name, a policy object of Keras 2 or 3, or null. */
    public static DTypePolicy read(ConfigReader config, String key) {
        Object value = config.get(key);
        return switch (value) {
            case null -> global();
            case String name -> of(name);
            case Map<?, ?> map
            when map.get("config") instanceof Map<?, ?> inner && inner.get("name") instanceof String n -> of(n);
            case Map<?, ?> map
            when map.get("config") instanceof Map<?, ?> inner
                    && inner.get("mode") instanceof String mode
                    && inner.get("source_name") instanceof String source -> {
                if (inner.get("amax_history_length") instanceof Number n && n.intValue() != FLOAT8_HISTORY)
                    throw config.wrong(key, "amax_history_length " + FLOAT8_HISTORY, n);
                yield of(mode + "_from_" + source);
            }
            default -> throw config.wrong(key, "a dtype or a dtype policy", value);
        };
    }

    /** Returns how weights are quantized, such as {@code "int8"} or {@code "int4/64"}; null if they are not. */
    public @Nullable String quantization() {
        int from = name.indexOf("_from_");
        return from < 0 ? null : name.substring(0, from);
    }

    @Override
    public String module() {
        return quantization() == null ? "keras" : "keras.dtype_policies";
    }

    @Override
    public String className() {
        String mode = quantization();
        if (mode == null) return "DTypePolicy";
        if (mode.startsWith("int4/")) return "Int4DTypePolicy";
        if (mode.startsWith("gptq/")) return "GPTQDTypePolicy";
        if (mode.startsWith("awq/")) return "AWQDTypePolicy";
        return switch (mode) {
            case "float8" -> "QuantizedFloat8DTypePolicy";
            case "ternary" -> "TernaryDTypePolicy";
            default -> "QuantizedDTypePolicy";
        };
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        String mode = quantization();
        if (mode == null) {
            config.put("name", name);
            return config;
        }
        config.put("mode", mode);
        config.put("source_name", name.substring(mode.length() + "_from_".length()));
        if (mode.equals("float8")) config.put("amax_history_length", FLOAT8_HISTORY);
        return config;
    }
}
