package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Initializer;
import org.keras4j.op.Fusion;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * Scales each channel to mean 0 and variance 1 over the batch in training, and by moving averages of them otherwise
 * (Ioffe and Szegedy 2015); with {@code renorm} by Batch Renormalization (Ioffe 2017).
 */
public final class BatchNormalization extends ScaleLayer<BatchNormalization> {
    private final Parameter movingMean = new Parameter("moving_mean", "zeros");
    private final Parameter movingVariance = new Parameter("moving_variance", "ones");
    private int axis = -1;
    private double momentum = 0.99;
    private boolean synchronous;
    private boolean renorm;
    private @Nullable Map<String, Double> renormClipping;
    private double renormMomentum = 0.99;
    private @Nullable Variable gammaWeight;
    private @Nullable Variable betaWeight;
    private @Nullable Variable mean;
    private @Nullable Variable variance;
    private @Nullable Renorm corrections;

    public BatchNormalization() {
        supportsMasking(true);
    }

    public BatchNormalization(int axis) {
        this();
        this.axis = axis;
    }

    static BatchNormalization fromConfig(ConfigReader config) {
        var layer = new BatchNormalization(axis(config)).configureScale(config);
        layer.momentum(config.real("momentum", 0.99)).synchronizedAcrossDevices(config.bool("synchronized", false));
        layer.movingMean.read(config);
        layer.movingVariance.read(config);
        Map<String, Double> clipping = new LinkedHashMap<>();
        if (config.get("renorm_clipping") instanceof Map<?, ?> given)
            given.forEach((k, v) -> {
                if (v instanceof Number n) clipping.put(String.valueOf(k), n.doubleValue());
            });
        return layer.renorm(config.bool("renorm", false))
                .renormClipping(config.get("renorm_clipping") == null ? null : clipping)
                .renormMomentum(config.real("renorm_momentum", 0.99));
    }

    /** Sets how much of a moving average stays at each step; 0.99 if not set. */
    public BatchNormalization momentum(double momentum) {
        requireUnbuilt();
        this.momentum = momentum;
        return this;
    }

    public BatchNormalization movingMeanInitializer(Object initializer) {
        requireUnbuilt();
        movingMean.initializer(initializer);
        return this;
    }

    public BatchNormalization movingVarianceInitializer(Object initializer) {
        requireUnbuilt();
        movingVariance.initializer(initializer);
        return this;
    }

    /** Takes Keras's {@code synchronized}, which changes nothing on one device. */
    public BatchNormalization synchronizedAcrossDevices(boolean value) {
        synchronous = value;
        return this;
    }

    /** Says whether batches are corrected towards the moving averages in training; false if not set. */
    public BatchNormalization renorm(boolean renorm) {
        requireUnbuilt();
        this.renorm = renorm;
        return this;
    }

    /** Bounds the corrections of {@link #renorm}: keys "rmin", "rmax" and "dmax". */
    public BatchNormalization renormClipping(@Nullable Map<String, Double> clipping) {
        requireUnbuilt();
        if (clipping != null && !Set.of("rmin", "rmax", "dmax").containsAll(clipping.keySet()))
            throw new IllegalArgumentException(
                    "BatchNormalization: renorm_clipping takes rmin, rmax and dmax, got " + clipping.keySet());
        renormClipping = clipping == null ? null : new LinkedHashMap<>(clipping);
        return this;
    }

    /** Sets how much of the averages of {@link #renorm} stays at each step; 0.99 if not set. */
    public BatchNormalization renormMomentum(double momentum) {
        requireUnbuilt();
        renormMomentum = momentum;
        return this;
    }

    @Override
    protected void build(Shape input) {
        int size = knownSize(input, axis);
        Shape shape = Shape.of(size);
        if (scale) gammaWeight = gamma.add(this, "gamma", shape, false);
        if (center) betaWeight = beta.add(this, "beta", shape, false);
        mean = addStatistic("moving_mean", movingMean, shape);
        variance = addStatistic("moving_variance", movingVariance, shape);
        if (renorm) corrections = new Renorm(this, shape);
        inputSpec(new InputSpec(input.rank(), 0, Map.of(axis, size)));
    }

