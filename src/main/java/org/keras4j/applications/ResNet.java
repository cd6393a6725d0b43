package org.keras4j.applications;

import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Add;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.KerasTensor;

/**
 * Bottleneck blocks that add to their input: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition"
 * (2015). The first convolution of a block has the stride.
 */
public abstract class ResNet<A extends ResNet<A>> extends ResidualNetwork<A> {
    ResNet(String id, int[] depths, String hash, String hashWithoutTop) {
        super(id, depths, hash, hashWithoutTop);
    }

    @Override
    KerasTensor afterStem(KerasTensor x) {
        return relu(normalize(x, "conv1_bn"), "conv1_relu");
    }

    @Override
    KerasTensor afterStages(KerasTensor x) {
        return x;
    }

    @Override
    KerasTensor stage(KerasTensor x, int filters, int blocks, int stage) {
        String name = stageName(stage) + "_block";
        KerasTensor y = block(x, filters, stage == 0 ? 1 : 2, true, name + 1);
        for (int i = 2; i <= blocks; i++) y = block(y, filters, 1, false, name + i);
        return y;
    }

    private static KerasTensor block(KerasTensor x, int filters, int stride, boolean projects, String name) {
        KerasTensor shortcut = x;
        if (projects) {
            shortcut = new Conv2D(4 * filters, 1)
                    .strides(stride)
                    .name(name + "_0_conv")
                    .apply(x);
            shortcut = normalize(shortcut, name + "_0_bn");
        }
        KerasTensor y =
                new Conv2D(filters, 1).strides(stride).name(name + "_1_conv").apply(x);
        y = relu(normalize(y, name + "_1_bn"), name + "_1_relu");
        y = new Conv2D(filters, 3).padding("same").name(name + "_2_conv").apply(y);
        y = relu(normalize(y, name + "_2_bn"), name + "_2_relu");
        y = normalize(new Conv2D(4 * filters, 1).name(name + "_3_conv").apply(y), name + "_3_bn");
        return relu(new Add().name(name + "_add").apply(shortcut, y), name + "_out");
    }

    /** Returns images of 0 to 255 with blue first, less ImageNet's mean of each channel. */
    public static Tensor preprocessInput(Object x) {
        return preprocessInput(x, null);
    }

    /** Returns the same for images of this data format; null for the program's. */
    public static Tensor preprocessInput(Object x, @Nullable String dataFormat) {
        return ImageNet.preprocessInput(x, dataFormat, "caffe");
    }
}
