package org.keras4j.callbacks;

import java.io.PrintStream;
import java.util.Map;
import org.keras4j.utils.Progbar;

/** Prints Keras's progress lines to the standard output. */
public final class ProgbarLogger extends Callback {
    private final PrintStream out;
    private Progbar bar = new Progbar(0, 0, System.out);
    private int seen;
    private boolean inFit;

    public ProgbarLogger() {
        this(System.out);
    }

    /** Prints to {@code out}. */
    public ProgbarLogger(PrintStream out) {
        this.out = out;
    }

    @Override
    public void onTrainBegin() {
        inFit = true;
    }

    @Override
    public void onTrainEnd(Map<String, Double> logs) {
        inFit = false;
    }

    @Override
    public void onEpochBegin(int epoch) {
        if (params().verbose() > 0 && params().epochs() > 1)
            out.println("Epoch " + (epoch + 1) + "/" + params().epochs());
        begin();
    }

    @Override
    public void onTrainBatchEnd(int batch, Map<String, Double> logs) {
        update(batch, logs);
    }

    @Override
    public void onEpochEnd(int epoch, Map<String, Double> logs) {
        bar.finish(seen, logs);
    }

    @Override
    public void onTestBegin() {
        if (!inFit) begin();
    }

    @Override
    public void onTestBatchEnd(int batch, Map<String, Double> logs) {
        if (!inFit) update(batch, logs);
    }

    @Override
    public void onTestEnd(Map<String, Double> logs) {
        if (!inFit) bar.finish(seen, logs);
    }

    @Override
    public void onPredictBegin() {
        begin();
    }

    @Override
    public void onPredictBatchEnd(int batch) {
        update(batch, Map.of());
    }

    @Override
    public void onPredictEnd() {
        bar.finish(seen, Map.of());
    }

    private void begin() {
        bar = new Progbar(params().steps(), params().verbose(), out);
        seen = 0;
    }

    private void update(int batch, Map<String, Double> logs) {
        seen = batch + 1;
        bar.update(seen, logs);
    }
}
