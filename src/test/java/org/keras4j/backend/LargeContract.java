package org.keras4j.backend;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.reference.ReferenceBackend;
import org.keras4j.op.Binary;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;
import org.keras4j.op.Window;

/** Sizes of more than one block and of many threads, against the reference backend. */
interface LargeContract extends Contract {
    /** Runs the same operation on a bench. */
    interface Recipe {
        NDArray run(Workbench bench);
    }

    private void compare(String what, int length, double scale, Recipe recipe) {
        Assumptions.assumeFalse(backend() instanceof ReferenceBackend, "this is the reference");
        try (var reference = new ReferenceBackend()) {
            Closeness.assertSums(what, recipe.run(new Workbench(reference)), recipe.run(bench()), length, scale);
        }
    }

    @Test
    default void largeDots() {
        int[][] sizes = {
            {257, 513, 300}, {1024, 64, 48}, {64, 1024, 96}, {1, 4099, 1000}, {1000, 31, 1}, {400, 400, 400}
        };
        for (int[] s : sizes)
            for (int flags = 0; flags < 4; flags++) {
                var op = new Op.Dot((flags & 1) == 1, (flags & 2) == 2);
                NDArray a = Samples.random(op.transposeA() ? Shape.of(s[1], s[0]) : Shape.of(s[0], s[1]), 1);
                NDArray b = Samples.random(op.transposeB() ? Shape.of(s[2], s[1]) : Shape.of(s[1], s[2]), 2);
                compare(
                        op + " of " + a.shape() + " and " + b.shape(),
                        s[1],
                        1,
                        bench -> bench.run(
                                "dot",
                                DType.FLOAT32,
                                Shape.of(s[0], s[2]),
                                out -> bench.backend.dot(op, bench.put(a), bench.put(b), out)));
            }
    }

    @Test
    default void largeConvs() {
        int[][] cases = {
            {8, 32, 3, 32, 3, 1, 1},
            {4, 28, 32, 64, 3, 1, 1},
            {2, 56, 16, 32, 5, 2, 1},
            {4, 28, 64, 64, 3, 1, 64},
            {16, 14, 64, 128, 1, 1, 1}
        };
        for (int[] c : cases) {
            int pad = c[4] / 2;
            var window =
                    new Window(Ints.repeat(c[5], 2), Ints.repeat(1, 2), Ints.repeat(pad, 2), Ints.repeat(pad, 2), c[6]);
            Shape x = Shape.of(c[0], c[1], c[1], c[2]);
            Shape kernel = Shape.of(c[4], c[4], c[2] / c[6], c[3]);
            int side = window.windows(0, c[1], c[4]);
            Shape y = Shape.of(c[0], side, side, c[3]);
            NDArray input = Samples.random(x, 1);
            NDArray weights = Samples.random(kernel, 2);
            NDArray dy = Samples.random(y, 3);
            String where = " of " + x + " with " + kernel + " and " + window;
            int taps = (int) kernel.size(0, 3);
            compare(
                    "conv" + where,
                    taps,
                    1,
                    bench -> bench.run(
                            "conv",
                            DType.FLOAT32,
                            y,
                            out -> bench.backend.conv(new Op.Conv(window), bench.put(input), bench.put(weights), out)));
            compare(
                    "conv input gradient" + where,
                    taps * c[3] / c[2],
                    2,
                    bench -> bench.run(
                            "conv input gradient",
                            DType.FLOAT32,
                            x,
                            out -> bench.backend.convInputGradient(
                                    new Op.ConvInputGradient(window, x), bench.put(dy), bench.put(weights), out)));
            compare(
                    "conv kernel gradient" + where,
                    c[0] * side * side,
                    1,
                    bench -> bench.run(
                            "conv kernel gradient",
                            DType.FLOAT32,
                            kernel,
                            out -> bench.backend.convKernelGradient(
                                    new Op.ConvKernelGradient(window, kernel), bench.put(input), bench.put(dy), out)));
        }
    }

    @Test
    default void largeReductions() {
        for (Op.Reduction function : Op.Reduction.values()) {
            if (function == Op.Reduction.PROD) continue;
            for (Ints axes : List.of(
                    Ints.of(0),
                    Ints.of(1),
                    Ints.of(2),
                    Ints.of(0, 1),
                    Ints.of(1, 2),
                    Ints.of(0, 2),
                    Ints.of(0, 1, 2))) {
                NDArray x = Samples.random(Shape.of(67, 129, 65), 1);
                int[] dims = x.shape().dims();
                for (int axis : axes.toArray()) dims[axis] = 1;
                var op = new Op.Reduce(function, axes);
                compare(
                        op + " of " + x.shape(),
                        32,
                        Math.sqrt(x.size() / (double) Shape.of(dims).size()),
                        bench -> bench.run(
                                "reduce",
                                DType.FLOAT32,
                                Shape.of(dims),
                                out -> bench.backend.reduce(op, bench.put(x), out)));
            }
        }
    }

    @Test
    default void largeElementwise() {
        DType f = DType.FLOAT32;
        Shape shape = Shape.of(33, 129, 65);
        List<Expression.Node> nodes = List.of(
                new Expression.Load(0, f),
                new Expression.Load(1, f),
                new Expression.Load(2, f),
                new Expression.Apply2(Binary.MUL, 0, 1, f),
                new Expression.Apply2(Binary.ADD, 3, 2, f),
                new Expression.Apply1(Unary.TANH, 4, f),
                new Expression.Apply1(Unary.EXP, 5, f));
        List<NDArray> in = List.of(
                Samples.random(shape, 1), Samples.random(Shape.of(1, 1, 65), 2), Samples.random(Shape.of(33, 1, 1), 3));
        var expression = new Expression(shape, nodes, List.of(6));
        compare(
                "exp(tanh(x a + b))",
                16,
                1,
                bench -> bench.run(
                        "elementwise",
                        f,
                        shape,
                        out -> bench.backend.elementwise(
                                expression, in.stream().map(bench::put).toList(), List.of(out))));
    }
}
