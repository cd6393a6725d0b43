package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Spreads the values of each channel evenly over the range, by the histogram of all images. */
public final class Equalization extends RandomImageLayer<Equalization> {
    private int bins = 256;

    public Equalization() {}

    static Equalization fromConfig(ConfigReader config) {
        return new Equalization().configureRandom(config).bins(config.integer("bins", 256));
    }

    /** Sets how many values are told apart; 256 if not set. */
    public Equalization bins(int bins) {
        requireUnbuilt();
        if (bins < 1) throw new IllegalArgumentException("Equalization: bins must be positive, got " + bins);
        this.bins = bins;
        return this;
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        if (!training) return images;
        Tensor x = K.cast(images, dtypePolicy().compute());
        List<Tensor> channels = new ArrayList<>();
        for (int i = 0; i < x.shape().dim(channelAxis()); i++)
            channels.add(equalized(Primitives.slice(x, channelAxis(), i, 1)));
        return K.concatenate(channels, channelAxis());
    }

    private Tensor equalized(Tensor channel) {
        double[] bytes = {0, 255};
        Tensor x = rescaled(channel, valueRange, bytes);
        Tensor place = K.cast(K.clip(K.multiply(x, (bins - 1) / 255.0), 0, bins - 1), DType.INT32);
        Tensor counts = K.segmentSum(K.ones(Shape.of(place.shape().size()), DType.INT32), K.ravel(place), bins);
        Tensor sums = K.cumsum(counts, 0);
        Tensor least = K.take(sums, K.argmax(K.greater(sums, 0), 0), 0);
        Tensor room = K.subtract(Primitives.slice(sums, 0, bins - 1, 1), least);
        Tensor table = K.divide(K.multiply(K.subtract(sums, least), 255), K.maximum(room, 1));
        table = K.cast(K.clip(K.round(table), 0, 255), x.dtype());
        Tensor several = K.greater(K.sum(K.cast(K.greater(counts, 0), DType.INT32)), 1);
        return rescaled(K.where(several, K.take(table, place, 0), x), bytes, valueRange);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("bins", bins);
        config.put("value_range", range());
        return config;
    }
}
