package org.keras4j.applications;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.DType;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;

/** Expected numbers are those of {@code keras.applications.*.preprocess_input}. */
class ImageNetTest {
    private static final float[][][] IMAGE = {{{0, 128, 255}, {10, 20, 30}}};

    @Test
    void caffePutsBlueFirstAndTakesTheMeanAway() {
        assertClose(ResNet50.preprocessInput(IMAGE), 151.061f, 11.221f, -123.68f, -73.939f, -96.779f, -113.68f);
        assertClose(VGG16.preprocessInput(IMAGE), 151.061f, 11.221f, -123.68f, -73.939f, -96.779f, -113.68f);
    }

    @Test
    void tfScalesToMinusOneAndOne() {
        float[] expected = {-1f, 0.003921628f, 1f, -0.92156863f, -0.84313726f, -0.7647059f};
        assertClose(MobileNet.preprocessInput(IMAGE), expected);
        assertClose(ResNet50V2.preprocessInput(IMAGE), expected);
        assertClose(InceptionV3.preprocessInput(IMAGE), expected);
        assertClose(Xception.preprocessInput(IMAGE), expected);
        assertClose(NASNetLarge.preprocessInput(IMAGE), expected);
    }

    @Test
    void torchNormalizesEachChannel() {
        float[] expected = {-2.117904f, 0.20518213f, 2.64f, -1.9466564f, -1.6855742f, -1.2815686f};
        assertClose(DenseNet121.preprocessInput(IMAGE), expected);
    }

    @Test
    void networksThatPrepareImagesThemselvesLeaveThem() {
        float[] same = {0, 128, 255, 10, 20, 30};
        assertClose(EfficientNetB0.preprocessInput(IMAGE), same);
        assertClose(EfficientNetV2S.preprocessInput(IMAGE), same);
        assertClose(MobileNetV3Large.preprocessInput(IMAGE), same);
        assertClose(ConvNeXtTiny.preprocessInput(IMAGE), same);
    }

    @Test
    void channelsMayComeFirstAndPixelsMayBeIntegers() {
        NDArray image = NDArray.zeros(DType.UINT8, Shape.of(3, 1, 2));
        int[] pixels = {0, 10, 128, 20, 255, 30};
        for (int i = 0; i < pixels.length; i++) image.set(i, pixels[i]);
        assertClose(
                ResNet50.preprocessInput(image, "channels_first"),
                151.061f,
                -73.939f,
                11.221f,
                -96.779f,
                -123.68f,
                -113.68f);
    }

    @Test
    void wrongImagesAreRefused() {
        assertMessage(
                "expected images with 3 channels, got shape (1, 1, 2)",
                () -> ResNet50.preprocessInput(new float[][][] {{{1, 2}}}));
        assertMessage("[rows, columns, 3]", () -> MobileNet.preprocessInput(new float[] {1, 2, 3}));
        assertMessage("got \"middle\"", () -> MobileNet.preprocessInput(IMAGE, "middle"));
        assertMessage("got \"middle\"", () -> EfficientNetB0.preprocessInput(IMAGE, "middle"));
        assertMessage("got \"theano\"", () -> ImageNet.preprocessInput(IMAGE, "theano"));
    }

    @Test
    void theMostProbableClassesComeFirst() {
        List<ImageNet.Label> labels = new ArrayList<>();
        for (int i = 0; i < 1000; i++) labels.add(new ImageNet.Label("n" + i, "thing_" + i));
        NDArray predictions = NDArray.zeros(DType.FLOAT32, Shape.of(2, 1000));
        predictions.set(7, 0.25);
        predictions.set(999, 0.5);
        predictions.set(1000, 0.75);
        List<List<ImageNet.Prediction>> decoded = ImageNet.decode(predictions, 2, labels);
        assertEquals(
                List.of(
                        new ImageNet.Prediction("n999", "thing_999", 0.5f),
                        new ImageNet.Prediction("n7", "thing_7", 0.25f)),
                decoded.get(0));
        assertEquals(
                new ImageNet.Prediction("n0", "thing_0", 0.75f), decoded.get(1).getFirst());
        assertEquals(2, decoded.get(1).size());
    }

    @Test
    void predictionsForOtherClassesAreRefused() {
        assertMessage(
                "expected predictions [batch, 1000], got shape (2, 10)",
                () -> ResNet50.decodePredictions(NDArray.zeros(DType.FLOAT32, Shape.of(2, 10))));
    }

    @Test
    void anIndexIsReadOrRefused(@TempDir Path folder) throws IOException {
        var json = new StringBuilder("{");
        for (int i = 999; i >= 0; i--) json.append("\"" + i + "\": [\"n" + i + "\", \"thing_" + i + "\"],");
        Path index = folder.resolve("index.json");
        Files.writeString(index, json.substring(0, json.length() - 1) + "}");
        assertEquals(new ImageNet.Label("n12", "thing_12"), ImageNet.read(index).get(12));
        Files.writeString(index, "{\"0\": [\"n0\", \"thing\"]}");
        var missing = assertThrows(KerasFileException.class, () -> ImageNet.read(index));
        assertTrue(missing.getMessage().contains("class 1, got null"), missing.getMessage());
        Files.writeString(index, "[");
        assertThrows(KerasFileException.class, () -> ImageNet.read(index));
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable wrong) {
        var error = assertThrows(IllegalArgumentException.class, wrong);
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    private static void assertClose(Tensor got, float... expected) {
        float[] floats = (float[]) got.value().data();
        assertArrayEquals(expected, floats, 1e-5f);
    }
}
