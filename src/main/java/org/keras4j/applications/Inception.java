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

/** What the Inception networks share: branches of normalized convolutions, side by side. */
abstract class Inception<A extends Inception<A>> extends Application<A> {
    private static final int USUAL_SIZE = 299;
    private static final int LEAST_SIZE = 75;

    Inception(String id) {
        super(id, USUAL_SIZE, LEAST_SIZE);
    }

    /** Returns the start of both networks: an eighth of the rows and columns, 192 channels. */
    static KerasTensor stem(KerasTensor image) {
        KerasTensor x = shrinking(image, 32);
        x = convolve(x, new Conv2D(32, 3));
        x = branch(x, new int[][] {{64, 3, 3}});
        x = shrinkingPool(x);
        x = convolve(x, new Conv2D(80, 1));
        x = convolve(x, new Conv2D(192, 3));
        return shrinkingPool(x);
    }

    /** Returns convolutions one after the other, each given as filters, rows and columns; sizes stay. */
    static KerasTensor branch(KerasTensor x, int[][] convolutions) {
        KerasTensor y = x;
        for (int[] c : convolutions) y = convolve(y, new Conv2D(c[0], c[1], c[2]).padding("same"));
        return y;
    }

    /** Returns a convolution of 3 by 3 that halves rows and columns. */
    static KerasTensor shrinking(KerasTensor x, int filters) {
        return convolve(x, new Conv2D(filters, 3).strides(2));
    }

    static KerasTensor shrinkingPool(KerasTensor x) {
        return new MaxPooling2D(3).strides(2).apply(x);
    }

    /** Returns the average of 3 by 3 places, then a convolution of one place. */
    static KerasTensor poolBranch(KerasTensor x, int filters) {
        KerasTensor y = new AveragePooling2D(3).strides(1).padding("same").apply(x);
        return branch(y, new int[][] {{filters, 1, 1}});
    }

    private static KerasTensor convolve(KerasTensor x, Conv2D layer) {
        return new Activation("relu").apply(normalize(layer.useBias(false).apply(x), null));
    }

    static KerasTensor normalize(KerasTensor x, @Nullable String name) {
        return named(new BatchNormalization(channelsAxis()).scale(false), name).apply(x);
    }

    static KerasTensor concatenate(@Nullable String name, KerasTensor... branches) {
        return named(new Concatenate(channelsAxis()), name).apply(branches);
    }

    @Override
    boolean namesPooling() {
        return false;
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
