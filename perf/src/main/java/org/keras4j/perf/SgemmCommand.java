package org.keras4j.perf;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.perf.lab.ClBlast;
import org.keras4j.perf.lab.DotBenchmark;
import org.keras4j.perf.lab.ProductSize;
import org.keras4j.perf.lab.SgemmBenchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures the matrix product. */
@Command(
        name = "sgemm",
        description = {
            "Measures the matrix product on the CPU and the peak of fused multiply-adds, on one core and on all.",
            "For another backend: all four layouts beside the cpu backend, and beside CLBlast if that is here."
        },
        mixinStandardHelpOptions = true)
final class SgemmCommand implements Callable<Integer> {
    @Option(names = "--seconds", defaultValue = "0.5", description = "For each number. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Parameters(
            paramLabel = "MxNxK",
            arity = "0..*",
            description = "Sizes, such as 1024x1024x1024; some usual ones if none is given.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        List<ProductSize> sizes = names.isEmpty()
                ? ProductSize.USUAL
                : names.stream().map(ProductSize::of).toList();
        Backend backend = Backends.current();
        if (backend.name().equals("cpu")) {
            SgemmBenchmark.run(sizes, seconds);
            return 0;
        }
        System.out.println(backend.describe());
        List<DotBenchmark.Multiplier> multipliers = new ArrayList<>();
        multipliers.add(DotBenchmark.of(backend));
        multipliers.add(DotBenchmark.of(Backends.open("cpu")));
        if (backend.name().equals("opencl")) ClBlast.find().ifPresent(multipliers::add);
        DotBenchmark.run(multipliers, sizes, seconds);
        return 0;
    }
}
