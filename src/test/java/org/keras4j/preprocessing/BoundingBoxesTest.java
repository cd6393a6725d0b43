package org.keras4j.preprocessing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.preprocessing.BoundingBoxes.ImageSize;

/** The numbers are what Keras 3.15 gave for the same boxes. */
class BoundingBoxesTest {
    private static final ImageSize SIZE = new ImageSize(100, 200);
    private static final float[][] A = {{10, 20, 30, 50}, {5, 5, 25, 15}};
    private static final float[][] B = {{12, 18, 32, 40}, {0, 0, 10, 10}};

    @BeforeEach
    void useReference() {
        Backends.use("reference");
    }

    private static void assertClose(Tensor got, double... expected) {
        var floats = new float[expected.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) expected[i];
        assertArrayEquals(floats, got.floats(), 1e-5f);
    }

    @Test
    void convertsAllFormats() {
        Map<String, double[]> expected = new LinkedHashMap<>();
        expected.put("yxyx", new double[] {20, 10, 50, 30, 5, 5, 15, 25});
        expected.put("xywh", new double[] {10, 20, 20, 30, 5, 5, 20, 10});
        expected.put("center_xywh", new double[] {20, 35, 20, 30, 15, 10, 20, 10});
        expected.put("center_yxhw", new double[] {35, 20, 30, 20, 10, 15, 10, 20});
        expected.put("rel_xyxy", new double[] {0.05, 0.2, 0.15, 0.5, 0.025, 0.05, 0.125, 0.15});
        expected.put("rel_yxyx", new double[] {0.2, 0.05, 0.5, 0.15, 0.05, 0.025, 0.15, 0.125});
        expected.put("rel_xywh", new double[] {0.05, 0.2, 0.1, 0.3, 0.025, 0.05, 0.1, 0.1});
        expected.put("rel_center_xywh", new double[] {0.1, 0.35, 0.1, 0.3, 0.075, 0.1, 0.1, 0.1});
        Tensor boxes = K.constant(A);
        expected.forEach((format, numbers) -> {
            Tensor converted = BoundingBoxes.convertFormat(boxes, "xyxy", format, SIZE);
            assertClose(converted, numbers);
            assertClose(BoundingBoxes.convertFormat(converted, format, "XYXY", SIZE), 10, 20, 30, 50, 5, 5, 25, 15);
        });
        assertClose(
                BoundingBoxes.convertFormat(
                        K.constant(new float[][] {{0.05f, 0.2f, 0.15f, 0.5f}}), "rel_xyxy", "rel_xywh", SIZE),
                0.05,
                0.2,
                0.1,
                0.3);
        assertThrows(IllegalArgumentException.class, () -> BoundingBoxes.convertFormat(boxes, "xyxy", "rel_xyxy"));
        assertThrows(IllegalArgumentException.class, () -> BoundingBoxes.convertFormat(boxes, "xyxy", "xy"));
    }

    @Test
    void overlaps() {
        Tensor padded = K.constant(new float[][] {B[0], B[1], {-1, -1, -1, -1}});
        assertClose(BoundingBoxes.computeIou(K.constant(A), padded, "xyxy", null), 0.52941, 0, 0, 0, 0.09091, 0);
        Tensor batches = K.stack(List.of(K.constant(A), K.constant(A)), 0);
        Tensor masked = BoundingBoxes.computeIou(batches, K.stack(List.of(padded, padded), 0), "xyxy", null, -1.0);
        assertClose(masked, 0.52941, 0, -1, 0, 0.09091, -1, 0.52941, 0, -1, 0, 0.09091, -1);
        assertClose(BoundingBoxes.computeCiou(K.constant(A), K.constant(B), "xyxy"), 0.50271, -0.058);
    }

    @Test
    void encodesAndDecodes() {
        Tensor anchors = K.constant(A);
        Tensor boxes = K.constant(B);
        assertClose(
                BoundingBoxes.encodeBoxToDeltas(anchors, boxes, "xyxy", "xyxy"),
                -0.2,
                0.1,
                -0.31015,
                0,
                -0.5,
                -0.5,
                0,
                -0.69315);
        float[] variance = {0.1f, 0.1f, 0.2f, 0.2f};
        Tensor deltas = BoundingBoxes.encodeBoxToDeltas(anchors, boxes, "xyxy", "xyxy", "center_xywh", variance, null);
        assertClose(deltas, 1, -2, 0, -1.55077, -5, -5, -3.46574, 0);
        Tensor back = BoundingBoxes.decodeDeltasToBoxes(anchors, deltas, "xyxy", "xyxy", "center_xywh", variance, null);
        assertArrayEquals(new float[] {12, 18, 32, 40, 0, 0, 10, 10}, back.floats(), 1e-4f);
        assertThrows(
                IllegalArgumentException.class,
                () -> BoundingBoxes.encodeBoxToDeltas(anchors, boxes, "xyxy", "xyxy", "xyxy", null, null));
    }

    @Test
    void cutsAtEdges() {
        Map<String, Tensor> clipped = BoundingBoxes.clipToImageSize(
                Map.of(
                        "boxes", K.constant(new float[][] {{-5, 10, 50, 120}, {210, 10, 220, 20}}),
                        "labels", K.constant(new int[] {3, 4})),
                "xyxy",
                SIZE);
        assertClose(Objects.requireNonNull(clipped.get("boxes")), 0, 10, 50, 100, 200, 10, 200, 20);
        assertArrayEquals(
                new int[] {3, -1}, Objects.requireNonNull(clipped.get("labels")).ints());
        assertClose(BoundingBoxes.crop(K.constant(A), 10, 8, 30, 15), 2, 10, 15, 30, 0, 0, 15, 5);
        assertClose(BoundingBoxes.pad(K.constant(B), 1, 2), 14, 19, 34, 41, 2, 1, 12, 11);
    }
}
