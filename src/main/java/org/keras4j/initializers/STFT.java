package org.keras4j.initializers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.serialization.ConfigReader;

/**
 * Gives the kernels of shape (frame length, 1, frequencies) with which a convolution computes a short-time Fourier
 * transform: windowed cosines ({@code side "real"}) or negative sines ({@code "imag"}).
 */
public final class STFT implements Initializer {
    private String side = "real";
    private @Nullable Object window = "hann";
    private @Nullable String scaling = "density";
    private boolean periodic = false;

    public STFT() {}

    /** Takes {@code "real"} or {@code "imag"}. */
    public STFT(String side) {
        side(side);
    }

    static STFT fromConfig(ConfigReader config) {
        var stft = new STFT(config.string("side", "real")).periodic(config.bool("periodic", false));
        if (config.has("scaling")) stft.scaling(config.nullableString("scaling"));
        if (!config.has("window")) return stft;
        Object window = config.get("window");
        if (window == null) return stft.noWindow();
        if (window instanceof String name) return stft.window(name);
        List<?> list = config.list("window");
        var values = new double[list.size()];
        for (int i = 0; i < values.length; i++) {
            if (!(list.get(i) instanceof Number n)) throw config.wrong("window", "a name or a list of numbers", window);
            values[i] = n.doubleValue();
        }
        return stft.window(values);
    }

    /** Takes {@code "real"} or {@code "imag"}. */
    public STFT side(String side) {
        if (!side.equals("real") && !side.equals("imag"))
            throw new IllegalArgumentException("STFT: expected side real or imag, got \"" + side + "\"");
        this.side = side;
        return this;
    }

    /** Takes the name of a window, such as {@code "hann"}, {@code "hamming"} or {@code "tukey"}. */
    public STFT window(String name) {
        Windows.make(name, 1, false);
        this.window = name;
        return this;
    }

    /** Takes the window itself, as long as a frame. */
    public STFT window(double... values) {
        this.window = values.clone();
        return this;
    }

    /** Leaves the frames as they are. */
    public STFT noWindow() {
        this.window = null;
        return this;
    }

    /** Takes {@code "density"}, {@code "spectrum"} or null for none. */
    public STFT scaling(@Nullable String scaling) {
        if (scaling != null && !scaling.equals("density") && !scaling.equals("spectrum"))
            throw new IllegalArgumentException(
                    "STFT: expected scaling density, spectrum or null, got \"" + scaling + "\"");
        this.scaling = scaling;
        return this;
    }

    /** Says whether the window is one period (for analysis by FFT) or symmetric. */
    public STFT periodic(boolean periodic) {
        this.periodic = periodic;
        return this;
    }

    @Override
    public NDArray call(Shape shape, DType dtype) {
        if (shape.rank() != 3)
            throw new IllegalArgumentException("STFT: expected a shape (frame, 1, frequencies), got " + shape);
        int frame = shape.dim(0);
        int frequencies = shape.dim(2);
        double[] win = window(frame);
        double scale = win == null ? 1 : scale(win);
        double pi = dtype.round(Math.PI);
        NDArray out = NDArray.zeros(dtype, shape.with(1, 1));
        for (int t = 0; t < frame; t++)
            for (int f = 0; f < frequencies; f++) {
                // Rounded as Keras does: after hundreds of turns the last bit of the angle shows in the result.
                double angle = dtype.round(-2.0 * t * f / (2.0 * (frequencies - 1)) * pi);
                double wave = side.equals("real") ? Math.cos(angle) : Math.sin(angle);
                out.set(t * frequencies + f, win == null ? wave : wave * win[t] / scale);
            }
        if (shape.dim(1) == 1) return out;
        throw new IllegalArgumentException("STFT: expected one input channel, got shape " + shape);
    }

    private double @Nullable [] window(int frame) {
        double[] win = switch (window) {
            case null -> null;
            case String name -> Windows.make(name, frame, periodic);
            default -> (double[]) window;
        };
        if (win != null && win.length != frame)
            throw new IllegalArgumentException(
                    "STFT: expected a window as long as the frame, " + frame + ", got one of " + win.length);
        return win;
    }

    private double scale(double[] win) {
        if (scaling == null) return 1;
        double sum = 0;
        boolean density = scaling.equals("density");
        for (double w : win) sum += density ? w * w : Math.abs(w);
        return density ? Math.sqrt(sum) : sum;
    }

    @Override
    public Map<String, Object> getConfig() {
        Object written = window;
        if (window instanceof double[] values) {
            List<Double> list = new ArrayList<>();
            for (double v : values) list.add(v);
            written = list;
        }
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("side", side);
        config.put("window", written);
        config.put("periodic", periodic);
        config.put("scaling", scaling);
        return config;
    }
}
