package org.keras4j.applications;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Activation;
import org.keras4j.layers.Add;
import org.keras4j.layers.BatchNormalization;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.DepthwiseConv2D;
import org.keras4j.layers.Dropout;
import org.keras4j.layers.Flatten;
import org.keras4j.layers.GlobalAveragePooling2D;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Multiply;
import org.keras4j.layers.ReLU;
import org.keras4j.layers.Rescaling;
import org.keras4j.layers.ZeroPadding2D;

/**
 * Searched blocks with hard-swish and squeeze-and-excitation: Howard et al., "Searching for MobileNetV3" (2019). Images
 * have values from 0 to 255 unless preprocessing is left out, then from -1 to 1.
 */
public abstract class MobileNetV3<A extends MobileNetV3<A>> extends MobileNetwork<A> {
    /**
     * A block as the paper's tables list it.
     *
     * @param expansion how often its input's channels the block has inside
     * @param kernel 5 becomes 3 in a minimalistic network
     * @param squeezes whether channels are weighed by what all places have
     * @param swishes whether it has hard-swish rather than ReLU
     */
    record Block(double expansion, int filters, int kernel, int stride, boolean squeezes, boolean swishes) {}

    /** The published weights' hashes: of width 0.75, 1 and minimalistic, each with the classifier and without. */
    record Hashes(String[] narrow, String[] usual, String[] minimalistic) {}

    private static final double SQUEEZE = 0.25;
    private static final int STEM = 16;

    private final String id;
    private final Block[] blocks;
    private final int last;
    private final Hashes hashes;
    private boolean minimalistic;
    private boolean includePreprocessing = true;
    private double dropoutRate = 0.2;

    /** Takes {@code "small"} or {@code "large"}, the blocks, the features before the classifier, and hashes. */
    MobileNetV3(String id, Block[] blocks, int last, Hashes hashes) {
        super("MobileNetV3" + (id.equals("small") ? "Small" : "Large"), Set.of(224));
        this.id = id;
        this.blocks = blocks;
        this.last = last;
        this.hashes = hashes;
    }

    /** Says whether to do without hard-swish, squeezing and kernels of 5; false if not set. */
    public A minimalistic(boolean minimalistic) {
        this.minimalistic = minimalistic;
        return self();
    }

    /** Sets the share of the features that training drops before the classifier; 0.2 if not set. */
    public A dropoutRate(double dropoutRate) {
        this.dropoutRate = dropoutRate;
        return self();
    }

    /** Says whether the model scales images itself; true if not set. */
    public A includePreprocessing(boolean includePreprocessing) {
        this.includePreprocessing = includePreprocessing;
        return self();
    }

    @Override
    void check() {
        super.check();
        requirePublishedWidth(minimalistic ? Set.of(1.0) : Set.of(0.75, 1.0));
        requireOneShape();
    }

    /** Returns the shape of the tensor that is given, otherwise a shape of any size: the top works at all of them. */
    @Override
    Shape imageShape() {
        Shape given = givenShape();
        KerasTensor tensor = givenTensor();
        if (given == null)
            return tensor == null ? square(Shape.UNKNOWN, 3) : tensor.shape().from(1);
        requireSize(given);
        return given;
    }

    @Override
    KerasTensor features(KerasTensor image) {
        KerasTensor x = includePreprocessing ? new Rescaling(1 / 127.5, -1).apply(image) : image;
        x = new Conv2D(STEM, 3)
                .strides(2)
                .padding("same")
                .useBias(false)
                .name("conv")
                .apply(x);
        x = activate(normalize(x, "conv_bn"), !minimalistic);
        for (int i = 0; i < blocks.length; i++)
            x = block(x, blocks[i], i == 0 ? "expanded_conv_" : "expanded_conv_" + i + "_", i > 0);
        x = point(x, multipleOf8(6 * channels(x)), "conv_1");
        return activate(normalize(x, "conv_1_bn"), !minimalistic);
    }

