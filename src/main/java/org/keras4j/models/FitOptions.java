package org.keras4j.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.callbacks.Callback;

/** The keyword arguments of {@code fit}; each default is Keras's. */
public final class FitOptions {
    @Nullable
    Integer batchSize;

    int epochs = 1;
    int verbose = 1;
    final List<Callback> callbacks = new ArrayList<>();
    double validationSplit = 0;

    @Nullable
    Batch validationData;

    @Nullable
    Iterable<Batch> validationSet;

    boolean shuffle = true;

    @Nullable
    Map<Integer, Double> classWeight;

    @Nullable
    Object sampleWeight;

    int initialEpoch = 0;

    @Nullable
    Integer stepsPerEpoch;

    @Nullable
    Integer validationSteps;

    @Nullable
    Integer validationBatchSize;

    int validationFreq = 1;

    FitOptions() {}

    /** Sets the samples of an update; 32 if not set. Only for arrays: a data set has batches of its own. */
    public FitOptions batchSize(int batchSize) {
        if (batchSize <= 0) throw new IllegalArgumentException("batch_size must be positive, got " + batchSize);
        this.batchSize = batchSize;
        return this;
    }

    /** Sets the number of the last epoch: how many passes over the data, less {@link #initialEpoch}. */
    public FitOptions epochs(int epochs) {
        this.epochs = epochs;
        return this;
    }

    /** Sets what is printed: 0 nothing, 1 a progress bar, 2 one line an epoch. */
    public FitOptions verbose(int verbose) {
        this.verbose = verbose;
        return this;
    }

    public FitOptions callbacks(Callback... callbacks) {
        this.callbacks.addAll(List.of(callbacks));
        return this;
    }

    /** Keeps the last part of the arrays, from 0 to 1 (exclusive), for validation. */
    public FitOptions validationSplit(double validationSplit) {
        if (!(validationSplit >= 0 && validationSplit < 1))
            throw new IllegalArgumentException("validation_split must be from 0 to below 1, got " + validationSplit);
        this.validationSplit = validationSplit;
        return this;
    }

    public FitOptions validationData(Object x, Object y) {
        validationData = new Batch(x, y, null);
        return this;
    }

    public FitOptions validationData(Object x, Object y, Object sampleWeight) {
        validationData = new Batch(x, y, sampleWeight);
        return this;
    }

    public FitOptions validationData(Iterable<Batch> batches) {
        validationSet = batches;
        return this;
    }

    /** Says whether arrays are shuffled before each epoch. */
    public FitOptions shuffle(boolean shuffle) {
        this.shuffle = shuffle;
        return this;
    }

    /** Weighs the samples of each class, by class number. */
    public FitOptions classWeight(Map<Integer, Double> classWeight) {
        this.classWeight = classWeight;
        return this;
    }

    /** Weighs each sample, or with a second axis each time step; a list or map for several outputs. */
    public FitOptions sampleWeight(Object sampleWeight) {
        this.sampleWeight = sampleWeight;
        return this;
    }

    /** Sets the epoch to start with, to go on with a training. */
    public FitOptions initialEpoch(int initialEpoch) {
        this.initialEpoch = initialEpoch;
        return this;
    }

    /** Sets how many batches make an epoch; needed where a data set has no end. */
    public FitOptions stepsPerEpoch(int stepsPerEpoch) {
        if (stepsPerEpoch <= 0)
            throw new IllegalArgumentException("steps_per_epoch must be positive, got " + stepsPerEpoch);
        this.stepsPerEpoch = stepsPerEpoch;
        return this;
    }

    public FitOptions validationSteps(int validationSteps) {
        this.validationSteps = validationSteps;
        return this;
    }

    public FitOptions validationBatchSize(int validationBatchSize) {
        this.validationBatchSize = validationBatchSize;
        return this;
    }

    /** Validates after each so many epochs. */
    public FitOptions validationFreq(int validationFreq) {
        this.validationFreq = validationFreq;
        return this;
    }
}