    private Variable addStatistic(String name, Parameter start, Shape shape) {
        return addWeight(
                name,
                shape,
                o -> o.initializer(start.initializer()).trainable(false).autocast(false));
    }

    @Override
    protected List<String> argumentNames() {
        return List.of("inputs", "training", "mask");
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor mask = call.tensorMask();
        if (mask != null && mask.rank() != x.rank() - 1)
            throw refuse("expected a mask with one axis less than the input " + x.shape(), mask);
        DType wide = x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        Tensor f = K.cast(x, wide);
        Tensor g = widened(gammaWeight, wide);
        Tensor b = widened(betaWeight, wide);
        Tensor m = K.cast(Objects.requireNonNull(mean, "built").value(), wide);
        Tensor v = K.cast(Objects.requireNonNull(variance, "built").value(), wide);
        if (call.training() && trainable()) {
            Tensor fused = mask == null && corrections == null ? fused(x, f, g, b) : null;
            if (fused != null) {
                move(mean, m, Primitives.item(fused, 1), momentum);
                move(Objects.requireNonNull(variance), v, Primitives.item(fused, 2), momentum);
                return K.cast(Primitives.item(fused, 0), dtypePolicy().compute());
            }
            List<Tensor> moments = moments(f, mask);
            Tensor oldMean = m;
            Tensor oldVariance = v;
            m = moments.get(0);
            v = moments.get(1);
            if (corrections != null) {
                List<Tensor> transform = corrections.correct(m, v, g, b);
                g = transform.get(0);
                b = transform.get(1);
                corrections.update(m, v);
            } else {
                move(mean, oldMean, m, momentum);
                move(Objects.requireNonNull(variance), oldVariance, v, momentum);
            }
        }
        return K.cast(
                K.batchNormalization(f, m, v, axis, b, g, epsilon),
                dtypePolicy().compute());
    }

    /** Returns y and the statistics as one operation of x or its wide form, or null where the backend has none. */
    private @Nullable Tensor fused(Tensor x, Tensor wide, @Nullable Tensor gamma, @Nullable Tensor beta) {
        if (x.shape().axis(axis) != x.rank() - 1) return null;
        Shape channels = Shape.of(x.shape().last());
        Tensor g = gamma == null ? Primitives.full(1, wide.dtype(), channels) : gamma;
        Tensor b = beta == null ? Primitives.full(0, wide.dtype(), channels) : beta;
        var fusion = new Fusion.BatchNorm(epsilon);
        boolean narrow = x.dtype().isNarrow() && x.dtype() == dtypePolicy().compute();
        if (narrow && BackendFusions.has(fusion, x, g, b)) return Primitives.fused(fusion, x, g, b);
        return BackendFusions.has(fusion, wide, g, b) ? Primitives.fused(fusion, wide, g, b) : null;
    }

    private static @Nullable Tensor widened(@Nullable Variable weight, DType dtype) {
        return weight == null ? null : K.cast(weight.value(), dtype);
    }

    /** Assigns {@code old * momentum + now * (1 - momentum)}. */
    private static void move(Variable average, Tensor old, Tensor now, double momentum) {
        Tensor moved = K.add(K.multiply(old, momentum), K.multiply(now, 1 - momentum));
        average.assign(K.cast(moved, average.dtype()));
    }

    /** Returns mean and variance of each channel over what the mask lets through. */
    private List<Tensor> moments(Tensor x, @Nullable Tensor mask) {
        int[] axes = Axes.allBut(x.rank(), x.shape().axis(axis));
        if (mask == null) return K.moments(x, axes, false);
        Tensor seen = K.broadcastTo(K.expandDims(K.cast(mask, DType.BOOL), -1), x.shape());
        Tensor zero = K.zerosLike(x);
        Tensor count = K.add(K.sum(K.cast(seen, x.dtype()), axes, true), Config.epsilon());
        Tensor m = K.divide(K.sum(K.where(seen, x, zero), axes, true), count);
        Tensor apart = K.where(seen, K.subtract(x, m), zero);
        Tensor v = K.divide(K.sum(K.square(apart), axes, true), count);
        return List.of(K.reshape(m, -1), K.reshape(v, -1));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("axis", axis);
        config.put("momentum", momentum);
        config.put("epsilon", epsilon);
        config.put("center", center);
        config.put("scale", scale);
        Parameter.putInitializers(config, beta, gamma, movingMean, movingVariance);
        Parameter.putRegularizers(config, beta, gamma);
        Parameter.putConstraints(config, beta, gamma);
        config.put("synchronized", synchronous);
        config.put("renorm", renorm);
        config.put("renorm_clipping", renormClipping);
        config.put("renorm_momentum", renormMomentum);
        return config;
    }

