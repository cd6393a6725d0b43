package org.keras4j.perf;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.keras4j.NDArray;
import org.keras4j.callbacks.LambdaCallback;
import org.keras4j.models.Model;
import org.keras4j.models.Models;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what happens before all is warm: from the start of the process to the first prediction, epoch by epoch. */
@Command(
        name = "cold",
        description =
                "Saves a model and loads it in this fresh process, or trains it, and shows the time of each part.",
        mixinStandardHelpOptions = true)
final class ColdCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "MODEL",
            description = "A .keras or .h5 file to predict with, or the name of a model to train.")
    private String model = "";

    @Option(names = "--epochs", defaultValue = "8", description = "Epochs to train. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Override
    public Integer call() throws IOException {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        System.out.printf(Locale.ROOT, "%8d ms from the start of the process%n", System.currentTimeMillis() - started);
        if (Files.exists(Path.of(model))) predict(Path.of(model));
        else train(Workload.named(model));
        System.out.printf(Locale.ROOT, "%8d ms in all%n", System.currentTimeMillis() - started);
        return 0;
    }

    private static void predict(Path file) {
        long start = System.nanoTime();
        Model loaded = Models.loadModel(file);
        start = lap("load", start);
        var shape = loaded.inputLayers().getFirst().batchShape().with(0, 1);
        NDArray x = NDArray.zeros(loaded.inputLayers().getFirst().inputDtype(), shape);
        for (int i = 1; i <= 3; i++) {
            loaded.predict(x, p -> p.verbose(0));
            start = lap("prediction " + i, start);
        }
    }

    private void train(Workload w) {
        long start = System.nanoTime();
        Model made = w.make();
        NDArray x = w.x(w.samples());
        NDArray y = w.y(w.samples());
        start = lap("model and data", start);
        long[] at = {start};
        var timer = new LambdaCallback().onEpochEnd((e, logs) -> at[0] = lap("epoch " + (e + 1), at[0]));
        made.fit(x, y, f -> f.batchSize(w.batch()).epochs(epochs).verbose(0).callbacks(timer));
    }

    private static long lap(String what, long since) {
        long now = System.nanoTime();
        System.out.printf(Locale.ROOT, "%8.1f ms %s%n", (now - since) * 1e-6, what);
        return now;
    }
}
