package org.keras4j.applications;

import org.keras4j.layers.Activation;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.KerasTensor;

/**
 * Inception branches that add to their input: Szegedy, Ioffe, Vanhoucke and Alemi, "Inception-v4, Inception-ResNet and
 * the Impact of Residual Connections on Learning" (2016).
 */
public final class InceptionResNetV2 extends Inception<InceptionResNetV2> {
    private static final int LAST_FILTERS = 1536;

    public InceptionResNetV2() {
        super("inception_resnet_v2");
    }

    @Override
    KerasTensor features(KerasTensor image) {
        KerasTensor x = mixed5(stem(image));
        for (int i = 1; i <= 10; i++) x = block35(x, "block35_" + i);
        x = mixed6(x);
        for (int i = 1; i <= 20; i++) x = block17(x, "block17_" + i);
        x = mixed7(x);
        for (int i = 1; i < 10; i++) x = relu(block8(x, 0.2, "block8_" + i), "block8_" + i + "_ac");
        x = block8(x, 1, "block8_10");
        x = new Conv2D(LAST_FILTERS, 1)
                .padding("same")
                .useBias(false)
                .name("conv_7b")
                .apply(x);
        return relu(normalize(x, "conv_7b_bn"), "conv_7b_ac");
    }

    private static KerasTensor mixed5(KerasTensor x) {
        return concatenate(
                "mixed_5b",
                branch(x, new int[][] {{96, 1, 1}}),
                branch(x, new int[][] {{48, 1, 1}, {64, 5, 5}}),
                branch(x, new int[][] {{64, 1, 1}, {96, 3, 3}, {96, 3, 3}}),
                poolBranch(x, 64));
    }

    private static KerasTensor mixed6(KerasTensor x) {
        return concatenate(
                "mixed_6a",
                shrinking(x, 384),
                shrinking(branch(x, new int[][] {{256, 1, 1}, {256, 3, 3}}), 384),
                shrinkingPool(x));
    }

    private static KerasTensor mixed7(KerasTensor x) {
        return concatenate(
                "mixed_7a",
                shrinking(branch(x, new int[][] {{256, 1, 1}}), 384),
                shrinking(branch(x, new int[][] {{256, 1, 1}}), 288),
                shrinking(branch(x, new int[][] {{256, 1, 1}, {288, 3, 3}}), 320),
                shrinkingPool(x));
    }

    private static KerasTensor block35(KerasTensor x, String name) {
        KerasTensor mixed = concatenate(
                name + "_mixed",
                branch(x, new int[][] {{32, 1, 1}}),
                branch(x, new int[][] {{32, 1, 1}, {32, 3, 3}}),
                branch(x, new int[][] {{32, 1, 1}, {48, 3, 3}, {64, 3, 3}}));
        return relu(residual(x, mixed, 0.17, name), name + "_ac");
    }

    private static KerasTensor block17(KerasTensor x, String name) {
        KerasTensor mixed = concatenate(name + "_mixed", branch(x, new int[][] {{192, 1, 1}}), branch(x, new int[][] {
            {128, 1, 1}, {160, 1, 7}, {192, 7, 1}
        }));
        return relu(residual(x, mixed, 0.1, name), name + "_ac");
    }

    private static KerasTensor block8(KerasTensor x, double scale, String name) {
        KerasTensor mixed = concatenate(name + "_mixed", branch(x, new int[][] {{192, 1, 1}}), branch(x, new int[][] {
            {192, 1, 1}, {224, 1, 3}, {256, 3, 1}
        }));
        return residual(x, mixed, scale, name);
    }

    /** Returns {@code x + scale * r}, where r is as many channels as x has, made of {@code mixed}. */
    private static KerasTensor residual(KerasTensor x, KerasTensor mixed, double scale, String name) {
        KerasTensor r =
                new Conv2D(channels(x), 1).padding("same").name(name + "_conv").apply(mixed);
        return new CustomScaleLayer(scale).apply(x, r);
    }

    private static KerasTensor relu(KerasTensor x, String name) {
        return new Activation("relu").name(name).apply(x);
    }

    @Override
    Pretrained imagenet() {
        String folder = "tensorflow/keras-applications/inception_resnet_v2";
        String file = "inception_resnet_v2_weights_tf_dim_ordering_tf_kernels";
        return includesTop()
                ? Pretrained.of(folder, file + ".h5", "e693bd0210a403b3192acc6073ad2e96")
                : Pretrained.of(folder, file + "_notop.h5", "d19885ff4a710c122648d3b5c3b684e4");
    }
}
