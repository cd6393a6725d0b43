package org.keras4j.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Decompose;
import org.keras4j.graph.Function;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Activation;
import org.keras4j.op.Fusion;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;
import org.keras4j.op.Window;

/** The fused operations that a backend takes; those it leaves are decomposed elsewhere and need no test here. */
interface FusionContract extends Contract {
    private void check(Fusion fusion, NDArray expected, int length, double scale, NDArray... in) {
        List<Spec> specs = new ArrayList<>();
        for (NDArray x : in) specs.add(new Spec(x.dtype(), x.shape()));
        if (!backend().supports(fusion, specs)) return;
        List<View> views = new ArrayList<>();
        for (NDArray x : in) views.add(bench().put(x));
        View out = bench().room(expected.dtype(), expected.shape());
        Optional<Kernel> kernel = backend().fused(fusion, views, List.of(out));
        if (kernel.isEmpty()) return;
        kernel.get().run();
        kernel.get().run();
        String what = fusion + " of " + specs;
        Closeness.assertSums(what, expected, bench().get(what, out), length, scale);
    }

    @Test
    default void softmaxes() {
        for (DType dtype : Samples.FLOATING)
            for (int n : Samples.SIZES)
                for (double scale : new double[] {1, 30, 1e4}) {
                    NDArray x = Samples.random(dtype, Shape.of(3, 2, n), n);
                    for (int i = 0; i < x.size(); i++)
                        x.set(i, x.get(i) * (dtype == DType.FLOAT16 ? Math.min(scale, 1e3) : scale));
                    checkSoftmaxes(x, scale);
                }
        NDArray masked = Samples.random(Shape.of(2, 17), 1);
        for (int i = 3; i < 17; i++) masked.set(i, Double.NEGATIVE_INFINITY);
        checkSoftmaxes(masked, 1);
    }

    private void checkSoftmaxes(NDArray x, double scale) {
        int n = x.shape().last();
        NDArray softmax = NDArray.zeros(x.dtype(), x.shape());
        NDArray logSoftmax = NDArray.zeros(x.dtype(), x.shape());
        NDArray dy = Samples.random(x.dtype(), x.shape(), 77);
        NDArray dx = NDArray.zeros(x.dtype(), x.shape());
        for (int row = 0; row < x.size(); row += n) {
            double max = Double.NEGATIVE_INFINITY;
            for (int i = row; i < row + n; i++) max = Math.max(max, x.get(i));
            double sum = 0;
            for (int i = row; i < row + n; i++) sum += StrictMath.exp(x.get(i) - max);
            for (int i = row; i < row + n; i++) softmax.set(i, StrictMath.exp(x.get(i) - max) / sum);
            for (int i = row; i < row + n; i++) logSoftmax.set(i, x.get(i) - max - StrictMath.log(sum));
            double dot = 0;
            for (int i = row; i < row + n; i++) dot += softmax.get(i) * dy.get(i);
            for (int i = row; i < row + n; i++) dx.set(i, softmax.get(i) * (dy.get(i) - dot));
        }
        double narrow = Math.max(1, Closeness.epsilon(x.dtype()) / 0x1p-23);
        check(new Fusion.Softmax(), softmax, 16, x.dtype() == DType.FLOAT64 ? 1 : narrow, x);
        check(
                new Fusion.LogSoftmax(),
                logSoftmax,
                16,
                (x.dtype() == DType.FLOAT64 ? 1 : narrow) * Math.max(1, scale / 16),
                x);
        check(new Fusion.SoftmaxGradient(), dx, 16, x.dtype() == DType.FLOAT64 ? 1 : narrow, softmax, dy);
    }

    @Test
    default void layerNorms() {
        for (DType dtype : Samples.FLOATING)
            for (int n : Samples.SIZES)
                for (double shift : new double[] {0, 3}) {
                    NDArray x = Samples.random(dtype, Shape.of(5, n), n);
                    for (int i = 0; i < x.size(); i++) x.set(i, x.get(i) + shift);
                    NDArray gamma = Samples.random(dtype, Shape.of(n), 1);
                    NDArray beta = Samples.random(dtype, Shape.of(n), 2);
                    NDArray expected = NDArray.zeros(dtype, x.shape());
                    for (int row = 0; row < x.size(); row += n) {
                        double mean = 0;
                        for (int i = row; i < row + n; i++) mean += x.get(i) / n;
                        double variance = 0;
                        for (int i = row; i < row + n; i++) variance += Math.pow(x.get(i) - mean, 2) / n;
                        for (int i = row; i < row + n; i++)
                            expected.set(
                                    i,
                                    (x.get(i) - mean) / Math.sqrt(variance + 1e-3) * gamma.get(i - row)
                                            + beta.get(i - row));
                    }
                    double narrow = dtype == DType.FLOAT64 ? 1 : Math.max(1, Closeness.epsilon(dtype) / 0x1p-23);
                    check(new Fusion.LayerNorm(1e-3), expected, 16, 8 * narrow, x, gamma, beta);
                }
    }

