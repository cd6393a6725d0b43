package org.keras4j.saving.legacy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the {@code training_config} of an {@code .h5} file into the {@code compile_config} of a {@code .keras} file.
 */
public final class LegacyTraining {
    private static final Map<String, String> LOSSES = Map.of(
            "cosine_proximity", "cosine_similarity",
            "cosine", "cosine_similarity",
            "kullback_leibler_divergence", "kl_divergence",
            "kld", "kl_divergence",
            "logcosh", "log_cosh");

    private LegacyTraining() {}

    /** Returns the config of today. */
    public static Map<String, @Nullable Object> upgrade(Map<String, @Nullable Object> old) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("optimizer", old.get("optimizer_config") instanceof Map<?, ?> map ? optimizer(map) : null);
        out.put("loss", loss(old.get("loss")));
        out.put("loss_weights", old.get("loss_weights"));
        out.put("metrics", metrics(old.get("metrics")));
        out.put("weighted_metrics", metrics(old.get("weighted_metrics")));
        for (String key : List.of("run_eagerly", "steps_per_execution", "jit_compile"))
            if (old.containsKey(key)) out.put(key, old.get(key));
        return out;
    }

    private static Map<String, @Nullable Object> optimizer(Map<?, ?> old) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        old.forEach((key, value) -> out.put(String.valueOf(key), value));
        if (!(old.get("config") instanceof Map<?, ?> settings)) return out;
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        settings.forEach((key, value) -> config.put(key.equals("lr") ? "learning_rate" : String.valueOf(key), value));
        Object decay = config.remove("decay");
        if (decay instanceof Number rate && rate.doubleValue() != 0 && config.get("learning_rate") instanceof Number) {
            Map<String, @Nullable Object> schedule = new LinkedHashMap<>();
            schedule.put("initial_learning_rate", config.get("learning_rate"));
            schedule.put("decay_steps", 1L);
            schedule.put("decay_rate", rate);
            schedule.put("staircase", false);
            config.put("learning_rate", LegacyKeys.object("InverseTimeDecay", schedule));
        }
        out.put("class_name", className(String.valueOf(old.get("class_name"))));
        out.put("config", config);
        return out;
    }

    /** Keras 2 matched optimizers without regard to case. */
    private static String className(String old) {
        for (String known : List.of(
                "SGD",
                "RMSprop",
                "Adam",
                "AdamW",
                "Adagrad",
                "Adadelta",
                "Adamax",
                "Nadam",
                "Ftrl",
                "Adafactor",
                "Lion")) if (known.equalsIgnoreCase(old)) return known;
        return old;
    }

    private static @Nullable Object loss(@Nullable Object old) {
        return switch (old) {
            case String name -> LOSSES.getOrDefault(name, name);
            case List<?> list -> {
                List<@Nullable Object> out = new ArrayList<>();
                for (Object element : list) out.add(loss(element));
                yield out;
            }
            case Map<?, ?> map when map.get("class_name") instanceof String -> lossObject(map);
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> out = new LinkedHashMap<>();
                map.forEach((output, value) -> out.put(String.valueOf(output), loss(value)));
                yield out;
            }
            case null, default -> old;
        };
    }

    private static Map<String, @Nullable Object> lossObject(Map<?, ?> old) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        old.forEach((key, value) -> out.put(String.valueOf(key), value));
        if (old.get("config") instanceof Map<?, ?> settings) {
            Map<String, @Nullable Object> config = new LinkedHashMap<>();
            settings.forEach((key, value) -> config.put(String.valueOf(key), value));
            config.computeIfPresent("reduction", (_, value) -> value.equals("auto") ? "sum_over_batch_size" : value);
            config.remove("fn");
            out.put("config", config);
        }
        return out;
    }

    /** Names a wrapped metric by its function; a list in a list is TensorFlow's, one for each output. */
    private static @Nullable Object metrics(@Nullable Object old) {
        return switch (old) {
            case String name -> name.equals("acc") ? "accuracy" : LOSSES.getOrDefault(name, name);
            case List<?> list when list.size() == 1 && list.getFirst() instanceof List<?> only -> metrics(only);
            case List<?> list -> {
                List<@Nullable Object> out = new ArrayList<>();
                for (Object element : list) out.add(metrics(element));
                yield out;
            }
            case Map<?, ?> map when "MeanMetricWrapper".equals(map.get("class_name")) -> wrapped(map);
            case Map<?, ?> map when map.get("class_name") instanceof String -> map;
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> out = new LinkedHashMap<>();
                map.forEach((output, value) -> out.put(String.valueOf(output), metrics(value)));
                yield out;
            }
            case null, default -> old;
        };
    }

    private static @Nullable Object wrapped(Map<?, ?> metric) {
        if (!(metric.get("config") instanceof Map<?, ?> config)) return metric;
        Object name = config.get("name");
        if ("accuracy".equals(name) || "acc".equals(name)) return "accuracy";
        return config.get("fn") instanceof String function ? function : name;
    }
}
