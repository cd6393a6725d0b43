package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.random.Random;

/** Drops whole channels in training. */
abstract class BaseSpatialDropout<L extends BaseSpatialDropout<L>> extends NoiseLayer<L> {
    private final boolean hasFormat;
    private String dataFormat = ConfigValues.dataFormat(null);

    BaseSpatialDropout(double rate, int spatialAxes, boolean hasFormat) {
        super("rate", rate);
        this.hasFormat = hasFormat;
        inputSpec(InputSpec.ofRank(spatialAxes + 2));
    }

    final L format(@Nullable String format) {
        requireUnbuilt();
        dataFormat = ConfigValues.dataFormat(format);
        return self();
    }

    @Override
    final Tensor noisy(Tensor x, Tensor seed) {
        boolean first = hasFormat && dataFormat.equals("channels_first");
        int[] dims = x.shape().dims();
        for (int i = 1; i < dims.length; i++) if (i != (first ? 1 : dims.length - 1)) dims[i] = 1;
        return Random.dropout(x, rate, Shape.of(dims), seed);
    }

    /** Returns Keras's keys, in the order that these layers have. */
    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("rate", rate);
        config.put("seed", seed());
        config.put("name", name());
        config.put("dtype", dtypePolicy().variable().keras());
        if (hasFormat) config.put("data_format", dataFormat);
        return config;
    }
}
