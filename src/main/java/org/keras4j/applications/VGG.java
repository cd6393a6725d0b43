package org.keras4j.applications;

import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Flatten;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.MaxPooling2D;

/**
 * Five blocks of convolutions and three dense layers: Simonyan and Zisserman, "Very Deep Convolutional Networks for
 * Large-Scale Image Recognition" (2014).
 */
public abstract class VGG<A extends VGG<A>> extends Application<A> {
    private static final int USUAL_SIZE = 224;
    private static final int LEAST_SIZE = 32;
    private static final int[] FILTERS = {64, 128, 256, 512, 512};
    private static final int HIDDEN = 4096;

    private final String id;
    private final int[] depths;
    private final String hash;
    private final String hashWithoutTop;

    /** Takes the number of convolutions of each block, and the hashes of the published weights. */
    VGG(String id, int[] depths, String hash, String hashWithoutTop) {
        super(id, USUAL_SIZE, LEAST_SIZE);
        this.id = id;
        this.depths = depths;
        this.hash = hash;
        this.hashWithoutTop = hashWithoutTop;
    }

    @Override
    KerasTensor features(KerasTensor image) {
        KerasTensor x = image;
        for (int i = 0; i < depths.length; i++) {
            String block = "block" + (i + 1);
            for (int j = 1; j <= depths[i]; j++)
                x = new Conv2D(FILTERS[i], 3)
                        .padding("same")
                        .activation("relu")
                        .name(block + "_conv" + j)
                        .apply(x);
            x = new MaxPooling2D(2).strides(2).name(block + "_pool").apply(x);
        }
        return x;
    }

    @Override
    KerasTensor classify(KerasTensor features) {
        KerasTensor x = new Flatten().name("flatten").apply(features);
        x = new Dense(HIDDEN, "relu").name("fc1").apply(x);
        x = new Dense(HIDDEN, "relu").name("fc2").apply(x);
        return predictions(x);
    }

    @Override
    boolean namesPooling() {
        return false;
    }

    @Override
    Pretrained imagenet() {
        String file = id + "_weights_tf_dim_ordering_tf_kernels" + (includesTop() ? ".h5" : "_notop.h5");
        return Pretrained.of("tensorflow/keras-applications/" + id, file, includesTop() ? hash : hashWithoutTop);
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
