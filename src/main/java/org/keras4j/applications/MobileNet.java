package org.keras4j.applications;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.layers.Activation;
import org.keras4j.layers.BatchNormalization;
import org.keras4j.layers.Conv2D;
import org.keras4j.layers.DepthwiseConv2D;
import org.keras4j.layers.Dropout;
import org.keras4j.layers.GlobalAveragePooling2D;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.ReLU;
import org.keras4j.layers.Reshape;
import org.keras4j.layers.ZeroPadding2D;

/**
 * Convolutions in depth, then in channels: Howard et al., "MobileNets: Efficient Convolutional Neural Networks for
 * Mobile Vision Applications" (2017).
 */
public final class MobileNet extends MobileNetwork<MobileNet> {
    private static final Set<Integer> PUBLISHED_SIZES = Set.of(128, 160, 192, 224);
    private static final Set<Double> PUBLISHED_WIDTHS = Set.of(0.25, 0.5, 0.75, 1.0);
    /** Output channels of each pair of convolutions; where they grow, rows and columns halve. */
    private static final int[] FILTERS = {64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024};

    private static final int STEM = 32;

    private int depthMultiplier = 1;
    private double dropout = 0.001;

    public MobileNet() {
        super(null, PUBLISHED_SIZES);
    }

    /** Sets how many channels each one becomes in depth; 1 if not set. */
    public MobileNet depthMultiplier(int depthMultiplier) {
        if (depthMultiplier < 1) throw wrong("depthMultiplier must be positive", depthMultiplier);
        this.depthMultiplier = depthMultiplier;
        return this;
    }

    /** Sets the share of the features that training drops before the classifier; 0.001 if not set. */
    public MobileNet dropout(double dropout) {
        this.dropout = dropout;
        return this;
    }

    @Override
    void check() {
        super.check();
        if (isImagenet() && depthMultiplier != 1)
            throw wrong("depthMultiplier must be 1 with weights \"imagenet\"", depthMultiplier);
        requirePublishedWidth(PUBLISHED_WIDTHS);
    }

    @Override
    KerasTensor features(KerasTensor image) {
        KerasTensor x = new Conv2D(scaled(STEM), 3)
                .strides(2)
                .padding("same")
                .useBias(false)
                .name("conv1")
                .apply(image);
        x = relu6(normalize(x, "conv1_bn"), "conv1_relu");
        for (int i = 0; i < FILTERS.length; i++)
            x = block(x, FILTERS[i], i > 0 && FILTERS[i] > FILTERS[i - 1] ? 2 : 1, i + 1);
        return x;
    }

    private KerasTensor block(KerasTensor x, int filters, int stride, int number) {
        KerasTensor y = x;
        if (stride == 2)
            y = new ZeroPadding2D(new int[][] {{0, 1}, {0, 1}})
                    .name("conv_pad_" + number)
                    .apply(x);
        y = new DepthwiseConv2D(3)
                .strides(stride)
                .padding(stride == 1 ? "same" : "valid")
                .depthMultiplier(depthMultiplier)
                .useBias(false)
                .name("conv_dw_" + number)
                .apply(y);
        y = relu6(normalize(y, "conv_dw_" + number + "_bn"), "conv_dw_" + number + "_relu");
        y = new Conv2D(scaled(filters), 1)
                .padding("same")
                .useBias(false)
                .name("conv_pw_" + number)
                .apply(y);
        return relu6(normalize(y, "conv_pw_" + number + "_bn"), "conv_pw_" + number + "_relu");
    }

    private int scaled(int filters) {
        return (int) (filters * alpha());
    }

    private static KerasTensor normalize(KerasTensor x, String name) {
        return new BatchNormalization(channelsFirst() ? 1 : -1).name(name).apply(x);
    }

    private static KerasTensor relu6(KerasTensor x, String name) {
        return new ReLU(6).name(name).apply(x);
    }

    @Override
    KerasTensor classify(KerasTensor features) {
        KerasTensor x = new GlobalAveragePooling2D().keepdims(true).apply(features);
        x = new Dropout(dropout).name("dropout").apply(x);
        x = new Conv2D(classes(), 1).padding("same").name("conv_preds").apply(x);
        x = new Reshape(classes()).name("reshape_2").apply(x);
        return new Activation(classifierActivation()).name("predictions").apply(x);
    }

    @Override
    boolean namesPooling() {
        return false;
    }

    @Override
    String usualName() {
        return "mobilenet_" + twoPlaces(alpha()) + "_" + (size() == Shape.UNKNOWN ? "None" : size());
    }

    @Override
    Pretrained imagenet() {
        String width = alpha() == 1 ? "1_0" : alpha() == 0.75 ? "7_5" : alpha() == 0.5 ? "5_0" : "2_5";
        String file = "mobilenet_" + width + "_" + size() + (includesTop() ? "_tf.h5" : "_tf_no_top.h5");
        return Pretrained.of("tensorflow/keras-applications/mobilenet", file, null);
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
