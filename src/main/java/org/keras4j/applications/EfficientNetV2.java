package org.keras4j.applications;

import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.graph.Tensor;
import org.keras4j.initializers.Constant;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.Dense;
import org.keras4j.layers.DepthwiseConv2D;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Normalization;
import org.keras4j.layers.Rescaling;

/**
 * EfficientNet with blocks of plain convolutions first: Tan and Le, "EfficientNetV2: Smaller Models and Faster
 * Training" (2021). Images have values from 0 to 255 unless preprocessing is left out; then from -1 to 1, or normalized
 * by ImageNet's mean and deviation for the models B0 to B3.
 */
public abstract class EfficientNetV2<A extends EfficientNetV2<A>> extends EfficientNetwork<A> {
    /**
     * Blocks of one kind: table 4 of the paper.
     *
     * @param fused whether they widen and convolve at once; otherwise they convolve in depth, and are squeezed
     */
    record Stage(boolean fused, int blocks, int in, int out, int expansion, int stride) {}

    /** A network that scales others: its usual size and factors, its stages, and the published weights' hashes. */
    record Variant(
            String id,
            int usualSize,
            double width,
            double depth,
            boolean normalizes,
            Stage[] stages,
            String hash,
            String hashWithoutTop) {}

    /** The stages of B0, of which the models B1 to B3 are larger. */
    static final Stage[] BASE = {
        new Stage(true, 1, 32, 16, 1, 1),
        new Stage(true, 2, 16, 32, 4, 2),
        new Stage(true, 2, 32, 48, 4, 2),
        new Stage(false, 3, 48, 96, 4, 2),
        new Stage(false, 5, 96, 112, 6, 1),
        new Stage(false, 8, 112, 192, 6, 2),
    };

    private static final int SQUEEZE = 4;
    private static final double MOMENTUM = 0.9;
    private static final double DROPOUT = 0.2;
    private static final double[] MEAN = {0.485, 0.456, 0.406};
    private static final double[] VARIANCE = {0.229 * 0.229, 0.224 * 0.224, 0.225 * 0.225};

    private final Variant variant;
    private boolean includePreprocessing = true;

    EfficientNetV2(Variant variant) {
        super(variant.id, variant.usualSize, variant.width, variant.depth, DROPOUT, MOMENTUM);
        this.variant = variant;
    }

    /** Says whether the model scales images itself; true if not set. */
    public A includePreprocessing(boolean includePreprocessing) {
        this.includePreprocessing = includePreprocessing;
        return self();
    }

    @Override
    KerasTensor features(KerasTensor image) {
        Stage[] stages = variant.stages;
        Conv2D stem = new Conv2D(scaled(stages[0].in), 3)
                .strides(2)
                .padding("same")
                .useBias(false)
                .kernelInitializer(convolutionInitializer())
                .name("stem_conv");
        KerasTensor x = convolve(includePreprocessing ? prepared(image) : image, stem, "stem_bn", "stem_activation");
        double all = 0;
        for (Stage stage : stages) all += stage.blocks;
        int done = 0;
        for (int i = 0; i < stages.length; i++)
            for (int j = 0; j < repeated(stages[i].blocks); j++)
                x = block(x, stages[i], j == 0, DROP_CONNECT * done++ / all, blockName(i, j));
        return convolve(x, point(scaled(TOP), "top_conv"), "top_bn", "top_activation");
    }

    private KerasTensor prepared(KerasTensor image) {
        if (!variant.normalizes || channels(imageShape()) != 3) return new Rescaling(1 / 128.0, -1).apply(image);
        return new Normalization(channelsAxis())
                .mean(NDArray.of(MEAN))
                .variance(NDArray.of(VARIANCE))
                .apply(new Rescaling(1 / 255.0).apply(image));
    }

    private KerasTensor block(KerasTensor x, Stage stage, boolean first, double drop, String name) {
        int in = scaled(first ? stage.in : stage.out);
        int out = scaled(stage.out);
        int stride = first ? stage.stride : 1;
        KerasTensor y = stage.fused
                ? fused(x, stage.expansion, in, out, stride, name)
                : inDepth(x, stage.expansion, in, out, stride, name);
        return stride == 1 && in == out ? addInput(y, x, drop, name) : y;
    }

    private KerasTensor inDepth(KerasTensor x, int expansion, int in, int out, int stride, String name) {
        KerasTensor y = convolve(
                x, point(in * expansion, name + "expand_conv"), name + "expand_bn", name + "expand_activation");
        DepthwiseConv2D layer = new DepthwiseConv2D(3)
                .strides(stride)
                .padding("same")
                .useBias(false)
                .depthwiseInitializer(convolutionInitializer())
                .name(name + "dwconv2");
        y = convolve(y, layer, name + "bn", name + "activation");
        y = squeeze(y, Math.max(1, in / SQUEEZE), name);
        return normalize(point(out, name + "project_conv").apply(y), name + "project_bn");
    }

    private KerasTensor fused(KerasTensor x, int expansion, int in, int out, int stride, String name) {
        if (expansion == 1)
            return convolve(
                    x, square(out, stride, name + "project_conv"), name + "project_bn", name + "project_activation");
        KerasTensor y = convolve(
                x,
                square(in * expansion, stride, name + "expand_conv"),
                name + "expand_bn",
                name + "expand_activation");
        return normalize(point(out, name + "project_conv").apply(y), name + "project_bn");
    }

    /** Returns a convolution of 3 by 3 places, without bias. */
    private static Conv2D square(int filters, int stride, String name) {
        return new Conv2D(filters, 3)
                .strides(stride)
                .padding("same")
                .useBias(false)
                .kernelInitializer(convolutionInitializer())
                .name(name);
    }

    /** Unlike the first EfficientNet, this one may round down by more than a tenth. */
    private int scaled(int filters) {
        return Math.max(8, (int) (filters * width() + 4) / 8 * 8);
    }

    @Override
    Dense efficientClassifier() {
        return super.efficientClassifier().biasInitializer(new Constant(0));
    }

    @Override
    Pretrained imagenet() {
        return Pretrained.of(
                "tensorflow/keras-applications/efficientnet_v2",
                variant.id + (includesTop() ? ".h5" : "_notop.h5"),
                includesTop() ? variant.hash : variant.hashWithoutTop);
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
