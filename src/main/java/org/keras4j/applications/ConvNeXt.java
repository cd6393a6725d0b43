package org.keras4j.applications;

import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Activation;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.Dense;
import org.keras4j.layers.GlobalAveragePooling2D;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.LayerNormalization;
import org.keras4j.layers.Normalization;
import org.keras4j.models.Sequential;

/**
 * A residual network in the manner of transformers: Liu, Mao, Wu, Feichtenhofer, Darrell and Xie, "A ConvNet for the
 * 2020s" (2022). Images have values from 0 to 255 unless preprocessing is left out; then they are to be normalized.
 */
public abstract class ConvNeXt<A extends ConvNeXt<A>> extends Application<A> {
    private static final int USUAL_SIZE = 224;
    private static final int LEAST_SIZE = 32;
    private static final int WIDENING = 4;
    private static final double EPSILON = 1e-6;
    private static final double FIRST_SCALE = 1e-6;
    private static final double[] MEAN = {0.485 * 255, 0.456 * 255, 0.406 * 255};
    private static final double[] DEVIATION = {0.229 * 255, 0.224 * 255, 0.225 * 255};

    private final String id;
    private final int[] depths;
    private final int width;
    private final String hash;
    private final String hashWithoutTop;
    private boolean includePreprocessing = true;

    /** Takes the blocks of each stage, the first one's channels (which double at each), and weights' hashes. */
    ConvNeXt(String id, int[] depths, int width, String hash, String hashWithoutTop) {
        super(id, USUAL_SIZE, LEAST_SIZE);
        this.id = id;
        this.depths = depths;
        this.width = width;
        this.hash = hash;
        this.hashWithoutTop = hashWithoutTop;
    }

    /** Says whether the model normalizes images of 3 channels itself; true if not set. */
    public A includePreprocessing(boolean includePreprocessing) {
        this.includePreprocessing = includePreprocessing;
        return self();
    }

    @Override
    void check() {
        requireChannelsLast();
        super.check();
    }

    @Override
    KerasTensor features(KerasTensor image) {
        String name = modelName();
        KerasTensor x = image;
        if (includePreprocessing && channels(imageShape()) == 3) x = prepared(image, name);
        for (int i = 0; i < depths.length; i++) {
            x = (i == 0 ? stem(name) : halving(name, i)).apply(x);
            for (int j = 0; j < depths[i]; j++) x = block(x, width << i, name + "_stage_" + i + "_block_" + j);
        }
        return x;
    }

    private static KerasTensor prepared(KerasTensor image, String name) {
        var variance = new double[DEVIATION.length];
        for (int i = 0; i < variance.length; i++) variance[i] = DEVIATION[i] * DEVIATION[i];
        return new Normalization()
                .mean(NDArray.of(MEAN))
                .variance(NDArray.of(variance))
                .name(name + "_prestem_normalization")
                .apply(image);
    }

    private Sequential stem(String name) {
        return new Sequential(
                        new Conv2D(width, WIDENING).strides(WIDENING).name(name + "_stem_conv"),
                        normalization().name(name + "_stem_layernorm"))
                .name(name + "_stem");
    }

    private Sequential halving(String name, int stage) {
        return new Sequential(
                        normalization().name(name + "_downsampling_layernorm_" + (stage - 1)),
                        new Conv2D(width << stage, 2).strides(2).name(name + "_downsampling_conv_" + (stage - 1)))
                .name(name + "_downsampling_block_" + (stage - 1));
    }

    private static KerasTensor block(KerasTensor x, int filters, String name) {
        KerasTensor y = new Conv2D(filters, 7)
                .padding("same")
                .groups(filters)
                .name(name + "_depthwise_conv")
                .apply(x);
        y = normalization().name(name + "_layernorm").apply(y);
        y = new Dense(WIDENING * filters).name(name + "_pointwise_conv_1").apply(y);
        y = new Activation("gelu").name(name + "_gelu").apply(y);
        y = new Dense(filters).name(name + "_pointwise_conv_2").apply(y);
        y = new LayerScale(FIRST_SCALE, filters).name(name + "_layer_scale").apply(y);
        // where the paper drops paths in training, which Keras's networks do not
        y = new Activation("linear").name(name + "_identity").apply(y);
        return x.add(y);
    }

    private static LayerNormalization normalization() {
        return new LayerNormalization().epsilon(EPSILON);
    }

    @Override
    KerasTensor classify(KerasTensor features) {
        String name = modelName();
        KerasTensor x = new GlobalAveragePooling2D().name(name + "_head_gap").apply(features);
        x = normalization().name(name + "_head_layernorm").apply(x);
        return classifier().name(name + "_head_dense").apply(x);
    }

    /** Without a classifier, too, the features are normalized at the end. */
    @Override
    KerasTensor pool(KerasTensor features) {
        return normalization().apply(super.pool(features));
    }

    @Override
    boolean namesPooling() {
        return false;
    }

    @Override
    Pretrained imagenet() {
        return Pretrained.of(
                "tensorflow/keras-applications/convnext",
                id + (includesTop() ? ".h5" : "_notop.h5"),
                includesTop() ? hash : hashWithoutTop);
    }

    /** Returns the images as they are: the model prepares them itself. */
    public static Tensor preprocessInput(Object x) {
        return preprocessInput(x, null);
    }

    /** Returns the images as they are: the model prepares them itself. */
    public static Tensor preprocessInput(Object x, @Nullable String dataFormat) {
        return ImageNet.unchanged(x, dataFormat);
    }
}
