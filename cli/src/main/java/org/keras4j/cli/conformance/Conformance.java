package org.keras4j.cli.conformance;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;
import org.keras4j.utils.Names;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replays cases recorded from real Keras. */
@Command(
        name = "conformance",
        description = "Replays cases recorded from real Keras: prints each that fails, totals by class, and the sum.",
        mixinStandardHelpOptions = true)
public final class Conformance implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Folders of cases, or of such folders.")
    private List<Path> folders;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write a line of JSON for each case.")
    private @Nullable Path json;

    @Option(names = "--only", paramLabel = "TEXT", description = "Only cases whose id or class contains the text.")
    private @Nullable String only;

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            description = "Only every Nth case, from the Ith on, so that N processes share the cases.")
    private String shard = "1/1";

    private int part;
    private int parts;
    private int seen;

    @Override
    public Integer call() throws IOException {
        readShard();
        PrintWriter out = spec.commandLine().getOut();
        try (Writer writer = json == null ? null : Files.newBufferedWriter(json)) {
            var report = new Report(out, writer);
            for (Path folder : folders) walk(folder.toAbsolutePath().normalize(), report);
            report.finish();
            if (report.passed() + report.failed() == 0)
                throw new IllegalArgumentException("expected cases, found none below " + folders);
            return report.failed() == 0 ? 0 : 1;
        }
    }

    private void walk(Path folder, Report report) throws IOException {
        if (!Files.isDirectory(folder)) throw new IllegalArgumentException(folder + ": expected a folder of cases");
        if (Files.exists(folder.resolve("cases.jsonl"))) {
            replay(folder, report);
        } else if (Files.exists(folder.resolve("info.json"))) {
            files(folder, report);
        } else {
            try (var children = Files.list(folder)) {
                for (Path child : children.filter(Files::isDirectory).sorted().toList()) walk(child, report);
            }
        }
    }

    private void readShard() {
        String[] numbers = shard.split("/", -1);
        boolean numeric = numbers.length == 2 && numbers[0].matches("\\d{1,4}") && numbers[1].matches("\\d{1,4}");
        part = numeric ? Integer.parseInt(numbers[0]) : 0;
        parts = numeric ? Integer.parseInt(numbers[1]) : 0;
        if (part < 1 || part > parts)
            throw new ParameterException(
                    spec.commandLine(), "--shard must be such as 2/8, the second of eight, got \"" + shard + "\"");
    }

    private boolean wanted(String id, String className) {
        boolean named = only == null || id.contains(only) || className.contains(only);
        return named && seen++ % parts == part - 1;
    }

    private void files(Path folder, Report report) throws IOException {
        var cases = new FileCases(folder);
        for (String container : cases.containers()) {
            String id = cases.className() + "/" + folder.getFileName() + "/" + container;
            if (wanted(id, cases.className())) report.run(id, cases.className(), false, () -> cases.run(container));
        }
    }

    private void replay(Path folder, Report report) throws IOException {
        var recording = new Recording(folder);
        for (Map<String, Object> line : recording.lines()) {
            var test = new Case(line, recording);
            String category = String.valueOf(line.getOrDefault("category", folder.getFileName()));
            String className = category + "/" + test.className();
            if (!wanted(test.id(), className)) continue;
            report.run(category + "/" + test.id(), className, test.isDisputed("backends"), () -> {
                Names.clear();
                String format = String.valueOf(line.getOrDefault("image_data_format", "channels_last"));
                Config.setImageDataFormat(format);
                try {
                    runner(category).accept(test);
                } finally {
                    Config.setImageDataFormat("channels_last");
                }
            });
        }
    }

    private static Consumer<Case> runner(String category) {
        return switch (category) {
            case "layers", "models" -> LayerCases::numbers;
            case "layers_symbolic" -> LayerCases::shapes;
            case "ops", "activations" -> OpCases::numbers;
            case "ops_symbolic" -> OpCases::shapes;
            case "losses" -> ObjectCases::loss;
            case "metrics" -> ObjectCases::metric;
            case "optimizers" -> ObjectCases::optimizer;
            case "schedules" -> ObjectCases::schedule;
            case "initializers" -> ObjectCases::initializer;
            case "regularizers" -> ObjectCases::regularizer;
            case "constraints" -> ObjectCases::constraint;
            case "training" -> ObjectCases::training;
            default ->
                test -> {
                    throw new SkipException("cases of category " + category);
                };
        };
    }
}
