package org.keras4j.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the layers of a model file with shapes and numbers of weights. */
@Command(
        name = "summary",
        description = "Prints the layers of a model file with shapes and numbers of weights.",
        mixinStandardHelpOptions = true)
final class SummaryCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "MODEL",
            description = "A .keras, .h5, .json or .yaml file, or a SavedModel directory of Keras 2.")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(ModelFile.load(file).summary());
        return 0;
    }
}
