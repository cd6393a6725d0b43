package org.keras4j.preprocessing;

import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code timeseries_dataset_from_array}; each default is Keras's. */
public final class TimeseriesOptions {
    int sequenceStride = 1;
    int samplingRate = 1;
    int batchSize = 128;
    boolean shuffle = false;

    @Nullable
    Integer seed;

    @Nullable
    Integer startIndex;

    @Nullable
    Integer endIndex;

    TimeseriesOptions() {}

    /** Sets how many steps lie between the starts of successive sequences. */
    public TimeseriesOptions sequenceStride(int sequenceStride) {
        this.sequenceStride = sequenceStride;
        return this;
    }

    /** Sets how many steps lie between successive steps of a sequence. */
    public TimeseriesOptions samplingRate(int samplingRate) {
        this.samplingRate = samplingRate;
        return this;
    }

    public TimeseriesOptions batchSize(int batchSize) {
        this.batchSize = batchSize;
        return this;
    }

    public TimeseriesOptions shuffle(boolean shuffle) {
        this.shuffle = shuffle;
        return this;
    }

    public TimeseriesOptions seed(int seed) {
        this.seed = seed;
        return this;
    }

    /** Sets the first step that is used. */
    public TimeseriesOptions startIndex(int startIndex) {
        this.startIndex = startIndex;
        return this;
    }

    /** Sets the first step that is not used any more. */
    public TimeseriesOptions endIndex(int endIndex) {
        this.endIndex = endIndex;
        return this;
    }

    /** Checks what does not fit a series of {@code length} steps. */
    void check(int length) {
        int start = startIndex == null ? 0 : startIndex;
        if (start < 0 || start > 0 && start >= length)
            throw refuse("start_index", "from 0 to below the length of the data, " + length, start);
        if (endIndex != null && (endIndex <= start || endIndex >= length))
            throw refuse("end_index", "above start_index and below the length of the data, " + length, endIndex);
        if (samplingRate <= 0 || samplingRate >= length)
            throw refuse("sampling_rate", "from 1 to below the length of the data, " + length, samplingRate);
        if (sequenceStride <= 0 || sequenceStride >= length)
            throw refuse("sequence_stride", "from 1 to below the length of the data, " + length, sequenceStride);
    }

    private static IllegalArgumentException refuse(String keyword, String expected, int got) {
        return new IllegalArgumentException(keyword + " must be " + expected + "; got " + got);
    }
}
