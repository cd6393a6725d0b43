package org.keras4j.perf;

import java.util.concurrent.Callable;
import org.keras4j.perf.lab.SgemmBenchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the matrix product. */
@Command(
        name = "sgemm",
        description = "Measures the peak of fused multiply-adds and the matrix product, on one core and on all.",
        mixinStandardHelpOptions = true)
final class SgemmCommand implements Callable<Integer> {
    @Option(names = "--seconds", defaultValue = "0.5", description = "For each number. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Override
    public Integer call() {
        SgemmBenchmark.main(new String[] {Double.toString(seconds)});
        return 0;
    }
}
