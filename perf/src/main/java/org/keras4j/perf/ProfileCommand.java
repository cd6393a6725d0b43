package org.keras4j.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Profile;
import org.keras4j.layers.InputLayer;
import org.keras4j.models.Model;
import org.keras4j.models.Models;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows where the time of a train step or a prediction goes. */
@Command(
        name = "profile",
        description = "Shows where the time of a train step or a prediction goes: per layer and per kernel.",
        mixinStandardHelpOptions = true)
final class ProfileCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "MODEL",
            description =
                    "A .keras, .h5 or .json file (which can only predict), or the name of a model of perf/run models.")
    private String model = "";

    @Option(names = "--predict", description = "Measure a prediction instead of a train step.")
    private boolean predict;

    @Option(names = "--batch", description = "Samples in the batch; otherwise the model's usual number, or 32.")
    private @Nullable Integer batch;

    @Option(names = "--seconds", defaultValue = "5", description = "Half to warm up, half to measure.")
    private double seconds;

    @Option(names = "--top", defaultValue = "25", description = "Kernels to show. Default: ${DEFAULT-VALUE}.")
    private int top;

    @Option(names = "--in-order", description = "Show the kernels in the order they run, not by time.")
    private boolean inOrder;

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        Profile profile = open();
        double tracing = (System.nanoTime() - start - profile.planning() - profile.preparing()) * 1e-6;
        start = System.nanoTime();
        profile.run();
        System.out.printf(
                Locale.ROOT,
                "%s%ntrace %.1f ms, plan %.1f ms, prepare %.1f ms, first run %.1f ms, %d kernels%n",
                Backends.current().describe(),
                tracing,
                profile.planning() * 1e-6,
                profile.preparing() * 1e-6,
                (System.nanoTime() - start) * 1e-6,
                profile.lines().size());
        run(profile);
        profile.restart();
        double wall = run(profile);
        layers(profile);
        kernels(profile);
        System.out.printf(
                Locale.ROOT,
                "%nkernels %.3f ms a run (%.3f ms if each takes its shortest time), wall %.3f ms, %d runs%n",
                total(profile) / profile.runs(),
                shortest(profile),
                wall,
                profile.runs());
        return 0;
    }

    private Profile open() throws IOException {
        if (Files.exists(Path.of(model))) return ofFile(Path.of(model));
        Workload w = Workload.named(model);
        int n = batch == null ? w.batch() : batch;
        Model made = w.make();
        return predict ? made.profilePrediction(w.x(n)) : made.profileTraining(w.x(n), w.y(n));
    }

    private Profile ofFile(Path file) throws IOException {
        boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
        Model loaded = json ? Models.modelFromJson(Files.readString(file)) : Models.loadModel(file);
        int n = batch == null ? 32 : batch;
        List<NDArray> inputs = new ArrayList<>();
        for (InputLayer layer : loaded.inputLayers()) inputs.add(ones(layer, n));
        if (inputs.isEmpty())
            throw new IllegalArgumentException(file + ": the model does not say the shapes of its inputs");
        return loaded.profilePrediction(inputs);
    }

    private static NDArray ones(InputLayer layer, int batch) {
        Shape row = layer.batchShape().from(1);
        if (!row.isKnown())
            throw new IllegalArgumentException(
                    "Input \"" + layer.name() + "\" has unknown sizes: " + layer.batchShape());
        DType dtype = layer.inputDtype();
        return NDArray.full(dtype, Shape.of(batch).concat(row), dtype.isFloating() ? 0.5 : 1);
    }

    /** Runs for half of the time; returns the milliseconds of one run. */
    private double run(Profile profile) {
        long start = System.nanoTime();
        int runs = 0;
        do {
            profile.run();
            runs++;
        } while (System.nanoTime() - start < seconds * 0.5e9);
        return (System.nanoTime() - start) * 1e-6 / runs;
    }

    private static double total(Profile profile) {
        double sum = 0;
        for (Profile.Line line : profile.lines()) sum += line.nanos().total() * 1e-6;
        return sum;
    }

    private static double shortest(Profile profile) {
        double sum = 0;
        for (Profile.Line line : profile.lines()) sum += line.nanos().shortest() * 1e-6;
        return sum;
    }

    private void layers(Profile profile) {
        Map<String, double[]> byLayer = new LinkedHashMap<>();
        for (Profile.Line line : profile.lines()) {
            double[] sum = byLayer.computeIfAbsent(line.layer(), l -> new double[2]);
            sum[0] += line.nanos().shortest() * 1e-3;
            sum[1]++;
        }
        List<Map.Entry<String, double[]>> sorted = new ArrayList<>(byLayer.entrySet());
        sorted.sort(Comparator.comparing(e -> -e.getValue()[0]));
        double all = shortest(profile) * 1e3;
        System.out.printf("%n%10s %6s %8s  %s%n", "us", "%", "kernels", "layer");
        for (Map.Entry<String, double[]> e : sorted)
            System.out.printf(
                    Locale.ROOT,
                    "%10.1f %6.1f %8.0f  %s%n",
                    e.getValue()[0],
                    100 * e.getValue()[0] / all,
                    e.getValue()[1],
                    e.getKey().isEmpty() ? "(none)" : e.getKey());
    }

    private void kernels(Profile profile) {
        List<Profile.Line> lines = new ArrayList<>(profile.lines());
        if (!inOrder) lines.sort(Comparator.comparing(line -> -line.nanos().shortest()));
        double all = shortest(profile) * 1e6;
        System.out.printf("%n%10s %10s %6s %8s %6s  %s%n", "us", "mean us", "%", "GFLOP/s", "GB/s", "kernel");
        for (Profile.Line line : lines.subList(0, inOrder ? lines.size() : Math.min(top, lines.size()))) {
            long nanos = Math.max(1, line.nanos().shortest());
            System.out.printf(
                    Locale.ROOT,
                    "%10.1f %10.1f %6.1f %8.1f %6.1f  %s: %s%n",
                    nanos * 1e-3,
                    line.nanos().total() * 1e-3 / profile.runs(),
                    100 * nanos / all,
                    line.flops() / nanos,
                    line.bytes() / nanos,
                    line.layer(),
                    line.operation());
        }
    }
}
