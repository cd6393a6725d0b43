package org.keras4j.preprocessing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.models.Batch;

/** The numbers are what TensorFlow 2.21 ({@code tf.image.resize}) and Pillow 12.3 gave for the same picture. */
class ImageTest {
    private static NDArray picture(int channels) {
        var pixels = new int[5 * 7 * channels];
        for (int y = 0; y < 5; y++)
            for (int x = 0; x < 7; x++)
                for (int c = 0; c < channels; c++)
                    pixels[(y * 7 + x) * channels + c] = (y * 53 + x * 29 + c * 17 + y * x * 7) % 256;
        return NDArray.wrap(DType.UINT8, Shape.of(5, 7, channels), pixels);
    }

    private static float[] channel(NDArray image, int channel) {
        int channels = image.shape().last();
        var out = new float[image.size() / channels];
        for (int i = 0; i < out.length; i++) out[i] = (float) image.get(i * channels + channel);
        return out;
    }

    /** TensorFlow takes cubic weights from a table of 1024. */
    @Test
    void resizesAsTensorFlow() {
        Map<Resampler, float[]> expected = Map.of(
                Resampler.BILINEAR,
                new float[] {
                    29.4167f, 84.2500f, 139.0833f, 140.5833f, 122.1250f, 197.3750f, 48.6250f, 91.8750f, 150.8333f,
                    54.5000f, 150.1667f, 139.1667f
                },
                Resampler.NEAREST,
                new float[] {0, 58, 116, 174, 106, 192, 22, 108, 212, 70, 184, 42},
                Resampler.BICUBIC,
                new float[] {
                    21.4053f, 77.9278f, 139.7656f, 143.3017f, 118.0901f, 199.1250f, 38.1250f, 95.9099f, 158.2819f,
                    48.0903f, 156.8185f, 133.8179f
                },
                Resampler.AREA,
                new float[] {
                    34.8286f, 89.3428f, 143.8571f, 139.8571f, 124.4286f, 154.2572f, 110.9429f, 111.5143f, 148.2000f,
                    65.5714f, 143.8571f, 149.0000f
                },
                Resampler.LANCZOS3,
                new float[] {
                    18.8060f, 71.5977f, 144.4363f, 144.3328f, 116.5781f, 204.0515f, 40.8349f, 101.0123f, 163.2459f,
                    40.9942f, 158.2376f, 136.7064f
                },
                Resampler.LANCZOS5,
                new float[] {
                    20.0020f, 63.3680f, 145.5422f, 147.1556f, 121.5033f, 204.6991f, 42.7849f, 107.8359f, 164.9147f,
                    41.9569f, 160.9747f, 135.4868f
                },
                Resampler.GAUSSIAN,
                new float[] {
                    29.8251f, 84.1198f, 140.0883f, 140.3246f, 122.2342f, 171.0956f, 79.0607f, 102.0597f, 150.7810f,
                    58.6354f, 150.6183f, 139.8574f
                },
                Resampler.MITCHELLCUBIC,
                new float[] {
                    25.5992f, 81.3406f, 140.5318f, 141.6777f, 120.4732f, 184.2407f, 61.5140f, 98.9184f, 154.5882f,
                    52.2055f, 152.8157f, 138.6138f
                });
        expected.forEach((filter, numbers) ->
                assertArrayEquals(numbers, channel(filter.resize(picture(3), 3, 4), 0), 0.05f, filter.name()));
        NDArray up = Resampler.BICUBIC.resize(picture(3), 8, 9);
        assertArrayEquals(
                new float[] {
                    104.5024f, 129.8822f, 173.5253f, 221.2821f, 247.7812f, 110.1300f, 100.1659f, 115.0743f, 84.9421f
                },
                Arrays.copyOfRange(channel(up, 1), 27, 36),
                0.1f);
    }

    @Test
    void resizesWithoutDistortion() {
        assertArrayEquals(
                new float[] {59.4444f, 111.6667f, 163.8889f, 163.3333f, 235, 50.6667f, 68.1111f, 102.3333f, 193.4444f},
                channel(Image.smartResize(picture(3), 3, 3), 0),
                1e-3f);
        float[] wide = {90, 132, 174, 216, 66, 44, 143.5833f, 193.7500f, 137.2500f, 38.0833f, 88.2500f, 138.4167f};
        assertArrayEquals(wide, channel(Image.smartResize(picture(3), 2, 6), 2), 1e-3f);
        NDArray first = Image.channelsFirst(picture(3)).reshape(Shape.of(1, 3, 5, 7));
        NDArray batch = Image.smartResize(first, 2, 6, "bilinear", "channels_first");
        assertEquals(Shape.of(1, 3, 2, 6), batch.shape());
        assertArrayEquals(wide, Arrays.copyOfRange(batch.floats(), 24, 36), 1e-3f);
        float[] padded = {
            52.5938f, 112.5312f, 172.4688f, 112.4062f, 167.6562f, 26.2188f, 116.7812f, 167.3438f, 0, 0, 0, 0, 0, 0, 0, 0
        };
        var o = new ImageDirectoryOptions().imageSize(4, 4).padToAspectRatio(true);
        assertArrayEquals(padded, channel(o.resized(picture(3)), 0), 1e-3f);
    }

