package org.keras4j.backend.cpu.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Checks that what stands in while vector loops are cold computes the same bits, and that it is relieved. */
class VectorWarmupTest {
    private static final float[] ODD = {
        0f,
        -0f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        14f,
        -14f,
        13.9f,
        88f,
        -88f,
        1e-30f,
        -1e30f
    };

    private static float[] random(int n, double scale) {
        var random = new SplittableRandom(n);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) x[i] = (float) (random.nextGaussian() * scale);
        return x;
    }

    @Test
    void gelu() {
        float[] x = random(5000, 4);
        System.arraycopy(ODD, 0, x, 100, ODD.length);
        float[] vectors = new float[x.length];
        float[] plain = new float[x.length];
        GatedActivations.geluOfVectors(x, 0, vectors, 0, x.length);
        for (int i = 0; i < x.length; i++) plain[i] = GatedActivations.gelu(x[i]);
        assertArrayEquals(vectors, plain);
    }

    @Test
    void scores() {
        int d = Blocks.DEPTH;
        int l = Blocks.LANES;
        for (int n = Blocks.WIDTH; n <= d; n += Blocks.WIDTH) {
            float[] vectors = random(2 * d, 40);
            float[] plain = vectors.clone();
            float[] most = new float[2];
            ScoreTiles.maximaOfVectors(vectors, 2, n, most, 0);
            float[] sums = new float[2];
            ScoreTiles.powersOfVectors(vectors, 2, n, most, 0, new float[2 * l], 0, sums, 0);
            for (int i = 0; i < 2; i++) {
                float maximum = ScoreTiles.maximum(plain, i * d, n);
                assertEquals(most[i], maximum);
                float[] lanes = new float[l];
                ScoreTiles.plainPowers(plain, i * d, n, maximum, lanes, 0);
                assertEquals(sums[i], Lanes.sum(lanes));
            }
            assertArrayEquals(vectors, plain);
        }
    }

    @Test
    void momentsOfRows() {
        float[] x = random(9000, 3);
        for (int n : new int[] {1, 5, 16, 17, 31, 64, 70, 256, 511, 512, 768, 1024, 4099}) {
            assertEquals(Rows.sum(x, 3, n), Rows.plainSum(x, 3, n), "sum of " + n);
            assertEquals(RowKernels.squares(x, 3, 0.3f, n), RowKernels.plainSquares(x, 3, 0.3f, n), "squares of " + n);
        }
    }

    @Test
    void getsHotAfterSomeWork() throws InterruptedException {
        var warmth = new VectorWarmup((x, y, n) -> {
            for (int i = 0; i < n; i++) y[i] = x[i] + 1;
        });
        assertTrue(!warmth.isHot(20_000) && !warmth.isHot(20_000), "no work is done yet");
        long start = System.nanoTime();
        while (!warmth.isHot(1)) {
            assertTrue(System.nanoTime() - start < 60e9, "the daemon thread never came to it");
            Thread.sleep(5);
        }
    }
}
