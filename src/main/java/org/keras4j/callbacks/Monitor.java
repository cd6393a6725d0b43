package org.keras4j.callbacks;

import java.lang.System.Logger.Level;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.metrics.Metric;

/** Follows a metric over the epochs and says when it gets better. */
final class Monitor {
    private static final System.Logger LOG = System.getLogger(Monitor.class.getName());

    private final String owner;
    String metric = "val_loss";
    String mode = "auto";
    double minDelta;

    @Nullable
    Double best;

    private @Nullable Boolean greater;

    Monitor(String owner) {
        this.owner = owner;
    }

    void mode(String mode) {
        if (!mode.equals("auto") && !mode.equals("min") && !mode.equals("max"))
            throw new IllegalArgumentException(
                    owner + ": mode must be \"auto\", \"min\" or \"max\", got \"" + mode + "\"");
        this.mode = mode;
    }

    /** Returns the metric's value; null and a warning if the logs do not have it. */
    @Nullable
    Double value(Map<String, Double> logs) {
        Double value = logs.get(metric);
        if (value == null)
            LOG.log(
                    Level.WARNING,
                    "{0} watches the metric {1}, which is not there; there are {2}",
                    owner,
                    metric,
                    logs.keySet());
        return value;
    }

    /** Says whether {@code value} is better than {@code reference} by more than the least change that counts. */
    boolean isImprovement(TrainedModel model, double value, @Nullable Double reference) {
        if (reference == null) return true;
        Boolean up = greater;
        if (up == null) {
            up = isGreaterBetter(model);
            greater = up;
        }
        return up ? value - minDelta > reference : value + minDelta < reference;
    }

    private boolean isGreaterBetter(TrainedModel model) {
        if (!mode.equals("auto")) return mode.equals("max");
        String name = metric.startsWith("val_") ? metric.substring(4) : metric;
        if (name.equals("loss")) return false;
        Metric.Direction direction = model.direction(name);
        if (direction == Metric.Direction.UP) return true;
        if (direction == Metric.Direction.DOWN) return false;
        throw new IllegalArgumentException(owner + " monitors \"" + metric
                + "\", and it is not known whether greater or smaller is better: set mode to \"max\" or \"min\"");
    }
}
