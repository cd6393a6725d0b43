package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/** Cuts out the middle of images; smaller ones are resized and cropped to their proportions. */
public final class CenterCrop extends ImageLayer<CenterCrop> {
    private final int height;
    private final int width;

    public CenterCrop(int height, int width) {
        if (height <= 0 || width <= 0)
            throw new IllegalArgumentException(
                    "CenterCrop: height and width must be positive, got " + height + " and " + width);
        this.height = height;
        this.width = width;
    }

    static CenterCrop fromConfig(ConfigReader config) {
        return new CenterCrop(config.integer("height"), config.integer("width")).configureImages(config);
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        Tensor x = K.cast(images, dtypePolicy().compute());
        int rows = x.shape().dim(rowAxis()) - height;
        int columns = x.shape().dim(rowAxis() + 1) - width;
        if (rows < 0 || columns < 0)
            return image("resize", x, Map.of("size", List.of(height, width), "crop_to_aspect_ratio", true));
        Tensor cut = Primitives.slice(x, rowAxis(), rows / 2, height);
        return Primitives.slice(cut, rowAxis() + 1, columns / 2, width);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("height", height);
        config.put("width", width);
        return config;
    }
}
