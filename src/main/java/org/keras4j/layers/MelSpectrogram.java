package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * Turns sound into power over time on the mel scale: {@code [batch, samples] -> [batch, mel bins, time]}, or the same
 * without the batch axis. {@code mel(f) = 1127 ln(1 + f / 700)} as in the Hidden Markov Model Toolkit; each bin sums
 * frequencies under a triangle of height 1.
 */
public final class MelSpectrogram extends BaseLayer<MelSpectrogram> {
    private int fftLength = 2048;
    private int sequenceStride = 512;
    private @Nullable Integer sequenceLength;
    private @Nullable String window = "hann";
    private int samplingRate = 16_000;
    private int numMelBins = 128;
    private double minFreq = 20;
    private @Nullable Double maxFreq;
    private boolean powerToDb = true;
    private double topDb = 80;
    private double magExp = 2;
    private double minPower = 1e-10;
    private double refPower = 1;

    public MelSpectrogram() {}

    static MelSpectrogram fromConfig(ConfigReader config) {
        MelSpectrogram layer = configure(new MelSpectrogram(), config);
        layer.fftLength(config.integer("fft_length", 2048)).sequenceStride(config.integer("sequence_stride", 512));
        Integer length = config.nullableInteger("sequence_length");
        if (length != null) layer.sequenceLength(length);
        if (config.has("window")) layer.window(config.nullableString("window"));
        layer.samplingRate(config.integer("sampling_rate", 16_000)).numMelBins(config.integer("num_mel_bins", 128));
        layer.minFreq(config.real("min_freq", 20));
        Double most = config.nullableReal("max_freq");
        if (most != null) layer.maxFreq(most);
        return layer.powerToDb(config.bool("power_to_db", true))
                .topDb(config.real("top_db", 80))
                .magExp(config.real("mag_exp", 2))
                .minPower(config.real("min_power", 1e-10))
                .refPower(config.real("ref_power", 1));
    }

    /** Sets the points of a Fourier transform; 2048 if not set. */
    public MelSpectrogram fftLength(int length) {
        requireUnbuilt();
        fftLength = positive("fft_length", length);
        return this;
    }

    /** Sets the samples from one window to the next; 512 if not set. */
    public MelSpectrogram sequenceStride(int stride) {
        requireUnbuilt();
        sequenceStride = positive("sequence_stride", stride);
        return this;
    }

    /** Sets the samples of a window, at most {@code fftLength}, which it is if not set. */
    public MelSpectrogram sequenceLength(int length) {
        requireUnbuilt();
        sequenceLength = positive("sequence_length", length);
        return this;
    }

    /** Sets the window: "hann" (if not set), "hamming", or null for none. */
    public MelSpectrogram window(@Nullable String window) {
        requireUnbuilt();
        this.window = window;
        return this;
    }

    /** Sets the samples per second; 16000 if not set. */
    public MelSpectrogram samplingRate(int rate) {
        requireUnbuilt();
        samplingRate = positive("sampling_rate", rate);
        return this;
    }

    /** Sets the number of bins; 128 if not set. */
    public MelSpectrogram numMelBins(int bins) {
        requireUnbuilt();
        numMelBins = positive("num_mel_bins", bins);
        return this;
    }

    /** Sets the lower edge of the lowest bin in hertz; 20 if not set. */
    public MelSpectrogram minFreq(double hertz) {
        requireUnbuilt();
        minFreq = hertz;
        return this;
    }

    /** Sets the upper edge of the highest bin in hertz; half the sampling rate if not set. */
    public MelSpectrogram maxFreq(double hertz) {
        requireUnbuilt();
        maxFreq = hertz;
        return this;
    }

    /** Says whether results are in decibels; true if not set. */
    public MelSpectrogram powerToDb(boolean powerToDb) {
        requireUnbuilt();
        this.powerToDb = powerToDb;
        return this;
    }

