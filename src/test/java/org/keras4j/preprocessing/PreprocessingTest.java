package org.keras4j.preprocessing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.models.Batch;
import org.keras4j.utils.Numerical;
import org.keras4j.utils.RandomState;

/** The numbers are what Keras 3.15 and NumPy gave for the same calls. */
class PreprocessingTest {
    @Test
    void padsSequences() {
        int[][] ragged = {{1}, {2, 3}, {4, 5, 6}};
        assertEquals(NDArray.of(Shape.of(3, 3), 0, 0, 1, 0, 2, 3, 4, 5, 6), Sequences.padSequences(ragged));
        assertEquals(
                NDArray.of(Shape.of(3, 2), 1, -1, 2, 3, 4, 5),
                Sequences.padSequences(
                        ragged,
                        o -> o.maxlen(2).padding("post").truncating("post").value(-1)));
        assertEquals(
                NDArray.of(Shape.of(2, 2, 2), 0f, 0, 1, 2, 3, 4, 5, 6),
                Sequences.padSequences(
                        List.of(new float[][] {{1, 2}}, new float[][] {{3, 4}, {5, 6}}), o -> o.dtype("float32")));
        assertEquals(NDArray.of(Shape.of(2, 1), 0, 7), Sequences.padSequences(List.of(List.of(), List.of(7))));
        assertThrows(IllegalArgumentException.class, () -> Sequences.padSequences(ragged, o -> o.padding("left")));
        assertThrows(
                IllegalArgumentException.class,
                () -> Sequences.padSequences(List.of(new int[][] {{1, 2}}, new int[][] {{1}})));
    }

    @Test
    void makesOneHotRows() {
        assertEquals(
                NDArray.of(Shape.of(3, 3), 1.0, 0, 0, 0, 0, 1, 0, 1, 0),
                Numerical.toCategorical(new int[][] {{0}, {2}, {1}}));
        assertEquals(NDArray.of(Shape.of(2, 3), 0.0, 0, 1, 1, 0, 0), Numerical.toCategorical(new int[] {-1, 0}, 3));
        assertThrows(IllegalArgumentException.class, () -> Numerical.toCategorical(new int[] {3}, 3));
    }

    @Test
    void normalizes() {
        NDArray x = NDArray.of(new double[][] {{3, 4}, {0, 0}, {1, -1}});
        assertArrayEquals(
                new double[] {0.6, 0.8, 0, 0, 0.7071067811865475, -0.7071067811865475},
                Numerical.normalize(x).doubles(),
                1e-15);
        assertArrayEquals(
                new double[] {0.42857142857142855, 0.5714285714285714, 0, 0, 0.5, -0.5},
                Numerical.normalize(x, 1, 1).doubles(),
                1e-15);
        assertArrayEquals(
                new double[] {0.75, 0.8, 0, 0, 0.25, -0.2},
                Numerical.normalize(x, 0, 1).doubles(),
                1e-15);
        assertArrayEquals(
                new double[] {1, 1, 0, 0, 1 / 3.0, -0.25},
                Numerical.normalize(x, 0, Double.POSITIVE_INFINITY).doubles(),
                1e-15);
    }

    @Test
    void shufflesAsNumPy() {
        assertArrayEquals(
                new int[] {5, 3, 4, 0, 15, 11, 2, 12, 13, 1, 16, 17, 10, 14, 6, 9, 19, 18, 7, 8},
                new RandomState(1337).permutation(20));
        int[] many = new RandomState(113).permutation(1000);
        long sum = 0;
        for (int i = 0; i < many.length; i++) sum += (long) i * many[i];
        assertEquals(251673380, sum);
        assertEquals(165, many[999]);
    }

    private static List<String> walk(Dataset data) {
        List<String> all = new ArrayList<>();
        for (Batch b : data)
            all.add(Arrays.toString(((NDArray) b.x()).ints()) + ((NDArray) b.x()).shape() + " "
                    + Arrays.toString(((NDArray) b.y()).ints()));
        return all;
    }

