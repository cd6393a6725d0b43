package org.keras4j.callbacks;

import java.util.List;
import java.util.Map;
import org.keras4j.NDArray;
import org.keras4j.graph.Variable;
import org.keras4j.optimizers.LossScaleOptimizer;
import org.keras4j.optimizers.Optimizer;

/**
 * Gives the model the moving averages of its weights for evaluations and predictions, and takes them away after. The
 * optimizer must have {@code useEma(true)}.
 */
public final class SwapEMAWeights extends Callback {
    private final boolean swapOnEpoch;
    private boolean averagesInModel;

    /** Swaps for evaluations and predictions only. */
    public SwapEMAWeights() {
        this(false);
    }

    /**
     * Makes the callback.
     *
     * @param swapOnEpoch whether the model has the averages at the end of each epoch, too, so that callbacks after this
     *     one save them
     */
    public SwapEMAWeights(boolean swapOnEpoch) {
        this.swapOnEpoch = swapOnEpoch;
    }

    private Optimizer averaging() {
        Optimizer optimizer = model().optimizer();
        if (optimizer instanceof LossScaleOptimizer scaled) optimizer = scaled.innerOptimizer();
        if (optimizer.averages().isEmpty())
            throw new IllegalStateException("SwapEMAWeights needs an optimizer with useEma(true) that has trained, got "
                    + optimizer.className() + " \"" + optimizer.name() + "\" without averages");
        return optimizer;
    }

    private void swap() {
        Optimizer optimizer = averaging();
        List<Variable> weights = optimizer.trainedVariables();
        List<Variable> averages = optimizer.averages();
        for (int i = 0; i < weights.size(); i++) {
            NDArray kept = weights.get(i).numpy().copy();
            weights.get(i).assign(averages.get(i).numpy().copy());
            averages.get(i).assign(kept);
        }
    }

    private void averagesInModel(boolean wanted) {
        if (averagesInModel == wanted) return;
        swap();
        averagesInModel = wanted;
    }

    @Override
    public void onTrainBegin() {
        averagesInModel = false;
    }

    @Override
    public void onEpochBegin(int epoch) {
        if (swapOnEpoch) averagesInModel(false);
    }

    @Override
    public void onEpochEnd(int epoch, Map<String, Double> logs) {
        if (!swapOnEpoch) return;
        averagesInModel(true);
        if (epoch != params().epochs() - 1) return;
        // fit ends by giving the model the optimizer's averages: they are in the model, so both are to hold them
        Optimizer optimizer = averaging();
        for (int i = 0; i < optimizer.averages().size(); i++)
            optimizer
                    .averages()
                    .get(i)
                    .assign(optimizer.trainedVariables().get(i).numpy().copy());
    }

    @Override
    public void onTestBegin() {
        averagesInModel(true);
    }

    @Override
    public void onTestEnd(Map<String, Double> logs) {
        averagesInModel(false);
    }

    @Override
    public void onPredictBegin() {
        averagesInModel(true);
    }

    @Override
    public void onPredictEnd() {
        averagesInModel(false);
    }
}