    /** Sets how many decibels below the greatest result the others end; 80 if not set. */
    public MelSpectrogram topDb(double decibels) {
        requireUnbuilt();
        topDb = decibels;
        return this;
    }

    /** Sets the exponent of the magnitude: 2 (if not set) for power, 1 for amplitude. */
    public MelSpectrogram magExp(double exponent) {
        requireUnbuilt();
        magExp = exponent;
        return this;
    }

    /** Sets what powers count for at least in decibels; 1e-10 if not set. */
    public MelSpectrogram minPower(double power) {
        requireUnbuilt();
        minPower = power;
        return this;
    }

    /** Sets the power of 0 decibels; 1 if not set. */
    public MelSpectrogram refPower(double power) {
        requireUnbuilt();
        refPower = power;
        return this;
    }

    private static int positive(String option, int value) {
        if (value > 0) return value;
        throw new IllegalArgumentException("MelSpectrogram: " + option + " must be positive, got " + value);
    }

    private int length() {
        return sequenceLength == null ? fftLength : sequenceLength;
    }

    private double greatestFreq() {
        return maxFreq == null ? samplingRate / 2 : maxFreq;
    }

    @Override
    protected void build(Shape input) {
        if (length() > fftLength)
            throw new IllegalArgumentException(
                    "expected sequence_length of at most fft_length " + fftLength + ", got " + length());
        if (!(greatestFreq() > minFreq))
            throw new IllegalArgumentException(
                    "expected max_freq above min_freq " + minFreq + ", got " + greatestFreq());
        inputSpec(InputSpec.atLeast(1));
    }

    @Override
    protected Tensor call(Tensor x, Call call) {
        DType compute = dtypePolicy().compute();
        Tensor signal = K.cast(x, compute == DType.FLOAT64 ? compute : DType.FLOAT32);
        List<Tensor> parts = K.stft(signal, length(), sequenceStride, fftLength, window, true);
        Tensor size = K.sqrt(K.add(K.square(parts.get(0)), K.square(parts.get(1))));
        Tensor mel = K.matmul(K.power(size, magExp), K.cast(Tensor.of(triangles()), signal.dtype()));
        return K.cast(K.swapaxes(powerToDb ? decibels(mel) : mel, -1, -2), compute);
    }

    private Tensor decibels(Tensor power) {
        double reference = 10 * Math.log10(Math.max(Math.abs(refPower), minPower));
        Tensor db = K.subtract(K.multiply(10, K.log10(K.maximum(power, minPower))), reference);
        return K.maximum(db, K.subtract(K.max(db), topDb));
    }

    /** Returns the weight of each frequency in each bin; frequency 0 counts nowhere. */
    private NDArray triangles() {
        int frequencies = fftLength / 2 + 1;
        NDArray weights = NDArray.zeros(DType.FLOAT32, Shape.of(frequencies, numMelBins));
        double first = mel(minFreq);
        double step = (mel(greatestFreq()) - first) / (numMelBins + 1);
        for (int f = 1; f < frequencies; f++)
            for (int bin = 0; bin < numMelBins; bin++) {
                double place = (mel(samplingRate / 2.0 * f / (frequencies - 1)) - first) / step - bin;
                weights.set(f * numMelBins + bin, Math.max(0, Math.min(place, 2 - place)));
            }
        return weights;
    }

    private static double mel(double hertz) {
        return 1127 * Math.log1p(hertz / 700);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("fft_length", fftLength);
        config.put("sequence_stride", sequenceStride);
        config.put("sequence_length", length());
        config.put("window", window);
        config.put("sampling_rate", samplingRate);
        config.put("num_mel_bins", numMelBins);
        config.put("min_freq", minFreq);
        config.put("max_freq", maxFreq == null ? (Object) (samplingRate / 2) : maxFreq);
        config.put("power_to_db", powerToDb);
        config.put("top_db", topDb);
        config.put("mag_exp", magExp);
        config.put("min_power", minPower);
        config.put("ref_power", refPower);
        return config;
    }
}
