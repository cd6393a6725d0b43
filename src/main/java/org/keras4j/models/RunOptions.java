package org.keras4j.models;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.callbacks.Callback;

/** The keyword arguments of {@code evaluate} and {@code predict}; each default is Keras's, but {@code verbose} is 0. */
public final class RunOptions {
    @Nullable
    Integer batchSize;

    int verbose = 0;

    @Nullable
    Object sampleWeight;

    @Nullable
    Integer steps;

    final List<Callback> callbacks = new ArrayList<>();

    RunOptions() {}

    /** Sets the samples of a batch; 32 if not set. */
    public RunOptions batchSize(int batchSize) {
        if (batchSize <= 0) throw new IllegalArgumentException("batch_size must be positive, got " + batchSize);
        this.batchSize = batchSize;
        return this;
    }

    /** Sets what is printed: 0 nothing, 1 a progress bar, 2 one line. */
    public RunOptions verbose(int verbose) {
        this.verbose = verbose;
        return this;
    }

    /** Weighs each sample; only for {@code evaluate}. */
    public RunOptions sampleWeight(Object sampleWeight) {
        this.sampleWeight = sampleWeight;
        return this;
    }

    /** Sets how many batches to run; needed where a data set has no end. */
    public RunOptions steps(int steps) {
        this.steps = steps;
        return this;
    }

    public RunOptions callbacks(Callback... callbacks) {
        this.callbacks.addAll(List.of(callbacks));
        return this;
    }
}
