package org.keras4j.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.layers.DTypePolicy;
import org.keras4j.losses.Loss;
import org.keras4j.optimizers.LossScaleOptimizer;
import org.keras4j.optimizers.Optimizer;
import org.keras4j.optimizers.Optimizers;
import org.keras4j.optimizers.RMSprop;
import org.keras4j.serialization.ConfigReader;

/**
 * The keyword arguments of {@code compile}. Losses and metrics are given by Keras's name, as an object, or as a list or
 * map of them with an entry for each output.
 */
public final class CompileOptions {
    Optimizer optimizer = new RMSprop();

    @Nullable
    Object loss;

    @Nullable
    Object lossWeights;

    @Nullable
    Object metrics;

    @Nullable
    Object weightedMetrics;

    private boolean autoScaleLoss = true;

    CompileOptions() {}

    boolean lossIsEmpty() {
        return loss == null;
    }

    /** Sets the optimizer by Keras's name, with its defaults. */
    public CompileOptions optimizer(String name) {
        return optimizer(Objects.requireNonNull(Optimizers.get(name)));
    }

    public CompileOptions optimizer(Optimizer optimizer) {
        this.optimizer = optimizer;
        return this;
    }

    /**
     * Sets whether a model of policy {@code "mixed_float16"} is trained by a {@link LossScaleOptimizer} around the
     * given optimizer, so that small gradients do not vanish; true to start with.
     */
    public CompileOptions autoScaleLoss(boolean autoScaleLoss) {
        this.autoScaleLoss = autoScaleLoss;
        return this;
    }

    /** Returns what trains a model of a policy. */
    Optimizer optimizerFor(DTypePolicy policy) {
        boolean wraps =
                autoScaleLoss && policy.name().equals("mixed_float16") && !(optimizer instanceof LossScaleOptimizer);
        return wraps ? new LossScaleOptimizer(optimizer).name("loss_scale_optimizer") : optimizer;
    }

    /** Sets the loss of all outputs by Keras's name. */
    public CompileOptions loss(String name) {
        loss = name;
        return this;
    }

    public CompileOptions loss(Loss loss) {
        this.loss = loss;
        return this;
    }

    /** Sets a loss (name, object or null) for each output, in the model's order. */
    public CompileOptions loss(List<? extends @Nullable Object> losses) {
        loss = losses;
        return this;
    }

    /** Sets a loss (name or object) by output name. */
    public CompileOptions loss(Map<String, ?> losses) {
        loss = losses;
        return this;
    }

    /** Weighs the loss of a single output, or those of several in order. */
    public CompileOptions lossWeights(double... weights) {
        lossWeights = Arrays.stream(weights).boxed().toList();
        return this;
    }

    /** Weighs the losses by output name. */
    public CompileOptions lossWeights(Map<String, Double> weights) {
        lossWeights = weights;
        return this;
    }

    /** Adds metrics, each a name, a Metric or a Loss; for several outputs one entry (or list of entries) for each. */
    public CompileOptions metrics(Object... metrics) {
        this.metrics = metrics.length == 1 && (metrics[0] instanceof Map || metrics[0] instanceof List)
                ? metrics[0]
                : List.of(metrics);
        return this;
    }

    /** Adds metrics that count samples by their weights, given as in {@link #metrics}. */
    public CompileOptions weightedMetrics(Object... metrics) {
        this.weightedMetrics = metrics.length == 1 && (metrics[0] instanceof Map || metrics[0] instanceof List)
                ? metrics[0]
                : List.of(metrics);
        return this;
    }

    /** Returns Keras's compile_config. */
    Map<String, Object> config() {
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("optimizer", optimizer);
        config.put("loss", loss);
        config.put("loss_weights", lossWeights);
        config.put("metrics", metrics);
        config.put("weighted_metrics", weightedMetrics);
        config.put("run_eagerly", false);
        config.put("steps_per_execution", 1);
        config.put("jit_compile", false);
        return config;
    }

    /** Reads Keras's compile_config; null if it says nothing. */
    static @Nullable CompileOptions read(ConfigReader config) {
        Object optimizer = config.get("optimizer");
        if (optimizer == null) return null;
        var options = new CompileOptions();
        options.optimizer = optimizer instanceof String name
                ? Objects.requireNonNull(Optimizers.get(name))
                : config.deserialize("optimizer", optimizer, Optimizer.class);
        options.loss = objects(config, "loss", config.get("loss"));
        options.lossWeights = config.get("loss_weights");
        options.metrics = objects(config, "metrics", config.get("metrics"));
        options.weightedMetrics = objects(config, "weighted_metrics", config.get("weighted_metrics"));
        return options;
    }

    /** Makes the objects in lists and maps; names stay names. */
    private static @Nullable Object objects(ConfigReader config, String key, @Nullable Object value) {
        if (value instanceof List<?> list) {
            List<@Nullable Object> out = new ArrayList<>();
            for (Object o : list) out.add(objects(config, key, o));
            return out;
        }
        if (!(value instanceof Map<?, ?> map)) return value;
        if (map.get("class_name") instanceof String name && map.containsKey("config"))
            return name.equals("function")
                    ? map.get("config")
                    : config.registry().deserialize(map, config.where() + "/" + key);
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        map.forEach((k, v) -> out.put(String.valueOf(k), objects(config, key, v)));
        return out;
    }
}
