package org.keras4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Function;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.ops.Image;
import org.keras4j.ops.K;

/** Random layers that filter with a strength drawn for each batch. */
class RandomFilterLayersTest {
    private static final Shape IMAGES = Shape.of(2, 40, 50, 3);

    @BeforeEach
    void start() {
        Backends.use("reference");
    }

    private static NDArray image() {
        NDArray x = NDArray.zeros(DType.FLOAT32, IMAGES);
        for (int i = 0; i < x.size(); i++) x.set(i, i * 37 % 251);
        return x;
    }

    private static Tensor train(Layer layer, Tensor x) {
        return (Tensor) layer.applyTo(Call.of(x).with("training", true));
    }

    @Test
    void elasticTransformMovesPixels() {
        var layer = new RandomElasticTransform(1, 1).scale(0.9, 1).seed(3);
        float[] before = image().floats();
        float[] after = train(layer, Tensor.of(image())).floats();
        assertFalse(Arrays.equals(before, after));
        for (float v : after) assertTrue(v >= 0 && v <= 255, () -> "outside of the range: " + v);
        Tensor flat = K.full(IMAGES, 7, DType.FLOAT32);
        assertArrayEquals(flat.floats(), train(layer, flat).floats(), 1e-4f, "what is the same everywhere stays");
        assertArrayEquals(
                before,
                layer.applyTo(Call.of(Tensor.of(image())).with("training", false)) instanceof Tensor t
                        ? t.floats()
                        : before);
        float[] unchosen =
                train(new RandomElasticTransform(0, 0), Tensor.of(image())).floats();
        assertArrayEquals(before, unchosen);
        assertThrows(IllegalArgumentException.class, () -> new RandomElasticTransform(2));
        assertThrows(IllegalArgumentException.class, () -> new RandomElasticTransform().interpolation("cubic"));
    }

    /** A filter wide enough for a greater sigma has Keras's width for the sigma it is given. */
    @Test
    void theFilterHasTheWidthOfItsSigma() {
        Tensor seed = Tensor.of(NDArray.of(Shape.of(2), 5, 6));
        Tensor x = Tensor.of(image());
        Tensor exact = Image.elasticTransform(x, 4, 1.4, "bilinear", "reflect", 0, seed, null);
        Tensor wide =
                Image.elasticTransform(x, K.constant(4f), K.constant(1.4f), 3, "bilinear", "reflect", 0, seed, null);
        assertArrayEquals(exact.floats(), wide.floats(), 1e-3f);
    }

    @Test
    void eachRunOfAFunctionBlursAnew() {
        for (Layer layer :
                List.of(new RandomGaussianBlur(1, 1).kernelSize(5).seed(1), new RandomElasticTransform(1, 1).seed(1))) {
            Tensor x = Tensor.of(image());
            try (Trace trace = Trace.open();
                    Function f = Function.of(List.of(), List.of(train(layer, x)), trace.updates())) {
                assertFalse(f.run(List.of()).equals(f.run(List.of())), layer.describe());
            }
        }
    }

    /** Values of Keras 3.15 on JAX. */
    @Test
    void tilesAreEqualizedWithALimit() {
        var layer = new ContrastLimitedAdaptiveHistogramEqualization()
                .tileGridSize(2, 3)
                .clipLimit(40);
        var pixels = new float[5 * 7];
        for (int i = 0; i < pixels.length; i++) pixels[i] = i * 37 % 251;
        float[] got =
                layer.apply(Tensor.of(NDArray.of(Shape.of(5, 7, 1), pixels))).floats();
        assertArrayEquals(
                new float[] {0.00000f, 95.62500f, 159.37500f, 141.66667f, 136.94444f, 176.08693f, 211.87003f},
                Arrays.copyOf(got, 7),
                1e-3f);
        assertEquals(layer.getConfig().get("tile_grid_size"), List.of(2, 3));
    }

    @Test
    void boxesAreFilledUpOrLeftOut() {
        Map<String, Object> data = Map.of(
                "images", Tensor.of(image()),
                "bounding_boxes",
                        Map.of(
                                "boxes", K.ones(Shape.of(2, 2, 4), DType.FLOAT32),
                                "labels", K.ones(Shape.of(2, 2), DType.FLOAT32)));
        for (int most : new int[] {1, 3}) {
            var out = (Map<?, ?>) new MaxNumBoundingBoxes(most).applyTo(Call.of(data));
            var boxes = (Map<?, ?>) out.get("bounding_boxes");
            assertEquals(Shape.of(2, most, 4), ((Tensor) boxes.get("boxes")).shape());
            float[] labels = ((Tensor) boxes.get("labels")).floats();
            assertArrayEquals(most == 1 ? new float[] {1, 1} : new float[] {1, 1, -1, 1, 1, -1}, labels);
        }
    }

    @Test
    void blurWithAComputedSigmaIsThatOfAKnownOne() {
        Map<String, Object> transformation = Map.of(
                "should_apply_blur", Tensor.of(NDArray.of(Shape.of(2), true, false)),
                "blur_factor", K.multiply(Tensor.of(NDArray.of(Shape.of(2), 0.4f, 0.9f)), 1f));
        Tensor x = Tensor.of(image());
        Tensor got = new RandomGaussianBlur().kernelSize(3, 5).transformImages(x, transformation, true);
        Tensor blurred = Image.gaussianBlur(x, new int[] {3, 5}, new double[] {0.4f, 0.9f}, null);
        int one = 40 * 50 * 3;
        assertArrayEquals(
                Arrays.copyOf(blurred.floats(), one), Arrays.copyOf(got.floats(), one), 1e-3f, "the first is blurred");
        assertEquals(image().get(one + 1), got.value().get(one + 1), 1e-6, "the second is not");
    }
}
