package org.keras4j.applications;

import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Activation;
import org.keras4j.layers.Add;
import org.keras4j.layers.BatchNormalization;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.MaxPooling2D;
import org.keras4j.layers.SeparableConv2D;

/**
 * Residual blocks of separable convolutions: Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions"
 * (2016).
 */
public final class Xception extends Application<Xception> {
    private static final int USUAL_SIZE = 299;
    private static final int LEAST_SIZE = 71;
    private static final int MIDDLE = 728;
    private static final int FIRST_MIDDLE_BLOCK = 5;
    private static final int LAST_MIDDLE_BLOCK = 12;

    public Xception() {
        super("xception", USUAL_SIZE, LEAST_SIZE);
    }

    @Override
    KerasTensor features(KerasTensor image) {
        KerasTensor x =
                new Conv2D(32, 3).strides(2).useBias(false).name("block1_conv1").apply(image);
        x = relu(normalize(x, "block1_conv1_bn"), "block1_conv1_act");
        x = new Conv2D(64, 3).useBias(false).name("block1_conv2").apply(x);
        x = relu(normalize(x, "block1_conv2_bn"), "block1_conv2_act");
        x = shrink(x, "block2", 128, 128, false);
        x = shrink(x, "block3", 256, 256, true);
        x = shrink(x, "block4", MIDDLE, MIDDLE, true);
        for (int i = FIRST_MIDDLE_BLOCK; i <= LAST_MIDDLE_BLOCK; i++) x = middle(x, "block" + i);
        x = shrink(x, "block13", MIDDLE, 1024, true);
        x = relu(separable(x, 1536, "block14_sepconv1"), "block14_sepconv1_act");
        return relu(separable(x, 2048, "block14_sepconv2"), "block14_sepconv2_act");
    }

    /** Returns a block that halves rows and columns, beside a convolution that does. */
    private static KerasTensor shrink(KerasTensor x, String name, int first, int second, boolean startsWithRelu) {
        KerasTensor shortcut =
                new Conv2D(second, 1).strides(2).padding("same").useBias(false).apply(x);
        shortcut = normalize(shortcut, null);
        KerasTensor y = startsWithRelu ? relu(x, name + "_sepconv1_act") : x;
        y = separable(y, first, name + "_sepconv1");
        y = separable(relu(y, name + "_sepconv2_act"), second, name + "_sepconv2");
        y = new MaxPooling2D(3).strides(2).padding("same").name(name + "_pool").apply(y);
        return new Add().apply(y, shortcut);
    }

    private static KerasTensor middle(KerasTensor x, String name) {
        KerasTensor y = x;
        for (int i = 1; i <= 3; i++) {
            String convolution = name + "_sepconv" + i;
            y = separable(relu(y, convolution + "_act"), MIDDLE, convolution);
        }
        return new Add().apply(y, x);
    }

    private static KerasTensor separable(KerasTensor x, int filters, String name) {
        KerasTensor y = new SeparableConv2D(filters, 3)
                .padding("same")
                .useBias(false)
                .name(name)
                .apply(x);
        return normalize(y, name + "_bn");
    }

    private static KerasTensor normalize(KerasTensor x, @Nullable String name) {
        return named(new BatchNormalization(channelsFirst() ? 1 : -1), name).apply(x);
    }

    private static KerasTensor relu(KerasTensor x, String name) {
        return new Activation("relu").name(name).apply(x);
    }

    @Override
    boolean namesPooling() {
        return false;
    }

    @Override
    Pretrained imagenet() {
        String folder = "tensorflow/keras-applications/xception";
        String file = "xception_weights_tf_dim_ordering_tf_kernels";
        return includesTop()
                ? Pretrained.of(folder, file + ".h5", "0a58e3b7378bc2990ea3b43d5981f1f6")
                : Pretrained.of(folder, file + "_notop.h5", "b0042744bf5b25fce3cb969f33bebb97");
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