    @Test
    void cutsSeriesIntoSequences() {
        var data = new int[10][2];
        var y = new int[10];
        for (int i = 0; i < 10; i++) {
            data[i] = new int[] {2 * i, 2 * i + 1};
            y[i] = i;
        }
        List<String> all = walk(Preprocessing.timeseriesDatasetFromArray(data, y, 3, o -> o.batchSize(2)));
        assertEquals(4, all.size());
        assertEquals("[12, 13, 14, 15, 16, 17, 14, 15, 16, 17, 18, 19](2, 3, 2) [6, 7]", all.getLast());
        assertEquals(
                List.of(
                        "[0, 1, 4, 5, 8, 9, 4, 5, 8, 9, 12, 13](2, 3, 2) [0, 2]",
                        "[8, 9, 12, 13, 16, 17](1, 3, 2) [4]"),
                walk(Preprocessing.timeseriesDatasetFromArray(
                        data, y, 3, o -> o.sequenceStride(2).samplingRate(2).batchSize(2))));
        assertEquals(
                List.of(
                        "[4, 5, 6, 7, 8, 9, 6, 7, 8, 9, 10, 11](2, 3, 2) [2, 3]",
                        "[8, 9, 10, 11, 12, 13, 10, 11, 12, 13, 14, 15](2, 3, 2) [4, 5]"),
                walk(Preprocessing.timeseriesDatasetFromArray(
                        data, y, 3, o -> o.startIndex(2).endIndex(8).batchSize(2))));
        assertThrows(
                IllegalArgumentException.class,
                () -> Preprocessing.timeseriesDatasetFromArray(data, y, 3, o -> o.endIndex(10)));
    }

    @Test
    void readsTextsOfFolders(@TempDir Path root) throws IOException {
        for (String c : List.of("b", "a", ".hidden"))
            for (int i = 0; i < 3; i++)
                Files.writeString(Files.createDirectories(root.resolve(c)).resolve(i + ".txt"), c + i + " text");
        Files.writeString(root.resolve("a").resolve("notes.md"), "no text");
        Dataset data = Preprocessing.textDatasetFromDirectory(
                root, o -> o.shuffle(false).batchSize(4).maxLength(3).labelMode("categorical"));
        assertEquals(List.of("a", "b"), data.classNames());
        Batch first = data.iterator().next();
        assertEquals(StringArray.of(Shape.of(4), "a0 ", "a1 ", "a2 ", "b0 "), first.x());
        assertEquals(NDArray.of(Shape.of(4, 2), 1f, 0, 1, 0, 1, 0, 0, 1), first.y());
        Dataset.Parts parts = Preprocessing.textDatasetsFromDirectory(
                root, o -> o.validationSplit(0.4).seed(7).labelMode("binary"));
        assertEquals(4, parts.left().samples());
        int[] order = new RandomState(7).permutation(6);
        List<Path> files = Preprocessing.textDatasetFromDirectory(root, o -> o.shuffle(false))
                .filePaths();
        assertEquals(
                List.of(files.get(order[4]), files.get(order[5])), parts.right().filePaths());
        assertEquals(Shape.of(2, 1), ((NDArray) parts.right().iterator().next().y()).shape());
        assertThrows(
                IllegalArgumentException.class,
                () -> Preprocessing.textDatasetFromDirectory(
                        root, o -> o.validationSplit(0.4).subset("training")));
        assertThrows(
                IllegalArgumentException.class,
                () -> Preprocessing.textDatasetFromDirectory(root, o -> o.classNames("a", "c")));
        var e = assertThrows(
                UncheckedIOException.class, () -> Preprocessing.textDatasetFromDirectory(root.resolve("none")));
        assertTrue(e.getMessage().contains("none"), e.getMessage());
    }
}
