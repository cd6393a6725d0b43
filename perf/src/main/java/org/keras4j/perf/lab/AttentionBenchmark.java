package org.keras4j.perf.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Decompose;
import org.keras4j.graph.Function;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Fusion;

/** Times fused attention beside the same in primitives, forward alone and with the gradients. */
public final class AttentionBenchmark {
    /** Batch, queries and keys, heads, size. */
    private static final int[][] SIZES = {
        {32, 4, 2, 8},
        {32, 8, 4, 16},
        {32, 16, 4, 16},
        {32, 32, 4, 32},
        {16, 64, 8, 32},
        {16, 128, 8, 32},
        {4, 256, 8, 64},
        {1, 512, 8, 64},
        {1, 1024, 12, 64},
        {1, 2048, 4, 128},
    };

    private AttentionBenchmark() {}

    /** Prints microseconds and ratios; arguments: seconds for each number, then names of backends. */
    public static void main(String[] args) {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 0.3;
        List<String> backends = args.length > 1 ? List.of(args).subList(1, args.length) : List.of("cpu");
        for (String name : backends) {
            Backends.use(Backends.open(name));
            for (int[] size : SIZES)
                for (boolean causal : new boolean[] {false, true})
                    for (boolean gradient : new boolean[] {false, true}) row(name, size, causal, gradient, seconds);
        }
    }

    private static void row(String backend, int[] size, boolean causal, boolean gradient, double seconds) {
        Runnable fused = run(size, causal, gradient, true);
        Runnable apart = run(size, causal, gradient, false);
        double first = SgemmBenchmark.best(fused, seconds);
        double other = SgemmBenchmark.best(apart, seconds);
        first = Math.min(first, SgemmBenchmark.best(fused, seconds));
        System.out.printf(
                Locale.ROOT,
                "%s %3d x %4d x %2d x %3d %-7s %-9s fused %9.1f us, primitives %9.1f us: %5.2f times as fast%n",
                backend,
                size[0],
                size[1],
                size[2],
                size[3],
                causal ? "causal" : "",
                gradient ? "gradients" : "",
                first * 1e6,
                other * 1e6,
                other / first);
    }

    private static Runnable run(int[] size, boolean causal, boolean gradient, boolean fused) {
        Shape shape = Shape.of(size[0], size[1], size[2], size[3]);
        List<Tensor> in = new ArrayList<>();
        for (int i = 0; i < 3; i++) in.add(Tensor.of(random(shape, i)));
        var fusion = new Fusion.Attention(1 / Math.sqrt(size[3]), causal, false, false);
        Tensor y = fused
                ? Primitives.item(Primitives.fused(fusion, in.toArray(Tensor[]::new)), 0)
                : Decompose.of(fusion, in).getFirst();
        List<Tensor> results = new ArrayList<>();
        if (gradient)
            for (Tensor d : Gradients.of(List.of(y), List.of(Tensor.of(random(shape, 3))), in)) results.add(total(d));
        else results.add(total(y));
        Function function = Function.of(List.of(), results, Map.of());
        return () -> function.run(List.of());
    }

    /** Leaves one number to fetch. */
    private static Tensor total(Tensor x) {
        return Primitives.sum(x, IntStream.range(0, x.rank()).toArray());
    }

    private static NDArray random(Shape shape, int seed) {
        var random = new Random(seed);
        NDArray x = NDArray.zeros(DType.FLOAT32, shape);
        for (int i = 0; i < x.size(); i++) x.set(i, random.nextDouble() - 0.5);
        return x;
    }
}
