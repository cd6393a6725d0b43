package org.keras4j.callbacks;

import java.nio.file.Path;
import java.util.List;
import org.keras4j.NDArray;
import org.keras4j.graph.Variable;
import org.keras4j.metrics.Metric;
import org.keras4j.optimizers.Optimizer;

/** What callbacks may do with the model that is being trained. */
public interface TrainedModel {
    List<NDArray> getWeights();

    void setWeights(List<NDArray> weights);

    /** Returns all weights in the order of {@link #getWeights}. */
    List<Variable> weights();

    Optimizer optimizer();

    /** Ends the training after the current batch or epoch. */
    void stopTraining(boolean stop);

    boolean stopTraining();

    /** Makes the running training begin at {@code epoch}; for callbacks that restore an interrupted one. */
    void resumeAt(int epoch);

    /** Returns where better values of a metric lie; unknown if there is no such metric. */
    Metric.Direction direction(String metric);

    /** Returns the model as JSON, without weights. */
    String toJson();

    /** Writes the whole model with its optimizer's state. */
    void save(Path file);

    /** Writes the weights with the optimizer's state. */
    void saveWeights(Path file);

    /** Reads what {@link #saveWeights} wrote. */
    void loadWeights(Path file);
}
