package org.keras4j.perf.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;

/** Times what moves elements or goes by index (shape.c, index.c, sort.c), on several backends in one run. */
public final class MoveBenchmark {
    private static final DType F = DType.FLOAT32;

    private final double seconds;
    private final Backend backend;
    private final List<Memory> memories = new ArrayList<>();

    private MoveBenchmark(double seconds, Backend backend) {
        this.seconds = seconds;
        this.backend = backend;
    }

    /** Something to time: what it is called, the bytes read and written, and how it is prepared. */
    private record Row(String name, long bytes, Function<MoveBenchmark, Kernel> prepare) {}

    /** Prints microseconds and GB/s; arguments: seconds for each number, then names of backends. */
    public static void main(String[] args) {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 0.1;
        List<MoveBenchmark> benches = new ArrayList<>();
        for (String name : args.length > 1 ? List.of(args).subList(1, args.length) : List.of("cpu", "opencl"))
            benches.add(new MoveBenchmark(seconds, Backends.open(name)));
        for (Row row : rows()) {
            String line = "%-52s".formatted(row.name());
            for (MoveBenchmark bench : benches) {
                double time = bench.time(row.prepare().apply(bench));
                bench.memories.forEach(Memory::close);
                bench.memories.clear();
                double rate = row.bytes() / time * 1e-9;
                line += String.format(Locale.ROOT, "  %s %9.1f us %6.2f GB/s", bench.backend.name(), time * 1e6, rate);
            }
            System.out.println(line);
        }
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        transpose(rows, Shape.of(1024, 1024), 1, 0);
        transpose(rows, Shape.of(4096, 4096), 1, 0);
        transpose(rows, Shape.of(32, 128, 8, 64), 0, 2, 1, 3);
        transpose(rows, Shape.of(32, 56, 56, 64), 0, 3, 1, 2);
        transpose(rows, Shape.of(32, 224, 224, 3), 0, 3, 1, 2);
        Shape images = Shape.of(32, 56, 56, 64);
        long size = 8L * images.size();
        rows.add(new Row("concatenate 2 x " + images + " on axis 3", 2 * size, b -> {
            List<View> parts = List.of(b.view(images), b.view(images));
            return b.backend.concatenate(new Op.Concatenate(3), parts, b.view(Shape.of(32, 56, 56, 128)));
        }));
        var border = new Op.Pad(Ints.of(0, 1, 1, 0), Ints.of(0, 1, 1, 0), Ints.of(0, 0, 0, 0));
        rows.add(new Row(
                "pad 1 around " + images,
                size,
                b -> b.backend.pad(border, b.view(images), b.view(Shape.of(32, 58, 58, 64)))));
        var half = new Op.Slice(Ints.of(0, 0, 0, 0), Ints.of(32, 28, 28, 64), Ints.of(1, 2, 2, 1));
        rows.add(new Row(
                "slice by 2 of " + images,
                size / 4,
                b -> b.backend.slice(half, b.view(images), b.view(Shape.of(32, 28, 28, 64)))));
        rows.add(new Row(
                "flip axis 2 of " + images,
                size,
                b -> b.backend.flip(new Op.Flip(Ints.of(2)), b.view(images), b.view(images))));
        for (int row : new int[] {16, 128, 512}) {
            Shape table = Shape.of(20_000, row);
            Shape taken = Shape.of(4096, row);
            rows.add(new Row(
                    "gather 4096 rows of " + table,
                    8L * taken.size(),
                    b -> b.backend.gather(new Op.Gather(0), b.view(table), b.index(4096, 20_000), b.view(taken))));
            rows.add(new Row("scatter-add 4096 rows into " + table, 12L * taken.size(), b -> {
                View x = b.view(table);
                return b.backend.scatter(new Op.Scatter(Op.Update.ADD), x, b.index(4096, 20_000), b.view(taken), x);
            }));
        }
        for (Shape shape : List.of(Shape.of(256, 10), Shape.of(64, 1000), Shape.of(1_000_000)))
            rows.add(new Row("sort " + shape, 12L * shape.size(), b -> {
                View places = b.room(DType.INT32, shape);
                return b.backend.sort(new Op.Sort(shape.rank() - 1, true), b.view(shape), b.view(shape), places);
            }));
        return rows;
    }

    private static void transpose(List<Row> rows, Shape shape, int... order) {
        var op = new Op.Transpose(Ints.of(order));
        var dims = new int[order.length];
        for (int i = 0; i < dims.length; i++) dims[i] = shape.dim(order[i]);
        rows.add(new Row(
                "transpose " + shape + " to " + op.permutation(),
                8L * shape.size(),
                b -> b.backend.transpose(op, b.view(shape), b.view(Shape.of(dims)))));
    }

    private View view(Shape shape) {
        View view = room(F, shape);
        NDArray values = NDArray.zeros(F, shape);
        for (int i = 0; i < values.size(); i++) values.set(i, (i * 7919L % 100_003) * 1e-3 - 50);
        backend.upload(values, view);
        return view;
    }

    private View index(int count, int below) {
        View view = room(DType.INT32, Shape.of(count));
        NDArray values = NDArray.zeros(DType.INT32, view.shape());
        for (int i = 0; i < count; i++) values.set(i, i % 8 == 0 ? 0 : i * 7919L % below); // row 0 often, as padding is
        backend.upload(values, view);
        return view;
    }

    private View room(DType dtype, Shape shape) {
        Memory memory = backend.allocate(dtype.storage(), shape.size());
        memories.add(memory);
        return new View(memory, 0, shape, dtype);
    }

    /** Returns the shortest mean time of a few rounds, in seconds. */
    private double time(Kernel kernel) {
        double best = Double.MAX_VALUE;
        int runs = 1;
        for (double spent = 0; spent < seconds; ) {
            long start = System.nanoTime();
            for (int i = 0; i < runs; i++) kernel.run();
            backend.synchronize();
            double round = (System.nanoTime() - start) * 1e-9;
            spent += round;
            best = Math.min(best, round / runs);
            if (round < seconds / 10) runs *= 2;
        }
        return best;
    }
}
