package org.keras4j.initializers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Ints;

/**
 * Draws with a variance of {@code scale / n}, where n is the number of inputs, of outputs, or their mean. Inputs and
 * outputs are the last two axes times all others, unless {@code inputAxes} and {@code outputAxes} say which they are.
 */
abstract class FanInitializer<S extends FanInitializer<S>> extends RandomInitializer<S> {
    /** The standard deviation of a normal distribution of variance 1 that is cut off at -2 and 2. */
    private static final double TRUNCATED_STDDEV = 0.87962566103423978;

    double scale;
    Mode mode;
    Distribution distribution;
    private @Nullable Ints inputAxes;
    private @Nullable Ints outputAxes;

    enum Mode {
        FAN_IN,
        FAN_OUT,
        FAN_AVG
    }

    enum Distribution {
        UNIFORM,
        TRUNCATED_NORMAL,
        UNTRUNCATED_NORMAL
    }

    FanInitializer(double scale, Mode mode, Distribution distribution) {
        this.scale = scale;
        this.mode = mode;
        this.distribution = distribution;
    }

    /** Sets the axes whose sizes multiply to the number of inputs; needs {@code outputAxes} too. */
    public S inputAxes(int... axes) {
        inputAxes = Ints.of(axes);
        return self();
    }

    /** Sets the axes whose sizes multiply to the number of outputs; needs {@code inputAxes} too. */
    public S outputAxes(int... axes) {
        outputAxes = Ints.of(axes);
        return self();
    }

    final void axes(int @Nullable [] input, int @Nullable [] output) {
        if (input != null) inputAxes(input);
        if (output != null) outputAxes(output);
    }

    @Override
    final void fill(Draw draw, NDArray out) {
        double fan = Math.max(1, fan(out.shape()));
        double variance = scale / fan;
        switch (distribution) {
            case UNIFORM -> draw.uniform(out, -Math.sqrt(3 * variance), Math.sqrt(3 * variance));
            case TRUNCATED_NORMAL -> draw.truncatedNormal(out, 0, Math.sqrt(variance) / TRUNCATED_STDDEV);
            case UNTRUNCATED_NORMAL -> draw.normal(out, 0, Math.sqrt(variance));
        }
    }

    private double fan(Shape shape) {
        double in = 1;
        double out = 1;
        int rank = shape.rank();
        if (inputAxes != null && outputAxes != null) {
            for (int axis : inputAxes.toArray()) in *= shape.dim(axis);
            for (int axis : outputAxes.toArray()) out *= shape.dim(axis);
        } else if (rank == 1) {
            in = shape.dim(0);
            out = in;
        } else if (rank >= 2) {
            double field = shape.size(0, rank - 2);
            in = field * shape.dim(-2);
            out = field * shape.dim(-1);
        }
        return switch (mode) {
            case FAN_IN -> in;
            case FAN_OUT -> out;
            case FAN_AVG -> (in + out) / 2;
        };
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = seedConfig();
        putAxes(config);
        return config;
    }

    final void putAxes(Map<String, Object> config) {
        config.put("input_axes", toList(inputAxes));
        config.put("output_axes", toList(outputAxes));
    }

    private static @Nullable List<Integer> toList(@Nullable Ints axes) {
        return axes == null ? null : Arrays.stream(axes.toArray()).boxed().toList();
    }
}