    /** What Batch Renormalization keeps: averages that the statistics of a batch are compared with. */
    private static final class Renorm {
        private final BatchNormalization layer;
        private final Variable movingStddev;
        private final Variable renormMean;
        private final Variable renormStddev;

        Renorm(BatchNormalization layer, Shape shape) {
            this.layer = layer;
            Initializer means = Objects.requireNonNull(layer.movingMean.initializer());
            Initializer variances = Objects.requireNonNull(layer.movingVariance.initializer());
            Initializer stddevs = new RootOf(variances);
            movingStddev = add("moving_stddev", stddevs, shape);
            renormMean = add("renorm_mean", means, shape);
            renormStddev = add("renorm_stddev", stddevs, shape);
        }

        private Variable add(String name, Initializer start, Shape shape) {
            return layer.addWeight(
                    name, shape, o -> o.initializer(start).trainable(false).autocast(false));
        }

        private @Nullable Double bound(String key) {
            return layer.renormClipping == null ? null : layer.renormClipping.get(key);
        }

        /** Returns gamma and beta with the corrections r and d in them. */
        List<Tensor> correct(Tensor mean, Tensor variance, @Nullable Tensor gamma, @Nullable Tensor beta) {
            Tensor stddev = K.sqrt(K.add(variance, layer.epsilon));
            Tensor average = K.maximum(K.cast(renormStddev.value(), mean.dtype()), Math.sqrt(layer.epsilon));
            Tensor r = K.divide(stddev, average);
            Tensor d = K.divide(K.subtract(mean, K.cast(renormMean.value(), mean.dtype())), average);
            Double rmin = bound("rmin");
            Double rmax = bound("rmax");
            Double dmax = bound("dmax");
            if (rmin != null) r = K.maximum(r, rmin);
            if (rmax != null) r = K.minimum(r, rmax);
            if (dmax != null) d = K.clip(d, -dmax, dmax);
            r = K.stopGradient(r);
            d = K.stopGradient(d);
            Tensor g = gamma == null ? r : K.multiply(r, gamma);
            Tensor b = gamma == null ? d : K.multiply(d, gamma);
            return List.of(g, beta == null ? b : K.add(b, beta));
        }

        void update(Tensor mean, Tensor variance) {
            Tensor stddev = K.sqrt(K.add(variance, layer.epsilon));
            move(renormMean, K.cast(renormMean.value(), mean.dtype()), mean, layer.renormMomentum);
            move(renormStddev, K.cast(renormStddev.value(), mean.dtype()), stddev, layer.renormMomentum);
            Variable moving = Objects.requireNonNull(layer.mean);
            move(moving, K.cast(moving.value(), mean.dtype()), mean, layer.momentum);
            move(movingStddev, K.cast(movingStddev.value(), mean.dtype()), stddev, layer.momentum);
            Tensor square = K.square(K.cast(movingStddev.value(), mean.dtype()));
            Variable v = Objects.requireNonNull(layer.variance);
            v.assign(K.cast(K.relu(K.subtract(square, layer.epsilon)), v.dtype()));
        }
    }

    /** Starts standard deviations from how variances start. */
    private record RootOf(Initializer variances) implements Initializer {
        @Override
        public NDArray call(Shape shape, DType dtype) {
            NDArray v = variances.call(shape, dtype);
            for (int i = 0; i < v.size(); i++) v.set(i, Math.sqrt(v.get(i)));
            return v;
        }

        @Override
        public Map<String, Object> getConfig() {
            return variances.getConfig();
        }
    }
}
