package org.keras4j.applications;

import org.keras4j.layers.Activation;
import org.keras4j.layers.BatchNormalization;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.MaxPooling2D;
import org.keras4j.layers.ZeroPadding2D;

/** What the residual networks of both papers share: the stem, four stages of blocks, and the published files. */
abstract class ResidualNetwork<A extends ResidualNetwork<A>> extends Application<A> {
    private static final int USUAL_SIZE = 224;
    private static final int LEAST_SIZE = 32;
    private static final int STEM = 64;
    private static final double EPSILON = 1.001e-5;

    private final String id;
    private final int[] depths;
    private final String hash;
    private final String hashWithoutTop;

    /** Takes the number of blocks of each stage, and the hashes of the published weights. */
    ResidualNetwork(String id, int[] depths, String hash, String hashWithoutTop) {
        super(id, USUAL_SIZE, LEAST_SIZE);
        this.id = id;
        this.depths = depths;
        this.hash = hash;
        this.hashWithoutTop = hashWithoutTop;
    }

    /** Returns the blocks {@code name_block1}, {@code name_block2}, ... of a stage. */
    abstract KerasTensor stage(KerasTensor x, int filters, int blocks, int stage);

    /** Returns what follows the first convolution. */
    abstract KerasTensor afterStem(KerasTensor x);

    /** Returns what follows the last stage. */
    abstract KerasTensor afterStages(KerasTensor x);

    @Override
    KerasTensor features(KerasTensor image) {
        KerasTensor x = new ZeroPadding2D(3).name("conv1_pad").apply(image);
        x = new Conv2D(STEM, 7).strides(2).name("conv1_conv").apply(x);
        x = afterStem(x);
        x = new ZeroPadding2D(1).name("pool1_pad").apply(x);
        x = new MaxPooling2D(3).strides(2).name("pool1_pool").apply(x);
        for (int i = 0; i < depths.length; i++) x = stage(x, STEM << i, depths[i], i);
        return afterStages(x);
    }

    /** Returns how a stage is called: {@code conv2} is the first one. */
    static String stageName(int stage) {
        return "conv" + (stage + 2);
    }

    static KerasTensor normalize(KerasTensor x, String name) {
        return new BatchNormalization(channelsAxis())
                .epsilon(EPSILON)
                .name(name)
                .apply(x);
    }

    static KerasTensor relu(KerasTensor x, String name) {
        return new Activation("relu").name(name).apply(x);
    }

    @Override
    Pretrained imagenet() {
        String file = id + "_weights_tf_dim_ordering_tf_kernels" + (includesTop() ? ".h5" : "_notop.h5");
        return Pretrained.of("tensorflow/keras-applications/resnet", file, includesTop() ? hash : hashWithoutTop);
    }
}
