package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.ops.Operations;
import org.keras4j.serialization.ConfigReader;

/**
 * A layer that changes images {@code [batch, rows, columns, channels]}, or one image without the batch axis. It also
 * takes a map with "images" and "labels".
 *
 * @param <L> the layer itself
 */
public abstract class ImageLayer<L extends ImageLayer<L>> extends BaseLayer<L> {
    private String dataFormat = ConfigValues.dataFormat(null);
    private @Nullable String boundingBoxFormat;

    ImageLayer() {}

    /** Sets where the channels are, "channels_last" or "channels_first"; null for the default. */
    public L dataFormat(@Nullable String dataFormat) {
        requireUnbuilt();
        this.dataFormat = ConfigValues.dataFormat(dataFormat);
        return self();
    }

    final L configureImages(ConfigReader config) {
        configure(this, config);
        boundingBoxFormat = config.nullableString("bounding_box_format");
        return dataFormat(config.nullableString("data_format"));
    }

    /**
     * Returns the images after a transformation.
     *
     * @param images with a batch axis
     * @param transformation what {@link #drawTransformation} gave
     */
    public abstract Tensor transformImages(Tensor images, @Nullable Object transformation, boolean training);

    /** Draws what is done to images of a shape, in Keras's structure; null for layers that always do the same. */
    protected @Nullable Object drawTransformation(Shape images, boolean training) {
        return null;
    }

    /** Returns labels that belong to transformed images; most layers leave them alone. */
    protected Tensor transformLabels(Tensor labels, @Nullable Object transformation, boolean training) {
        return labels;
    }

    /** Says whether this is a training call; where no call around it says so, image layers take it for one. */
    private static boolean isTraining(Call call) {
        return call.bool("training") == null && !CallContext.trainingGiven() || call.training();
    }

    final boolean channelsFirst() {
        return dataFormat.equals("channels_first");
    }

    final String dataFormat() {
        return dataFormat;
    }

    /** Returns the axis of the rows of images with a batch axis. */
    final int rowAxis() {
        return channelsFirst() ? 2 : 1;
    }

    /** Returns the axis of the channels of images with a batch axis. */
    final int channelAxis() {
        return channelsFirst() ? 1 : 3;
    }

    @Override
    protected List<String> argumentNames() {
        return List.of("data", "training");
    }

    @Override
    protected void buildAll(Object inputs) {}

    @Override
    protected Object callAll(Object inputs, Call call) {
        boolean training = isTraining(call);
        if (inputs instanceof Tensor images) {
            Tensor batch = batch(images);
            Tensor y = transformImages(batch, drawTransformation(batch.shape(), training), training);
            return images.rank() == 3 ? K.squeeze(y, 0) : y;
        }
        if (!(inputs instanceof Map<?, ?> data) || !(data.get("images") instanceof Tensor images))
            throw refuse("expected images, or a map with images", inputs);
        for (Object key : data.keySet())
            if (!key.equals("images") && !key.equals("labels"))
                throw refuse("expected a map with images and labels only", data.keySet());
        Tensor batch = batch(images);
        Object transformation = drawTransformation(batch.shape(), training);
        Map<String, Object> out = new LinkedHashMap<>();
        Tensor y = transformImages(batch, transformation, training);
        out.put("images", images.rank() == 3 ? K.squeeze(y, 0) : y);
        if (data.get("labels") instanceof Tensor labels)
            out.put("labels", transformLabels(labels, transformation, training));
        return out;
    }

    private Tensor batch(Tensor images) {
        if (images.rank() == 3) return K.expandDims(images, 0);
        if (images.rank() != 4) throw refuse("expected images with 3 or 4 axes", images);
        return images;
    }

    /** Calls one of Keras's image operations by name, with the layer's data format. */
    final Tensor image(String operation, Tensor images, Map<String, ?> options) {
        Map<String, Object> all = new LinkedHashMap<>(options);
        all.put("data_format", dataFormat);
        Object made = Operations.call("keras.ops.image." + operation, List.of(images), all);
        return (Tensor) Objects.requireNonNull(made, operation);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("data_format", dataFormat);
        if (boundingBoxFormat != null) config.put("bounding_box_format", boundingBoxFormat);
        return config;
    }
}