    @Test
    void resizesBytesAsPillow() {
        Map<String, int[]> expected = Map.of(
                "nearest", new int[] {0, 58, 116, 174, 106, 192, 22, 108, 212, 70, 184, 42},
                "bilinear", new int[] {39, 89, 148, 141, 126, 150, 115, 112, 143, 68, 145, 152},
                "bicubic", new int[] {31, 91, 155, 139, 128, 159, 114, 109, 149, 56, 146, 157},
                "hamming", new int[] {33, 88, 142, 141, 124, 165, 95, 105, 148, 62, 146, 146},
                "box", new int[] {43, 108, 157, 142, 128, 214, 22, 87, 149, 64, 144, 160},
                "lanczos", new int[] {27, 90, 163, 138, 130, 165, 113, 106, 152, 46, 146, 161});
        expected.forEach((filter, numbers) -> assertArrayEquals(
                numbers,
                ints(channel(
                        new LoadImgOptions()
                                .targetSize(3, 4)
                                .interpolation(filter)
                                .resized(picture(3)),
                        0)),
                filter));
        NDArray up =
                new LoadImgOptions().targetSize(8, 9).interpolation("lanczos").resized(picture(3));
        assertArrayEquals(
                new int[] {108, 123, 173, 244, 255, 116, 88, 110, 65},
                Arrays.copyOfRange(ints(channel(up, 1)), 27, 36));
        NDArray middle = new LoadImgOptions()
                .targetSize(3, 3)
                .interpolation("bilinear")
                .keepAspectRatio(true)
                .resized(picture(3));
        assertArrayEquals(new int[] {63, 119, 161, 139, 146, 104, 88, 95, 172}, ints(channel(middle, 0)));
        NDArray alpha =
                new LoadImgOptions().targetSize(2, 2).interpolation("bilinear").resized(picture(4));
        assertArrayEquals(
                new int[] {116, 133, 147, 138, 139, 157, 166, 144, 121, 140, 153, 111, 137, 148, 162, 143},
                alpha.ints());
        assertThrows(IllegalArgumentException.class, () -> new LoadImgOptions().interpolation("area"));
    }

    private static int[] ints(float[] values) {
        var out = new int[values.length];
        for (int i = 0; i < out.length; i++) out[i] = (int) values[i];
        return out;
    }

    @Test
    void picturesGoThroughFiles(@TempDir Path folder) throws IOException {
        for (int channels : new int[] {1, 3, 4}) {
            Path file = folder.resolve(channels + ".png");
            Image.saveImg(file, picture(channels), null, null, false);
            String mode = channels == 1 ? "grayscale" : channels == 3 ? "rgb" : "rgba";
            NDArray back = Image.imgToArray(Image.loadImg(file, o -> o.colorMode(mode)));
            assertEquals(picture(channels).cast(DType.FLOAT32), back, mode);
        }
        NDArray grey = Image.imgToArray(Image.loadImg(folder.resolve("3.png"), o -> o.colorMode("grayscale")));
        assertArrayEquals(
                new int[] {14, 43, 72, 101, 130, 159, 188, 67, 103, 139}, Arrays.copyOf(ints(channel(grey, 0)), 10));
        NDArray opaque = Image.imgToArray(Image.loadImg(folder.resolve("1.png")));
        assertEquals(Shape.of(5, 7, 3), opaque.shape());
        assertArrayEquals(channel(picture(1), 0), channel(opaque, 2));
        Image.saveImg(folder.resolve("photo.jpg"), picture(4));
        assertEquals(
                Shape.of(5, 7, 3),
                Image.imgToArray(Image.loadImg(folder.resolve("photo.jpg"))).shape());
        NDArray scaled = Image.imgToArray(Image.arrayToImg(NDArray.of(Shape.of(1, 3, 1), -1f, 0, 1)));
        assertArrayEquals(new float[] {0, 127, 255}, scaled.floats());
        Files.writeString(folder.resolve("no.png"), "not a picture");
        var e = assertThrows(UncheckedIOException.class, () -> Image.loadImg(folder.resolve("no.png")));
        assertTrue(e.getMessage().contains("no.png") && e.getMessage().contains("expected a picture"), e.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> Image.arrayToImg(NDArray.zeros(DType.FLOAT32, Shape.of(2, 2, 2))));
    }

    @Test
    void readsPicturesOfFolders(@TempDir Path root) throws IOException {
        for (String c : List.of("cats", "dogs"))
            for (int i = 0; i < 3; i++) {
                Path folder = Files.createDirectories(root.resolve(c));
                Image.saveImg(folder.resolve(i + ".png"), picture(3), null, null, false);
            }
        Dataset data = Preprocessing.imageDatasetFromDirectory(
                root, o -> o.imageSize(3, 4).shuffle(false).batchSize(4));
        Batch first = data.iterator().next();
        NDArray x = (NDArray) first.x();
        assertEquals(Shape.of(4, 3, 4, 3), x.shape());
        assertEquals(Resampler.BILINEAR.resize(picture(3), 3, 4), x.rows(3, 4).reshape(Shape.of(3, 4, 3)));
        assertEquals(NDArray.of(Shape.of(4), 0, 0, 0, 1), first.y());
        NDArray channelsFirst = (NDArray) Preprocessing.imageDatasetFromDirectory(
                        root,
                        o -> o.imageSize(5, 7)
                                .colorMode("grayscale")
                                .dataFormat("channels_first")
                                .labelMode(null))
                .iterator()
                .next()
                .x();
        assertEquals(Shape.of(6, 1, 5, 7), channelsFirst.shape());
        Files.writeString(root.resolve("dogs").resolve("3.png"), "broken");
        Dataset broken = Preprocessing.imageDatasetFromDirectory(root);
        var e = assertThrows(UncheckedIOException.class, () -> broken.forEach(b -> {}));
        assertTrue(e.getMessage().contains("3.png"), e.getMessage());
    }
}