    @Test
    default void sparseCrossentropies() {
        for (DType dtype : Samples.FLOATING)
            for (int n : new int[] {1, 3, 10, 33, 257}) {
                NDArray logits = Samples.random(dtype, Shape.of(40, n), n);
                NDArray p = logits.copy();
                for (int i = 0; i < p.size(); i++) p.set(i, Math.abs(p.get(i)) + 0.01);
                for (int i = 0; i < 2 * n; i++) p.set(i, i == n ? 1 : 0.0); // shares that are clipped, or are not there
                NDArray label = NDArray.zeros(DType.INT32, Shape.of(40));
                for (int i = 0; i < 40; i++) label.set(i, i % (n + 2) - 1); // -1 and n are no classes
                label.set(1, 0);
                NDArray dy = Samples.random(dtype, Shape.of(40), 3);
                check(new Fusion.SparseCrossentropy(true, 1e-7), List.of(dy), logits, label);
                check(new Fusion.SparseCrossentropyGradient(true, 1e-7), List.of(logits), logits, label, dy);
                check(new Fusion.SparseCrossentropy(false, 1e-7), List.of(dy), p, label);
                for (int i = 0; i < n; i++)
                    p.set(i, 0.1); // a gradient of nothing divided by nothing is nothing to compare
                check(new Fusion.SparseCrossentropyGradient(false, 1e-7), List.of(p), p, label, dy);
            }
    }

    /** Steps of recurrent layers: few and many rows, units that fill vectors and that do not. */
    @Test
    default void cells() {
        for (DType dtype : Samples.FLOATING)
            for (int[] s : new int[][] {{1, 1}, {3, 5}, {70, 33}, {9, 128}, {2, 700}, {0, 4}}) {
                NDArray c = Samples.random(dtype, Shape.of(s[0], s[1]), 3);
                NDArray dh = Samples.random(dtype, c.shape(), 4);
                NDArray dc = Samples.random(dtype, c.shape(), 5);
                NDArray x = Samples.random(dtype, Shape.of(s[0], 4 * s[1]), 1);
                NDArray r = Samples.random(dtype, x.shape(), 2);
                check(new Fusion.LstmCell(), List.of(c, c), x, r, c);
                check(new Fusion.LstmCellGradient(), List.of(x, c), x, r, c, dh, dc);
                x = Samples.random(dtype, Shape.of(s[0], 3 * s[1]), 6);
                r = Samples.random(dtype, x.shape(), 7);
                check(new Fusion.GruCell(), List.of(c), x, r, c);
                check(new Fusion.GruCellGradient(), List.of(x, x, c), x, r, c, dh);
            }
    }

    /** Batches of few and many rows and channels, with averages that are far from 0 beside their deviation. */
    @Test
    default void batchNorms() {
        for (DType dtype : Samples.FLOATING)
            for (Shape shape : List.of(Shape.of(2, 1), Shape.of(33, 17), Shape.of(3, 5, 4), Shape.of(2, 3, 7, 33))) {
                NDArray x = Samples.random(dtype, shape, 1);
                for (int i = 0; i < x.size(); i++) x.set(i, x.get(i) + 3 * (i % shape.last()) % 7);
                DType wide = dtype.isNarrow() ? DType.FLOAT32 : dtype;
                NDArray gamma = Samples.random(wide, Shape.of(shape.last()), 2);
                NDArray beta = Samples.random(wide, gamma.shape(), 3);
                NDArray dy = Samples.random(dtype, shape, 4);
                check(new Fusion.BatchNorm(1e-3), List.of(x, gamma, gamma, gamma), x, gamma, beta);
                NDArray mean = NDArray.zeros(wide, gamma.shape());
                NDArray d = NDArray.zeros(wide, gamma.shape());
                int n = shape.last();
                for (int c = 0; c < n; c++) {
                    double sum = 0;
                    double squares = 0;
                    for (int i = c; i < x.size(); i += n) sum += x.get(i);
                    mean.set(c, sum * n / x.size());
                    for (int i = c; i < x.size(); i += n) squares += Math.pow(x.get(i) - mean.get(c), 2);
                    d.set(c, 1 / Math.sqrt(squares * n / x.size() + 1e-3));
                }
                check(new Fusion.BatchNormGradient(1e-3), List.of(x, gamma, gamma), x, gamma, mean, d, dy);
            }
    }

