package org.keras4j.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;

/** Decodes by beam search what Keras decoded; the expected values are those of {@code keras.ops.ctc_decode}. */
class BeamSearchTest {
    private static final Tensor INPUTS = Tensor.of(NDArray.of(new float[][][] {
        {
            {0, 0.3f, -0.27f, -0.89f},
            {-0.45f, -0.99f, 0.06f, 1.34f},
            {-0.49f, -0.62f, 0.49f, 0.36f},
            {0.11f, -0.93f, -0.03f, 0.7f},
            {-1.34f, -0.46f, -1.9f, -1.29f}
        },
        {
            {-1.84f, -0.24f, -1.27f, 0.27f},
            {0.16f, -0.19f, -2.52f, -0.54f},
            {-0.05f, 0.11f, -1.53f, -0.48f},
            {-0.98f, -0.81f, 1.06f, -0.81f},
            {-0.03f, 0.88f, -0.58f, -0.11f}
        }
    }));
    private static final Tensor LENGTHS = Tensor.of(NDArray.of(new int[] {5, 3}));

    @Test
    void narrowBeamsKeepTheBest() {
        check(
                5,
                3,
                0,
                new int[] {
                    1, 3, 1, -1, -1, 3, 1, -1, -1, -1, 1, 3, 2, 1, -1, 3, -1, -1, -1, -1, 3, 2, 1, -1, -1, 1, -1, -1,
                    -1, -1
                },
                new double[] {-3.171849, -3.302773, -3.306497, -1.384564, -1.944278, -2.061961});
    }

    @Test
    void theBlankMayBeAnyClass() {
        check(
                2,
                2,
                3,
                new int[] {1, 2, 1, -1, -1, 1, -1, -1, -1, -1, 1, 2, -1, -1, -1, 0, -1, -1, -1, -1},
                new double[] {-3.136106, -3.548231, -1.784612, -2.094993});
        check(3, 1, 1, new int[] {3, 2, 3, -1, -1, 3, 0, -1, -1, -1}, new double[] {-3.195023, -1.295072});
    }

    @Test
    void wideBeamsSumOverAllPaths() {
        check(
                100,
                2,
                0,
                new int[] {1, 3, 1, -1, -1, 3, 1, -1, -1, -1, 2, 3, 1, -1, -1, 3, -1, -1, -1, -1},
                new double[] {-2.833105, -2.934929, -1.384564, -1.904002});
    }

    @Test
    void morePathsThanTheBeamAreRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> K.ctcDecode(INPUTS, LENGTHS, 2, 3, 0));
        assertTrue(e.getMessage().contains("top_paths") && e.getMessage().contains("got 3"), e::getMessage);
        assertThrows(IllegalArgumentException.class, () -> K.ctcDecode(INPUTS, LENGTHS, 2, 2, 4));
    }

    private static void check(int width, int paths, int blank, int[] labels, double[] scores) {
        List<Tensor> out = K.ctcDecode(INPUTS, LENGTHS, width, paths, blank);
        assertEquals(Shape.of(paths, 2, 5), out.get(0).shape());
        assertArrayEquals(labels, whole(values(out.get(0))));
        assertArrayEquals(scores, values(out.get(1)), 1e-5);
    }

    private static double[] values(Tensor x) {
        NDArray array = x.value();
        var values = new double[array.shape().size()];
        for (int i = 0; i < values.length; i++) values[i] = array.get(i);
        return values;
    }

    private static int[] whole(double[] values) {
        var whole = new int[values.length];
        for (int i = 0; i < values.length; i++) whole[i] = (int) values[i];
        return whole;
    }
}
