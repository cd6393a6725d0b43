package org.keras4j.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.Backends;
import org.keras4j.cli.conformance.Conformance;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** Runs the program: exit code 0 means done, 1 that it could not be done, 2 that the command line is wrong. */
@Command(
        name = "keras4j",
        description = "Trains, runs and inspects Keras models.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Demo.class,
            Train.class,
            SummaryCommand.class,
            Convert.class,
            Predict.class,
            Devices.class,
            Conformance.class
        })
public final class Main {
    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "Show where in the program an error comes from.")
    private boolean stacktrace;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "What to compute on; otherwise KERAS_BACKEND, keras.json, or the fastest that works.")
    private @Nullable String backend;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args, writer(System.out), writer(System.err)));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
    }

    /** Runs one command and returns the exit code. */
    static int run(String[] args, PrintWriter out, PrintWriter err) {
        var main = new Main();
        var line = new CommandLine(main).setOut(out).setErr(err).setUsageHelpAutoWidth(true);
        line.setExecutionExceptionHandler((failure, command, _) -> main.report(failure, command));
        line.setParameterExceptionHandler((failure, _) -> wrongUsage(failure));
        line.setExecutionStrategy(main::execute);
        return line.execute(args);
    }

    private int execute(ParseResult parsed) {
        CommandLine root = parsed.commandSpec().commandLine();
        if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
            root.usage(root.getErr());
            return CommandLine.ExitCode.USAGE;
        }
        useBackend(root);
        return new CommandLine.RunLast().execute(parsed);
    }

    private void useBackend(CommandLine root) {
        if (backend == null) return;
        try {
            Backends.use(backend);
        } catch (BackendUnavailableException e) {
            throw new CommandLine.ExecutionException(root, "--backend " + backend, e);
        }
    }

    private static int wrongUsage(CommandLine.ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(name(command) + ": " + failure.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, err))
            err.println("See " + name(command) + " --help.");
        return CommandLine.ExitCode.USAGE;
    }

    private int report(Exception failure, CommandLine command) {
        command.getErr().println(name(command) + ": " + message(failure));
        if (stacktrace) failure.printStackTrace(command.getErr());
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    /** What the library says for people stands as it is; anything else is a fault of ours and named as one. */
    private static String message(Exception failure) {
        String said = stripped(failure.getMessage());
        boolean isMeant = failure instanceof CommandException || isOfLibrary(failure);
        if (isMeant && said != null) return said;
        return failure.getClass().getSimpleName() + (said == null ? "" : ": " + said) + " (--stacktrace shows where)";
    }

    private static boolean isOfLibrary(Exception failure) {
        return failure instanceof IllegalArgumentException
                || failure instanceof IllegalStateException
                || failure.getClass().getName().startsWith("org.keras4j.");
    }

    private static @Nullable String stripped(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** The version that the build wrote into the manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"keras4j " + Objects.requireNonNullElse(version, "(not packaged)")};
        }
    }
}
