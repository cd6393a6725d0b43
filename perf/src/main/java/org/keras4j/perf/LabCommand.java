package org.keras4j.perf;

import java.util.List;
import java.util.concurrent.Callable;
import org.keras4j.perf.lab.Lab;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tries variants of kernels. */
@Command(
        name = "lab",
        description = "Checks numbered variants of small kernels against a plain loop and times them.",
        mixinStandardHelpOptions = true)
final class LabCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Experiments; all of them if none is named.")
    private List<String> names = List.of();

    @Option(names = "--seconds", defaultValue = "1", description = "For each variant. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Override
    public Integer call() {
        Lab.run(names, seconds);
        return 0;
    }
}
