package org.keras4j.callbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.NDArray;
import org.keras4j.backend.Backends;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Input;
import org.keras4j.models.Sequential;
import org.keras4j.optimizers.SGD;
import org.keras4j.utils.RandomSeeds;

class CallbacksTest {
    private static final float[][] X = {{0}, {1}, {2}, {3}};
    private static final float[][] Y = {{1}, {3}, {5}, {7}};

    @BeforeEach
    void start() {
        Backends.use("reference");
        RandomSeeds.setRandomSeed(3);
    }

    private static Sequential line(double rate) {
        var model = new Sequential(new Input(1), new Dense(1));
        model.compile(c -> c.optimizer(new SGD(rate)).loss("mse").metrics("mae"));
        return model;
    }

    @Test
    void earlyStoppingStopsAndRestoresTheBestWeights() {
        Sequential model = line(0.1);
        List<NDArray> best = new ArrayList<>();
        var stop = new EarlyStopping("loss").patience(2).restoreBestWeights(true);
        // From epoch 3 on the rate makes things worse.
        var worse = new LearningRateScheduler((epoch, rate) -> epoch < 3 ? 0.05 : 0.6);
        var keep = new LambdaCallback().onEpochEnd((epoch, logs) -> {
            if (epoch == stop.bestEpoch()) {
                best.clear();
                best.addAll(model.getWeights());
            }
        });
        History h = model.fit(X, Y, f -> f.epochs(50).verbose(0).callbacks(worse, stop, keep));
        assertTrue(h.epoch().size() < 12, h.history().toString());
        assertTrue(stop.stoppedEpoch() > 3);
        assertEquals(best, model.getWeights());
    }

    @Test
    void earlyStoppingNeedsToKnowTheDirectionOfAnUnknownMetric() {
        Sequential model = line(0.1);
        var odd = new LambdaCallback().onEpochEnd((epoch, logs) -> logs.put("odd", 1.0));
        var stop = new EarlyStopping("odd");
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> model.fit(X, Y, f -> f.epochs(3).verbose(0).callbacks(odd, stop)));
        assertTrue(e.getMessage().contains("mode"), e.getMessage());
    }

    @Test
    void reduceLrOnPlateauLowersTheRate() {
        Sequential model = line(0.0);
        model.optimizer().learningRate(0.0);
        var reduce =
                new ReduceLROnPlateau().monitor("loss").factor(0.5).patience(2).minLr(1e-6);
        model.optimizer().learningRate(1e-3);
        var still = new LambdaCallback().onEpochEnd((epoch, logs) -> logs.put("loss", 1.0));
        History h = model.fit(X, Y, f -> f.epochs(6).verbose(0).callbacks(still, reduce));
        assertEquals(1e-3, h.get("learning_rate").getFirst(), 1e-9);
        assertEquals(2.5e-4, model.optimizer().learningRate(), 1e-9);
        assertThrows(IllegalArgumentException.class, () -> new ReduceLROnPlateau().factor(1));
    }

    @Test
    void modelCheckpointWritesTheBestOnly(@TempDir Path dir) throws IOException {
        Sequential model = line(0.05);
        var save = new ModelCheckpoint(dir + "/run/{epoch:02d}-{loss:.2f}.keras")
                .monitor("loss")
                .saveBestOnly(true);
        var up = new LambdaCallback().onEpochEnd((epoch, logs) -> logs.put("loss", epoch == 1 ? 0.25 : 0.5 + epoch));
        model.fit(X, Y, f -> f.epochs(4).verbose(0).callbacks(up, save));
        try (var files = Files.list(dir.resolve("run"))) {
            assertEquals(
                    List.of("01-0.50.keras", "02-0.25.keras"),
                    files.map(p -> p.getFileName().toString()).sorted().toList());
        }
        var wrong = new ModelCheckpoint(dir + "/model.zip");
        assertThrows(
                IllegalArgumentException.class,
                () -> model.fit(X, Y, f -> f.verbose(0).callbacks(wrong)));
        var unknown = new ModelCheckpoint(dir + "/{accuracy}.keras");
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> model.fit(X, Y, f -> f.verbose(0).callbacks(unknown)));
        assertTrue(e.getMessage().contains("accuracy"), e.getMessage());
    }

    @Test
    void csvLoggerWritesALineAnEpoch(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("log.csv");
        line(0.05).fit(X, Y, f -> f.epochs(2).verbose(0).callbacks(new CSVLogger(file)));
        List<String> lines = Files.readAllLines(file);
        assertEquals(3, lines.size());
        assertEquals("epoch,loss,mae", lines.getFirst());
        line(0.05).fit(X, Y, f -> f.epochs(1).verbose(0).callbacks(new CSVLogger(file, ",", true)));
        assertEquals(4, Files.readAllLines(file).size());
    }

    @Test
    void terminateOnNanEndsTheTraining() {
        History h =
                line(1e30).fit(X, Y, f -> f.epochs(20).batchSize(1).verbose(0).callbacks(new TerminateOnNaN()));
        assertTrue(h.epoch().size() < 20);
    }

    @Test
    void backupAndRestoreGoesOnAfterAnInterruption(@TempDir Path dir) {
        Path backup = dir.resolve("backup");
        var crash = new LambdaCallback().onEpochBegin(epoch -> {
            if (epoch == 2) throw new IllegalStateException("power cut");
        });
        Sequential model = line(0.05);
        assertThrows(
                IllegalStateException.class,
                () -> model.fit(X, Y, f -> f.epochs(4).verbose(0).callbacks(new BackupAndRestore(backup), crash)));
        assertTrue(Files.exists(backup.resolve("latest.weights.h5")));
        List<NDArray> after = model.getWeights();
        Sequential again = line(0.05);
        List<List<NDArray>> seen = new ArrayList<>();
        var look = new LambdaCallback().onEpochBegin(epoch -> seen.add(again.getWeights()));
        History h = again.fit(X, Y, f -> f.epochs(4).verbose(0).callbacks(new BackupAndRestore(backup), look));
        assertEquals(List.of(2, 3), h.epoch());
        assertEquals(after, seen.getFirst());
        assertFalse(Files.exists(backup));
    }

    @Test
    void logsAreReadOnlyWhenAsked() {
        Sequential model = line(0.05);
        List<Map<String, Double>> kept = new ArrayList<>();
        var look = new LambdaCallback().onTrainBatchEnd((batch, logs) -> kept.add(Map.copyOf(logs)));
        model.fit(X, Y, f -> f.batchSize(2).verbose(0).callbacks(look));
        assertEquals(2, kept.size());
        assertEquals(Set.of("loss", "mae"), kept.getFirst().keySet());
    }
}
