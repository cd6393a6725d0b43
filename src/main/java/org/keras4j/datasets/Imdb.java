package org.keras4j.datasets;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.keras4j.utils.RandomState;

/**
 * 50,000 film reviews, each a sequence of words' numbers by how often they are used, and whether it is positive (1) or
 * negative (0); from {@code datasets/imdb.npz} in Keras's folder, downloaded if it is not there. A. L. Maas et al.
 * (2011).
 */
public final class Imdb {
    private Imdb() {}

    /** Returns half of the reviews to train and half to test with. */
    public static SequenceSplit loadData() {
        return loadData(options -> {});
    }

    /** Returns half of the reviews to train and half to test with; y is int64 (n). */
    public static SequenceSplit loadData(Consumer<SequenceOptions> options) {
        String hash = "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f";
        return read(DatasetFiles.file("imdb.npz", hash), options);
    }

    static SequenceSplit read(Path file, Consumer<SequenceOptions> options) {
        var o = new SequenceOptions();
        options.accept(o);
        var random = new RandomState(o.seed);
        WordSequences train = WordSequences.of(file, "x_train", "y_train");
        train = train.reordered(random.permutation(train.size()));
        WordSequences test = WordSequences.of(file, "x_test", "y_test");
        test = test.reordered(random.permutation(test.size()));
        train.shift(o);
        test.shift(o);
        int words = WordSequences.words(o.numWords, train, test);
        train.limit(o, words);
        test.limit(o, words);
        return new SequenceSplit(train.x(), train.y(), test.x(), test.y());
    }

    /** Returns the words with their numbers, to which {@code loadData} adds {@code index_from}. */
    public static Map<String, Integer> getWordIndex() {
        return DatasetFiles.wordIndex(DatasetFiles.file("imdb_word_index.json", "bfafd718b763782e994055a2d397834f"));
    }
}
