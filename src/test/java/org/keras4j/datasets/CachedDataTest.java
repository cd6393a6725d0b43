package org.keras4j.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.DType;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.saving.archive.Npz;

/** Small files in the formats of the data sets, and what Keras 3.15 made of the same files. */
class CachedDataTest {
    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(CachedDataTest.class.getResource("/datasets/" + name))
                .toURI());
    }

    private static String text(int[][] rows) {
        return Arrays.deepToString(rows);
    }

    @Test
    void readsReviewsAsKeras() throws URISyntaxException {
        SequenceSplit all = Imdb.read(resource("imdb-small.npz"), o -> {});
        assertEquals("[[1, 4, 303, 8], [1, 4, 17, 25], [1, 5, 5, 2, 12, 14], [1, 10], [1, 11, 7]]", text(all.xTrain()));
        assertEquals("[[1, 4, 4, 4, 4], [1, 6, 4], [1, 65539, 5]]", text(all.xTest()));
        assertArrayEquals(new int[] {0, 1, 0, 1, 1}, all.yTrain().ints());
        assertEquals(DType.INT64, all.yTest().dtype());
        SequenceSplit few = Imdb.read(
                resource("imdb-small.npz"), o -> o.numWords(100).skipTop(5).maxlen(5));
        assertEquals("[[2, 2, 2, 8], [2, 2, 17, 25], [2, 10], [2, 11, 7]]", text(few.xTrain()));
        assertEquals("[[2, 6, 2], [2, 2, 5]]", text(few.xTest()));
        assertArrayEquals(new int[] {0, 1}, few.yTest().ints());
        SequenceSplit bare = Imdb.read(
                resource("imdb-small.npz"),
                o -> o.startChar(null).oovChar(null).indexFrom(0).numWords(50).seed(1));
        assertEquals("[[7], [1, 5], [8, 4], [1, 14, 22], [2, 2, 9, 11]]", text(bare.xTrain()));
        assertEquals("[[3, 1], [2], [1, 1, 1, 1]]", text(bare.xTest()));
    }

    @Test
    void readsNewsAsKeras() throws URISyntaxException {
        SequenceSplit all = Reuters.read(resource("reuters-small.npz"), o -> {});
        assertEquals("[[1, 4, 2, 8], [1, 4, 17, 25], [1, 5, 5, 73, 12, 14], [1, 10]]", text(all.xTrain()));
        assertEquals("[[1, 11, 7]]", text(all.xTest()));
        assertArrayEquals(new int[] {4, 3, 0, 45}, all.yTrain().ints());
        SequenceSplit half =
                Reuters.read(resource("reuters-small.npz"), o -> o.numWords(20).testSplit(0.5));
        assertEquals("[[1, 4, 2, 8], [1, 4, 17, 2]]", text(half.xTrain()));
        assertEquals(46, Reuters.getLabelNames().size());
    }

    @Test
    void splitsHousesAsKeras() throws URISyntaxException {
        Split split = DatasetFiles.shuffled(resource("boston-small.npz"), Integer.MAX_VALUE, 0.2, 113);
        assertArrayEquals(
                new double[] {13.5, 4.5, 9.0, 1.5, 0.0, 10.5, 6.0, 12.0},
                split.yTrain().doubles());
        assertArrayEquals(new double[] {1.0, 1.25, 2.5, 2.75}, split.xTest().doubles());
        assertThrows(
                IllegalArgumentException.class, () -> DatasetFiles.shuffled(resource("boston-small.npz"), 9, 1.0, 113));
    }

    @Test
    void readsMnistAndFashion(@TempDir Path folder) throws IOException {
        NDArray x = NDArray.of(Shape.of(2, 1, 2), 1, 2, 3, 250).cast(DType.UINT8);
        NDArray y = NDArray.of(Shape.of(2), 7, 9).cast(DType.UINT8);
        Path npz = folder.resolve("mnist.npz");
        Npz.write(npz, Map.of("x_train", x, "y_train", y, "x_test", x.rows(1, 2), "y_test", y.rows(1, 2)));
        assertEquals(x.rows(1, 2), Mnist.read(npz).xTest());
        Path idx = folder.resolve("images.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(idx))) {
            out.write(new byte[] {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, (byte) 250});
        }
        assertEquals(x, FashionMnist.read(idx));
        Npz.write(npz, Map.of("x_train", x));
        var e = assertThrows(KerasFileException.class, () -> Mnist.read(npz));
        assertTrue(e.getMessage().contains("y_train"), e.getMessage());
    }

    /** As Python 2 wrote the files of CIFAR, protocol 2. */
    private static byte[] cifar(int pictures, String labelKey) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x80, 2});
        latin(out, "}q\u0001(U" + (char) labelKey.length() + labelKey + "q\u0002]q\u0003(");
        for (int i = 0; i < pictures; i++) latin(out, "K" + (char) (i + 3));
        latin(
                out,
                "eU\u0004dataq\u0004cnumpy.core.multiarray\n_reconstruct\nq\u0005cnumpy\nndarray\nq\u0006K\0\u0085U");
        latin(
                out,
                "\u0001b\u0087Rq\u0007(K\u0001K" + (char) pictures
                        + "M\0\u000c\u0086cnumpy\ndtype\nU\u0002u1K\0K\u0001\u0087R");
        latin(out, "(K\u0003U\u0001|NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb\u0089T");
        int size = pictures * 3072;
        out.writeBytes(new byte[] {(byte) size, (byte) (size >> 8), (byte) (size >> 16), 0});
        for (int i = 0; i < size; i++) out.write(i * 7 + i / 1024);
        latin(out, "tbu.");
        return out.toByteArray();
    }

    private static void latin(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void readsPhotographsOfPython2(@TempDir Path folder) throws IOException {
        for (int i = 1; i <= 5; i++) Files.write(folder.resolve("data_batch_" + i), cifar(2, "labels"));
        Files.write(folder.resolve("test_batch"), cifar(1, "labels"));
        Split split = Cifar10.read(folder);
        assertEquals(Shape.of(10, 32, 32, 3), split.xTrain().shape());
        assertEquals(NDArray.of(Shape.of(1, 1), 3).cast(DType.UINT8), split.yTest());
        int second = (1 * 1024 + 5) * 3 + 2; // picture 1, pixel 5, blue
        int place = 3072 + 2 * 1024 + 5;
        assertEquals((place * 7 + place / 1024) & 0xff, split.xTrain().getLong(3072 + 5 * 3 + 2), "at " + second);
        Files.write(folder.resolve("train"), cifar(2, "coarse_labels"));
        Files.write(folder.resolve("test"), cifar(2, "coarse_labels"));
        assertArrayEquals(
                new int[] {3, 4}, Cifar100.read(folder, "coarse").yTrain().ints());
        assertThrows(KerasFileException.class, () -> Cifar100.read(folder, "fine"));
    }

    @Test
    void aPickleRunsNothing() {
        byte[] evil = "cos\nsystem\n(S'true'\ntR.".getBytes(StandardCharsets.ISO_8859_1);
        var e = assertThrows(IOException.class, () -> Pickle.read(ByteBuffer.wrap(evil)));
        assertTrue(e.getMessage().contains("os.system"), e.getMessage());
        byte[] whole = cifar(1, "labels");
        for (int length : List.of(1, 10, 40, 80, 120, whole.length - 1))
            assertThrows(
                    IOException.class,
                    () -> Pickle.read(ByteBuffer.wrap(Arrays.copyOf(whole, length))),
                    "the first " + length + " bytes");
    }
}
