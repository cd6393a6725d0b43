package org.keras4j.applications;

import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Activation;
import org.keras4j.layers.AveragePooling2D;
import org.keras4j.layers.BatchNormalization;
import org.keras4j.layers.Concatenate;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.MaxPooling2D;
import org.keras4j.layers.ZeroPadding2D;

/**
 * Layers that each see what all before them in a block gave: Huang, Liu, van der Maaten and Weinberger, "Densely
 * Connected Convolutional Networks" (2016).
 */
public abstract class DenseNet<A extends DenseNet<A>> extends Application<A> {
    private static final int USUAL_SIZE = 224;
    private static final int LEAST_SIZE = 32;
    private static final int GROWTH = 32;
    private static final double EPSILON = 1.001e-5;

    private final String id;
    private final int[] depths;
    private final String hash;
    private final String hashWithoutTop;

    /** Takes the number of layers of each block, and the hashes of the published weights. */
    DenseNet(String id, int[] depths, String hash, String hashWithoutTop) {
        super(id, USUAL_SIZE, LEAST_SIZE);
        this.id = id;
        this.depths = depths;
        this.hash = hash;
        this.hashWithoutTop = hashWithoutTop;
    }

    @Override
    void check() {
        requireChannelsLast();
        super.check();
    }

    @Override
    KerasTensor features(KerasTensor image) {
        KerasTensor x = new ZeroPadding2D(3).apply(image);
        x = new Conv2D(2 * GROWTH, 7)
                .strides(2)
                .useBias(false)
                .name("conv1_conv")
                .apply(x);
        x = relu(normalize(x, "conv1_bn"), "conv1_relu");
        x = new ZeroPadding2D(1).apply(x);
        x = new MaxPooling2D(3).strides(2).name("pool1").apply(x);
        for (int i = 0; i < depths.length; i++) {
            if (i > 0) x = halve(x, "pool" + (i + 1));
            for (int j = 1; j <= depths[i]; j++) x = grow(x, "conv" + (i + 2) + "_block" + j);
        }
        return relu(normalize(x, "bn"), "relu");
    }

    /** Returns x and, after its channels, {@link #GROWTH} new ones. */
    private static KerasTensor grow(KerasTensor x, String name) {
        KerasTensor y = relu(normalize(x, name + "_0_bn"), name + "_0_relu");
        y = new Conv2D(4 * GROWTH, 1).useBias(false).name(name + "_1_conv").apply(y);
        y = relu(normalize(y, name + "_1_bn"), name + "_1_relu");
        y = new Conv2D(GROWTH, 3)
                .padding("same")
                .useBias(false)
                .name(name + "_2_conv")
                .apply(y);
        return new Concatenate(channelsAxis()).name(name + "_concat").apply(x, y);
    }

    /** Returns half the channels at half the rows and columns. */
    private static KerasTensor halve(KerasTensor x, String name) {
        KerasTensor y = relu(normalize(x, name + "_bn"), name + "_relu");
        y = new Conv2D(channels(y) / 2, 1).useBias(false).name(name + "_conv").apply(y);
        return new AveragePooling2D(2).strides(2).name(name + "_pool").apply(y);
    }

    private static KerasTensor normalize(KerasTensor x, String name) {
        return new BatchNormalization(channelsAxis())
                .epsilon(EPSILON)
                .name(name)
                .apply(x);
    }

    private static KerasTensor relu(KerasTensor x, String name) {
        return new Activation("relu").name(name).apply(x);
    }

    @Override
    Pretrained imagenet() {
        String file = id + "_weights_tf_dim_ordering_tf_kernels" + (includesTop() ? ".h5" : "_notop.h5");
        return Pretrained.of("tensorflow/keras-applications/densenet", file, includesTop() ? hash : hashWithoutTop);
    }

    /** Returns images of 0 to 255 scaled to 0 to 1, then less ImageNet's mean and by its deviation of each channel. */
    public static Tensor preprocessInput(Object x) {
        return preprocessInput(x, null);
    }

    /** Returns the same for images of this data format; null for the program's. */
    public static Tensor preprocessInput(Object x, @Nullable String dataFormat) {
        return ImageNet.preprocessInput(x, dataFormat, "torch");
    }
}
