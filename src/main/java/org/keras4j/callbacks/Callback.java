package org.keras4j.callbacks;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happens at the points of a training, an evaluation or a prediction. Override what is wanted.
 *
 * <p>{@code logs} maps the names of metrics to their values so far, sorted, such as {@code "loss"}; reading it during
 * an epoch waits for the device. It is valid only during the call.
 */
public abstract class Callback {
    private @Nullable TrainedModel model;
    private Params params = new Params(1, 0, 1);

    /**
     * What is being run.
     *
     * @param epochs the number of epochs, from 1
     * @param steps the number of batches of an epoch, or 0 if that is not known
     * @param verbose 0 for silent, 1 for a progress bar, 2 for one line an epoch
     */
    public record Params(int epochs, int steps, int verbose) {}

    /** Returns the model; set before the first event. */
    public final TrainedModel model() {
        TrainedModel known = model;
        if (known == null) throw new IllegalStateException(getClass().getSimpleName() + " is not used by a model yet");
        return known;
    }

    public final Params params() {
        return params;
    }

    /** Tells the callback what it works for. */
    public final void attach(TrainedModel model, Params params) {
        this.model = model;
        this.params = params;
    }

    public void onTrainBegin() {}

    public void onTrainEnd(Map<String, Double> logs) {}

    public void onEpochBegin(int epoch) {}

    public void onEpochEnd(int epoch, Map<String, Double> logs) {}

    public void onTrainBatchBegin(int batch) {}

    public void onTrainBatchEnd(int batch, Map<String, Double> logs) {}

    public void onTestBegin() {}

    public void onTestEnd(Map<String, Double> logs) {}

    public void onTestBatchBegin(int batch) {}

    public void onTestBatchEnd(int batch, Map<String, Double> logs) {}

    public void onPredictBegin() {}

    public void onPredictEnd() {}

    public void onPredictBatchBegin(int batch) {}

    public void onPredictBatchEnd(int batch) {}
}
