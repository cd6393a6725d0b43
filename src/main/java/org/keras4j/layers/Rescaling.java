package org.keras4j.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.keras4j.Config;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Computes {@code x * scale + offset}, with one number for all elements or one per channel. */
public final class Rescaling extends BaseLayer<Rescaling> {
    private final Object scale;
    private final Object offset;

    public Rescaling(double scale) {
        this(scale, 0);
    }

    public Rescaling(double scale, double offset) {
        this((Object) scale, offset);
    }

    /** Takes a number per channel. */
    public Rescaling(double[] scale, double[] offset) {
        this(boxed(scale), boxed(offset));
    }

    /** Takes a scale per channel, and one offset for all. */
    public Rescaling(double[] scale, double offset) {
        this(boxed(scale), (Object) offset);
    }

    /** Takes numbers or lists of numbers. */
    private Rescaling(Object scale, Object offset) {
        this.scale = scale;
        this.offset = offset;
        supportsMasking(true);
    }

    static Rescaling fromConfig(ConfigReader config) {
        return configure(new Rescaling(value(config, "scale", 1.0), value(config, "offset", 0.0)), config);
    }

    private static Object value(ConfigReader config, String key, double otherwise) {
        Object value = config.get(key);
        if (value == null) return otherwise;
        if (value instanceof Map<?, ?> array && array.get("config") instanceof Map<?, ?> inner)
            value = inner.get("value");
        if (value instanceof Number) return value;
        if (value instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) return list;
        throw config.wrong(key, "a number or a list of numbers", value);
    }

    private static Object boxed(double[] values) {
        List<Double> list = new ArrayList<>();
        for (double v : values) list.add(v);
        return Collections.unmodifiableList(list);
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        Tensor scaled = K.multiply(K.cast(x, dtypePolicy().compute()), factor(scale, true));
        return K.add(scaled, factor(offset, false));
    }

    /** Returns the number or numbers as a tensor; the scales of channels that come first get axes after them. */
    private Tensor factor(Object value, boolean channels) {
        if (value instanceof Number n)
            return K.full(Shape.SCALAR, n.doubleValue(), dtypePolicy().compute());
        List<?> list = (List<?>) value;
        NDArray array = NDArray.zeros(dtypePolicy().compute(), Shape.of(list.size()));
        for (int i = 0; i < list.size(); i++) array.set(i, ((Number) list.get(i)).doubleValue());
        Tensor vector = Tensor.of(array);
        boolean first = channels && Config.imageDataFormat().equals("channels_first");
        return first ? K.reshape(vector, list.size(), 1, 1) : vector;
    }

    @Override
    protected boolean castsInputs() {
        return false;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("scale", scale);
        config.put("offset", offset);
        return config;
    }
}
