package org.keras4j.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.layers.DTypePolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures training and prediction of whole models, beside Keras in Python if there is one. */
@Command(
        name = "models",
        description = "Measures training and prediction of whole models, on random data.",
        mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "tiny, mlp, cnn, digits, resnet20, lstm, imdb or transformer; all of these if none is named."
                    + " resnet50 is for GPUs. Of a .keras or .h5 file, predictions are measured.")
    private List<String> names = List.of();

    @Option(names = "--seconds", defaultValue = "8", description = "For each number. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--dtype-policy",
            paramLabel = "NAME",
            description = "What layers compute in, such as mixed_bfloat16; otherwise floatx.")
    private @Nullable String policy;

    @Option(names = "--rounds", defaultValue = "1", description = "How often to measure, in turn with the peers.")
    private int rounds;

    @Option(
            names = "--backends",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Our own backends to measure in turn, and to compare with the first; otherwise the one in use.")
    private List<String> backends = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write a line of JSON for each number.")
    private @Nullable Path json;

    @Option(
            names = "--peers",
            paramLabel = "PYTHON",
            description = "A Python with Keras, to run --peers-script with between our own measurements.")
    private @Nullable Path python;

    @Option(
            names = "--peers-script",
            paramLabel = "FILE",
            description =
                    "Takes --backend NAME --bench MODEL --secs S and prints lines of JSON with name, unit, median,"
                            + " min, max.")
    private @Nullable Path script;

    @Option(
            names = "--peers-backends",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "jax,tensorflow",
            description = "Keras backends of the peers. Default: ${DEFAULT-VALUE}.")
    private List<String> peerBackends = List.of();

    /** All rounds of one number by who measured it. */
    private final Map<String, Map<String, List<Measurements>>> table = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if ((python == null) != (script == null))
            throw new IllegalArgumentException("--peers and --peers-script are of use only together");
        if (json != null) Files.deleteIfExists(json);
        if (policy != null) DTypePolicy.setGlobal(DTypePolicy.of(policy));
        List<String> models =
                names.isEmpty() ? Workload.ALL.stream().map(Workload::name).toList() : names;
        List<Backend> ours = backends.isEmpty()
                ? List.of(Backends.current())
                : backends.stream().map(Backends::open).toList();
        ours.forEach(backend -> System.out.println(backend.describe()));
        for (String model : models) {
            boolean isFile = Files.exists(Path.of(model));
            for (int round = 0; round < rounds; round++) {
                for (Backend backend : ours) {
                    Backends.use(backend);
                    List<Measurements> samples = isFile
                            ? new FileRun(Path.of(model), seconds).all()
                            : new ModelRun(Workload.named(model), seconds).all();
                    for (Measurements s : samples) add(label(backend), s);
                }
                if (python == null || script == null) continue;
                for (String peer : peerBackends)
                    for (Measurements s : new Peer(python, script, peer).run(model, seconds)) add("keras-" + peer, s);
            }
        }
        for (Backend other : ours.subList(1, ours.size())) compare(label(other), label(ours.getFirst()));
        if (python != null) ratios(label(ours.getFirst()));
        return 0;
    }

    private static String label(Backend backend) {
        return "keras4j-" + backend.name();
    }

    /** Prints how many times as fast one backend is as another, by the best median of the rounds of each. */
    private void compare(String who, String other) {
        System.out.printf("%n%-28s %s times as fast as %s%n", "", who, other);
        table.forEach((name, byWho) -> {
            List<Measurements> own = byWho.get(who);
            List<Measurements> others = byWho.get(other);
            if (own == null || others == null) return;
            System.out.printf(Locale.ROOT, "%-28s %.2f%n", name, speed(own) / speed(others));
        });
    }

    /** Shows a number, and writes it at once: what comes later may take too long. */
    private void add(String who, Measurements s) throws IOException {
        System.out.println(s.line(who));
        if (json != null)
            Files.writeString(json, s.json(who) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        table.computeIfAbsent(s.name(), n -> new LinkedHashMap<>())
                .computeIfAbsent(who, n -> new ArrayList<>())
                .add(s);
    }

    /** Prints how many times faster we are than the fastest peer: by the best median of the rounds of each. */
    private void ratios(String us) {
        System.out.printf(Locale.ROOT, "%n%-28s %12s %12s  %-18s %s%n", "", "ours", "best peer", "", "times as fast");
        table.forEach((name, byWho) -> {
            List<Measurements> ours = byWho.get(us);
            if (ours == null) return;
            String best = null;
            double most = 0;
            for (Map.Entry<String, List<Measurements>> e : byWho.entrySet()) {
                if (e.getKey().equals(us) || speed(e.getValue()) <= most) continue;
                most = speed(e.getValue());
                best = e.getKey();
            }
            if (best == null) return;
            boolean rate = ours.getFirst().isRate();
            double own = speed(ours);
            System.out.printf(
                    Locale.ROOT,
                    "%-28s %12s %12s  %-18s %.2f%n",
                    name,
                    Measurements.digits(rate ? own : 1 / own),
                    Measurements.digits(rate ? most : 1 / most),
                    best,
                    own / most);
        });
    }

    private static double speed(List<Measurements> rounds) {
        double best = 0;
        for (Measurements s : rounds) best = Math.max(best, s.isRate() ? s.median() : 1 / s.median());
        return best;
    }
}
