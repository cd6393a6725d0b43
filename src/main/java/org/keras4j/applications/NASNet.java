package org.keras4j.applications;

import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Activation;
import org.keras4j.layers.BatchNormalization;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.GlobalAveragePooling2D;
import org.keras4j.layers.KerasTensor;

/**
 * Stacks of two cells that a search found: Zoph, Vasudevan, Shlens and Le, "Learning Transferable Architectures for
 * Scalable Image Recognition" (2017).
 */
public abstract class NASNet<A extends NASNet<A>> extends Application<A> {
    private static final int LEAST_SIZE = 32;
    private static final double MOMENTUM = 0.9997;
    private static final double EPSILON = 1e-3;

    private final int stem;
    private final int filters;
    private final int cells;
    private final boolean skipsReduction;

    /**
     * @param stem filters of the first convolution
     * @param filters filters of each operation in the first stack of normal cells; the next two have twice as many each
     * @param cells normal cells in each of the three stacks
     * @param skipsReduction whether the cell after a reduction sees what was two cells before it, not its input
     */
    NASNet(String id, int usualSize, int stem, int filters, int cells, boolean skipsReduction) {
        super(id, usualSize, LEAST_SIZE);
        this.stem = stem;
        this.filters = filters;
        this.cells = cells;
        this.skipsReduction = skipsReduction;
    }

    @Override
    void check() {
        requireChannelsLast();
        super.check();
        Shape given = givenShape();
        if (isImagenet() && given != null && !given.isKnown())
            throw wrong("inputShape must be known with weights \"imagenet\"", given);
    }

    @Override
    KerasTensor features(KerasTensor image) {
        KerasTensor x = new Conv2D(stem, 3)
                .strides(2)
                .useBias(false)
                .kernelInitializer("he_normal")
                .name("stem_conv1")
                .apply(image);
        x = normalize(x, "stem_bn1");
        KerasTensor before = x;
        KerasTensor y = NASNetCell.reduction("stem_1", filters / 4).apply(x, null);
        x = NASNetCell.reduction("stem_2", filters / 2).apply(y, before);
        before = y;
        for (int stack = 0; stack < 3; stack++) {
            int width = filters << stack;
            if (stack > 0) {
                y = NASNetCell.reduction("reduce_" + stack * cells, width).apply(x, before);
                if (!skipsReduction) before = x;
                x = y;
            }
            // the names leave out one number, after the first stack
            int first = stack * cells + (stack == 0 ? 0 : 1);
            for (int i = 0; i < cells; i++) {
                y = NASNetCell.normal(String.valueOf(first + i), width).apply(x, before);
                before = x;
                x = y;
            }
        }
        return new Activation("relu").apply(x);
    }

    static KerasTensor normalize(KerasTensor x, String name) {
        return new BatchNormalization(-1)
                .momentum(MOMENTUM)
                .epsilon(EPSILON)
                .name(name)
                .apply(x);
    }

    @Override
    KerasTensor classify(KerasTensor features) {
        return predictions(new GlobalAveragePooling2D().apply(features));
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
