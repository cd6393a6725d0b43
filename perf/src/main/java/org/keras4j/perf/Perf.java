package org.keras4j.perf;

import org.jspecify.annotations.Nullable;
import org.keras4j.backend.Backends;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Measures: exit code 0 means done, 1 that it could not be done, 2 that the command line is wrong. */
@Command(
        name = "perf/run",
        description = "Measures Keras4J.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SgemmCommand.class,
            LabCommand.class,
            ConvCommand.class,
            ModelsCommand.class,
            AllocationsCommand.class,
            ProfileCommand.class,
            TuneCommand.class,
            ColdCommand.class
        })
public final class Perf {
    @Option(
            names = "--backend",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "What to compute on; otherwise KERAS_BACKEND, keras.json, or the fastest that works.")
    private @Nullable String backend;

    private Perf() {}

    public static void main(String[] args) {
        var perf = new Perf();
        var line = new CommandLine(perf).setUsageHelpAutoWidth(true);
        line.setExecutionStrategy(parsed -> {
            if (perf.backend != null) Backends.use(perf.backend);
            if (!parsed.hasSubcommand()) line.usage(System.err);
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setExecutionExceptionHandler((failure, _, _) -> {
            if (failure instanceof IllegalArgumentException) {
                System.err.println(failure.getMessage());
                return CommandLine.ExitCode.USAGE;
            }
            failure.printStackTrace();
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(line.execute(args));
    }
}
