package org.keras4j.datasets;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.keras4j.utils.RandomState;

/**
 * 11,228 news of Reuters in 46 topics, each a sequence of words' numbers by how often they are used; from {@code
 * datasets/reuters.npz} in Keras's folder, downloaded if it is not there.
 */
public final class Reuters {
    private static final List<String> TOPICS = List.of(
            ("cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves ship cotton"
                            + " carcass crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin"
                            + " strategic-metal livestock retail ipi iron-steel rubber heat jobs lei bop zinc orange"
                            + " pet-chem dlr gas silver wpi hog lead")
                    .split(" "));

    private Reuters() {}

    /** Returns four fifths to train and one to test with. */
    public static SequenceSplit loadData() {
        return loadData(options -> {});
    }

    /** Returns the news in two parts; y is int64 (n). */
    public static SequenceSplit loadData(Consumer<SequenceOptions> options) {
        String hash = "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916";
        return read(DatasetFiles.file("reuters.npz", hash), options);
    }

    static SequenceSplit read(Path file, Consumer<SequenceOptions> options) {
        var o = new SequenceOptions();
        options.accept(o);
        WordSequences all = WordSequences.of(file, "x", "y");
        all = all.reordered(new RandomState(o.seed).permutation(all.size()));
        all.shift(o);
        all.limit(o, WordSequences.words(o.numWords, all));
        int train = (int) (all.size() * (1 - o.testSplit));
        int[][] x = all.x();
        return new SequenceSplit(
                Arrays.copyOf(x, train),
                all.y().rows(0, train),
                Arrays.copyOfRange(x, train, x.length),
                all.y().rows(train, x.length));
    }

    /** Returns the words with their numbers, to which {@code loadData} adds {@code index_from}. */
    public static Map<String, Integer> getWordIndex() {
        return DatasetFiles.wordIndex(DatasetFiles.file("reuters_word_index.json", "4d44cc38712099c9e383dc6e5f11a921"));
    }

    /** Returns the names of the topics by their numbers. */
    public static List<String> getLabelNames() {
        return TOPICS;
    }
}
