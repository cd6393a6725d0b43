package org.keras4j.callbacks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.keras4j.KerasFileException;
import org.keras4j.saving.archive.Json;

/**
 * Saves the weights and the optimizer's state during training, so that the same {@code fit} goes on where an
 * interrupted one stopped. The model must be built before.
 */
public final class BackupAndRestore extends Callback {
    private final Path folder;
    private final SaveFrequency frequency = new SaveFrequency("BackupAndRestore");
    private boolean doubleCheckpoint;
    private boolean deleteCheckpoint = true;
    private int epoch;
    private int batch;

    public BackupAndRestore(Path backupDir) {
        folder = backupDir;
    }

    /** Saves after each so many batches in place of each epoch. */
    public BackupAndRestore saveFreq(int batches) {
        frequency.every(batches);
        return this;
    }

    /** Keeps the backup before the last one too, for when the last one is damaged. */
    public BackupAndRestore doubleCheckpoint(boolean doubleCheckpoint) {
        this.doubleCheckpoint = doubleCheckpoint;
        return this;
    }

    /** Says whether the backup is deleted when training ends well. */
    public BackupAndRestore deleteCheckpoint(boolean deleteCheckpoint) {
        this.deleteCheckpoint = deleteCheckpoint;
        return this;
    }

    private Path weights() {
        return folder.resolve("latest.weights.h5");
    }

    private Path metadata() {
        return folder.resolve("training_metadata.json");
    }

    private static Path before(Path file) {
        return file.resolveSibling(file.getFileName() + ".bkp");
    }

    @Override
    public void onTrainBegin() {
        epoch = 0;
        try {
            load();
        } catch (KerasFileException e) {
            if (!Files.exists(before(weights()))) throw e;
            restore(weights());
            restore(metadata());
            load();
        }
    }

    private void load() {
        if (Files.exists(weights())) model().loadWeights(weights());
        if (!Files.exists(metadata())) return;
        try {
            Map<String, Object> state =
                    Json.parseObject(Files.readString(metadata()), metadata().toString(), "");
            if (!(state.get("epoch") instanceof Number number))
                throw new KerasFileException(
                        metadata().toString(), "epoch", "expected a number, got " + state.get("epoch"));
            epoch = number.intValue();
            model().resumeAt(epoch);
        } catch (IOException e) {
            throw new UncheckedIOException("BackupAndRestore: cannot read " + metadata(), e);
        }
    }

    private static void restore(Path file) {
        try {
            if (Files.exists(before(file))) Files.copy(before(file), file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("BackupAndRestore: cannot restore " + file, e);
        }
    }

    @Override
    public void onTrainBatchEnd(int number, Map<String, Double> logs) {
        batch = number;
        if (frequency.isDue()) save();
    }

    @Override
    public void onEpochEnd(int number, Map<String, Double> logs) {
        epoch = number + 1;
        batch = 0;
        if (frequency.isEveryEpoch()) save();
    }

    private void save() {
        try {
            Files.createDirectories(folder);
            if (doubleCheckpoint)
                for (Path file : List.of(weights(), metadata()))
                    if (Files.exists(file)) Files.copy(file, before(file), StandardCopyOption.REPLACE_EXISTING);
            model().saveWeights(weights());
            Map<String, Object> state = new LinkedHashMap<>();
            state.put("epoch", epoch);
            state.put("batch", batch);
            Files.writeString(metadata(), Json.write(state));
        } catch (IOException e) {
            throw new UncheckedIOException("BackupAndRestore: cannot write to " + folder, e);
        }
    }

    @Override
    public void onTrainEnd(Map<String, Double> logs) {
        if (!deleteCheckpoint || !Files.exists(folder)) return;
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("BackupAndRestore: cannot delete " + folder, e);
        }
    }
}
