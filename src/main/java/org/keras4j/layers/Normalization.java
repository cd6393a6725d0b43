package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Initializers;
import org.keras4j.op.Ints;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.utils.Tree;

/** Shifts and scales its input by a known mean and variance, given or found with {@link #adapt}. */
public final class Normalization extends BaseLayer<Normalization> {
    private final int[] axes;
    private @Nullable NDArray givenMean;
    private @Nullable NDArray givenVariance;
    private boolean invert;
    private @Nullable Variable mean;
    private @Nullable Variable variance;

    public Normalization() {
        this(-1);
    }

    /** Takes the axes along which each place has a mean of its own; none for one mean of all. */
    public Normalization(int... axis) {
        axes = axis.clone();
        supportsMasking(true);
    }

    static Normalization fromConfig(ConfigReader config) {
        int[] axes = config.nullableInts("axis");
        boolean absent = axes == null && !config.has("axis");
        var layer = configure(new Normalization(absent ? new int[] {-1} : axes == null ? new int[0] : axes), config);
        Object mean = config.get("mean");
        Object variance = config.get("variance");
        if (mean != null && variance != null)
            layer.mean(array(config, "mean", mean)).variance(array(config, "variance", variance));
        layer.invert = config.bool("invert", false);
        return layer;
    }

    private static NDArray array(ConfigReader config, String key, Object value) {
        List<Number> flat = Tree.flatten(value, Number.class);
        List<Integer> dims = new ArrayList<>();
        for (Object at = value; at instanceof List<?> list; at = list.isEmpty() ? null : list.getFirst())
            dims.add(list.size());
        Shape shape = Shape.of(dims);
        if (shape.size() != flat.size()) throw config.wrong(key, "numbers in a regular list", value);
        NDArray out = NDArray.zeros(DType.FLOAT64, shape);
        for (int i = 0; i < flat.size(); i++) out.set(i, flat.get(i).doubleValue());
        return out;
    }

    /** Sets the mean; the variance must be set too. */
    public Normalization mean(NDArray mean) {
        requireUnbuilt();
        givenMean = mean;
        return this;
    }

    /** Sets the variance; the mean must be set too. */
    public Normalization variance(NDArray variance) {
        requireUnbuilt();
        givenVariance = variance;
        return this;
    }

    /** Says whether the layer undoes the normalization; false if not set. */
    public Normalization invert(boolean invert) {
        requireUnbuilt();
        this.invert = invert;
        return this;
    }

    /** Finds mean and variance of the data. */
    public Normalization adapt(NDArray data) {
        if (givenMean != null) throw new IllegalStateException(describe() + " has a mean already");
        buildFrom(data.shape());
        Tensor x = K.cast(Tensor.of(data), DType.FLOAT32);
        int[] kept = Axes.positive(axes, data.shape());
        List<Tensor> moments = K.moments(x, Axes.allBut(data.shape().rank(), kept), false);
        Objects.requireNonNull(mean).assign(moments.get(0).value());
        Objects.requireNonNull(variance).assign(moments.get(1).value());
        return this;
    }

    @Override
    protected void build(Shape input) {
        if ((givenMean == null) != (givenVariance == null))
            throw new IllegalArgumentException("expected both mean and variance, or none");
        int[] kept = Axes.positive(axes, input);
        var sizes = new int[kept.length];
        for (int i = 0; i < kept.length; i++) sizes[i] = knownSize(input, kept[i]);
        if (givenMean != null) return;
        mean = addStatistic("mean", Shape.of(sizes), "zeros", dtypePolicy().variable());
        variance =
                addStatistic("variance", Shape.of(sizes), "ones", dtypePolicy().variable());
        addStatistic("count", Shape.SCALAR, "zeros", DType.INT32);
    }

    private Variable addStatistic(String name, Shape shape, String start, DType dtype) {
        var initializer = Initializers.get(start);
        return addWeight(
                name, shape, o -> o.initializer(initializer).dtype(dtype).trainable(false));
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        DType compute = dtypePolicy().compute();
        Tensor f = K.cast(x, compute);
        Tensor m =
                K.cast(along(mean == null ? Tensor.of(Objects.requireNonNull(givenMean)) : mean.value(), x), compute);
        Tensor v = K.cast(
                along(variance == null ? Tensor.of(Objects.requireNonNull(givenVariance)) : variance.value(), x),
                compute);
        Tensor deviation = K.maximum(K.sqrt(v), Config.epsilon());
        return invert ? K.add(m, K.multiply(f, deviation)) : K.divide(K.subtract(f, m), deviation);
    }

    /** Lays statistics along the kept axes, the last ones if there are fewer of them. */
    private Tensor along(Tensor statistic, Tensor x) {
        int[] kept = Axes.positive(axes, x.shape());
        int[] dims = Ints.repeat(1, x.rank()).toArray();
        for (int i = 1; i <= statistic.rank(); i++)
            dims[kept[kept.length - i]] = statistic.shape().dim(-i);
        return K.reshape(statistic, dims);
    }

    @Override
    protected boolean castsInputs() {
        return false;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("axis", ConfigValues.list(axes));
        config.put("invert", invert);
        config.put("mean", givenMean == null ? null : nested(givenMean, 0, new int[] {0}));
        config.put("variance", givenVariance == null ? null : nested(givenVariance, 0, new int[] {0}));
        return config;
    }

    private static Object nested(NDArray array, int axis, int[] at) {
        if (axis == array.shape().rank()) return array.get(at[0]++);
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < array.shape().dim(axis); i++) list.add(nested(array, axis + 1, at));
        return list;
    }
}
