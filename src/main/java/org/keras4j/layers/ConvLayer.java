package org.keras4j.layers;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.activations.Activations;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.op.Ints;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * What all convolutions have: a window that moves over the spatial axes of {@code [batch, space..., channels]} (or
 * {@code [batch, channels, space...]}), then a bias and an activation.
 */
abstract class ConvLayer<L extends ConvLayer<L>> extends KernelLayer<L> {
    final int spatialAxes;
    final int[] kernelSize;
    int[] strides;
    int[] dilationRate;
    String padding = "valid";
    String dataFormat = ConfigValues.dataFormat(null);

    @Nullable
    Variable biasWeight;

    ConvLayer(int spatialAxes, int[] kernelSize) {
        this.spatialAxes = spatialAxes;
        this.kernelSize = ConfigValues.spread(this, "kernel_size", kernelSize, spatialAxes, 1);
        strides = ConfigValues.spread(this, "strides", new int[] {1}, spatialAxes, 1);
        dilationRate = strides;
        inputSpec(InputSpec.atLeast(spatialAxes + 2));
    }

    /** Sets how far the window moves: one number, or one for each spatial axis; 1 if not set. */
    public L strides(int... strides) {
        requireUnbuilt();
        this.strides = ConfigValues.spread(this, "strides", strides, spatialAxes, 1);
        requireOneOfStridesAndDilation();
        return self();
    }

    /** Sets how far the kernel's elements are apart: one number, or one for each spatial axis; 1 if not set. */
    public L dilationRate(int... dilationRate) {
        requireUnbuilt();
        this.dilationRate = ConfigValues.spread(this, "dilation_rate", dilationRate, spatialAxes, 1);
        requireOneOfStridesAndDilation();
        return self();
    }

    /** Sets "valid" (no padding, if not set) or "same" (as many results as inputs at stride 1). */
    public L padding(String padding) {
        requireUnbuilt();
        String lower = padding.toLowerCase(Locale.ROOT);
        if (!lower.equals("valid") && !lower.equals("same") && !(allowsCausal() && lower.equals("causal")))
            throw new IllegalArgumentException(
                    className() + ": padding must be \"valid\"" + (allowsCausal() ? ", " : " or ") + "\"same\""
                            + (allowsCausal() ? " or \"causal\"" : "") + ", got \"" + padding + "\"");
        this.padding = lower;
        return self();
    }

    /** Sets where the channels are, "channels_last" or "channels_first"; null for the default. */
    public L dataFormat(@Nullable String dataFormat) {
        requireUnbuilt();
        this.dataFormat = ConfigValues.dataFormat(dataFormat);
        return self();
    }

    /** Says whether a bias is added; true if not set. */
    public L useBias(boolean useBias) {
        requireUnbuilt();
        this.useBias = useBias;
        return self();
    }

    /** Says whether padding may be "causal". */
    boolean allowsCausal() {
        return false;
    }

    /** Says whether strides and dilation exclude each other. */
    boolean refusesStridesWithDilation() {
        return false;
    }

    private void requireOneOfStridesAndDilation() {
        if (refusesStridesWithDilation()
                && !Ints.of(strides).all(1)
                && !Ints.of(dilationRate).all(1))
            throw new IllegalArgumentException(
                    className() + ": strides above 1 do not go with dilation_rate above 1, got "
                            + Arrays.toString(strides) + " and " + Arrays.toString(dilationRate));
    }

    static int requirePositive(String className, String option, int value) {
        if (value > 0) return value;
        throw new IllegalArgumentException(className + ": " + option + " must be positive, got " + value);
    }

    final boolean channelsFirst() {
        return dataFormat.equals("channels_first");
    }

    /** Returns the number of channels of an input, and expects that of all inputs from now on. */
    final int fixChannels(Shape input) {
        int axis = channelsFirst() ? 1 : -1;
        int channels = knownSize(input, axis);
        inputSpec(InputSpec.atLeast(spatialAxes + 2).with(axis, channels));
        return channels;
    }

    final void addBias(int size) {
        if (useBias) biasWeight = bias.add(this, Shape.of(size));
    }

    /** Adds the bias and applies the activation. */
    final Tensor finish(Tensor y) {
        if (biasWeight == null) return activation.call(y);
        Tensor b = biasWeight.value();
        if (channelsFirst()) {
            int[] dims = Ints.repeat(1, y.rank()).toArray();
            dims[1] = b.shape().dim(0);
            b = K.reshape(b, dims);
        }
        return activation.call(K.add(y, b));
    }

    /** Reads what all convolutions have. */
    final L configureConv(ConfigReader config) {
        configureKernel(config);
        if (config.has("strides")) strides(config.ints("strides"));
        if (config.has("dilation_rate")) dilationRate(config.ints("dilation_rate"));
        padding(config.string("padding", "valid"));
        return dataFormat(config.nullableString("data_format"));
    }

    final void putBias(Map<String, Object> config) {
        config.put("activation", Activations.serialize(activation));
        config.put("use_bias", useBias);
    }

    /** Puts the options of the weights in Keras's order; the bias is the last of {@code parameters}. */
    final void putParameters(Map<String, Object> config, Parameter... parameters) {
        Parameter.putInitializers(config, parameters);
        Parameter.putRegularizers(config, parameters);
        config.put("activity_regularizer", activityRegularizer());
        Parameter.putConstraints(config, parameters);
    }
}