    /** Whole recurrent layers, of one step and of several; the gradient after the steps that it belongs to. */
    @Test
    default void recurrences() {
        for (Fusion.Cell cell : Fusion.Cell.values())
            for (int[] s : new int[][] {{1, 1, 1, 1}, {4, 3, 5, 7}, {9, 17, 3, 33}}) {
                List<NDArray> in = recurrence(cell, s[0], s[1], s[2], s[3]);
                NDArray y = Samples.random(DType.FLOAT32, Shape.of(s[0], s[1], s[3]), 7);
                List<NDArray> like = new ArrayList<>(List.of(y));
                like.addAll(in.subList(4, in.size()));
                NDArray[] inputs = in.toArray(NDArray[]::new);
                List<NDArray> withNothing = new ArrayList<>(like);
                withNothing.add(NDArray.zeros(DType.FLOAT32, Shape.of(0)));
                check(new Fusion.Recurrence(cell, 0), withNothing, inputs);
                checkRecurrenceGradient(cell, like, inputs);
            }
    }

    private static List<NDArray> recurrence(Fusion.Cell cell, int steps, int batch, int features, int units) {
        int columns = cell.gates() * units;
        List<NDArray> in = new ArrayList<>();
        in.add(Samples.random(DType.FLOAT32, Shape.of(steps, batch, features), 1));
        in.add(Samples.random(DType.FLOAT32, Shape.of(features, columns), 2));
        in.add(Samples.random(DType.FLOAT32, Shape.of(units, columns), 3));
        in.add(Samples.random(DType.FLOAT32, cell == Fusion.Cell.GRU ? Shape.of(2, columns) : Shape.of(columns), 4));
        for (NDArray weight : in.subList(1, 3))
            for (int i = 0; i < weight.size(); i++) weight.set(i, weight.get(i) / 4);
        for (int i = 0; i < cell.states(); i++) in.add(Samples.random(DType.FLOAT32, Shape.of(batch, units), 5 + i));
        return in;
    }

    /** {@code dys} are the gradients of the outputs and of the last states. */
    private void checkRecurrenceGradient(Fusion.Cell cell, List<NDArray> dys, NDArray... in) {
        List<Spec> specs = new ArrayList<>();
        for (NDArray x : in) specs.add(new Spec(x.dtype(), x.shape()));
        int reserve = backend().reserve(cell, specs);
        var steps = new Fusion.Recurrence(cell, reserve);
        if (reserve == 0 || !backend().supports(steps, specs)) return;
        List<View> views = new ArrayList<>();
        for (NDArray x : in) views.add(aligned(x));
        List<View> out = new ArrayList<>();
        for (NDArray like : dys) out.add(aligned(like));
        out.add(aligned(NDArray.zeros(DType.FLOAT32, Shape.of(reserve))));
        backend().fused(steps, views, out).orElseThrow().run();
        List<View> all = new ArrayList<>(views);
        all.add(out.getFirst());
        all.add(out.getLast());
        for (NDArray dy : dys) all.add(aligned(dy));
        List<View> gradients = new ArrayList<>();
        for (NDArray x : in) gradients.add(aligned(x));
        Kernel backward = backend()
                .fused(new Fusion.RecurrenceGradient(cell, reserve), all, gradients)
                .orElseThrow();
        backward.run();
        backward.run(); // what was reserved is still as it was
        List<Tensor> wide = new ArrayList<>();
        for (NDArray x : in) wide.add(Tensor.of(x.cast(DType.FLOAT64)));
        wide.add(Tensor.of(dys.getFirst().cast(DType.FLOAT64)));
        wide.add(Tensor.of(NDArray.zeros(DType.FLOAT32, Shape.of(0))));
        for (NDArray dy : dys) wide.add(Tensor.of(dy.cast(DType.FLOAT64)));
        List<Tensor> expected = Decompose.of(new Fusion.RecurrenceGradient(cell, 0), wide);
        for (int i = 0; i < in.length; i++) {
            String what = "gradient " + i + " of " + cell + " on " + specs;
            Closeness.assertSums(
                    what, expected.get(i).value().cast(DType.FLOAT32), bench().get(what, gradients.get(i)), 256, 2);
        }
    }

    /** Brings an array to a place that libraries like; elsewhere the backend's own kernels may be taken. */
    private View aligned(NDArray x) {
        bench().align();
        return bench().put(x);
    }

