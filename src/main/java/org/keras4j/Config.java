package org.keras4j;

/** The settings that {@code keras.config} has. */
public final class Config {
    private static volatile String floatx = "float32";
    private static volatile double epsilon = 1e-7;
    private static volatile String imageDataFormat = "channels_last";

    private Config() {}

    /** Returns the dtype of weights and activations where nothing else is said. */
    public static String floatx() {
        return floatx;
    }

    public static void setFloatx(String dtype) {
        if (!DType.of(dtype).isFloating())
            throw new IllegalArgumentException("floatx must be a floating dtype, got \"" + dtype + "\"");
        floatx = dtype;
    }

    /** Returns the small number that keeps divisions and logarithms finite. */
    public static double epsilon() {
        return epsilon;
    }

    public static void setEpsilon(double value) {
        if (!(value > 0)) throw new IllegalArgumentException("epsilon must be positive, got " + value);
        epsilon = value;
    }

    /** Returns {@code "channels_last"} or {@code "channels_first"}. */
    public static String imageDataFormat() {
        return imageDataFormat;
    }

    public static void setImageDataFormat(String format) {
        if (!format.equals("channels_last") && !format.equals("channels_first"))
            throw new IllegalArgumentException(
                    "image_data_format must be \"channels_last\" or \"channels_first\", got \"" + format + "\"");
        imageDataFormat = format;
    }
}
