package org.keras4j.layers;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.STFT;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * The short-time Fourier transform of each channel of sound, by convolution with kernels that start as windowed cosines
 * and sines and may be trained: {@code [batch, samples, channels] -> [batch, time, channels * frequencies]}.
 */
public final class STFTSpectrogram extends BaseLayer<STFTSpectrogram> {
    private enum Mode {
        LOG,
        MAGNITUDE,
        PSD,
        REAL,
        IMAG,
        ANGLE,
        STFT
    }

    private Mode mode;
    private int frameLength = 256;
    private @Nullable Integer frameStep;
    private @Nullable Integer fftLength;
    private @Nullable String window = "hann";
    private boolean periodic;
    private @Nullable String scaling = "density";
    private String padding = "valid";
    private boolean expandDims;
    private String dataFormat = ConfigValues.dataFormat(null);
    private @Nullable Variable realKernel;
    private @Nullable Variable imagKernel;

    /** Makes a layer of log magnitudes. */
    public STFTSpectrogram() {
        this("log");
    }

    /** Takes what is computed: "log", "magnitude", "psd", "real", "imag", "angle" or "stft" (real, then imaginary). */
    public STFTSpectrogram(String mode) {
        try {
            this.mode = Mode.valueOf(mode.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "STFTSpectrogram: mode must be log, magnitude, psd, real, imag, angle or stft, got \"" + mode
                            + "\"",
                    e);
        }
        inputSpec(InputSpec.ofRank(3));
    }

    static STFTSpectrogram fromConfig(ConfigReader config) {
        STFTSpectrogram layer = configure(new STFTSpectrogram(config.string("mode", "log")), config);
        layer.frameLength(config.integer("frame_length", 256));
        layer.frameStep(config.nullableInteger("frame_step"));
        layer.fftLength(config.nullableInteger("fft_length"));
        if (config.has("window")) layer.window(config.nullableString("window"));
        if (config.has("scaling")) layer.scaling(config.nullableString("scaling"));
        return layer.periodic(config.bool("periodic", false))
                .padding(config.string("padding", "valid"))
                .expandDims(config.bool("expand_dims", false))
                .dataFormat(config.nullableString("data_format"));
    }

    /** Sets the samples of a frame; 256 if not set. */
    public STFTSpectrogram frameLength(int length) {
        requireUnbuilt();
        if (length < 1)
            throw new IllegalArgumentException("STFTSpectrogram: frame_length must be positive, got " + length);
        frameLength = length;
        return this;
    }

    /** Sets the samples from one frame to the next, 1 to the frame's length; half the frame if null. */
    public STFTSpectrogram frameStep(@Nullable Integer step) {
        requireUnbuilt();
        if (step != null && (step < 1 || step > frameLength))
            throw new IllegalArgumentException(
                    "STFTSpectrogram: frame_step must be from 1 to frame_length " + frameLength + ", got " + step);
        frameStep = step;
        return this;
    }

    /** Sets the points of the transform, at least the frame's length; the next power of two if null. */
    public STFTSpectrogram fftLength(@Nullable Integer length) {
        requireUnbuilt();
        if (length != null && length < frameLength)
            throw new IllegalArgumentException("STFTSpectrogram: fft_length must not be less than frame_length "
                    + frameLength + ", got " + length);
        fftLength = length;
        return this;
    }

    /** Sets the window's name, such as "hann" (if not set); null for none. */
    public STFTSpectrogram window(@Nullable String window) {
        requireUnbuilt();
        this.window = window;
        return this;
    }

    /** Says whether the window is one period; false if not set. */
    public STFTSpectrogram periodic(boolean periodic) {
        requireUnbuilt();
        this.periodic = periodic;
        return this;
    }

    /** Sets "density" (if not set), "spectrum" or null for none. */
    public STFTSpectrogram scaling(@Nullable String scaling) {
        requireUnbuilt();
        this.scaling = scaling;
        return this;
    }

    /** Sets "valid" (if not set) or "same". */
    public STFTSpectrogram padding(String padding) {
        requireUnbuilt();
        if (!padding.equals("valid") && !padding.equals("same"))
            throw new IllegalArgumentException(
                    "STFTSpectrogram: padding must be \"valid\" or \"same\", got \"" + padding + "\"");
        this.padding = padding;
        return this;
    }

