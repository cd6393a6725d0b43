package org.keras4j.callbacks;

import java.util.Map;
import org.keras4j.optimizers.Optimizer;

/** Lowers the learning rate when a metric gets no better any more. */
public final class ReduceLROnPlateau extends Callback {
    private final Monitor monitor = new Monitor("ReduceLROnPlateau");
    private double factor = 0.1;
    private int patience = 10;
    private int verbose;
    private int cooldown;
    private double minLr;
    private int cooldownCounter;
    private int wait;

    public ReduceLROnPlateau() {
        monitor.minDelta = 1e-4;
    }

    /** Sets the metric to watch; {@code "val_loss"} if not set. */
    public ReduceLROnPlateau monitor(String metric) {
        monitor.metric = metric;
        return this;
    }

    /** Sets what the learning rate is multiplied by, below 1. */
    public ReduceLROnPlateau factor(double factor) {
        if (factor >= 1) throw new IllegalArgumentException("ReduceLROnPlateau: factor must be below 1, got " + factor);
        this.factor = factor;
        return this;
    }

    /** Sets the number of epochs without improvement after which the rate goes down. */
    public ReduceLROnPlateau patience(int patience) {
        this.patience = patience;
        return this;
    }

    public ReduceLROnPlateau verbose(int verbose) {
        this.verbose = verbose;
        return this;
    }

    /** Sets whether smaller ({@code "min"}) or greater ({@code "max"}) is better; {@code "auto"} asks the metric. */
    public ReduceLROnPlateau mode(String mode) {
        monitor.mode(mode);
        return this;
    }

    /** Sets the least change that counts as better. */
    public ReduceLROnPlateau minDelta(double minDelta) {
        monitor.minDelta = Math.abs(minDelta);
        return this;
    }

    /** Sets the number of epochs after a reduction in which nothing is counted. */
    public ReduceLROnPlateau cooldown(int cooldown) {
        this.cooldown = cooldown;
        return this;
    }

    /** Sets the rate below which it does not go. */
    public ReduceLROnPlateau minLr(double minLr) {
        this.minLr = minLr;
        return this;
    }

    @Override
    public void onTrainBegin() {
        monitor.best = null;
        cooldownCounter = 0;
        wait = 0;
    }

    @Override
    public void onEpochEnd(int epoch, Map<String, Double> logs) {
        logs.put("learning_rate", model().optimizer().learningRate());
        Double current = monitor.value(logs);
        if (current == null) return;
        if (cooldownCounter > 0) {
            cooldownCounter--;
            wait = 0;
        }
        if (monitor.isImprovement(model(), current, monitor.best)) {
            monitor.best = current;
            wait = 0;
        } else if (cooldownCounter == 0 && ++wait >= patience) {
            reduce(epoch);
        }
    }

    private void reduce(int epoch) {
        Optimizer optimizer = model().optimizer();
        double old = optimizer.learningRate();
        if (old <= (float) minLr) return;
        double rate = Math.max(old * factor, minLr);
        optimizer.learningRate(rate);
        if (verbose > 0)
            Messages.print("\nEpoch " + (epoch + 1) + ": ReduceLROnPlateau reducing learning rate to " + rate + ".");
        cooldownCounter = cooldown;
        wait = 0;
    }
}
