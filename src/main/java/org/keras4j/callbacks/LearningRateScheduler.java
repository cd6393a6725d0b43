package org.keras4j.callbacks;

import java.util.Map;

/** Sets the learning rate at the start of each epoch. */
public final class LearningRateScheduler extends Callback {
    /** Returns the learning rate of an epoch. */
    @FunctionalInterface
    public interface Schedule {
        /**
         * @param epoch the number of the epoch, from 0
         * @param learningRate the rate so far
         */
        double learningRate(int epoch, double learningRate);
    }

    private final Schedule schedule;
    private int verbose;

    public LearningRateScheduler(Schedule schedule) {
        this.schedule = schedule;
    }

    public LearningRateScheduler verbose(int verbose) {
        this.verbose = verbose;
        return this;
    }

    @Override
    public void onEpochBegin(int epoch) {
        double rate = schedule.learningRate(epoch, model().optimizer().learningRate());
        if (!Double.isFinite(rate))
            throw new IllegalArgumentException(
                    "LearningRateScheduler: expected a finite learning rate for epoch " + epoch + ", got " + rate);
        model().optimizer().learningRate(rate);
        if (verbose > 0)
            Messages.print("\nEpoch " + (epoch + 1) + ": LearningRateScheduler setting learning rate to " + rate + ".");
    }

    @Override
    public void onEpochEnd(int epoch, Map<String, Double> logs) {
        logs.put("learning_rate", model().optimizer().learningRate());
    }
}
