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
import org.keras4j.backend.device.DeviceBackend;
import org.keras4j.op.Activation;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;
import org.keras4j.op.Unary;
import org.keras4j.op.Window;

/** Runs each family of kernels once on small tensors in buffers of their own: the program that is watched by Oclgrind. */
final class OclgrindRun {
    private static final DType F = DType.FLOAT32;

    private final Backend backend;

    private OclgrindRun(Backend backend) {
        this.backend = backend;
    }

    /** With {@code cpu}, the kernels of CPUs; otherwise those of GPUs. */
    public static void main(String[] args) {
        OpenClDevice device = new OpenClProvider().openDevice();
        boolean cpu = args.length > 0 && args[0].equals("cpu");
        try (Backend backend = new DeviceBackend("opencl", cpu ? device : new SaidToBeGpu(device))) {
            var run = new OclgrindRun(backend);
            run.moves();
            run.indices();
            run.reductions();
            run.products();
            run.convolutions();
            run.others();
            System.out.println(
                    device.traits().name().contains("Oclgrind")
                            ? "Oclgrind, done"
                            : device.traits().name());
        }
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

    /** Runs a kernel and reads its result, so that it is known what it wrote. */
    private void run(Kernel kernel, View... out) {
        kernel.run();
        for (View view : out) backend.download(view, NDArray.zeros(view.dtype(), view.shape()));
    }

    private void moves() {
        View matrix = in(F, 40, 37);
        View turned = out(F, 37, 40);
        run(backend.transpose(new Op.Transpose(Ints.of(1, 0)), matrix, turned), turned);
        View batch = out(F, 35, 5, 2, 3);
        run(backend.transpose(new Op.Transpose(Ints.of(2, 3, 0, 1)), in(F, 2, 3, 35, 5), batch), batch);
        View slice = out(F, 9, 12);
        run(backend.slice(new Op.Slice(Ints.of(1, 0), Ints.of(9, 12), Ints.of(4, 3)), matrix, slice), slice);
        View flipped = out(F, 40, 37);
        run(backend.flip(new Op.Flip(Ints.of(1)), matrix, flipped), flipped);
        View padded = out(F, 43, 37);
        run(backend.pad(new Op.Pad(Ints.of(1, 0), Ints.of(2, 0), Ints.of(0, 0)), matrix, padded), padded);
        View joined = out(F, 40, 79);
        run(backend.concatenate(new Op.Concatenate(1), List.of(matrix, in(F, 40, 5), matrix), joined), joined);
    }

    private void indices() {
        View index = in(DType.INT32, 600); // some are outside: scatter leaves them out
        for (int row : new int[] {3, 40})
            for (Op.Update update : List.of(Op.Update.SET, Op.Update.ADD)) {
                View x = in(F, 20, row);
                run(backend.scatter(new Op.Scatter(update), x, index, in(F, 600, row), x), x);
            }
        View within = out(DType.INT32, 50);
        NDArray rows = NDArray.zeros(DType.INT32, within.shape());
        for (int i = 0; i < 50; i++) rows.set(i, i * 7 % 20);
        backend.upload(rows, within);
        View gathered = out(F, 3, 50, 5);
        run(backend.gather(new Op.Gather(1), in(F, 3, 20, 5), within, gathered), gathered);
        for (int n : new int[] {300, 2100}) {
            View sorted = out(F, 2, n);
            View places = out(DType.INT32, 2, n);
            run(backend.sort(new Op.Sort(1, n == 300), in(F, 2, n), sorted, places), sorted, places);
        }
    }

    private void reductions() {
        for (int axis = 0; axis < 3; axis++) {
            int[] dims = {5, 300, 7};
            View x = in(F, dims);
            dims[axis] = 1;
            for (Op.Reduction function : List.of(Op.Reduction.SUM, Op.Reduction.MAX)) {
                View sum = out(F, dims);
                run(backend.reduce(new Op.Reduce(function, Ints.of(axis)), x, sum), sum);
            }
            View best = out(DType.INT32, dims);
            run(backend.argReduce(new Op.ArgReduce(true, axis), x, best), best);
            // without running totals: Oclgrind 21.10 does not come to an end in their kernels
        }
        View all = out(F, 1, 1);
        run(backend.reduce(new Op.Reduce(Op.Reduction.SUM, Ints.of(0, 1)), in(F, 60, 60), all), all);
    }

    private void products() {
        for (int flags = 0; flags < 4; flags++) {
            boolean a = (flags & 1) != 0;
            boolean b = (flags & 2) != 0;
            View c = out(F, 33, 47);
            View left = a ? in(F, 35, 33) : in(F, 33, 35);
            View right = b ? in(F, 47, 35) : in(F, 35, 47);
            run(backend.dot(new Op.Dot(a, b), left, right, c), c);
        }
        View batches = out(F, 2, 5, 9);
        run(backend.dot(new Op.Dot(false, false), in(F, 2, 5, 7), in(F, 2, 7, 9), batches), batches);
        View y = out(F, 33, 47);
        var epilogue = new Fusion.DotEpilogue(new Op.Dot(false, false), true, Activation.RELU);
        fused(epilogue, List.of(in(F, 33, 35), in(F, 35, 47), in(F, 47)), y);
        View rows = out(F, 6, 70);
        fused(new Fusion.Softmax(), List.of(in(F, 6, 70)), rows);
        fused(new Fusion.LayerNorm(1e-3), List.of(in(F, 6, 70), in(F, 70), in(F, 70)), rows);
    }

    private void fused(Fusion fusion, List<View> in, View out) {
        List<Spec> specs = in.stream().map(x -> new Spec(x.dtype(), x.shape())).toList();
        if (!backend.supports(fusion, specs)) return;
        backend.fused(fusion, in, List.of(out)).ifPresent(kernel -> run(kernel, out));
    }

    private void convolutions() {
        for (int groups : new int[] {1, 8}) {
            var window = new Window(Ints.of(2, 2), Ints.of(1, 1), Ints.of(1, 1), Ints.of(1, 1), groups);
            View x = in(F, 2, 9, 9, 8);
            View kernel = in(F, 3, 3, 8 / groups, 16);
            View y = in(F, 2, 5, 5, 16);
            run(backend.conv(new Op.Conv(window), x, kernel, y), y);
            View dx = out(F, 2, 9, 9, 8);
            run(backend.convInputGradient(new Op.ConvInputGradient(window, dx.shape()), y, kernel, dx), dx);
            View dk = out(F, 3, 3, 8 / groups, 16);
            run(backend.convKernelGradient(new Op.ConvKernelGradient(window, dk.shape()), x, y, dk), dk);
        }
        var window = new Window(Ints.of(2, 2), Ints.of(1, 1), Ints.of(1, 1), Ints.of(1, 1), 1);
        View x = in(F, 2, 9, 9, 8);
        for (Op.Reduction function : List.of(Op.Reduction.MAX, Op.Reduction.SUM)) {
            View y = in(F, 2, 5, 5, 8);
            run(backend.pool(new Op.Pool(function, Ints.of(3, 3), window), x, y), y);
            View dx = out(F, 2, 9, 9, 8);
            var gradient = new Op.PoolGradient(function, Ints.of(3, 3), window, x.shape());
            List<View> in = function == Op.Reduction.MAX ? List.of(x, y) : List.of(y);
            run(backend.poolGradient(gradient, in, dx), dx);
        }
    }

    private void others() {
        for (Op.Distribution distribution : Op.Distribution.values()) {
            View numbers = out(F, 1001);
            var spec = new Spec(F, numbers.shape());
            run(backend.random(new Op.Random(distribution, spec), in(DType.INT32, 2), numbers), numbers);
        }
        View count = out(DType.INT32, 7, 9);
        run(backend.iota(new Op.Iota(1, new Spec(DType.INT32, count.shape())), count), count);
        View y = out(F, 33, 5, 17);
        var expression = new Expression(
                y.shape(),
                List.of(
                        new Expression.Load(0, F),
                        new Expression.Load(1, F),
                        new Expression.Apply2(Binary.MUL, 0, 1, F),
                        new Expression.Apply1(Unary.TANH, 2, F)),
                List.of(3));
        run(backend.elementwise(expression, List.of(in(F, 33, 5, 17), in(F, 1, 1, 17)), List.of(y)), y);
    }
}