    private KerasTensor block(KerasTensor x, Block block, String name, boolean expands) {
        boolean swishes = block.swishes && !minimalistic;
        int kernel = minimalistic ? 3 : block.kernel;
        int wide = multipleOf8(channels(x) * block.expansion);
        int filters = multipleOf8(block.filters * alpha());
        KerasTensor y = x;
        if (expands) y = activate(normalize(point(y, wide, name + "expand"), name + "expand_bn"), swishes);
        if (block.stride == 2)
            y = new ZeroPadding2D(stridePadding(y, kernel))
                    .name(name + "depthwise_pad")
                    .apply(y);
        y = new DepthwiseConv2D(kernel)
                .strides(block.stride)
                .padding(block.stride == 1 ? "same" : "valid")
                .useBias(false)
                .name(name + "depthwise")
                .apply(y);
        y = activate(normalize(y, name + "depthwise_bn"), swishes);
        if (block.squeezes && !minimalistic) y = squeeze(y, wide, name + "squeeze_excite_");
        y = normalize(point(y, filters, name + "project"), name + "project_bn");
        return block.stride == 1 && channels(x) == filters
                ? new Add().name(name + "add").apply(x, y)
                : y;
    }

    private static KerasTensor squeeze(KerasTensor x, int filters, String name) {
        KerasTensor y = new GlobalAveragePooling2D()
                .keepdims(true)
                .name(name + "avg_pool")
                .apply(x);
        y = new Conv2D(multipleOf8(filters * SQUEEZE), 1)
                .padding("same")
                .name(name + "conv")
                .apply(y);
        y = new ReLU().name(name + "relu").apply(y);
        y = new Conv2D(filters, 1).padding("same").name(name + "conv_1").apply(y);
        y = new ReLU(6).apply(y.add(3.0)).multiply(1.0 / 6.0);
        return new Multiply().name(name + "mul").apply(x, y);
    }

    /** Returns a convolution of single places. */
    private static KerasTensor point(KerasTensor x, int filters, String name) {
        return new Conv2D(filters, 1).padding("same").useBias(false).name(name).apply(x);
    }

    private static KerasTensor normalize(KerasTensor x, String name) {
        return new BatchNormalization(channelsFirst() ? 1 : -1)
                .epsilon(1e-3)
                .momentum(0.999)
                .name(name)
                .apply(x);
    }

    private static KerasTensor activate(KerasTensor x, boolean swishes) {
        return swishes ? new Activation("hard_swish").apply(x) : new ReLU().apply(x);
    }

    @Override
    KerasTensor classify(KerasTensor features) {
        KerasTensor x = new GlobalAveragePooling2D().keepdims(true).apply(features);
        int wide = alpha() > 1 ? multipleOf8(last * alpha()) : last;
        x = new Conv2D(wide, 1).padding("same").name("conv_2").apply(x);
        x = activate(x, !minimalistic);
        if (dropoutRate > 0) x = new Dropout(dropoutRate).apply(x);
        x = new Conv2D(classes(), 1).padding("same").name("logits").apply(x);
        x = new Flatten().apply(x);
        return new Activation(classifierActivation()).name("predictions").apply(x);
    }

    @Override
    String usualName() {
        return "functional";
    }

    @Override
    Pretrained imagenet() {
        String[] pair = minimalistic ? hashes.minimalistic : alpha() == 1 ? hashes.usual : hashes.narrow;
        String file = "weights_mobilenet_v3_" + id + (minimalistic ? "_minimalistic" : "") + "_224_" + alpha()
                + "_float" + (includesTop() ? ".h5" : "_no_top_v2.h5");
        return Pretrained.of("tensorflow/keras-applications/mobilenet_v3", file, pair[includesTop() ? 0 : 1]);
    }

    /** Returns the images as they are: the model prepares them itself. */
    public static Tensor preprocessInput(Object x) {
        return preprocessInput(x, null);
    }

    /** Returns the images as they are: the model prepares them itself. */
    public static Tensor preprocessInput(Object x, @Nullable String dataFormat) {
        return ImageNet.unchanged(x, dataFormat);
    }
}
