package org.keras4j.perf;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.backend.device.DeviceBackend;
import org.keras4j.backend.device.Tuning;
import org.keras4j.graph.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Finds the tunable numbers of a device's kernels, one after the other, and keeps what is faster. */
@Command(
        name = "tune",
        description =
                "Finds the tunable numbers of a device's kernels and writes them to the user's file for the device.",
        mixinStandardHelpOptions = true)
final class TuneCommand implements Callable<Integer> {
    /** What is less is noise. */
    private static final double WORTH = 0.97;

    @Option(
            names = "--models",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "mlp,cnn",
            description = "Whose train steps are to be fast; see perf/run models. Default: ${DEFAULT-VALUE}.")
    private List<String> models = List.of();

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only numbers whose name has the text.")
    private String only = "";

    @Option(
            names = "--seconds",
            defaultValue = "1",
            description = "For each model and value. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--dry-run", description = "Only show what would be written.")
    private boolean dryRun;

    private String backend = "";

    @Override
    public Integer call() throws IOException {
        if (!(Backends.current() instanceof DeviceBackend device))
            throw new IllegalArgumentException(
                    "Backend " + Backends.current().name() + " has nothing to tune; choose one with --backend");
        backend = device.name();
        System.out.println(device.describe());
        Tuning tuning = Tuning.of(device.traits());
        Map<String, Integer> found = new LinkedHashMap<>();
        double[] best = measure(found);
        show("as it is", best, best);
        for (String name : tuning.tunable()) if (name.contains(only)) best = tune(tuning, name, found, best);
        if (found.isEmpty()) System.out.println("nothing is faster");
        else if (dryRun) System.out.println(found);
        else {
            Tuning.save(device.traits(), found);
            System.out.println("written to " + Tuning.userFile(device.traits()) + ": " + found);
        }
        return 0;
    }

    /** Tries the values of one number beside what was found before; returns the times with the best of them. */
    private double[] tune(Tuning tuning, String name, Map<String, Integer> found, double[] before) {
        double[] best = before;
        int now = tuning.get(name);
        System.out.println(name + " = " + now);
        for (int value : tuning.candidates(name)) {
            if (value == now) continue;
            Map<String, Integer> trial = new LinkedHashMap<>(found);
            trial.put(name, value);
            try {
                double[] times = measure(trial);
                show("  " + value, times, before);
                if (ratio(times, before) > WORTH || ratio(times, best) >= 1) continue;
                best = times;
                found.put(name, value);
            } catch (RuntimeException e) { // a kernel that needs more than the device has
                System.out.println("  " + value + " does not work: " + e.getMessage());
            }
        }
        return best;
    }

    /** Returns for each model the milliseconds of its kernels, each by its shortest run. */
    private double[] measure(Map<String, Integer> trial) {
        try (Backend opened = Tuning.trying(trial, () -> Backends.open(backend))) {
            Backends.use(opened);
            return models.stream()
                    .mapToDouble(name -> milliseconds(Workload.named(name)))
                    .toArray();
        }
    }

    private double milliseconds(Workload w) {
        Profile profile = w.make().profileTraining(w.x(w.batch()), w.y(w.batch()));
        profile.run();
        profile.restart();
        long start = System.nanoTime();
        do {
            profile.run();
        } while (profile.runs() < 3 || System.nanoTime() - start < seconds * 1e9);
        return profile.lines().stream()
                        .mapToLong(line -> line.nanos().shortest())
                        .sum()
                * 1e-6;
    }

    /** Returns the geometric mean of the ratios of times. */
    private static double ratio(double[] times, double[] before) {
        double product = 1;
        for (int i = 0; i < times.length; i++) product *= times[i] / before[i];
        return Math.pow(product, 1.0 / times.length);
    }

    private void show(String what, double[] times, double[] before) {
        var line = new StringBuilder(String.format(Locale.ROOT, "%-16s", what));
        for (int i = 0; i < times.length; i++)
            line.append(String.format(Locale.ROOT, "  %s %.3f ms", models.get(i), times[i]));
        System.out.printf(Locale.ROOT, "%s  (%.3f of what it took)%n", line, ratio(times, before));
    }
}
