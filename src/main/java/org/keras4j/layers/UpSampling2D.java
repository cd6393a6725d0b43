package org.keras4j.layers;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.ops.Operations;
import org.keras4j.serialization.ConfigReader;

/** Enlarges images {@code [batch, rows, columns, channels]} by whole factors. */
public final class UpSampling2D extends BaseLayer<UpSampling2D> {
    private final int[] size;
    private String dataFormat = ConfigValues.dataFormat(null);
    private String interpolation = "nearest";

    public UpSampling2D() {
        this(2);
    }

    /** Takes one factor, or one for rows and one for columns. */
    public UpSampling2D(int... size) {
        this.size = ConfigValues.spread(this, "size", size, 2, 1);
        inputSpec(InputSpec.ofRank(4));
    }

    static UpSampling2D fromConfig(ConfigReader config) {
        int[] size = config.has("size") ? config.ints("size") : new int[] {2};
        return configure(new UpSampling2D(size), config)
                .dataFormat(config.nullableString("data_format"))
                .interpolation(config.string("interpolation", "nearest"));
    }

    /** Sets where the channels are, "channels_last" or "channels_first"; null for the default. */
    public UpSampling2D dataFormat(@Nullable String dataFormat) {
        requireUnbuilt();
        this.dataFormat = ConfigValues.dataFormat(dataFormat);
        return this;
    }

    /** Sets how places between are filled: "nearest" (if not set), "bilinear", "bicubic", "lanczos3" or "lanczos5". */
    public UpSampling2D interpolation(String interpolation) {
        requireUnbuilt();
        this.interpolation = interpolation.toLowerCase(Locale.ROOT);
        return this;
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        int first = dataFormat.equals("channels_first") ? 2 : 1;
        if (interpolation.equals("nearest")) return K.repeat(K.repeat(x, size[0], first), size[1], first + 1);
        List<Integer> size =
                List.of(x.shape().dim(first) * this.size[0], x.shape().dim(first + 1) * this.size[1]);
        Map<String, Object> options = Map.of("size", size, "interpolation", interpolation, "data_format", dataFormat);
        Object y = Operations.call("keras.ops.image.resize", List.of(x), options);
        return (Tensor) Objects.requireNonNull(y, "resize");
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("size", ConfigValues.list(size));
        config.put("data_format", dataFormat);
        config.put("interpolation", interpolation);
        return config;
    }
}
