package org.keras4j.backend.opencl;

import java.util.List;
import java.util.Random;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.device.Argument;
import org.keras4j.backend.device.Buffer;
import org.keras4j.backend.device.DeviceBackend;
import org.keras4j.backend.device.Grid;
import org.keras4j.backend.device.Source;
import org.keras4j.op.Activation;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;
import org.keras4j.op.Unary;
import org.keras4j.op.Window;

/**
 * Runs every kernel on tensors as small as go through all of it: the program that Oclgrind watches. Sizes are such that
 * tiles and vectors have rests; tuning/watched-cpu.properties and watched-gpu.properties have sums split at such sizes.
 */
final class OclgrindRun {
    private static final DType F = DType.FLOAT32;
    private static final DType I = DType.INT32;

    private final Backend backend;

    private OclgrindRun(Backend backend) {
        this.backend = backend;
    }

    /** With {@code cpu} the kernels of CPUs, with {@code gpu} those of GPUs, with anything else a broken one. */
    public static void main(String[] args) {
        boolean cpu = args[0].equals("cpu");
        if (!cpu && !args[0].equals("gpu")) {
            broken(args[0]);
            return;
        }
        var watched = WatchedDevice.open("Watched " + args[0], cpu);
        try (Backend backend = new DeviceBackend("opencl", watched)) {
            var run = new OclgrindRun(backend);
            run.moves();
            run.indices();
            run.reductions();
            run.products();
            run.rows();
            run.convolutions(cpu);
            run.pools();
            run.others();
        }
        for (String kernel : watched.started()) System.out.println("started " + kernel);
        System.out.println(watched.isOclgrind() ? "Oclgrind, done" : "not on Oclgrind");
    }

    /** Runs a kernel in which what the text says goes wrong. */
    private static void broken(String statement) {
        String text = "__kernel void broken(__global int* x, long at) { __local int y[4]; int i = get_local_id(0); "
                + statement + " }";
        var device = WatchedDevice.open("", false);
        Buffer memory = device.allocate(16);
        device.compile(new Source("broken", text))
                .bind("broken", Grid.of(1, 4), new Argument.Place(memory, 0))
                .run();
    }

    private View out(DType dtype, int... dims) {
        Shape shape = Shape.of(dims);
        return new View(backend.allocate(dtype.storage(), shape.size()), 0, shape, dtype);
    }

    private View in(DType dtype, int... dims) {
        View view = out(dtype, dims);
        NDArray x = NDArray.zeros(dtype, view.shape());
        var random = new Random(dims.length);
        for (int i = 0; i < x.size(); i++) x.set(i, random.nextInt(40) - 20);
        backend.upload(x, view);
        return view;
    }

    /** Returns the numbers as int32. */
    private View numbers(int... values) {
        View view = out(I, values.length);
        backend.upload(NDArray.of(Shape.of(values.length), values), view);
        return view;
    }

    /** Runs a kernel to its end. */
    private void run(Kernel kernel, View... out) {
        kernel.run();
        for (View view : out) backend.download(view, NDArray.zeros(view.dtype(), view.shape()));
    }

    private void moves() {
        View matrix = in(F, 17, 21);
        View turned = out(F, 21, 17);
        run(backend.transpose(new Op.Transpose(Ints.of(1, 0)), matrix, turned), turned);
        View batch = out(F, 17, 5, 2, 3);
        run(backend.transpose(new Op.Transpose(Ints.of(2, 3, 0, 1)), in(F, 2, 3, 17, 5), batch), batch);
        View slice = out(F, 4, 6);
        run(backend.slice(new Op.Slice(Ints.of(1, 0), Ints.of(4, 6), Ints.of(4, 3)), matrix, slice), slice);
        View flipped = out(F, 17, 21);
        run(backend.flip(new Op.Flip(Ints.of(1)), matrix, flipped), flipped);
        View padded = out(F, 20, 23);
        run(backend.pad(new Op.Pad(Ints.of(1, 2), Ints.of(2, 0), Ints.of(0, 0)), matrix, padded), padded);
        View joined = out(F, 17, 47);
        run(backend.concatenate(new Op.Concatenate(1), List.of(matrix, in(F, 17, 5), matrix), joined), joined);
        View wide = out(DType.INT64, 5, 16);
        View eights = in(DType.INT64, 5, 8);
        run(backend.concatenate(new Op.Concatenate(1), List.of(eights, eights), wide), wide);
    }

    private void indices() {
        View index = in(I, 300); // some are outside: scatter leaves them out
        for (int row : new int[] {3, 20})
            for (Op.Update update : List.of(Op.Update.SET, Op.Update.ADD)) {
                View x = in(F, 20, row);
                run(backend.scatter(new Op.Scatter(update), x, index, in(F, 300, row), x), x);
            }
        View rows = numbers(0, 7, 14, 1, 8, 15, 2, 9, 19, 3, 3);
        for (int inner : new int[] {5, 4}) {
            View gathered = out(F, 3, 11, inner);
            run(backend.gather(new Op.Gather(1), in(F, 3, 20, inner), rows, gathered), gathered);
        }
        sort(new Op.Sort(1, true), F, 2, 60);
        sort(new Op.Sort(0, false), F, 1100, 1);
        sort(new Op.Sort(0, false), DType.INT64, 33, 2);
    }

