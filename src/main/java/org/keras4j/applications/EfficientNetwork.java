package org.keras4j.applications;

import org.keras4j.initializers.VarianceScaling;
import org.keras4j.layers.Activation;
import org.keras4j.layers.Add;
import org.keras4j.layers.BaseLayer;
import org.keras4j.layers.BatchNormalization;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Dropout;
import org.keras4j.layers.GlobalAveragePooling2D;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Multiply;
import org.keras4j.layers.Reshape;

/** What the EfficientNets share: how a width and a depth scale them, squeezing, dropped blocks and the classifier. */
abstract class EfficientNetwork<A extends EfficientNetwork<A>> extends Application<A> {
    static final int TOP = 1280;
    /** The share of blocks that training drops: none at the first one, this much after the last. */
    static final double DROP_CONNECT = 0.2;

    private static final int LEAST_SIZE = 32;
    private static final int FIRST_LETTER = 'a';

    private final double width;
    private final double depth;
    private final double dropout;
    private final double momentum;

    EfficientNetwork(String id, int usualSize, double width, double depth, double dropout, double momentum) {
        super(id, usualSize, LEAST_SIZE);
        this.width = width;
        this.depth = depth;
        this.dropout = dropout;
        this.momentum = momentum;
    }

    final double width() {
        return width;
    }

    final int repeated(int blocks) {
        return (int) Math.ceil(depth * blocks);
    }

    /** Returns how the layers of a block begin: {@code block1a_} is the first one. */
    static String blockName(int stage, int block) {
        return "block" + (stage + 1) + (char) (FIRST_LETTER + block) + "_";
    }

    static VarianceScaling convolutionInitializer() {
        return new VarianceScaling(2, "fan_out", "truncated_normal");
    }

    /** Returns the activation of the normalized result of a convolution. */
    final KerasTensor convolve(KerasTensor x, BaseLayer<?> convolution, String normalization, String activation) {
        return swish(normalize(convolution.apply(x), normalization), activation);
    }

    /** Returns a convolution of single places, without bias. */
    static Conv2D point(int filters, String name) {
        return new Conv2D(filters, 1)
                .padding("same")
                .useBias(false)
                .kernelInitializer(convolutionInitializer())
                .name(name);
    }

    final KerasTensor normalize(KerasTensor x, String name) {
        return new BatchNormalization(channelsAxis())
                .momentum(momentum)
                .name(name)
                .apply(x);
    }

    static KerasTensor swish(KerasTensor x, String name) {
        return new Activation("swish").name(name).apply(x);
    }

    /** Returns x with its channels weighed by what all places have, through {@code reduced} numbers. */
    static KerasTensor squeeze(KerasTensor x, int reduced, String name) {
        int filters = channels(x);
        KerasTensor y = new GlobalAveragePooling2D().name(name + "se_squeeze").apply(x);
        int[] shape = channelsFirst() ? new int[] {filters, 1, 1} : new int[] {1, 1, filters};
        y = new Reshape(shape).name(name + "se_reshape").apply(y);
        y = weigh(reduced, "swish", name + "se_reduce").apply(y);
        y = weigh(filters, "sigmoid", name + "se_expand").apply(y);
        return new Multiply().name(name + "se_excite").apply(x, y);
    }

    private static Conv2D weigh(int filters, String activation, String name) {
        return new Conv2D(filters, 1)
                .padding("same")
                .activation(activation)
                .kernelInitializer(convolutionInitializer())
                .name(name);
    }

    /** Returns x, dropped in training for some images, and the block's input. */
    static KerasTensor addInput(KerasTensor x, KerasTensor input, double drop, String name) {
        KerasTensor y = x;
        if (drop > 0)
            y = new Dropout(drop).noiseShape(-1, 1, 1, 1).name(name + "drop").apply(x);
        return new Add().name(name + "add").apply(y, input);
    }

    @Override
    KerasTensor classify(KerasTensor features) {
        KerasTensor x = new GlobalAveragePooling2D().name("avg_pool").apply(features);
        if (dropout > 0) x = new Dropout(dropout).name("top_dropout").apply(x);
        return efficientClassifier().apply(x);
    }

    Dense efficientClassifier() {
        return classifier().kernelInitializer(new VarianceScaling(1.0 / 3.0, "fan_out", "uniform"));
    }
}
