package org.keras4j.datasets;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.saving.archive.Npz;

/** Sequences of words with labels, changed as {@link SequenceOptions} says, in Keras's order of steps. */
final class WordSequences {
    private int[][] x;
    private NDArray y;

    WordSequences(int[][] x, NDArray y) {
        this.x = x;
        this.y = y;
    }

    int size() {
        return x.length;
    }

    WordSequences reordered(int[] order) {
        return new WordSequences(Arrays.stream(order).mapToObj(i -> x[i]).toArray(int[][]::new), y.rows(order));
    }

    /** Moves the numbers of words, puts the start before, and leaves out sequences that are too long. */
    void shift(SequenceOptions o) {
        x = Arrays.stream(x).map(row -> shifted(row, o)).toArray(int[][]::new);
        Integer most = o.maxlen;
        if (most == null) return;
        int[] kept =
                IntStream.range(0, x.length).filter(i -> x[i].length < most).toArray();
        x = Arrays.stream(kept).mapToObj(i -> x[i]).toArray(int[][]::new);
        y = y.rows(kept);
        if (x.length == 0)
            throw new IllegalArgumentException("No sequence is shorter than maxlen " + most + "; increase it");
    }

    private static int[] shifted(int[] row, SequenceOptions o) {
        int start = o.startChar == null ? 0 : 1;
        var out = new int[row.length + start];
        if (o.startChar != null) out[0] = o.startChar;
        for (int i = 0; i < row.length; i++) out[i + start] = row[i] + o.indexFrom;
        return out;
    }

    int greatest() {
        return Arrays.stream(x).flatMapToInt(Arrays::stream).max().orElse(0);
    }

    /** Replaces rare words, or drops them where there is nothing to replace them by. */
    void limit(SequenceOptions o, int words) {
        x = Arrays.stream(x).map(row -> limited(row, o, words)).toArray(int[][]::new);
    }

    private static int[] limited(int[] row, SequenceOptions o, int words) {
        Integer instead = o.oovChar;
        if (instead == null)
            return Arrays.stream(row).filter(w -> w >= o.skipTop && w < words).toArray();
        int other = instead;
        return Arrays.stream(row)
                .map(w -> w >= o.skipTop && w < words ? w : other)
                .toArray();
    }

    int[][] x() {
        return x;
    }

    NDArray y() {
        return y;
    }

    static WordSequences of(Path file, String x, String y) {
        int[][] rows = DatasetFiles.sequences(file, x);
        NDArray labels = Npz.read(file, y);
        if (labels.shape().rank() != 1 || labels.size() != rows.length)
            throw new KerasFileException(
                    file.toString(), y, "expected " + rows.length + " labels, got shape " + labels.shape());
        return new WordSequences(rows, labels);
    }

    /** Returns the number of words that are kept. */
    static int words(@Nullable Integer wanted, WordSequences... parts) {
        return wanted != null
                ? wanted
                : Arrays.stream(parts).mapToInt(WordSequences::greatest).max().orElse(0);
    }
}
