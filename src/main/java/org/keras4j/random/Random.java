package org.keras4j.random;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;
import org.keras4j.ops.K;

/**
 * Keras's {@code keras.random}. Each function is pure: the same seed, an int32 tensor of shape (2,) from
 * {@link SeedGenerator#next} or {@link SeedGenerator#fixed}, gives the same numbers on every backend.
 */
public final class Random {
    /** So many proposals that all being refused, at 5% each, does not happen. */
    private static final int PROPOSALS = 12;

    private Random() {}

    /** Draws from the normal distribution. */
    public static Tensor normal(Shape shape, double mean, double stddev, DType dtype, Tensor seed) {
        Tensor z = Primitives.random(Op.Distribution.NORMAL, seed, wide(dtype), shape);
        return Primitives.cast(Primitives.shift(Primitives.scale(z, stddev), mean), dtype);
    }

    /** Draws floats from {@code minval} to below {@code maxval}. */
    public static Tensor uniform(Shape shape, double minval, double maxval, DType dtype, Tensor seed) {
        Tensor u = Primitives.random(Op.Distribution.UNIFORM, seed, wide(dtype), shape);
        return Primitives.cast(Primitives.shift(Primitives.scale(u, maxval - minval), minval), dtype);
    }

    /** Draws true with the given probability. */
    public static Tensor bernoulli(Shape shape, double probability, Tensor seed) {
        return K.less(uniform(shape, 0, 1, DType.FLOAT32, seed), probability);
    }

    /** Draws from the normal distribution cut off at two standard deviations. */
    public static Tensor truncatedNormal(Shape shape, double mean, double stddev, DType dtype, Tensor seed) {
        Tensor u = uniform(shape, 0, 1, wide(dtype), seed);
        double edge = 0.954499736103642; // erf(2 / sqrt(2))
        // A half step keeps u off 0, where the inverse would be exactly at the edge.
        Tensor inside = Primitives.scale(Primitives.shift(Primitives.scale(u, 2), 0x1p-24 - 1), edge);
        Tensor z = Primitives.scale(Primitives.unary(Unary.ERFINV, inside), Math.sqrt(2));
        Tensor cut = K.clip(z, -2, 2);
        return Primitives.cast(Primitives.shift(Primitives.scale(cut, stddev), mean), dtype);
    }

    /** Draws whole numbers from {@code minval} to below {@code maxval}. */
    public static Tensor randint(Shape shape, long minval, long maxval, DType dtype, Tensor seed) {
        if (maxval <= minval)
            throw new IllegalArgumentException("randint: minval " + minval + " must be below maxval " + maxval);
        double range = (double) maxval - minval;
        // 24 random bits are few for large ranges: the fine part comes from a second draw.
        Tensor coarse = Primitives.random(Op.Distribution.UNIFORM, seed, DType.FLOAT64, shape);
        Tensor fine = Primitives.random(Op.Distribution.UNIFORM, derived(seed, 1), DType.FLOAT64, shape);
        Tensor u = Primitives.add(coarse, Primitives.scale(fine, 0x1p-24));
        Tensor whole = Primitives.unary(Unary.FLOOR, Primitives.scale(u, range));
        return Primitives.cast(Primitives.shift(whole, minval), dtype);
    }

    /** Draws class numbers for logits {@code [batch, classes]}, giving {@code [batch, samples]}. */
    public static Tensor categorical(Tensor logits, int samples, DType dtype, Tensor seed) {
        if (logits.rank() != 2)
            throw new IllegalArgumentException("categorical: expected logits [batch, classes], got " + logits.shape());
        int batch = logits.shape().dim(0);
        int classes = logits.shape().dim(1);
        Shape shape = Shape.of(batch, samples, classes);
        Tensor u = uniform(shape, 0x1p-25, 1 + 0x1p-25, DType.FLOAT32, seed);
        Tensor gumbel = K.negative(K.log(K.negative(K.log(K.clip(u, 0x1p-25, 1 - 0x1p-24)))));
        Tensor noisy = K.add(K.expandDims(K.cast(logits, DType.FLOAT32), 1), gumbel);
        return K.cast(K.argmax(noisy, -1), dtype);
    }

