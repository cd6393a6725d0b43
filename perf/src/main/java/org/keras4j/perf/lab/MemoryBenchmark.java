package org.keras4j.perf.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Expression.Apply1;
import org.keras4j.backend.Expression.Apply2;
import org.keras4j.backend.Expression.Load;
import org.keras4j.backend.Expression.Node;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;
import org.keras4j.op.Binary;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;
import org.keras4j.op.Unary;

/** Times kernels that should go at the speed of memory, on several backends in one run. */
public final class MemoryBenchmark {
    private static final DType F = DType.FLOAT32;

    private final double seconds;
    private final Backend backend;
    private final List<Memory> memories = new ArrayList<>();

    private MemoryBenchmark(double seconds, Backend backend) {
        this.seconds = seconds;
        this.backend = backend;
    }

    /** Something to time: what it is called, the bytes that it must move, and how it is prepared. */
    private record Row(String name, long bytes, Function<MemoryBenchmark, Kernel> prepare) {}

    /** Prints microseconds and GB/s; arguments: seconds for each number, then names of backends. */
    public static void main(String[] args) {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 0.1;
        List<MemoryBenchmark> benches = new ArrayList<>();
        for (String name : args.length > 1 ? List.of(args).subList(1, args.length) : List.of("cpu", "opencl"))
            benches.add(new MemoryBenchmark(seconds, Backends.open(name)));
        for (Row row : rows()) {
            String line = "%-34s".formatted(row.name());
            for (MemoryBenchmark bench : benches) {
                double time = bench.time(row.prepare().apply(bench));
                bench.free();
                line += String.format(
                        Locale.ROOT,
                        "  %s %8.1f us %6.1f GB/s",
                        bench.backend.name(),
                        time * 1e6,
                        row.bytes() / time * 1e-9);
            }
            System.out.println(line);
        }
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int n : new int[] {1 << 14, 1 << 18, 1 << 21, 1 << 24})
            rows.add(new Row("copy " + n, 8L * n, b -> b.backend.copy(b.view(n), b.view(n))));
        for (int n : new int[] {1 << 14, 1 << 18, 1 << 21, 1 << 24}) {
            rows.add(new Row("a b + a  " + n, 12L * n, b -> b.chain(Shape.of(n), Shape.of(n), null)));
            rows.add(new Row("tanh(a b + a)  " + n, 12L * n, b -> b.chain(Shape.of(n), Shape.of(n), Unary.TANH)));
        }
        int[][] matrices = {{64, 1024}, {4096, 1024}, {1024, 64}, {65536, 64}, {65536, 10}};
        for (int[] s : matrices) {
            Shape full = Shape.of(s);
            String size = " " + s[0] + "x" + s[1];
            long bytes = 4L * full.size();
            rows.add(new Row("a row + a" + size, 2 * bytes, b -> b.chain(full, Shape.of(1, s[1]), null)));
            rows.add(new Row("a column + a" + size, 2 * bytes, b -> b.chain(full, Shape.of(s[0], 1), null)));
            for (int axis = 0; axis < 2; axis++) {
                Ints axes = Ints.of(axis);
                String where = " of axis " + axis + size;
                rows.add(new Row("sum" + where, bytes, b -> b.reduce(Op.Reduction.SUM, axes, full)));
                rows.add(new Row("max" + where, bytes, b -> b.reduce(Op.Reduction.MAX, axes, full)));
            }
            rows.add(new Row("argmax of axis 1" + size, bytes, b -> b.argmax(full)));
            rows.add(new Row("cumulative sum of axis 1" + size, 2 * bytes, b -> b.running(full, 1)));
            rows.add(new Row("cumulative sum of axis 0" + size, 2 * bytes, b -> b.running(full, 0)));
        }
        Shape images = Shape.of(32, 28, 28, 64);
        rows.add(new Row(
                "sum of all 1x" + images.size(),
                4L * images.size(),
                b -> b.reduce(Op.Reduction.SUM, Ints.of(0, 1, 2, 3), images)));
        rows.add(new Row(
                "sum of axes 0 1 2 " + images,
                4L * images.size(),
                b -> b.reduce(Op.Reduction.SUM, Ints.of(0, 1, 2), images)));
        rows.add(new Row(
                "sum of axes 1 2 " + images,
                4L * images.size(),
                b -> b.reduce(Op.Reduction.SUM, Ints.of(1, 2), images)));
        for (Op.Distribution d : Op.Distribution.values())
            rows.add(new Row(d + " 4194304", 4L << 22, b -> b.random(d, Shape.of(1 << 22))));
        return rows;
    }

    private View view(int... dims) {
        Shape shape = Shape.of(dims);
        View view = room(F, shape);
        NDArray values = NDArray.zeros(F, shape);
        for (int i = 0; i < values.size(); i++) values.set(i, (i * 7919 % 1009) * 1e-3 - 0.5);
        backend.upload(values, view);
        return view;
    }

    private View room(DType dtype, Shape shape) {
        Memory memory = backend.allocate(dtype.storage(), shape.size());
        memories.add(memory);
        return new View(memory, 0, shape, dtype);
    }

    private void free() {
        memories.forEach(Memory::close);
        memories.clear();
    }

    private Kernel chain(Shape a, Shape b, @Nullable Unary last) {
        List<Node> nodes = new ArrayList<>(List.of(
                new Load(0, F), new Load(1, F), new Apply2(Binary.MUL, 0, 1, F), new Apply2(Binary.ADD, 2, 0, F)));
        if (last != null) nodes.add(new Apply1(last, 3, F));
        return backend.elementwise(
                new Expression(a, nodes, List.of(nodes.size() - 1)),
                List.of(view(a.dims()), view(b.dims())),
                List.of(view(a.dims())));
    }

    private Kernel reduce(Op.Reduction function, Ints axes, Shape shape) {
        int[] dims = shape.dims();
        for (int axis : axes.toArray()) dims[axis] = 1;
        return backend.reduce(new Op.Reduce(function, axes), view(shape.dims()), view(dims));
    }

    private Kernel argmax(Shape shape) {
        View out = room(DType.INT32, shape.with(1, 1));
        return backend.argReduce(new Op.ArgReduce(true, 1), view(shape.dims()), out);
    }

    private Kernel running(Shape shape, int axis) {
        var op = new Op.Cumulative(Op.Reduction.SUM, axis, false, false);
        return backend.cumulative(op, view(shape.dims()), view(shape.dims()));
    }

    private Kernel random(Op.Distribution distribution, Shape shape) {
        View seed = room(DType.INT32, Shape.of(2));
        backend.upload(NDArray.of(Shape.of(2), new int[] {1, 2}), seed);
        return backend.random(new Op.Random(distribution, new Spec(F, shape)), seed, view(shape.dims()));
    }

    /** Returns the least seconds of a run, of several at a time; the first runs, which compile, are not counted. */
    private double time(Kernel kernel) {
        for (int i = 0; i < 3; i++) kernel.run();
        backend.synchronize();
        double best = Double.MAX_VALUE;
        int runs = 1;
        for (long end = System.nanoTime() + (long) (seconds * 1e9); System.nanoTime() < end; ) {
            long start = System.nanoTime();
            for (int i = 0; i < runs; i++) kernel.run();
            backend.synchronize();
            double each = (System.nanoTime() - start) * 1e-9 / runs;
            best = Math.min(best, each);
            runs = Math.clamp((long) (seconds / 10 / each), 1, 100);
        }
        return best;
    }
}
