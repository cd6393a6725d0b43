package org.keras4j.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Op;
import org.keras4j.op.Op.Distribution;
import org.keras4j.op.Philox;
import org.keras4j.op.Spec;

/** Random numbers and iota. */
interface RandomContract extends Contract {
    int[][] SEEDS = {{0, 0}, {-1, -1}, {42, 0}, {123456789, -987654321}};

    /** The answers that the generator's authors publish (Random123, kat_vectors). */
    @Test
    default void philoxKnownAnswers() {
        assertArrayEquals(hex("6627e8d5 e169c58d bc57ac4c 9b00dbd8"), philox(hex("0 0 0 0"), 0, 0));
        assertArrayEquals(
                hex("408f276d 41c83b0e a20bc7c6 6d5451fd"), philox(hex("ffffffff ffffffff ffffffff ffffffff"), -1, -1));
        assertArrayEquals(
                hex("d16cfe09 94fdcceb 5001e420 24126ea1"),
                philox(hex("243f6a88 85a308d3 13198a2e 03707344"), 0xa4093822, 0x299f31d0));
        var words = new int[4];
        for (int[] seed : SEEDS)
            for (long counter : new long[] {0, 1, 0xffff_ffffL, 1L << 32, -1}) {
                Philox.block(seed[0], seed[1], counter, words);
                assertArrayEquals(
                        philox(new int[] {(int) counter, (int) (counter >>> 32), 0, 0}, seed[0], seed[1]), words);
            }
    }

    private static int[] hex(String words) {
        return List.of(words.split(" ")).stream()
                .mapToInt(w -> Integer.parseUnsignedInt(w, 16))
                .toArray();
    }

    /** The ten rounds as the paper draws them, with a whole counter. */
    private static int[] philox(int[] counter, int key0, int key1) {
        int[] c = counter.clone();
        for (int round = 0; round < 10; round++) {
            long left = Integer.toUnsignedLong(c[0]) * 0xD2511F53L;
            long right = Integer.toUnsignedLong(c[2]) * 0xCD9E8D57L;
            c = new int[] {
                (int) (right >>> 32) ^ c[1] ^ key0 + round * 0x9E3779B9, (int) right,
                (int) (left >>> 32) ^ c[3] ^ key1 + round * 0xBB67AE85, (int) left
            };
        }
        return c;
    }

    @Test
    default void uniformIsTheSameOnEveryBackend() {
        for (int[] seed : SEEDS)
            for (int n : Samples.SIZES) {
                NDArray expected = NDArray.zeros(DType.FLOAT32, Shape.of(n));
                for (int i = 0; i < n; i++)
                    expected.set(i, (philox(new int[] {i / 4, 0, 0, 0}, seed[0], seed[1])[i % 4] >>> 8) * 0x1p-24);
                Closeness.assertSame(
                        "UNIFORM", expected, random(Distribution.UNIFORM, DType.FLOAT32, Shape.of(n), seed));
            }
        NDArray flat = random(Distribution.UNIFORM, DType.FLOAT32, Shape.of(60), SEEDS[2]);
        Closeness.assertSame(
                "UNIFORM does not know the shape",
                flat.reshape(Shape.of(3, 4, 5)),
                random(Distribution.UNIFORM, DType.FLOAT32, Shape.of(3, 4, 5), SEEDS[2]));
    }

    @Test
    default void normalIsTheSameOnEveryBackend() {
        for (int[] seed : SEEDS)
            for (int n : Samples.SIZES) {
                NDArray expected = NDArray.zeros(DType.FLOAT32, Shape.of(n));
                for (int i = 0; i < n; i++) {
                    int[] words = philox(new int[] {i / 4, 0, 0, 0}, seed[0], seed[1]);
                    double u = ((words[i % 4 / 2 * 2] >>> 8) + 1) / 16777216.0;
                    double v = (words[i % 4 / 2 * 2 + 1] >>> 8) / 16777216.0;
                    double angle = 2 * Math.PI * v;
                    expected.set(
                            i,
                            Math.sqrt(-2 * StrictMath.log(u))
                                    * (i % 2 == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle)));
                }
                Closeness.assertClose(
                        "NORMAL", expected, random(Distribution.NORMAL, DType.FLOAT32, Shape.of(n), seed), 1e-5, 2e-6);
            }
    }

    @Test
    default void everyFloatingDtypeStaysInRange() {
        for (DType dtype : Samples.FLOATING) {
            NDArray uniform = random(Distribution.UNIFORM, dtype, Shape.of(100_003), SEEDS[3]);
            NDArray single = random(Distribution.UNIFORM, DType.FLOAT32, Shape.of(100_003), SEEDS[3]);
            Closeness.assertClose("UNIFORM in " + dtype, single.cast(dtype), uniform, Closeness.epsilon(dtype), 0);
            for (int i = 0; i < uniform.size(); i++)
                assertTrue(uniform.get(i) >= 0 && uniform.get(i) < 1, dtype + " " + uniform.get(i));
        }
    }

    @Test
    default void momentsAreRight() {
        int n = 200_000;
        checkMoments(random(Distribution.UNIFORM, DType.FLOAT32, Shape.of(n), SEEDS[3]), 0.5, 1 / 12.0);
        checkMoments(random(Distribution.NORMAL, DType.FLOAT32, Shape.of(n), SEEDS[3]), 0, 1);
    }

    /** Five standard errors: a right generator fails one time in a million, and the seed is fixed. */
    private static void checkMoments(NDArray x, double mean, double variance) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < x.size(); i++) sum += x.get(i);
        for (int i = 0; i < x.size(); i++) squares += Math.pow(x.get(i) - mean, 2);
        assertEquals(mean, sum / x.size(), 5 * Math.sqrt(variance / x.size()));
        assertEquals(variance, squares / x.size(), 5 * variance * Math.sqrt(2.0 / x.size()));
    }

    private NDArray random(Distribution distribution, DType dtype, Shape shape, int[] seed) {
        var op = new Op.Random(distribution, new Spec(dtype, shape));
        return bench().run(
                        op.toString(),
                        dtype,
                        shape,
                        out -> backend().random(op, bench().put(Samples.indices(seed)), out));
    }

    @Test
    default void iotaAlongEachAxis() {
        for (DType dtype : DType.values()) {
            if (dtype == DType.BOOL) continue;
            for (Shape shape : List.of(Shape.of(33), Shape.of(3, 5), Shape.of(2, 17, 3)))
                for (int axis = 0; axis < shape.rank(); axis++) {
                    var op = new Op.Iota(axis, new Spec(dtype, shape));
                    NDArray expected = NDArray.zeros(dtype, shape);
                    for (int i = 0; i < expected.size(); i++) expected.set(i, Samples.coordinates(shape, i)[axis]);
                    Closeness.assertSame(
                            op.toString(),
                            expected,
                            bench().run(
                                            op.toString(),
                                            dtype,
                                            shape,
                                            out -> backend().iota(op, out)));
                }
        }
    }
}
