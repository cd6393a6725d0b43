package org.keras4j.callbacks;

import java.util.Map;

/** Ends the training when the loss is no number any more. Looks at each batch, so it waits for each. */
public final class TerminateOnNaN extends Callback {
    private boolean raiseError;

    /** Throws an {@link IllegalStateException} instead of ending the training quietly; not so if not set. */
    public TerminateOnNaN raiseError(boolean raiseError) {
        this.raiseError = raiseError;
        return this;
    }

    @Override
    public void onTrainBatchEnd(int batch, Map<String, Double> logs) {
        Double loss = logs.get("loss");
        if (loss == null || Double.isFinite(loss)) return;
        if (raiseError)
            throw new IllegalStateException("Batch " + batch + ": expected a loss that is a number, got " + loss);
        Messages.print("Batch " + batch + ": Invalid loss, terminating training");
        model().stopTraining(true);
    }
}
