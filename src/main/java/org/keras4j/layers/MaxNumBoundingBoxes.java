package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * Gives each image the same number of bounding boxes, by leaving out or by adding some. It takes images, which it
 * leaves alone, or a map with "images" and "bounding_boxes", a map with "boxes" {@code [batch, n, 4]} and "labels"
 * {@code [batch, n]}.
 */
public final class MaxNumBoundingBoxes extends ImageLayer<MaxNumBoundingBoxes> {
    private static final String BOXES = "bounding_boxes";

    private final int maxNumber;
    private int fillValue = -1;

    public MaxNumBoundingBoxes(int maxNumber) {
        if (maxNumber < 1)
            throw new IllegalArgumentException("MaxNumBoundingBoxes: max_number must be positive, got " + maxNumber);
        this.maxNumber = maxNumber;
    }

    static MaxNumBoundingBoxes fromConfig(ConfigReader config) {
        return new MaxNumBoundingBoxes(config.integer("max_number"))
                .configureImages(config)
                .fillValue(config.integer("fill_value", -1));
    }

    /** Sets what boxes and labels that are added consist of; -1 if not set. */
    public MaxNumBoundingBoxes fillValue(int value) {
        requireUnbuilt();
        fillValue = value;
        return this;
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        if (!(inputs instanceof Map<?, ?> data) || !data.containsKey(BOXES)) return super.callAll(inputs, call);
        Map<Object, Object> others = new LinkedHashMap<>(data);
        if (!(others.remove(BOXES) instanceof Map<?, ?> given)
                || !(given.get("boxes") instanceof Tensor boxes)
                || !(given.get("labels") instanceof Tensor labels))
            throw refuse("expected bounding_boxes with boxes and labels", data.get(BOXES));
        if (boxes.rank() != 3 || labels.rank() != 2)
            throw refuse("expected boxes [batch, n, 4] and labels [batch, n]", given);
        Map<Object, @Nullable Object> out = new LinkedHashMap<>((Map<?, ?>) super.callAll(others, call));
        Map<Object, @Nullable Object> some = new LinkedHashMap<>(given);
        some.put("boxes", some(boxes));
        some.put("labels", some(labels));
        out.put(BOXES, some);
        return out;
    }

    private Tensor some(Tensor x) {
        int have = x.shape().dim(1);
        if (have >= maxNumber) return Primitives.slice(x, 1, 0, maxNumber);
        var widths = new int[x.rank()][2];
        widths[1][1] = maxNumber - have;
        return K.pad(x, widths, "constant", fillValue);
    }

    @Override
    public Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training) {
        return images;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("max_number", maxNumber);
        return config;
    }
}