    /** Compares all results, which are shaped as {@code like}, with the decomposition in float64 on the reference. */
    private void check(Fusion fusion, List<NDArray> like, NDArray... in) {
        List<Spec> specs = new ArrayList<>();
        for (NDArray x : in) specs.add(new Spec(x.dtype(), x.shape()));
        if (!backend().supports(fusion, specs)) return;
        List<View> views = new ArrayList<>();
        for (NDArray x : in) views.add(aligned(x));
        List<View> out = new ArrayList<>();
        for (NDArray y : like) {
            bench().align();
            out.add(bench().room(y.dtype(), y.shape()));
        }
        Optional<Kernel> kernel = backend().fused(fusion, views, out);
        if (kernel.isEmpty()) return;
        kernel.get().run();
        kernel.get().run();
        List<Tensor> wide = new ArrayList<>();
        for (NDArray x : in) wide.add(Tensor.of(x.dtype().isFloating() ? x.cast(DType.FLOAT64) : x));
        List<Tensor> expected = Decompose.of(fusion, wide);
        for (int i = 0; i < like.size(); i++) {
            String what = fusion + " of " + specs + ", result " + i;
            NDArray e = Function.of(List.of(), List.of(expected.get(i)), Map.of())
                    .run(List.of())
                    .getFirst();
            Closeness.assertSums(
                    what,
                    e.cast(like.get(i).dtype()),
                    bench().get(what, out.get(i)),
                    8,
                    narrow(like.get(i).dtype()));
        }
    }

    @Test
    default void dotEpilogues() {
        int[][] sizes = {{1, 1, 1}, {1, 33, 17}, {7, 5, 33}, {33, 65, 16}, {64, 257, 31}, {255, 17, 9}, {3, 0, 4}};
        for (DType dtype : Samples.FLOATING)
            for (int[] s : sizes)
                for (Activation activation : Activation.values())
                    for (int flags = 0; flags < 8; flags++) {
                        var dot = new Op.Dot((flags & 1) == 1, (flags & 2) == 2);
                        NDArray a = Samples.random(
                                dtype, dot.transposeA() ? Shape.of(s[1], s[0]) : Shape.of(s[0], s[1]), 1);
                        NDArray b = Samples.random(
                                dtype, dot.transposeB() ? Shape.of(s[2], s[1]) : Shape.of(s[1], s[2]), 2);
                        NDArray bias = Samples.random(dtype, Shape.of(s[2]), 3);
                        boolean biased = (flags & 4) == 4;
                        NDArray y = DotContract.product(
                                a.cast(DType.FLOAT64), b.cast(DType.FLOAT64), dot.transposeA(), dot.transposeB());
                        finish(y, biased ? bias : null, activation);
                        NDArray[] in = biased ? new NDArray[] {a, b, bias} : new NDArray[] {a, b};
                        check(new Fusion.DotEpilogue(dot, biased, activation), y.cast(dtype), s[1], narrow(dtype), in);
                    }
    }

    @Test
    default void convEpilogues() {
        var same = new Window(Ints.of(1, 1), Ints.of(1, 1), Ints.of(1, 1), Ints.of(1, 1), 1);
        var strided = new Window(Ints.of(2, 1), Ints.of(1, 2), Ints.of(0, 1), Ints.of(1, 0), 1);
        for (DType dtype : Samples.FLOATING)
            for (Window window : List.of(same, strided))
                for (Activation activation : Activation.values())
                    for (boolean biased : new boolean[] {false, true}) {
                        NDArray x = Samples.random(dtype, Shape.of(2, 7, 8, 5), 1);
                        NDArray w = Samples.random(dtype, Shape.of(3, 3, 5, 17), 2);
                        NDArray bias = Samples.random(dtype, Shape.of(17), 3);
                        Shape to = Shape.of(2, window.windows(0, 7, 3), window.windows(1, 8, 3), 17);
                        NDArray y = new PlainConv(window, x, w, NDArray.zeros(DType.FLOAT64, to)).y;
                        finish(y, biased ? bias : null, activation);
                        NDArray[] in = biased ? new NDArray[] {x, w, bias} : new NDArray[] {x, w};
                        check(
                                new Fusion.ConvEpilogue(new Op.Conv(window), biased, activation),
                                y.cast(dtype),
                                45,
                                narrow(dtype),
                                in);
                    }
    }

    /** What a narrow type may lose if the product, the sum and the activation are each rounded to it. */
    private static double narrow(DType dtype) {
        return dtype == DType.FLOAT16 || dtype == DType.BFLOAT16 ? Closeness.epsilon(dtype) / 0x1p-23 / 8 : 2;
    }

    private static void finish(NDArray y, @Nullable NDArray bias, Activation activation) {
        for (int i = 0; i < y.size(); i++) {
            double z = y.get(i) + (bias == null ? 0 : bias.get(i % bias.size()));
            y.set(
                    i,
                    switch (activation) {
                        case LINEAR -> z;
                        case RELU -> Math.max(z, 0);
                        case SIGMOID -> 1 / (1 + StrictMath.exp(-z));
                        case TANH -> StrictMath.tanh(z);
                    });
        }
    }
}
