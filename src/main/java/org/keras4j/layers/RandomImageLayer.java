package org.keras4j.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.random.Random;
import org.keras4j.random.SeedGenerator;
import org.keras4j.serialization.ConfigReader;

/**
 * A layer that changes images at random in training; a seed makes its draws repeat from the start of the program.
 *
 * @param <L> the layer itself
 */
abstract class RandomImageLayer<L extends RandomImageLayer<L>> extends ImageLayer<L> {
    double[] valueRange = {0, 255};
    private @Nullable Integer seed;
    private @Nullable SeedGenerator generator;

    /** Sets the least and greatest value of a pixel; 0 and 255 if not set. */
    public L valueRange(double least, double greatest) {
        requireUnbuilt();
        valueRange = new double[] {Math.min(least, greatest), Math.max(least, greatest)};
        return self();
    }

    /** Sets what the random numbers start from; null for another start in each program. */
    public L seed(@Nullable Integer seed) {
        requireUnbuilt();
        this.seed = seed;
        return self();
    }

    final @Nullable Integer seed() {
        return seed;
    }

    /** Reads the data format, {@code value_range} and {@code seed}. */
    final L configureRandom(ConfigReader config) {
        configureImages(config).seed(config.nullableInteger("seed"));
        double[] range = ColorRange.range(config, "value_range", 0, 255);
        return valueRange(range[0], range[1]);
    }

    @Override
    protected void buildAll(Object inputs) {
        generator = addSeedGenerator(seed);
    }

    /** Returns a fresh seed. */
    final Tensor draw() {
        return Objects.requireNonNull(generator, "built").next();
    }

    /** Draws numbers from {@code range}. */
    final Tensor uniform(Shape shape, double[] range) {
        return Random.uniform(shape, range[0], range[1], DType.FLOAT32, draw());
    }

    /** Draws for each image whether something happens, with a probability that is itself drawn from {@code range}. */
    final Tensor chosen(Shape images, double[] range) {
        Shape each = images.slice(0, 1);
        Tensor probability = uniform(each, range);
        return K.less(uniform(each, new double[] {0, 1}), probability);
    }

    /** Returns 1 or -1 for each element. */
    final Tensor sign(Shape shape) {
        Tensor u = uniform(shape, new double[] {0, 1});
        return K.where(K.greater(u, 0.5), K.fullLike(u, -1), 1.0);
    }

    /** Returns one entry of a transformation in Keras's structure. */
    static Tensor entry(@Nullable Object transformation, String key) {
        if (transformation instanceof Map<?, ?> map && map.get(key) instanceof Tensor t) return t;
        throw new IllegalArgumentException(
                "expected a transformation with a tensor " + key + ", got " + transformation);
    }

    /** Lays a value per image along images. */
    static Tensor perImage(Tensor values) {
        return K.reshape(values, values.shape().dim(0), 1, 1, 1);
    }

    /**
     * Returns the range that a factor means: itself if it is a pair, else {@code -f} to {@code f}, not below
     * {@code least}.
     */
    static double[] bounds(String who, double[] factor, double least, double greatest) {
        double low = factor.length == 1 ? Math.max(-Math.abs(factor[0]), least) : Math.min(factor[0], factor[1]);
        double high = factor.length == 1 ? Math.abs(factor[0]) : Math.max(factor[0], factor[1]);
        // Of a pair Keras refuses only what lies wholly outside.
        boolean fits = factor.length == 2 ? low <= greatest && high >= least : high <= greatest;
        if (fits) return new double[] {low, high};
        throw new IllegalArgumentException(who + ": factor must be one or two numbers from " + least + " to " + greatest
                + ", got " + Arrays.toString(factor));
    }

    /** Reads a factor of one or two numbers. */
    static double[] factor(ConfigReader config, String key, double... otherwise) {
        Object value = config.get(key);
        if (value == null) return otherwise;
        if (value instanceof Number n) return new double[] {n.doubleValue()};
        double[] pair = ColorRange.range(config, key, 0, 0);
        return new double[] {pair[0], pair[1]};
    }

    final List<Double> range() {
        return List.of(valueRange[0], valueRange[1]);
    }

    static List<Double> list(double[] pair) {
        return Arrays.stream(pair).boxed().toList();
    }

    /** Returns pixels of the range {@code from} in the range {@code to}. */
    static Tensor rescaled(Tensor x, double[] from, double[] to) {
        if (Arrays.equals(from, to)) return x;
        Tensor unit = K.divide(K.subtract(x, from[0]), from[1] - from[0]);
        return K.add(K.multiply(unit, to[1] - to[0]), to[0]);
    }

    final Tensor clipped(Tensor x) {
        return K.clip(x, valueRange[0], valueRange[1]);
    }
}
