package org.keras4j.callbacks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Saves the model or its weights during training. The file name may have placeholders for the epoch (from 1) and for
 * metrics, such as {@code "{epoch:02d}-{val_loss:.2f}.keras"}; folders are made as needed.
 */
public final class ModelCheckpoint extends Callback {
    private final Monitor monitor = new Monitor("ModelCheckpoint");
    private final SaveFrequency frequency = new SaveFrequency("ModelCheckpoint");
    private final String filepath;
    private int verbose;
    private boolean saveBestOnly;
    private boolean saveWeightsOnly;
    private int epoch;

    /** Takes a name that ends in {@code .keras}, or in {@code .weights.h5} for {@link #saveWeightsOnly}. */
    public ModelCheckpoint(String filepath) {
        this.filepath = filepath;
    }

    public ModelCheckpoint(Path filepath) {
        this(filepath.toString());
    }

    /** Sets the metric that says which model is best; {@code "val_loss"} if not set. */
    public ModelCheckpoint monitor(String metric) {
        monitor.metric = metric;
        return this;
    }

    public ModelCheckpoint verbose(int verbose) {
        this.verbose = verbose;
        return this;
    }

    /** Says whether only a model better than all before is saved. */
    public ModelCheckpoint saveBestOnly(boolean saveBestOnly) {
        this.saveBestOnly = saveBestOnly;
        return this;
    }

    public ModelCheckpoint saveWeightsOnly(boolean saveWeightsOnly) {
        this.saveWeightsOnly = saveWeightsOnly;
        return this;
    }

    /** Sets whether smaller ({@code "min"}) or greater ({@code "max"}) is better; {@code "auto"} asks the metric. */
    public ModelCheckpoint mode(String mode) {
        monitor.mode(mode);
        return this;
    }

    /** Saves after each so many batches in place of each epoch. */
    public ModelCheckpoint saveFreq(int batches) {
        frequency.every(batches);
        return this;
    }

    /** Saves after each epoch, which is the default. */
    public ModelCheckpoint saveFreq(String epoch) {
        if (!epoch.equals("epoch"))
            throw new IllegalArgumentException(
                    "ModelCheckpoint: save_freq must be \"epoch\" or a number of batches, got \"" + epoch + "\"");
        frequency.everyEpoch();
        return this;
    }

    /** Sets the value that the first saved model must be better than. */
    public ModelCheckpoint initialValueThreshold(@Nullable Double threshold) {
        monitor.best = threshold;
        return this;
    }

    @Override
    public void onTrainBegin() {
        boolean fits = saveWeightsOnly ? filepath.endsWith(".weights.h5") : filepath.endsWith(".keras");
        if (!fits)
            throw new IllegalArgumentException("ModelCheckpoint: expected a file name that ends in "
                    + (saveWeightsOnly ? ".weights.h5" : ".keras") + ", got " + filepath);
    }

    @Override
    public void onEpochBegin(int number) {
        epoch = number;
    }

    @Override
    public void onTrainBatchEnd(int batch, Map<String, Double> logs) {
        if (frequency.isDue()) save(logs, batch);
    }

    @Override
    public void onEpochEnd(int number, Map<String, Double> logs) {
        if (frequency.isEveryEpoch()) save(logs, null);
    }

    private void save(Map<String, Double> logs, @Nullable Integer batch) {
        Map<String, Number> values = new TreeMap<>(logs);
        values.put("epoch", epoch + 1);
        if (batch != null) values.put("batch", batch + 1);
        Path file = Path.of(FileNames.format(filepath, values));
        if (!isWanted(logs, file)) return;
        if (Files.isDirectory(file))
            throw new IllegalArgumentException("ModelCheckpoint: expected a file, but " + file + " is a folder");
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("ModelCheckpoint: cannot make the folder of " + file, e);
        }
        if (saveWeightsOnly) model().saveWeights(file);
        else model().save(file);
        if (verbose > 0) Messages.print("\nEpoch " + (epoch + 1) + ": finished saving model to " + file);
    }

    private boolean isWanted(Map<String, Double> logs, Path file) {
        String start = "\nEpoch " + (epoch + 1) + ": ";
        if (!saveBestOnly) {
            if (verbose > 0) Messages.print(start + "saving model to " + file);
            return true;
        }
        Double current = monitor.value(logs);
        if (current == null) return true;
        Double before = monitor.best;
        String was = before == null ? "None" : String.format(Locale.ROOT, "%.5f", before);
        if (!monitor.isImprovement(model(), current, before)) {
            if (verbose > 0) Messages.print(start + monitor.metric + " did not improve from " + was);
            return false;
        }
        if (verbose > 0)
            Messages.print(start + monitor.metric + " improved from " + was + " to "
                    + String.format(Locale.ROOT, "%.5f", current) + ", saving model to " + file);
        monitor.best = current;
        return true;
    }
}
