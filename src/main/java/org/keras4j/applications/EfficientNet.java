package org.keras4j.applications;

import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.DepthwiseConv2D;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Normalization;
import org.keras4j.layers.Rescaling;
import org.keras4j.layers.ZeroPadding2D;

/**
 * One network scaled in width, depth and size of images together: Tan and Le, "EfficientNet: Rethinking Model Scaling
 * for Convolutional Neural Networks" (2019). Images have values from 0 to 255.
 */
public abstract class EfficientNet<A extends EfficientNet<A>> extends EfficientNetwork<A> {
    /** Blocks of one kind: table 1 of the paper. */
    private record Stage(int kernel, int blocks, int in, int out, int expansion, int stride) {}

    private static final Stage[] STAGES = {
        new Stage(3, 1, 32, 16, 1, 1),
        new Stage(3, 2, 16, 24, 6, 2),
        new Stage(5, 2, 24, 40, 6, 2),
        new Stage(3, 3, 40, 80, 6, 2),
        new Stage(5, 3, 80, 112, 6, 1),
        new Stage(5, 4, 112, 192, 6, 2),
        new Stage(3, 1, 192, 320, 6, 1),
    };
    private static final int STEM = 32;
    private static final int SQUEEZE = 4;
    private static final double MOMENTUM = 0.99;
    private static final double[] DEVIATION = {0.229, 0.224, 0.225};

    private final String id;
    private final String hash;
    private final String hashWithoutTop;

    /** Takes the factors of width and depth, the usual size, and the hashes of the published weights. */
    EfficientNet(
            String id, double width, double depth, int usualSize, double dropout, String hash, String hashWithoutTop) {
        super(id, usualSize, width, depth, dropout, MOMENTUM);
        this.id = id;
        this.hash = hash;
        this.hashWithoutTop = hashWithoutTop;
    }

    @Override
    KerasTensor features(KerasTensor image) {
        KerasTensor x = prepared(image);
        x = new ZeroPadding2D(stridePadding(x, 3)).name("stem_conv_pad").apply(x);
        Conv2D stem = new Conv2D(scaled(STEM), 3)
                .strides(2)
                .useBias(false)
                .kernelInitializer(convolutionInitializer())
                .name("stem_conv");
        x = convolve(x, stem, "stem_bn", "stem_activation");
        double all = 0;
        for (Stage stage : STAGES) all += repeated(stage.blocks);
        int done = 0;
        for (int i = 0; i < STAGES.length; i++)
            for (int j = 0; j < repeated(STAGES[i].blocks); j++)
                x = block(x, STAGES[i], j == 0, DROP_CONNECT * done++ / all, blockName(i, j));
        return convolve(x, point(scaled(TOP), "top_conv"), "top_bn", "top_activation");
    }

    private KerasTensor prepared(KerasTensor image) {
        KerasTensor x = new Rescaling(1 / 255.0).apply(image);
        x = new Normalization(channelsAxis()).apply(x);
        if (!isImagenet()) return x;
        // the published weights were trained on images divided by the variance, not by the deviation
        var roots = new double[DEVIATION.length];
        for (int i = 0; i < roots.length; i++) roots[i] = 1 / Math.sqrt(DEVIATION[i]);
        return new Rescaling(roots, 0).apply(x);
    }

    private KerasTensor block(KerasTensor x, Stage stage, boolean first, double drop, String name) {
        int in = scaled(first ? stage.in : stage.out);
        int out = scaled(stage.out);
        int stride = first ? stage.stride : 1;
        KerasTensor y = x;
        if (stage.expansion != 1)
            y = convolve(
                    y,
                    point(in * stage.expansion, name + "expand_conv"),
                    name + "expand_bn",
                    name + "expand_activation");
        if (stride == 2)
            y = new ZeroPadding2D(stridePadding(y, stage.kernel))
                    .name(name + "dwconv_pad")
                    .apply(y);
        DepthwiseConv2D inDepth = new DepthwiseConv2D(stage.kernel)
                .strides(stride)
                .padding(stride == 2 ? "valid" : "same")
                .useBias(false)
                .depthwiseInitializer(convolutionInitializer())
                .name(name + "dwconv");
        y = convolve(y, inDepth, name + "bn", name + "activation");
        y = squeeze(y, Math.max(1, in / SQUEEZE), name);
        y = normalize(point(out, name + "project_conv").apply(y), name + "project_bn");
        return stride == 1 && in == out ? addInput(y, x, drop, name) : y;
    }

    private int scaled(int filters) {
        return multipleOf8(filters * width());
    }

    @Override
    Pretrained imagenet() {
        return Pretrained.of(
                "keras-applications",
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