    private void sort(Op.Sort op, DType dtype, int... dims) {
        View sorted = out(dtype, dims);
        View places = out(I, dims);
        run(backend.sort(op, in(dtype, dims), sorted, places), sorted, places);
    }

    private void reductions() {
        for (int[] dims : new int[][] {{3, 40, 7}, {5, 9, 1}, {3, 70, 1}, {2, 300, 1}, {1, 33, 40}})
            for (DType dtype : List.of(F, I)) {
                if (dtype == I && dims[2] != 7) continue;
                View x = in(dtype, dims);
                View one = out(dtype, dims[0], 1, dims[2]);
                run(backend.reduce(new Op.Reduce(Op.Reduction.SUM, Ints.of(1)), x, one), one);
                View best = out(I, dims[0], 1, dims[2]);
                run(backend.argReduce(new Op.ArgReduce(true, 1), x, best), best);
                View totals = out(dtype, dims);
                boolean odd = dims[1] % 2 == 1;
                run(backend.cumulative(new Op.Cumulative(Op.Reduction.SUM, 1, odd, !odd), x, totals), totals);
            }
        View ends = out(F, 1, 7, 1);
        run(backend.reduce(new Op.Reduce(Op.Reduction.MAX, Ints.of(0, 2)), in(F, 5, 7, 9), ends), ends);
        View all = out(F, 1, 1);
        run(backend.reduce(new Op.Reduce(Op.Reduction.SUM, Ints.of(0, 1)), in(F, 70, 60), all), all);
    }

    private void products() {
        for (DType dtype : List.of(F, I))
            for (int flags = 0; flags < 4; flags++) {
                boolean a = (flags & 1) != 0;
                boolean b = (flags & 2) != 0;
                View c = out(dtype, 18, 37);
                View left = a ? in(dtype, 19, 18) : in(dtype, 18, 19);
                View right = b ? in(dtype, 37, 19) : in(dtype, 19, 37);
                run(backend.dot(new Op.Dot(a, b), left, right, c), c);
            }
        product(new Op.Dot(false, false), new int[] {2, 5, 7}, new int[] {2, 7, 9}, 2, 5, 9);
        product(new Op.Dot(false, false), new int[] {16, 8}, new int[] {8, 12}, 16, 12);
        product(new Op.Dot(false, false), new int[] {1, 40}, new int[] {40, 136}, 1, 136);
        product(new Op.Dot(false, true), new int[] {1, 136}, new int[] {12, 136}, 1, 12);
        product(new Op.Dot(false, false), new int[] {3, 520}, new int[] {520, 5}, 3, 5); // k is split
        for (boolean turned : new boolean[] {false, true}) {
            var right = new Op.Dot(false, turned);
            product(right, new int[] {1, 37}, turned ? new int[] {70, 37} : new int[] {37, 70}, 1, 70);
            var left = new Op.Dot(turned, false);
            product(left, turned ? new int[] {83, 70} : new int[] {70, 83}, new int[] {83, 1}, 70, 1);
        }
        var epilogue = new Fusion.DotEpilogue(new Op.Dot(false, false), true, Activation.RELU);
        fused(epilogue, List.of(in(F, 13, 35), in(F, 35, 33), in(F, 33)), out(F, 13, 33));
    }

    private void product(Op.Dot op, int[] left, int[] right, int... result) {
        View c = out(F, result);
        run(backend.dot(op, in(F, left), in(F, right), c), c);
    }

    private void rows() {
        for (int n : new int[] {35, 530}) {
            View x = in(F, 3, n);
            fused(new Fusion.Softmax(), List.of(x), out(F, 3, n));
            fused(new Fusion.LogSoftmax(), List.of(x), out(F, 3, n));
            fused(new Fusion.SoftmaxGradient(), List.of(x, in(F, 3, n)), out(F, 3, n));
            fused(new Fusion.LayerNorm(1e-3), List.of(x, in(F, n), in(F, n)), out(F, 3, n));
            for (boolean logits : new boolean[] {false, true}) {
                View labels = numbers(0, n - 1, -1);
                fused(new Fusion.SparseCrossentropy(logits, 1e-7), List.of(x, labels), out(F, 3));
                fused(new Fusion.SparseCrossentropyGradient(logits, 1e-7), List.of(x, labels, in(F, 3)), out(F, 3, n));
            }
        }
        attention();
        View z = in(F, 3, 4 * 9);
        View u = in(F, 3, 9);
        fused(new Fusion.LstmCell(), List.of(z, z, u), out(F, 3, 9), out(F, 3, 9));
        fused(new Fusion.LstmCellGradient(), List.of(z, z, u, u, u), out(F, 3, 4 * 9), out(F, 3, 9));
        View y = in(F, 3, 3 * 9);
        fused(new Fusion.GruCell(), List.of(y, y, u), out(F, 3, 9));
        fused(new Fusion.GruCellGradient(), List.of(y, y, u, u), out(F, 3, 27), out(F, 3, 27), out(F, 3, 9));
    }

