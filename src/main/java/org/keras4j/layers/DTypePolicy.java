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
    private static volatile @Nullable DTypePolicy global;

    /** Returns the policy called {@code name}: a dtype, {@code "mixed_float16"} or {@code "mixed_bfloat16"}. */
    public static DTypePolicy of(String name) {
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
            case Map<?, ?> map when map.get("config") instanceof Map<?, ?> inner && inner.get("name") instanceof String n ->
                of(n);
            default -> throw config.wrong(key, "a dtype or a dtype policy", value);
        };
    }

    @Override
    public String module() {
        return "keras";
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", name);
        return config;
    }
}