    /** Sets elements to 0 with probability {@code rate} and scales the others up; {@code noiseShape} broadcasts. */
    public static Tensor dropout(Tensor x, double rate, @Nullable Shape noiseShape, Tensor seed) {
        if (rate < 0 || rate > 1) throw new IllegalArgumentException("dropout: rate must be from 0 to 1, got " + rate);
        if (rate == 0) return x;
        if (rate == 1) return K.zerosLike(x);
        Tensor keep = bernoulli(noiseShape == null ? x.shape() : noiseShape, 1 - rate, seed);
        Tensor scaled = Primitives.scale(x, 1 / (1 - rate));
        return Primitives.select(K.broadcastTo(keep, x.shape()), scaled, K.zerosLike(x));
    }

    /** Puts the slices along an axis in random order. */
    public static Tensor shuffle(Tensor x, int axis, Tensor seed) {
        Tensor keys = uniform(Shape.of(x.shape().dim(axis)), 0, 1, DType.FLOAT32, seed);
        return K.take(x, K.argsort(keys, 0), axis);
    }

    /**
     * Draws from the gamma distribution of shape {@code alpha} (which broadcasts) and scale 1: Marsaglia and Tsang
     * 2000, with alpha + 1 and a power of a uniform number where alpha is below 1.
     */
    public static Tensor gamma(Shape shape, Tensor alpha, DType dtype, Tensor seed) {
        DType wide = wide(dtype);
        Tensor a = K.broadcastTo(K.cast(alpha, wide), shape);
        Tensor small = K.less(a, 1.0);
        Tensor d = K.subtract(K.add(a, K.cast(small, wide)), 1.0 / 3);
        Tensor c = K.rsqrt(K.multiply(d, 9.0));
        Shape tries = shape.insert(0, PROPOSALS);
        Tensor x = normal(tries, 0, 1, wide, derived(seed, 1));
        Tensor u = uniform(tries, 0, 1, wide, derived(seed, 2));
        Tensor base = K.add(K.multiply(x, c), 1.0);
        Tensor v = K.multiply(base, K.square(base));
        Tensor logV = K.log(K.maximum(v, 1e-30));
        Tensor bound = K.add(K.multiply(K.square(x), 0.5), K.multiply(d, K.add(K.subtract(1.0, v), logV)));
        Tensor good = K.logicalAnd(K.greater(v, 0.0), K.less(K.log(K.maximum(u, 1e-30)), bound));
        Tensor first = K.argmax(good, 0);
        Tensor chosen = K.squeeze(K.takeAlongAxis(v, K.expandDims(first, 0), 0), 0);
        Tensor lift = uniform(shape, 0x1p-25, 1, wide, derived(seed, 3));
        Tensor boost = K.where(small, K.exp(K.divide(K.log(lift), a)), 1.0);
        return K.cast(K.multiply(K.multiply(d, chosen), boost), dtype);
    }

    /** Draws from the beta distribution; both parameters broadcast. */
    public static Tensor beta(Shape shape, Tensor alpha, Tensor beta, DType dtype, Tensor seed) {
        Tensor x = gamma(shape, alpha, wide(dtype), derived(seed, 4));
        Tensor y = gamma(shape, beta, wide(dtype), derived(seed, 5));
        return K.cast(K.divide(x, K.add(x, y)), dtype);
    }

    /** Draws the number of successes in {@code counts} trials; the greatest count must be known when this is called. */
    public static Tensor binomial(Shape shape, Tensor counts, Tensor probabilities, DType dtype, Tensor seed) {
        int most = 0;
        NDArray known = counts.value();
        for (int i = 0; i < known.size(); i++) most = Math.max(most, (int) known.get(i));
        Shape trials = Shape.of(most).concat(shape);
        Tensor success = K.less(uniform(trials, 0, 1, DType.FLOAT32, seed), K.cast(probabilities, DType.FLOAT32));
        Tensor index = Primitives.iota(0, DType.INT32, trials);
        Tensor counted = K.logicalAnd(success, K.less(index, K.cast(counts, DType.INT32)));
        return K.cast(K.sum(counted, 0, false), dtype);
    }

    /** Returns another seed for another draw in the same function. */
    private static Tensor derived(Tensor seed, int number) {
        Tensor mixer = Tensor.of(NDArray.of(Shape.of(2), number * 0x9E3779B9, number * 0x85EBCA6B));
        return Primitives.binary(Binary.BITWISE_XOR, seed, mixer);
    }

    private static DType wide(DType dtype) {
        if (!dtype.isFloating()) throw new IllegalArgumentException("Random floats need a float dtype, got " + dtype);
        return dtype == DType.FLOAT64 ? dtype : DType.FLOAT32;
    }
}
