package org.keras4j.applications;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Add;
import org.keras4j.layers.BatchNormalization;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.DepthwiseConv2D;
import org.keras4j.layers.GlobalAveragePooling2D;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.ReLU;
import org.keras4j.layers.ZeroPadding2D;

/**
 * Blocks that widen, convolve in depth and narrow again: Sandler, Howard, Zhu, Zhmoginov and Chen, "MobileNetV2:
 * Inverted Residuals and Linear Bottlenecks" (2018).
 */
public final class MobileNetV2 extends MobileNetwork<MobileNetV2> {
    private static final Set<Integer> PUBLISHED_SIZES = Set.of(96, 128, 160, 192, 224);
    private static final Set<Double> PUBLISHED_WIDTHS = Set.of(0.35, 0.5, 0.75, 1.0, 1.3, 1.4);
    /** Stages of blocks after the first one: filters, blocks, and the stride of the first block. */
    private static final int[][] STAGES = {
        {24, 2, 2}, {32, 3, 2}, {64, 4, 2}, {96, 3, 1}, {160, 3, 2}, {320, 1, 1},
    };

    private static final int STEM = 32;
    private static final int FIRST = 16;
    private static final int LAST = 1280;
    private static final int EXPANSION = 6;

    public MobileNetV2() {
        super(null, PUBLISHED_SIZES);
    }

    @Override
    void check() {
        super.check();
        requirePublishedWidth(PUBLISHED_WIDTHS);
        requireOneShape();
    }

    @Override
    KerasTensor features(KerasTensor image) {
        KerasTensor x = new Conv2D(multipleOf8(STEM * alpha()), 3)
                .strides(2)
                .padding("same")
                .useBias(false)
                .name("Conv1")
                .apply(image);
        x = relu6(normalize(x, "bn_Conv1"), "Conv1_relu");
        x = block(x, FIRST, 1, 0);
        int number = 1;
        for (int[] stage : STAGES)
            for (int i = 0; i < stage[1]; i++) x = block(x, stage[0], i == 0 ? stage[2] : 1, number++);
        // the paper widens the last layer, but never narrows it
        int last = alpha() > 1 ? multipleOf8(LAST * alpha()) : LAST;
        x = new Conv2D(last, 1).useBias(false).name("Conv_1").apply(x);
        return relu6(normalize(x, "Conv_1_bn"), "out_relu");
    }

    private KerasTensor block(KerasTensor x, int filters, int stride, int number) {
        String name = number == 0 ? "expanded_conv_" : "block_" + number + "_";
        int narrow = multipleOf8((int) (filters * alpha()));
        KerasTensor y = x;
        if (number > 0) y = relu6(point(y, EXPANSION * channels(x), name + "expand"), name + "expand_relu");
        if (stride == 2)
            y = new ZeroPadding2D(stridePadding(y, 3)).name(name + "pad").apply(y);
        y = new DepthwiseConv2D(3)
                .strides(stride)
                .padding(stride == 1 ? "same" : "valid")
                .useBias(false)
                .name(name + "depthwise")
                .apply(y);
        y = relu6(normalize(y, name + "depthwise_BN"), name + "depthwise_relu");
        y = point(y, narrow, name + "project");
        return channels(x) == narrow && stride == 1
                ? new Add().name(name + "add").apply(x, y)
                : y;
    }

    /** Returns a normalized convolution of single places. */
    private static KerasTensor point(KerasTensor x, int filters, String name) {
        KerasTensor y =
                new Conv2D(filters, 1).padding("same").useBias(false).name(name).apply(x);
        return normalize(y, name + "_BN");
    }

    private static KerasTensor normalize(KerasTensor x, String name) {
        return new BatchNormalization(channelsFirst() ? 1 : -1)
                .epsilon(1e-3)
                .momentum(0.999)
                .name(name)
                .apply(x);
    }

    private static KerasTensor relu6(KerasTensor x, String name) {
        return new ReLU(6).name(name).apply(x);
    }

    @Override
    KerasTensor classify(KerasTensor features) {
        return predictions(new GlobalAveragePooling2D().apply(features));
    }

    @Override
    boolean namesPooling() {
        return false;
    }

    @Override
    String usualName() {
        return "mobilenetv2_" + twoPlaces(alpha()) + "_" + (size() == Shape.UNKNOWN ? "None" : size());
    }

    @Override
    Pretrained imagenet() {
        String file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_" + alpha() + "_" + size()
                + (includesTop() ? ".h5" : "_no_top.h5");
        return Pretrained.of("tensorflow/keras-applications/mobilenet_v2", file, null);
    }

    /** Returns images of 0 to 255 scaled to -1 to 1. */
    public static Tensor preprocessInput(Object x) {
        return preprocessInput(x, null);
    }

    /** Returns the same for images of this data format; null for the program's. */
    public static Tensor preprocessInput(Object x, @Nullable String dataFormat) {
        return ImageNet.preprocessInput(x, dataFormat, "tf");
    }
}
