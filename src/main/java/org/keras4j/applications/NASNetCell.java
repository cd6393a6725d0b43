package org.keras4j.applications;

import org.jspecify.annotations.Nullable;
import org.keras4j.layers.Activation;
import org.keras4j.layers.Add;
import org.keras4j.layers.AveragePooling2D;
import org.keras4j.layers.Concatenate;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.Cropping2D;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.MaxPooling2D;
import org.keras4j.layers.SeparableConv2D;
import org.keras4j.layers.ZeroPadding2D;

/**
 * A cell of NASNet-A (figure 4 of the paper): five pairs of operations on what came before and what came before that,
 * added, and their results side by side.
 *
 * @param id what ends the names of its layers
 * @param filters channels of each operation's result
 * @param halves whether rows and columns halve
 */
record NASNetCell(String id, int filters, boolean halves) {
    static NASNetCell normal(String id, int filters) {
        return new NASNetCell(id, filters, false);
    }

    static NASNetCell reduction(String id, int filters) {
        return new NASNetCell(id, filters, true);
    }

    /** Returns the cell's result for the last one's and the one before it; null if there is none. */
    KerasTensor apply(KerasTensor last, @Nullable KerasTensor before) {
        KerasTensor p = adjust(before, last);
        String kind = halves ? "reduction" : "normal";
        KerasTensor h = convolve(new Activation("relu").apply(last), filters, kind + "_conv_1_" + id);
        h = NASNet.normalize(h, kind + "_bn_1_" + id);
        return halves ? halve(h, p) : keep(h, p);
    }

    private KerasTensor keep(KerasTensor h, KerasTensor p) {
        KerasTensor x1 =
                add("normal_add_1_", separable(h, 5, 1, "normal_left1_"), separable(p, 3, 1, "normal_right1_"));
        KerasTensor x2 =
                add("normal_add_2_", separable(p, 5, 1, "normal_left2_"), separable(p, 3, 1, "normal_right2_"));
        KerasTensor x3 = add("normal_add_3_", average(h, "normal_left3_"), p);
        KerasTensor x4 = add("normal_add_4_", average(p, "normal_left4_"), average(p, "normal_right4_"));
        KerasTensor x5 = add("normal_add_5_", separable(h, 3, 1, "normal_left5_"), h);
        return new Concatenate(-1).name("normal_concat_" + id).apply(p, x1, x2, x3, x4, x5);
    }

    private KerasTensor halve(KerasTensor h, KerasTensor p) {
        KerasTensor padded = new ZeroPadding2D(Application.stridePadding(h, 3))
                .name("reduction_pad_1_" + id)
                .apply(h);
        KerasTensor x1 = add(
                "reduction_add_1_", separable(h, 5, 2, "reduction_left1_"), separable(p, 7, 2, "reduction_right1_"));
        KerasTensor x2 = add(
                "reduction_add_2_",
                new MaxPooling2D(3).strides(2).name("reduction_left2_" + id).apply(padded),
                separable(p, 7, 2, "reduction_right2_"));
        KerasTensor x3 = add(
                "reduction_add3_",
                new AveragePooling2D(3).strides(2).name("reduction_left3_" + id).apply(padded),
                separable(p, 5, 2, "reduction_right3_"));
        KerasTensor x4 = new Add().apply(x2, average(x1, "reduction_left4_"));
        KerasTensor x5 = add(
                "reduction_add4_",
                separable(x1, 3, 1, "reduction_left4_"),
                new MaxPooling2D(3).strides(2).name("reduction_right5_" + id).apply(padded));
        return new Concatenate(-1).name("reduction_concat_" + id).apply(x2, x3, x4, x5);
    }

    /** Returns {@code before} with the columns of {@code last} and {@link #filters} channels. */
    private KerasTensor adjust(@Nullable KerasTensor before, KerasTensor last) {
        if (before == null) return last;
        if (before.shape().dim(2) != last.shape().dim(2)) return shrink(before);
        if (before.shape().last() == filters) return before;
        KerasTensor x = new Activation("relu").apply(before);
        x = convolve(x, filters, "adjust_conv_projection_" + id);
        return NASNet.normalize(x, "adjust_bn_" + id);
    }

    /** Returns every other place and, in the other channels, its neighbours right below. */
    private KerasTensor shrink(KerasTensor before) {
        KerasTensor x = new Activation("relu").name("adjust_relu_1_" + id).apply(before);
        KerasTensor even = new AveragePooling2D(1)
                .strides(2)
                .name("adjust_avg_pool_1_" + id)
                .apply(x);
        even = convolve(even, filters / 2, "adjust_conv_1_" + id);
        KerasTensor odd = new ZeroPadding2D(new int[][] {{0, 1}, {0, 1}}).apply(x);
        odd = new Cropping2D(new int[][] {{1, 0}, {1, 0}}).apply(odd);
        odd = new AveragePooling2D(1).strides(2).name("adjust_avg_pool_2_" + id).apply(odd);
        odd = convolve(odd, filters / 2, "adjust_conv_2_" + id);
        return NASNet.normalize(new Concatenate(-1).apply(even, odd), "adjust_bn_" + id);
    }

    /** Returns two separable convolutions, each after a ReLU; the first one has the stride. */
    private KerasTensor separable(KerasTensor x, int kernel, int stride, String place) {
        KerasTensor y = new Activation("relu").apply(x);
        if (stride == 2)
            y = new ZeroPadding2D(Application.stridePadding(y, kernel))
                    .name("separable_conv_1_pad_" + place + id)
                    .apply(y);
        y = new SeparableConv2D(filters, kernel)
                .strides(stride)
                .padding(stride == 2 ? "valid" : "same")
                .useBias(false)
                .name("separable_conv_1_" + place + id)
                .apply(y);
        y = new Activation("relu").apply(NASNet.normalize(y, "separable_conv_1_bn_" + place + id));
        y = new SeparableConv2D(filters, kernel)
                .padding("same")
                .useBias(false)
                .name("separable_conv_2_" + place + id)
                .apply(y);
        return NASNet.normalize(y, "separable_conv_2_bn_" + place + id);
    }

    private static KerasTensor convolve(KerasTensor x, int filters, String name) {
        return new Conv2D(filters, 1)
                .padding("same")
                .useBias(false)
                .kernelInitializer("he_normal")
                .name(name)
                .apply(x);
    }

    private KerasTensor average(KerasTensor x, String place) {
        return new AveragePooling2D(3)
                .strides(1)
                .padding("same")
                .name(place + id)
                .apply(x);
    }

    private KerasTensor add(String name, KerasTensor a, KerasTensor b) {
        return new Add().name(name + id).apply(a, b);
    }
}