    /** Says whether channels and frequencies are axes of their own; false if not set. */
    public STFTSpectrogram expandDims(boolean expandDims) {
        requireUnbuilt();
        this.expandDims = expandDims;
        return this;
    }

    /** Sets where the channels are, "channels_last" or "channels_first"; null for the default. */
    public STFTSpectrogram dataFormat(@Nullable String dataFormat) {
        requireUnbuilt();
        this.dataFormat = ConfigValues.dataFormat(dataFormat);
        return this;
    }

    private int points() {
        if (fftLength != null) return fftLength;
        int power = Integer.highestOneBit(frameLength);
        return power == frameLength ? power : 2 * power;
    }

    @Override
    protected void build(Shape input) {
        Shape shape = Shape.of(frameLength, 1, points() / 2 + 1);
        if (mode != Mode.IMAG) realKernel = kernel("real", shape);
        if (mode != Mode.REAL) imagKernel = kernel("imag", shape);
    }

    private Variable kernel(String side, Shape shape) {
        STFT start = new STFT(side).scaling(scaling).periodic(periodic);
        if (window == null) start.noWindow();
        else start.window(window);
        return addWeight(side + "_kernel", shape, o -> o.initializer(start));
    }

    /** Returns {@code [batch, channels, frequencies, time]}. */
    private Tensor convolved(Tensor x, @Nullable Variable kernel) {
        boolean last = dataFormat.equals("channels_last");
        Tensor first = last ? K.transpose(x, 0, 2, 1) : x;
        int channels = first.shape().dim(1);
        Tensor signals = K.reshape(first, -1, first.shape().dim(2), 1);
        int step = frameStep == null ? frameLength / 2 : frameStep;
        Tensor weight = Objects.requireNonNull(kernel).value();
        Tensor y = K.conv(signals, weight, new int[] {step}, padding, "channels_last", new int[] {1});
        Tensor swapped = K.transpose(y, 0, 2, 1);
        return K.reshape(
                swapped, -1, channels, swapped.shape().dim(1), swapped.shape().dim(2));
    }

    private Tensor arranged(Tensor y) {
        boolean last = dataFormat.equals("channels_last");
        if (expandDims) return last ? K.transpose(y, 0, 3, 2, 1) : K.transpose(y, 0, 1, 3, 2);
        Tensor flat =
                K.reshape(y, -1, y.shape().dim(1) * y.shape().dim(2), y.shape().dim(3));
        return last ? K.transpose(flat, 0, 2, 1) : flat;
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        return switch (mode) {
            case REAL -> arranged(convolved(x, realKernel));
            case IMAG -> arranged(convolved(x, imagKernel));
            case ANGLE -> arranged(K.arctan2(convolved(x, imagKernel), convolved(x, realKernel)));
            case STFT -> arranged(K.concatenate(List.of(convolved(x, realKernel), convolved(x, imagKernel)), 2));
            case PSD -> arranged(twoSided(power(x)));
            case MAGNITUDE -> magnitude(x);
            case LOG -> K.log(K.maximum(magnitude(x), Config.epsilon()));
        };
    }

    private Tensor power(Tensor x) {
        return K.add(K.square(convolved(x, realKernel)), K.square(convolved(x, imagKernel)));
    }

    private Tensor magnitude(Tensor x) {
        return arranged(K.sqrt(K.maximum(power(x), Config.epsilon())));
    }

    /** Counts all frequencies twice but the first and the last. */
    private static Tensor twoSided(Tensor power) {
        int n = power.shape().dim(2);
        Tensor inner = Primitives.slice(power, 2, 1, n - 2);
        return K.add(power, Primitives.pad(inner, new int[] {0, 0, 1, 0}, new int[] {0, 0, 1, 0}));
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("mode", mode.name().toLowerCase(Locale.ROOT));
        config.put("frame_length", frameLength);
        config.put("frame_step", frameStep);
        config.put("fft_length", fftLength);
        config.put("window", window);
        config.put("periodic", periodic);
        config.put("scaling", scaling);
        config.put("padding", padding);
        config.put("data_format", dataFormat);
        config.put("expand_dims", expandDims);
        return config;
    }
}
