package org.keras4j.applications;

import org.jspecify.annotations.Nullable;
import org.keras4j.layers.KerasTensor;

/**
 * Branches of factored convolutions: Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, "Rethinking the Inception
 * Architecture for Computer Vision" (2015).
 */
public final class InceptionV3 extends Inception<InceptionV3> {
    private static final int[] POOLS_OF_35 = {32, 64, 64};
    private static final int[] WIDTHS_OF_17 = {128, 160, 160, 192};

    public InceptionV3() {
        super("inception_v3");
    }

    @Override
    KerasTensor features(KerasTensor image) {
        KerasTensor x = stem(image);
        int mixed = 0;
        for (int pool : POOLS_OF_35) x = mixed35(x, pool, "mixed" + mixed++);
        x = shrink35(x, "mixed" + mixed++);
        for (int width : WIDTHS_OF_17) x = mixed17(x, width, "mixed" + mixed++);
        x = shrink17(x, "mixed" + mixed++);
        for (int i = 0; i < 2; i++) x = mixed8(x, "mixed9_" + i, "mixed" + mixed++);
        return x;
    }

    /** Works at 35 by 35 places, for images of the usual size. */
    private static KerasTensor mixed35(KerasTensor x, int poolFilters, String name) {
        return concatenate(
                name,
                branch(x, new int[][] {{64, 1, 1}}),
                branch(x, new int[][] {{48, 1, 1}, {64, 5, 5}}),
                branch(x, new int[][] {{64, 1, 1}, {96, 3, 3}, {96, 3, 3}}),
                poolBranch(x, poolFilters));
    }

    private static KerasTensor shrink35(KerasTensor x, String name) {
        return concatenate(
                name,
                shrinking(x, 384),
                shrinking(branch(x, new int[][] {{64, 1, 1}, {96, 3, 3}}), 96),
                shrinkingPool(x));
    }

    /** Works at 17 by 17 places, with 7 by 7 places seen as a row and a column. */
    private static KerasTensor mixed17(KerasTensor x, int width, String name) {
        return concatenate(
                name,
                branch(x, new int[][] {{192, 1, 1}}),
                branch(x, new int[][] {{width, 1, 1}, {width, 1, 7}, {192, 7, 1}}),
                branch(x, new int[][] {{width, 1, 1}, {width, 7, 1}, {width, 1, 7}, {width, 7, 1}, {192, 1, 7}}),
                poolBranch(x, 192));
    }

    private static KerasTensor shrink17(KerasTensor x, String name) {
        return concatenate(
                name,
                shrinking(branch(x, new int[][] {{192, 1, 1}}), 320),
                shrinking(branch(x, new int[][] {{192, 1, 1}, {192, 1, 7}, {192, 7, 1}}), 192),
                shrinkingPool(x));
    }

    /** Works at 8 by 8 places; two of the branches fork again. */
    private static KerasTensor mixed8(KerasTensor x, String forkName, String name) {
        KerasTensor one = branch(x, new int[][] {{320, 1, 1}});
        KerasTensor three = fork(branch(x, new int[][] {{384, 1, 1}}), forkName);
        KerasTensor five = fork(branch(x, new int[][] {{448, 1, 1}, {384, 3, 3}}), null);
        return concatenate(name, one, three, five, poolBranch(x, 192));
    }

    private static KerasTensor fork(KerasTensor x, @Nullable String name) {
        return concatenate(name, branch(x, new int[][] {{384, 1, 3}}), branch(x, new int[][] {{384, 3, 1}}));
    }

    @Override
    Pretrained imagenet() {
        String folder = "tensorflow/keras-applications/inception_v3";
        String file = "inception_v3_weights_tf_dim_ordering_tf_kernels";
        return includesTop()
                ? Pretrained.of(folder, file + ".h5", "9a0d58056eeedaa3f26cb7ebd46da564")
                : Pretrained.of(folder, file + "_notop.h5", "bcbd6486424b2319ff4ef7d526e38f63");
    }
}
