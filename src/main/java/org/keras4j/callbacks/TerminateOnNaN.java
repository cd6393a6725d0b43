package org.keras4j.callbacks;

import java.util.Map;

/** Ends the training when the loss is no number any more. Looks at each batch, so it waits for each. */
public final class TerminateOnNaN extends Callback {
    @Override
    public void onTrainBatchEnd(int batch, Map<String, Double> logs) {
        Double loss = logs.get("loss");
        if (loss == null || Double.isFinite(loss)) return;
        Messages.print("Batch " + batch + ": Invalid loss, terminating training");
        model().stopTraining(true);
    }
}
