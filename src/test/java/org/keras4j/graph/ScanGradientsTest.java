package org.keras4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;
import org.keras4j.op.Window;

class ScanGradientsTest {
    private static final int STEPS = 4;

    private record Row(String name, FiniteDifferences.Fn fn, NDArray... inputs) {}

    private final Random random = new Random(3);

    @BeforeAll
    static void useReference() {
        Backends.use("reference");
    }

    private Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (boolean reverse : new boolean[] {false, true}) {
            rows.add(new Row(
                    "simple rnn, reverse " + reverse,
                    xs -> simple(xs, reverse),
                    uniform(STEPS, 2, 3),
                    uniform(2, 3),
                    uniform(3, 3),
                    uniform(3)));
            rows.add(new Row(
                    "lstm, reverse " + reverse,
                    xs -> lstm(xs, reverse),
                    uniform(STEPS, 2, 12),
                    uniform(2, 3),
                    uniform(2, 3),
                    uniform(3, 12),
                    uniform(12)));
        }
        rows.add(new Row(
                "constants by element", ScanGradientsTest::elementwise, uniform(STEPS, 3), uniform(3), uniform(3)));
        rows.add(new Row(
                "transposed constant",
                ScanGradientsTest::transposed,
                uniform(STEPS, 2, 3),
                uniform(2, 3),
                uniform(3, 3)));
        rows.add(new Row(
                "convolution",
                ScanGradientsTest::convolution,
                uniform(STEPS, 1, 5, 2),
                uniform(1, 5, 2),
                uniform(3, 2, 2)));
        rows.add(new Row("loop in a loop", ScanGradientsTest::nested, uniform(STEPS, 3, 2), uniform(2), uniform(2)));
        rows.add(new Row(
                "only the last value",
                xs -> Scans.scan(
                                STEPS,
                                false,
                                List.of(xs.get(1)),
                                List.of(xs.get(0)),
                                (c, in) -> new Scans.Step(List.of(Primitives.mul(c.get(0), in.get(0))), List.of()))
                        .carried()
                        .getFirst(),
                uniform(STEPS, 3),
                uniform(3)));
        rows.add(new Row(
                "no carried value",
                xs -> Scans.scan(
                                STEPS,
                                false,
                                List.of(),
                                List.of(xs.get(0)),
                                (c, in) -> new Scans.Step(List.of(), List.of(Primitives.mul(in.get(0), xs.get(1)))))
                        .outputs()
                        .getFirst(),
                uniform(STEPS, 3),
                uniform(3)));
        return rows.stream();
    }

    /** h = tanh(x + h w + b); all outputs and the last. */
    private static Tensor simple(List<Tensor> xs, boolean reverse) {
        Tensor w = xs.get(2);
        Tensor b = Primitives.broadcast(Primitives.reshape(xs.get(3), Shape.of(1, 3)), Shape.of(2, 3));
        Scans.Result loop = Scans.scan(STEPS, reverse, List.of(xs.get(1)), List.of(xs.get(0)), (c, in) -> {
            Tensor z = Primitives.add(Primitives.add(in.get(0), Primitives.dot(c.get(0), false, w, false)), b);
            Tensor h = Primitives.unary(Unary.TANH, z);
            return new Scans.Step(List.of(h), List.of(h));
        });
        return joined(loop.outputs().getFirst(), loop.carried().getFirst());
    }

    private static Tensor lstm(List<Tensor> xs, boolean reverse) {
        Tensor b = Primitives.broadcast(Primitives.reshape(xs.get(4), Shape.of(1, 12)), Shape.of(2, 12));
        Scans.Result loop = Scans.scan(STEPS, reverse, List.of(xs.get(1), xs.get(2)), List.of(xs.get(0)), (c, in) -> {
            Tensor z = Primitives.add(Primitives.add(in.get(0), Primitives.dot(c.get(0), false, xs.get(3), false)), b);
            Tensor i = Primitives.unary(Unary.SIGMOID, Primitives.slice(z, 1, 0, 3));
            Tensor f = Primitives.unary(Unary.SIGMOID, Primitives.slice(z, 1, 3, 3));
            Tensor g = Primitives.unary(Unary.TANH, Primitives.slice(z, 1, 6, 3));
            Tensor o = Primitives.unary(Unary.SIGMOID, Primitives.slice(z, 1, 9, 3));
            Tensor cell = Primitives.add(Primitives.mul(f, c.get(1)), Primitives.mul(i, g));
            Tensor h = Primitives.mul(o, Primitives.unary(Unary.TANH, cell));
            return new Scans.Step(List.of(h, cell), List.of(h));
        });
        return joined(loop.outputs().getFirst(), loop.carried().get(1));
    }

    /** A constant that is multiplied in by element, and a counter that is carried but not differentiable. */
    private static Tensor elementwise(List<Tensor> xs) {
        Tensor count = Primitives.full(1, DType.INT32, Shape.of(3));
        Scans.Result loop = Scans.scan(STEPS, false, List.of(count, xs.get(1)), List.of(xs.get(0)), (c, in) -> {
            Tensor n = Primitives.cast(c.get(0), DType.FLOAT64);
            Tensor h = Primitives.unary(
                    Unary.SIN, Primitives.add(Primitives.mul(c.get(1), xs.get(2)), Primitives.mul(n, in.get(0))));
            return new Scans.Step(List.of(Primitives.shift(c.get(0), 1), h), List.of(Primitives.mul(h, n)));
        });
        return joined(loop.outputs().getFirst(), loop.carried().get(1));
    }

    private static Tensor transposed(List<Tensor> xs) {
        Scans.Result loop = Scans.scan(STEPS, false, List.of(xs.get(1)), List.of(xs.get(0)), (c, in) -> {
            Tensor w = Primitives.transpose(xs.get(2), 1, 0);
            Tensor left = Primitives.dot(Primitives.transpose(c.get(0), 1, 0), true, w, true);
            Tensor h = Primitives.unary(
                    Unary.TANH, Primitives.add(left, Primitives.dot(in.get(0), false, xs.get(2), true)));
            return new Scans.Step(List.of(h), List.of());
        });
        return loop.carried().getFirst();
    }

    private static Tensor convolution(List<Tensor> xs) {
        var same = new Window(Ints.of(1), Ints.of(1), Ints.of(1), Ints.of(1), 1);
        Scans.Result loop = Scans.scan(STEPS, false, List.of(xs.get(1)), List.of(xs.get(0)), (c, in) -> {
            Tensor h =
                    Primitives.unary(Unary.TANH, Primitives.add(in.get(0), Primitives.conv(c.get(0), xs.get(2), same)));
            return new Scans.Step(List.of(h), List.of(h));
        });
        return joined(loop.outputs().getFirst(), loop.carried().getFirst());
    }

    private static Tensor nested(List<Tensor> xs) {
        Scans.Result loop = Scans.scan(STEPS, false, List.of(xs.get(1)), List.of(xs.get(0)), (c, in) -> {
            Scans.Result inner = Scans.scan(3, true, List.of(c.get(0)), List.of(in.get(0)), (d, row) -> {
                Tensor h =
                        Primitives.unary(Unary.TANH, Primitives.add(Primitives.mul(d.get(0), xs.get(2)), row.get(0)));
                return new Scans.Step(List.of(h), List.of(Primitives.mul(h, row.get(0))));
            });
            Tensor sum = Primitives.reshape(Primitives.sum(inner.outputs().getFirst(), 0), Shape.of(2));
            return new Scans.Step(inner.carried(), List.of(sum));
        });
        return joined(loop.outputs().getFirst(), loop.carried().getFirst());
    }

    private static Tensor joined(Tensor outputs, Tensor last) {
        Tensor row = Primitives.reshape(last, last.shape().insert(0, 1));
        return Primitives.concatenate(List.of(outputs, row), 0);
    }

    @TestFactory
    Stream<DynamicTest> gradientsEqualFiniteDifferences() {
        return rows().map(r ->
                DynamicTest.dynamicTest(r.name(), () -> FiniteDifferences.checkGradient(r.name(), r.fn(), r.inputs())));
    }

    @TestFactory
    Stream<DynamicTest> secondGradientsEqualFiniteDifferences() {
        return rows().map(r ->
                DynamicTest.dynamicTest(r.name(), () -> FiniteDifferences.checkSecond(r.name(), r.fn(), r.inputs())));
    }

    @Test
    void weightGradientIsOneDotAfterTheLoop() {
        List<Tensor> xs = List.of(input(STEPS, 2, 12), input(2, 3), input(2, 3), input(3, 12), input(12));
        Tensor y = lstm(xs, false);
        List<Tensor> gradients = Gradients.of(List.of(y), List.of(Primitives.full(1, y.dtype(), y.shape())), xs);
        assertTrue(gradients.get(3).op() instanceof Op.Dot, gradients.get(3).toString());
        assertEquals(Shape.of(STEPS * 2, 3), gradients.get(3).input(0).shape());
    }

    @Test
    void forwardLoopIsSharedWithItsGradient() {
        List<Tensor> xs = List.of(input(STEPS, 2, 12), input(2, 3), input(2, 3), input(3, 12), input(12));
        Tensor y = lstm(xs, false);
        List<Tensor> roots = new ArrayList<>(List.of(y));
        roots.addAll(Gradients.of(List.of(y), List.of(Primitives.full(1, y.dtype(), y.shape())), xs));
        assertEquals(3, loops(roots));
        assertEquals(2, loops(SharedScans.merge(roots)));
    }

    @Test
    void stepsThatCarryNothingBackGiveNoGradient() {
        Tensor h = input(3);
        Tensor x = input(STEPS, 3);
        Scans.Result loop = Scans.scan(
                STEPS,
                false,
                List.of(h),
                List.of(x),
                (c, in) -> new Scans.Step(List.of(in.get(0)), List.of(in.get(0))));
        Tensor y = loop.outputs().getFirst();
        List<Tensor> gradients =
                Gradients.of(List.of(y), List.of(Primitives.full(1, y.dtype(), y.shape())), List.of(h, x));
        assertNull(gradients.get(0));
        assertNotNull(gradients.get(1));
    }

    private static long loops(List<Tensor> roots) {
        return Graph.sort(roots).stream().filter(t -> t.op() instanceof Op.Scan).count();
    }

    private static Tensor input(int... dims) {
        return Primitives.input("x", DType.FLOAT64, Shape.of(dims));
    }

    private NDArray uniform(int... dims) {
        return FiniteDifferences.uniform(random, -1, 1, dims);
    }
}