    private void attention() {
        View q = in(F, 1, 5, 2, 4);
        View k = in(F, 1, 7, 1, 4);
        View v = in(F, 1, 7, 1, 3);
        View log = in(F, 1, 5, 2);
        var forward = new Fusion.Attention(0.5, true, false, false);
        fused(forward, List.of(q, k, v), out(F, 1, 5, 2, 3), out(F, 1, 5, 2));
        List<View> in = List.of(q, k, v, in(F, 1, 5, 2, 3), log, in(F, 1, 5, 2, 3), in(F, 1, 5, 2));
        fused(new Fusion.AttentionGradient(forward), in, out(F, 1, 5, 2, 4), out(F, 1, 7, 1, 4), out(F, 1, 7, 1, 3));
    }

    private void fused(Fusion fusion, List<View> in, View... out) {
        List<Spec> specs = in.stream().map(x -> new Spec(x.dtype(), x.shape())).toList();
        if (!backend.supports(fusion, specs)) return;
        backend.fused(fusion, in, List.of(out)).ifPresent(kernel -> run(kernel, out));
    }

    private void convolutions(boolean cpu) {
        convolution(F, window(2, 1, 1), 1, 5, 3, 4, 18);
        convolution(F, window(1, 1, 1), 1, 6, 2, 20, 20);
        convolution(F, window(1, 1, 1), 1, 6, 3, 3, 5);
        // Winograd's tiles: 36 products, which on GPUs take as long whatever their size
        convolution(F, window(1, 1, 1), cpu ? 2 : 1, 8, 3, cpu ? 17 : 16, cpu ? 32 : 16);
        convolution(F, window(1, 2, 2), 1, 6, 2, 34, 34);
        convolution(F, window(1, 1, 17), 1, 5, 2, 17, 17);
        convolution(DType.FLOAT64, window(2, 1, 1), 2, 7, 3, 2, 3);
    }

    private static Window window(int stride, int dilation, int groups) {
        return new Window(Ints.of(stride, stride), Ints.of(dilation, dilation), Ints.of(1, 0), Ints.of(1, 1), groups);
    }

    private void convolution(DType dtype, Window window, int n, int size, int taps, int channels, int filters) {
        View x = in(dtype, n, size, size, channels);
        View kernel = in(dtype, taps, taps, channels / window.groups(), filters);
        int[] dims = {n, window.windows(0, size, taps), window.windows(1, size, taps), filters};
        View y = out(dtype, dims);
        run(backend.conv(new Op.Conv(window), x, kernel, y), y);
        View dx = out(dtype, n, size, size, channels);
        run(backend.convInputGradient(new Op.ConvInputGradient(window, dx.shape()), y, kernel, dx), dx);
        View dk = out(dtype, taps, taps, channels / window.groups(), filters);
        run(backend.convKernelGradient(new Op.ConvKernelGradient(window, dk.shape()), x, y, dk), dk);
        var epilogue = new Fusion.ConvEpilogue(new Op.Conv(window), true, Activation.TANH);
        fused(epilogue, List.of(x, kernel, in(dtype, filters)), y);
    }

    private void pools() {
        Window window = window(2, 1, 1);
        for (int n : new int[] {1, 3})
            for (Op.Reduction function : List.of(Op.Reduction.MAX, Op.Reduction.SUM)) {
                View x = in(F, n, 7, 7, 18);
                View y = out(F, n, 4, 3, 18);
                run(backend.pool(new Op.Pool(function, Ints.of(3, 3), window), x, y), y);
                View dx = out(F, n, 7, 7, 18);
                var gradient = new Op.PoolGradient(function, Ints.of(3, 3), window, x.shape());
                List<View> in = function == Op.Reduction.MAX ? List.of(x, y) : List.of(y);
                run(backend.poolGradient(gradient, in, dx), dx);
            }
    }

    private void others() {
        for (Op.Distribution distribution : Op.Distribution.values())
            for (DType dtype : List.of(F, DType.FLOAT64)) {
                View numbers = out(dtype, 77);
                var spec = new Spec(dtype, numbers.shape());
                run(backend.random(new Op.Random(distribution, spec), in(I, 2), numbers), numbers);
            }
        View count = out(I, 7, 9);
        run(backend.iota(new Op.Iota(1, new Spec(I, count.shape())), count), count);
        for (int columns : new int[] {17, 8}) {
            View y = out(F, 5, 3, columns);
            var expression = new Expression(
                    y.shape(),
                    List.of(
                            new Expression.Load(0, F),
                            new Expression.Load(1, F),
                            new Expression.Apply2(Binary.MUL, 0, 1, F),
                            new Expression.Apply1(Unary.TANH, 2, F)),
                    List.of(3));
            run(backend.elementwise(expression, List.of(in(F, 5, 3, columns), in(F, 1, 1, columns)), List.of(y)), y);
        }
    }
}
