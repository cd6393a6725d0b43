package org.keras4j.datasets;

import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code load_data} of {@code imdb} and {@code reuters}; each default is Keras's. */
public final class SequenceOptions {
    @Nullable
    Integer numWords;

    int skipTop = 0;

    @Nullable
    Integer maxlen;

    double testSplit = 0.2;
    int seed = 113;

    @Nullable
    Integer startChar = 1;

    @Nullable
    Integer oovChar = 2;

    int indexFrom = 3;

    SequenceOptions() {}

    /** Keeps words with numbers below this, by how often they are used; all if not set. */
    public SequenceOptions numWords(int numWords) {
        this.numWords = numWords;
        return this;
    }

    /** Leaves out so many of the most used words. */
    public SequenceOptions skipTop(int skipTop) {
        this.skipTop = skipTop;
        return this;
    }

    /** Leaves out sequences of this length or more. */
    public SequenceOptions maxlen(int maxlen) {
        this.maxlen = maxlen;
        return this;
    }

    /** Sets the fraction to test with; only for Reuters, since IMDB comes in two parts. */
    public SequenceOptions testSplit(double testSplit) {
        if (!(testSplit >= 0 && testSplit < 1))
            throw new IllegalArgumentException("test_split must be from 0 to below 1, got " + testSplit);
        this.testSplit = testSplit;
        return this;
    }

    /** Sets what the order follows from. */
    public SequenceOptions seed(int seed) {
        this.seed = seed;
        return this;
    }

    /** Sets the number that begins each sequence, or null for none. */
    public SequenceOptions startChar(@Nullable Integer startChar) {
        this.startChar = startChar;
        return this;
    }

    /** Sets the number for words that are left out, or null to drop them. */
    public SequenceOptions oovChar(@Nullable Integer oovChar) {
        this.oovChar = oovChar;
        return this;
    }

    /** Sets what is added to the numbers of words. */
    public SequenceOptions indexFrom(int indexFrom) {
        this.indexFrom = indexFrom;
        return this;
    }
}
