package org.keras4j.applications;

import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Add;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.MaxPooling2D;
import org.keras4j.layers.ZeroPadding2D;

/**
 * Residual blocks that normalize before they convolve: He, Zhang, Ren and Sun, "Identity Mappings in Deep Residual
 * Networks" (2016). The last block of a stage has the stride.
 */
public abstract class ResNetV2<A extends ResNetV2<A>> extends ResidualNetwork<A> {
    private static final int LAST_STAGE = 3;

    ResNetV2(String id, int[] depths, String hash, String hashWithoutTop) {
        super(id, depths, hash, hashWithoutTop);
    }

    @Override
    KerasTensor afterStem(KerasTensor x) {
        return x;
    }

    @Override
    KerasTensor afterStages(KerasTensor x) {
        return relu(normalize(x, "post_bn"), "post_relu");
    }

    @Override
    KerasTensor stage(KerasTensor x, int filters, int blocks, int stage) {
        String name = stageName(stage) + "_block";
        KerasTensor y = block(x, filters, 1, true, name + 1);
        for (int i = 2; i < blocks; i++) y = block(y, filters, 1, false, name + i);
        return block(y, filters, stage == LAST_STAGE ? 1 : 2, false, name + blocks);
    }

    private static KerasTensor block(KerasTensor x, int filters, int stride, boolean projects, String name) {
        KerasTensor active = relu(normalize(x, name + "_preact_bn"), name + "_preact_relu");
        KerasTensor shortcut = x;
        if (projects)
            shortcut = new Conv2D(4 * filters, 1)
                    .strides(stride)
                    .name(name + "_0_conv")
                    .apply(active);
        else if (stride > 1) shortcut = new MaxPooling2D(1).strides(stride).apply(x);
        KerasTensor y =
                new Conv2D(filters, 1).useBias(false).name(name + "_1_conv").apply(active);
        y = relu(normalize(y, name + "_1_bn"), name + "_1_relu");
        y = new ZeroPadding2D(1).name(name + "_2_pad").apply(y);
        y = new Conv2D(filters, 3)
                .strides(stride)
                .useBias(false)
                .name(name + "_2_conv")
                .apply(y);
        y = relu(normalize(y, name + "_2_bn"), name + "_2_relu");
        y = new Conv2D(4 * filters, 1).name(name + "_3_conv").apply(y);
        return new Add().name(name + "_out").apply(shortcut, y);
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
