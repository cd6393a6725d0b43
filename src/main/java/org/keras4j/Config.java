package org.keras4j;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The settings of {@code keras.config}, for the whole program. They start as {@code keras.json} in {@link #home} says,
 * else as Keras's defaults. A faulty value in that file is an IllegalArgumentException of the first call.
 */
public final class Config {
    private static volatile @Nullable Settings settings;
    private static volatile Limits limits = Limits.read();

    private Config() {}

    private static Settings settings() {
        Settings known = settings;
        return known == null ? load() : known;
    }

    private static synchronized Settings load() {
        if (settings == null) settings = Settings.read(System.getenv(), System.getProperties());
        return settings;
    }

    /** Returns the name of the dtype of weights and activations where none is given; "float32" to start with. */
    public static String floatx() {
        return settings().floatx().keras();
    }

    /** Sets {@link #floatx} to "float16", "bfloat16", "float32" or "float64". */
    public static synchronized void setFloatx(String dtype) {
        if (!DType.of(dtype).isFloating())
            throw new IllegalArgumentException(
                    "floatx must be one of float16, bfloat16, float32, float64, got \"" + dtype + "\"");
        Settings s = load();
        settings = new Settings(s.home(), DType.of(dtype), s.epsilon(), s.imageDataFormat(), s.backend());
    }

    /** Returns the small number that keeps divisions and logarithms finite; 1e-7 to start with. */
    public static double epsilon() {
        return settings().epsilon();
    }

    /** Sets {@link #epsilon}. */
    public static synchronized void setEpsilon(double value) {
        if (!(value >= 0)) throw new IllegalArgumentException("epsilon must be 0 or more, got " + value);
        Settings s = load();
        settings = new Settings(s.home(), s.floatx(), value, s.imageDataFormat(), s.backend());
    }

    /** Returns where images have their channels: "channels_last" to start with, or "channels_first". */
    public static String imageDataFormat() {
        return settings().imageDataFormat();
    }

    /** Sets {@link #imageDataFormat}, in upper or lower case. */
    public static synchronized void setImageDataFormat(String format) {
        String checked = Settings.imageDataFormat(format.toLowerCase(Locale.ROOT), "of Config");
        Settings s = load();
        settings = new Settings(s.home(), s.floatx(), s.epsilon(), checked, s.backend());
    }

    /**
     * Returns the most epochs of a training; null, to start with, for no limit. {@code KERAS_MAX_EPOCHS} sets it, too.
     */
    public static @Nullable Integer maxEpochs() {
        return limits.epochs();
    }

    /** Sets {@link #maxEpochs}: for trying out long trainings. */
    public static synchronized void setMaxEpochs(@Nullable Integer maxEpochs) {
        limits = new Limits(maxEpochs, limits.stepsPerEpoch());
    }

    /**
     * Returns the most batches of an epoch, an evaluation or a prediction; null, to start with, for no limit. {@code
     * KERAS_MAX_STEPS_PER_EPOCH} sets it, too.
     */
    public static @Nullable Integer maxStepsPerEpoch() {
        return limits.stepsPerEpoch();
    }

    /** Sets {@link #maxStepsPerEpoch}: for trying out long trainings. */
    public static synchronized void setMaxStepsPerEpoch(@Nullable Integer maxStepsPerEpoch) {
        limits = new Limits(limits.epochs(), maxStepsPerEpoch);
    }

    /** What trainings are cut short to. */
    private record Limits(
            @Nullable Integer epochs, @Nullable Integer stepsPerEpoch) {
        Limits {
            if (epochs != null && epochs <= 0)
                throw new IllegalArgumentException("max_epochs must be positive, got " + epochs);
            if (stepsPerEpoch != null && stepsPerEpoch <= 0)
                throw new IllegalArgumentException("max_steps_per_epoch must be positive, got " + stepsPerEpoch);
        }

        static Limits read() {
            return new Limits(number("KERAS_MAX_EPOCHS"), number("KERAS_MAX_STEPS_PER_EPOCH"));
        }

        private static @Nullable Integer number(String variable) {
            String text = System.getenv(variable);
            if (text == null || text.isBlank()) return null;
            try {
                return Integer.valueOf(text.strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(variable + " must be a number, got \"" + text + "\"", e);
            }
        }
    }

    /** Returns Keras's folder, for settings and downloaded files: {@code KERAS_HOME}, else {@code ~/.keras}. */
    public static Path home() {
        return settings().home();
    }

    /**
     * Returns the name of the backend that the system property {@code keras.backend}, the environment variable
     * {@code KERAS_BACKEND} or {@code keras.json} asks for, in this order; null if none does. A file that names one of
     * the backends of Keras in Python asks for none.
     */
    public static @Nullable String wantedBackend() {
        return settings().backend();
    }
}
