package org.keras4j.saving.legacy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;

/**
 * Turns the config of a model that Keras 1 or 2, or Keras 3 into an {@code .h5} file, has written into the form of
 * {@code .keras} files, so that there is one reader of models.
 *
 * <p>Rules after Keras 2.3.1, {@code legacy/interfaces.py} and {@code engine/saving.py}, and TensorFlow 2.15.
 */
public final class LegacyConfig {
    private static final Set<String> MODELS = Set.of("Sequential", "Functional", "Model");

    private final int major;
    private final String file;

    private LegacyConfig(int major, String file) {
        this.major = major;
        this.file = file;
    }

    /**
     * Returns the config of the model in the form of today.
     *
     * @param config {@code {"class_name", "config"}} with layers that carry no module
     * @param version the Keras that wrote it; null for the oldest, which did not say
     * @param file what errors call the file
     */
    public static Map<String, @Nullable Object> upgrade(
            Map<String, @Nullable Object> config, @Nullable String version, String file) {
        return new LegacyConfig(majorOf(version), file).object(config);
    }

    /** Returns the first number of a version such as {@code 2.2.4-tf}, 1 if none is given. */
    public static int majorOf(@Nullable String version) {
        if (version == null || version.isEmpty() || !Character.isDigit(version.charAt(0))) return 1;
        return version.charAt(0) - '0';
    }

    private Map<String, @Nullable Object> object(Map<?, ?> old) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        old.forEach((key, value) -> out.put(String.valueOf(key), value));
        String oldClass = String.valueOf(old.get("class_name"));
        String className = LegacyKeys.className(oldClass);
        out.put("class_name", className);
        Object config = old.get("config");
        if (MODELS.contains(oldClass)) out.put("config", model(className, config));
        else if (config instanceof Map<?, ?> map) out.put("config", layer(oldClass, className, map));
        return out;
    }

    private Map<String, @Nullable Object> model(String className, @Nullable Object config) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        if (config instanceof Map<?, ?> map) map.forEach((key, value) -> out.put(String.valueOf(key), value));
        Object layers = config instanceof List<?> ? config : out.get("layers");
        if (!(layers instanceof List<?> list))
            throw new KerasFileException(file, "model_config", "expected a list of layers in " + className);
        List<Map<String, @Nullable Object>> upgraded = new ArrayList<>();
        for (Object layer : list) {
            if (!(layer instanceof Map<?, ?> map) || !(map.get("class_name") instanceof String))
                throw new KerasFileException(file, "model_config", "expected layers with class_name, got " + layer);
            upgraded.add(object(map));
        }
        if (className.equals("Sequential")) SequentialInput.insert(upgraded, list, out.get("build_input_shape"));
        out.put("layers", upgraded);
        return out;
    }

    private Map<String, @Nullable Object> layer(String oldClass, String className, Map<?, ?> old) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        old.forEach((key, value) -> copy.put(String.valueOf(key), value));
        Map<String, @Nullable Object> config = LegacyKeys.renamed(className, copy);
        config.replaceAll((key, value) -> inner(key, value));
        if (config.containsKey("batch_input_shape") && className.equals("InputLayer"))
            config.putIfAbsent("batch_shape", config.get("batch_input_shape"));
        if (className.equals("GRU") && major < 3) config.putIfAbsent("reset_after", oldClass.startsWith("CuDNN"));
        if (oldClass.startsWith("CuDNN")) {
            config.put("activation", "tanh");
            config.put("recurrent_activation", "sigmoid");
        }
        if (className.equals("BatchNormalization") && config.get("axis") instanceof List<?> axes && axes.size() == 1)
            config.put("axis", axes.getFirst());
        if (Boolean.TRUE.equals(config.get("time_major")))
            throw new KerasFileException(file, "model_config", className + " with time_major, which is not supported");
        return config;
    }

    /** Upgrades a value inside a layer's config: a wrapped layer, a cell, an initializer, the name of an activation. */
    private @Nullable Object inner(String key, @Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map when map.get("class_name") instanceof String -> object(map);
            case List<?> list -> {
                List<@Nullable Object> out = new ArrayList<>();
                for (Object element : list) out.add(inner(key, element));
                yield out;
            }
            case String name
            when major < 3 && name.equals("hard_sigmoid") && key.endsWith("activation") ->
                // it meant another function then
                "hard_sigmoid_v2";
            case String name when key.equals("distribution") && name.equals("normal") -> "truncated_normal";
            case null, default -> value;
        };
    }
}
