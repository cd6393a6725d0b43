package org.keras4j.perf.lab;

import java.util.List;
import java.util.Locale;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/**
 * Measures the matrix product of several backends in one run: for each shape one after the other, so that what else the
 * machine does meets all of them.
 */
public final class DotBenchmark {
    private DotBenchmark() {}

    /** Something that multiplies float32 matrices. */
    public interface Multiplier {
        String name();

        /**
         * Prepares {@code a[m, k] . b[k, n]}, each transposed if asked; what comes back does it {@code times} and
         * waits.
         */
        Run prepare(Op.Dot op, int m, int n, int k);
    }

    /** Prepared products. */
    public interface Run {
        void run(int times);
    }

    /** Multiplies on {@code backend}. */
    public static Multiplier of(Backend backend) {
        return new OfBackend(backend);
    }

    private record OfBackend(Backend backend) implements Multiplier {
        @Override
        public String name() {
            return backend.name();
        }

        @Override
        public Run prepare(Op.Dot op, int m, int n, int k) {
            View a = put(op.transposeA() ? Shape.of(k, m) : Shape.of(m, k));
            View b = put(op.transposeB() ? Shape.of(n, k) : Shape.of(k, n));
            Kernel kernel = backend.dot(op, a, b, put(Shape.of(m, n)));
            return times -> {
                for (int i = 0; i < times; i++) kernel.run();
                backend.synchronize();
            };
        }

        private View put(Shape shape) {
            NDArray values = NDArray.of(shape, SgemmBenchmark.random(shape.size()));
            View view = new View(backend.allocate(DType.FLOAT32.storage(), shape.size()), 0, shape, DType.FLOAT32);
            backend.upload(values, view);
            return view;
        }
    }

    /** Prints GFLOP/s of all shapes, {@code seconds} for each number. */
    public static void run(List<Multiplier> multipliers, List<ProductSize> sizes, double seconds) {
        for (ProductSize size : sizes) {
            for (Multiplier multiplier : multipliers) {
                System.out.printf(Locale.ROOT, "%s  %-8s", size, multiplier.name());
                for (int flags = 0; flags < 4; flags++) {
                    var op = new Op.Dot((flags & 1) == 1, (flags & 2) == 2);
                    Run run = multiplier.prepare(op, size.m(), size.n(), size.k());
                    double flops = size.operations();
                    int times = (int) Math.max(1, 2e8 / flops);
                    double time = SgemmBenchmark.best(() -> run.run(times), seconds) / times;
                    System.out.printf(
                            Locale.ROOT,
                            "  %s %s %6.1f",
                            flag("A", op.transposeA()),
                            flag("B", op.transposeB()),
                            1e-9 * flops / time);
                }
                System.out.println();
            }
        }
    }

    private static String flag(String name, boolean transposed) {
        return transposed ? name + "^T" : name;
    }
}
