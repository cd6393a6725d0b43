package org.keras4j.callbacks;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;

/** Ends the training when a metric gets no better any more. */
public final class EarlyStopping extends Callback {
    private final Monitor monitor = new Monitor("EarlyStopping");
    private int patience;
    private int verbose;
    private @Nullable Double baseline;
    private boolean restoreBestWeights;
    private int startFromEpoch;
    private int wait;
    private int stoppedEpoch;
    private int bestEpoch;
    private @Nullable List<NDArray> bestWeights;

    public EarlyStopping() {}

    public EarlyStopping(String monitor) {
        monitor(monitor);
    }

    /** Sets the metric to watch; {@code "val_loss"} if not set. */
    public EarlyStopping monitor(String metric) {
        monitor.metric = metric;
        return this;
    }

    /** Sets the least change that counts as better. */
    public EarlyStopping minDelta(double minDelta) {
        monitor.minDelta = Math.abs(minDelta);
        return this;
    }

    /** Sets the number of epochs without improvement after which training ends. */
    public EarlyStopping patience(int patience) {
        this.patience = patience;
        return this;
    }

    public EarlyStopping verbose(int verbose) {
        this.verbose = verbose;
        return this;
    }

    /** Sets whether smaller ({@code "min"}) or greater ({@code "max"}) is better; {@code "auto"} asks the metric. */
    public EarlyStopping mode(String mode) {
        monitor.mode(mode);
        return this;
    }

    /** Ends the training also if the metric does not get better than this within the patience. */
    public EarlyStopping baseline(@Nullable Double baseline) {
        this.baseline = baseline;
        return this;
    }

    /** Says whether the model gets back the weights of its best epoch. */
    public EarlyStopping restoreBestWeights(boolean restoreBestWeights) {
        this.restoreBestWeights = restoreBestWeights;
        return this;
    }

    /** Sets the epoch before which nothing is watched. */
    public EarlyStopping startFromEpoch(int startFromEpoch) {
        this.startFromEpoch = startFromEpoch;
        return this;
    }

    /** Returns the number of the epoch at which training was ended, or 0 if it was not. */
    public int stoppedEpoch() {
        return stoppedEpoch;
    }

    /** Returns the number of the best epoch. */
    public int bestEpoch() {
        return bestEpoch;
    }

    @Override
    public void onTrainBegin() {
        wait = 0;
        stoppedEpoch = 0;
        bestEpoch = 0;
        monitor.best = null;
        bestWeights = null;
    }

    @Override
    public void onEpochEnd(int epoch, Map<String, Double> logs) {
        Double current = monitor.value(logs);
        if (current == null || epoch < startFromEpoch) return;
        if (restoreBestWeights && bestWeights == null) keep(epoch);
        wait++;
        if (monitor.isImprovement(model(), current, monitor.best)) {
            monitor.best = current;
            bestEpoch = epoch;
            if (restoreBestWeights) keep(epoch);
            if (baseline == null || monitor.isImprovement(model(), current, baseline)) wait = 0;
            return;
        }
        if (wait >= patience && epoch > 0) {
            stoppedEpoch = epoch;
            model().stopTraining(true);
        }
    }

    private void keep(int epoch) {
        bestWeights = model().getWeights();
        bestEpoch = epoch;
    }

    @Override
    public void onTrainEnd(Map<String, Double> logs) {
        if (stoppedEpoch > 0 && verbose > 0) Messages.print("Epoch " + (stoppedEpoch + 1) + ": early stopping");
        List<NDArray> best = bestWeights;
        if (best == null) return;
        if (verbose > 0)
            Messages.print("Restoring model weights from the end of the best epoch: " + (bestEpoch + 1) + ".");
        model().setWeights(best);
    }
}
