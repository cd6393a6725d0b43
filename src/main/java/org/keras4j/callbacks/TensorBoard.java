package org.keras4j.callbacks;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.graph.Variable;

/**
 * Writes what TensorBoard shows: the metrics and the learning rate of each epoch (or batch), histograms of the weights,
 * and the model's architecture. {@code tensorboard --logdir logs} finds the files in the folders {@code train} and
 * {@code validation}.
 *
 * <p>Of Keras's options, {@code write_images}, {@code profile_batch} and {@code embeddings_freq} are not there.
 */
public final class TensorBoard extends Callback {
    private static final System.Logger LOGGER = System.getLogger(TensorBoard.class.getName());
    private static final int BUCKETS = 30;

    private final Path logDir;
    private int histogramFreq = 0;
    private boolean writeGraph = true;
    private boolean writeStepsPerSecond = false;
    private int updateFreq = 0;
    private @Nullable EventFile train;
    private @Nullable EventFile validation;
    private boolean inFit;
    private long trainBatch;
    private double iterationsBefore;
    private long epochStart;
    private long batchStart;

    public TensorBoard() {
        this(Path.of("logs"));
    }

    /** Writes below {@code logDir}, a folder for each run. */
    public TensorBoard(Path logDir) {
        this.logDir = logDir;
    }

    /** Writes histograms of the weights after each so many epochs; 0 for none. */
    public TensorBoard histogramFreq(int epochs) {
        if (epochs < 0) throw new IllegalArgumentException("histogram_freq must be 0 or more, got " + epochs);
        histogramFreq = epochs;
        return this;
    }

    /** Says whether the architecture of the model is written. */
    public TensorBoard writeGraph(boolean writeGraph) {
        this.writeGraph = writeGraph;
        return this;
    }

    /** Says whether the number of steps in a second is written, of each epoch and, with the metrics, of each batch. */
    public TensorBoard writeStepsPerSecond(boolean write) {
        writeStepsPerSecond = write;
        return this;
    }

    /** Says when metrics are written besides: {@code "epoch"} for not at all, {@code "batch"} for after each batch. */
    public TensorBoard updateFreq(String updateFreq) {
        switch (updateFreq) {
            case "epoch" -> this.updateFreq = 0;
            case "batch" -> this.updateFreq = 1;
            default ->
                throw new IllegalArgumentException(
                        "update_freq must be \"epoch\", \"batch\" or a number of batches, got \"" + updateFreq + "\"");
        }
        return this;
    }

    /** Writes metrics after each so many batches; to read them waits for the device. */
    public TensorBoard updateFreq(int batches) {
        if (batches <= 0) throw new IllegalArgumentException("update_freq must be positive, got " + batches);
        updateFreq = batches;
        return this;
    }

    private EventFile train() {
        if (train == null) train = new EventFile(logDir.resolve("train"));
        return train;
    }

    private EventFile validation() {
        if (validation == null) validation = new EventFile(logDir.resolve("validation"));
        return validation;
    }

    @Override
    public void onTrainBegin() {
        inFit = true;
        trainBatch = 0;
        close();
        if (!writeGraph) return;
        try {
            train().kerasModel(model().toJson());
        } catch (RuntimeException e) { // a model written by hand may have no config
            LOGGER.log(System.Logger.Level.WARNING, "TensorBoard: the model has no JSON to draw: {0}", e.getMessage());
        }
    }

    @Override
    public void onEpochBegin(int epoch) {
        if (!writeStepsPerSecond) return;
        iterationsBefore = model().optimizer().iterations().item();
        epochStart = System.nanoTime();
    }

    @Override
    public void onTrainBatchBegin(int batch) {
        trainBatch++;
        batchStart = System.nanoTime();
    }

    @Override
    public void onTrainBatchEnd(int batch, Map<String, Double> logs) {
        if (updateFreq == 0 || trainBatch % updateFreq != 0) return;
        if (writeStepsPerSecond)
            train().scalar("batch_steps_per_second", 1e9 / Math.max(1, System.nanoTime() - batchStart), trainBatch);
        logs.forEach((name, value) -> train().scalar("batch_" + name, value, trainBatch));
    }

    @Override
    public void onTestEnd(Map<String, Double> logs) {
        long iterations = (long) model().optimizer().iterations().item();
        logs.forEach((name, value) -> validation().scalar("evaluation_" + name + "_vs_iterations", value, iterations));
        if (!inFit) close();
    }

    @Override
    public void onEpochEnd(int epoch, Map<String, Double> logs) {
        Map<String, Double> rest = new TreeMap<>();
        logs.forEach((name, value) -> {
            if (name.startsWith("val_")) validation().scalar("epoch_" + name.substring(4), value, epoch);
            else rest.put(name, value);
        });
        rest.put("learning_rate", model().optimizer().learningRate());
        if (writeStepsPerSecond) {
            double steps = model().optimizer().iterations().item() - iterationsBefore;
            rest.put("steps_per_second", steps * 1e9 / Math.max(1, System.nanoTime() - epochStart));
        }
        rest.forEach((name, value) -> train().scalar("epoch_" + name, value, epoch));
        if (histogramFreq > 0 && epoch % histogramFreq == 0)
            for (Variable v : model().weights()) train().histogram(v.path() + "/histogram", buckets(v.numpy()), epoch);
        // so that TensorBoard shows the epoch while the next one runs
        train().flush();
        if (validation != null) validation.flush();
    }

    /** Counts values in buckets of one width from the least to the greatest. */
    static double[][] buckets(NDArray values) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        int finite = 0;
        for (int i = 0; i < values.size(); i++) {
            double v = values.get(i);
            if (!Double.isFinite(v)) continue;
            finite++;
            least = Math.min(least, v);
            greatest = Math.max(greatest, v);
        }
        if (finite == 0) return new double[0][];
        if (least == greatest) return new double[][] {{least - 0.5, least + 0.5, finite}};
        double width = (greatest - least) / BUCKETS;
        var buckets = new double[BUCKETS][];
        for (int b = 0; b < BUCKETS; b++)
            buckets[b] = new double[] {least + b * width, b == BUCKETS - 1 ? greatest : least + (b + 1) * width, 0};
        for (int i = 0; i < values.size(); i++) {
            double v = values.get(i);
            if (Double.isFinite(v)) buckets[Math.min(BUCKETS - 1, (int) ((v - least) / width))][2]++;
        }
        return buckets;
    }

    @Override
    public void onTrainEnd(Map<String, Double> logs) {
        inFit = false;
        close();
    }

    private void close() {
        if (train != null) train.close();
        if (validation != null) validation.close();
        train = null;
        validation = null;
    }
}
