package org.keras4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;
import org.keras4j.op.Window;

class GradientsTest {
    private record Row(String name, FiniteDifferences.Fn fn, NDArray... inputs) {}

    private final Random random = new Random(7);

    @BeforeAll
    static void useReference() {
        Backends.use("reference");
    }

    private Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Unary f : Unary.values()) {
            NDArray x = domain(f);
            if (x != null) rows.add(new Row(f.name(), xs -> Primitives.unary(f, xs.get(0)), x));
        }
        for (Binary f : List.of(
                Binary.ADD, Binary.SUB, Binary.MUL, Binary.DIV, Binary.ATAN2, Binary.MAX, Binary.MIN, Binary.POW))
            rows.add(new Row(
                    f.name(),
                    xs -> Primitives.binary(f, xs.get(0), xs.get(1)),
                    uniform(0.3, 2, 3, 4),
                    uniform(0.3, 2, 3, 4)));
        shapes(rows);
        reductions(rows);
        indexing(rows);
        contractions(rows);
        fusions(rows);
        linearAlgebra(rows);
        return rows.stream();
    }

    private NDArray domain(Unary f) {
        return switch (f) {
            case NEG, SQUARE, EXP, EXPM1, SIN, COS, ATAN, SINH, COSH, TANH, ASINH, SIGMOID, SOFTPLUS, ERF ->
                uniform(-2, 2, 3, 4);
            case ABS, RELU, RECIPROCAL, TAN -> awayFromZero(3, 4);
            case SQRT, RSQRT, LOG, LOG1P -> uniform(0.2, 3, 3, 4);
            case ASIN, ACOS, ATANH, ERFINV -> uniform(-0.8, 0.8, 3, 4);
            case ACOSH -> uniform(1.2, 3, 3, 4);
            case LGAMMA, DIGAMMA -> NDArray.of(Shape.of(6), 0.3, 1.1, 2.7, 9.5, -0.4, -3.3);
            case SIGN, FLOOR, CEIL, ROUND, TRUNC, LOGICAL_NOT, BITWISE_NOT, IS_NAN, IS_INF, IS_FINITE -> null;
        };
    }

    private void shapes(List<Row> rows) {
        NDArray x = uniform(-1, 1, 2, 3, 4);
        rows.add(new Row(
                "select",
                xs -> Primitives.select(
                        Primitives.binary(
                                Binary.GREATER,
                                xs.get(0),
                                Primitives.zeros(xs.get(0).spec())),
                        xs.get(0),
                        xs.get(1)),
                awayFromZero(5),
                uniform(-1, 1, 5)));
        rows.add(new Row(
                "broadcast", xs -> Primitives.broadcast(xs.get(0), Shape.of(2, 3, 4)), uniform(-1, 1, 2, 1, 4)));
        rows.add(new Row("reshape", xs -> Primitives.reshape(xs.get(0), Shape.of(6, 4)), x));
        rows.add(new Row("transpose", xs -> Primitives.transpose(xs.get(0), 2, 0, 1), x));
        rows.add(new Row(
                "slice",
                xs -> Primitives.slice(xs.get(0), new int[] {0, 1, 1}, new int[] {2, 2, 2}, new int[] {1, 1, 2}),
                x));
        rows.add(new Row(
                "split",
                xs -> Primitives.mul(Primitives.slice(xs.get(0), 2, 0, 2), Primitives.slice(xs.get(0), 2, 2, 2)),
                x));
        rows.add(new Row(
                "overlapping slices",
                xs -> Primitives.mul(Primitives.slice(xs.get(0), 2, 0, 3), Primitives.slice(xs.get(0), 2, 1, 3)),
                x));
        rows.add(new Row("flip", xs -> Primitives.flip(xs.get(0), 0, 2), x));
        rows.add(new Row(
                "pad",
                xs -> Primitives.pad(xs.get(0), new int[] {1, 0, 2}, new int[] {0, 3, 1}, new int[] {2, 0, 1}),
                x));
        rows.add(new Row(
                "concatenate",
                xs -> Primitives.concatenate(List.of(xs.get(0), xs.get(1), xs.get(0)), 1),
                x,
                uniform(-1, 1, 2, 2, 4)));
    }

    private void reductions(List<Row> rows) {
        NDArray x = uniform(0.5, 1.5, 2, 3, 4);
        for (Op.Reduction f : Op.Reduction.values()) {
            rows.add(new Row("reduce " + f, xs -> Primitives.reduce(f, xs.get(0), 0, 2), x));
            for (int flags = 0; flags < 4; flags++) {
                var op = new Op.Cumulative(f, 1, (flags & 1) != 0, (flags & 2) != 0);
                boolean extreme = f == Op.Reduction.MAX || f == Op.Reduction.MIN;
                if (!extreme || !op.exclusive()) rows.add(new Row(op.toString(), xs -> Tensor.of(op, xs.get(0)), x));
            }
        }
        NDArray zeros = x.copy();
        zeros.set(3, 0);
        zeros.set(5, 0);
        rows.add(new Row("reduce PROD with zeros", xs -> Primitives.reduce(Op.Reduction.PROD, xs.get(0), 1), zeros));
        rows.add(new Row(
                "cumulative PROD with zeros",
                xs -> Tensor.of(new Op.Cumulative(Op.Reduction.PROD, 2, false, false), xs.get(0)),
                zeros));
        rows.add(new Row("sort", xs -> Primitives.item(Tensor.of(new Op.Sort(1, true), xs.get(0)), 0), x));
    }

    private void indexing(List<Row> rows) {
        NDArray index = NDArray.of(Shape.of(2, 2), 2, 0, 2, 1);
        for (int axis = 0; axis < 3; axis++) {
            int at = axis;
            rows.add(new Row(
                    "gather " + axis,
                    xs -> Primitives.gather(xs.get(0), xs.get(1), at),
                    uniform(-1, 1, 3, 3, 3),
                    index));
        }
        NDArray twice = NDArray.of(Shape.of(5), 3, 0, 3, -1, 4);
        for (Op.Update u : Op.Update.values())
            rows.add(new Row(
                    "scatter " + u,
                    xs -> Primitives.scatter(u, xs.get(0), xs.get(2), xs.get(1)),
                    uniform(0.3, 1, 4, 2),
                    uniform(0.3, 1, 5, 2),
                    twice));
        NDArray updates = uniform(0.3, 1, 5, 2);
        updates.set(0, 0);
        rows.add(new Row(
                "scatter MUL with a zero",
                xs -> Primitives.scatter(Op.Update.MUL, xs.get(0), xs.get(2), xs.get(1)),
                uniform(0.3, 1, 4, 2),
                updates,
                twice));
    }

    private void contractions(List<Row> rows) {
        for (int flags = 0; flags < 8; flags++) {
            boolean ta = (flags & 1) != 0;
            boolean tb = (flags & 2) != 0;
            int[] a = ta ? new int[] {3, 2} : new int[] {2, 3};
            int[] b = tb ? new int[] {4, 3} : new int[] {3, 4};
            if ((flags & 4) != 0) {
                a = new int[] {2, a[0], a[1]};
                b = new int[] {2, b[0], b[1]};
            }
            rows.add(new Row(
                    "dot " + flags,
                    xs -> Primitives.dot(xs.get(0), ta, xs.get(1), tb),
                    uniform(-1, 1, a),
                    uniform(-1, 1, b)));
        }
        rows.add(conv(window(2, 1, 1, 0, 1), new int[] {2, 7, 2}, new int[] {3, 2, 3}));
        rows.add(conv(window(1, 2, 1, 1, 2), new int[] {1, 5, 4}, new int[] {2, 2, 4}));
        rows.add(conv(
                new Window(Ints.of(2, 1), Ints.of(1, 2), Ints.of(1, 0), Ints.of(0, 1), 1),
                new int[] {1, 4, 5, 2},
                new int[] {2, 2, 2, 2}));
        rows.add(conv(
                new Window(Ints.of(1, 2, 1), Ints.of(1, 1, 1), Ints.of(0, 1, 0), Ints.of(0, 1, 1), 1),
                new int[] {1, 2, 3, 2, 1},
                new int[] {2, 2, 1, 1, 2}));
        for (Op.Reduction f : List.of(Op.Reduction.MAX, Op.Reduction.SUM)) {
            rows.add(new Row(
                    "pool " + f,
                    xs -> Tensor.of(
                            new Op.Pool(
                                    f,
                                    Ints.of(2, 3),
                                    new Window(Ints.of(2, 1), Ints.of(1, 1), Ints.of(1, 0), Ints.of(0, 1), 1)),
                            xs.get(0)),
                    uniform(-1, 1, 2, 3, 5, 2)));
        }
    }

    private static Window window(int stride, int dilation, int low, int high, int groups) {
        return new Window(Ints.of(stride), Ints.of(dilation), Ints.of(low), Ints.of(high), groups);
    }

    private Row conv(Window w, int[] x, int[] kernel) {
        return new Row(
                "conv " + w, xs -> Primitives.conv(xs.get(0), xs.get(1), w), uniform(-1, 1, x), uniform(-1, 1, kernel));
    }

    private void fusions(List<Row> rows) {
        rows.add(new Row("softmax", xs -> Primitives.fused(new Fusion.Softmax(), xs.get(0)), uniform(-1, 1, 2, 4)));
        rows.add(new Row(
                "log softmax", xs -> Primitives.fused(new Fusion.LogSoftmax(), xs.get(0)), uniform(-1, 1, 2, 4)));
        rows.add(new Row(
                "softmax gradient",
                xs -> Primitives.fused(new Fusion.SoftmaxGradient(), xs.get(0), xs.get(1)),
                uniform(-1, 1, 2, 4),
                uniform(-1, 1, 2, 4)));
        rows.add(new Row(
                "layer norm",
                xs -> Primitives.fused(new Fusion.LayerNorm(1e-3), xs.get(0), xs.get(1), xs.get(2)),
                uniform(-1, 1, 2, 3, 4),
                uniform(0.5, 1, 4),
                uniform(-1, 1, 4)));
        for (int result = 0; result < 3; result++) {
            int index = result;
            rows.add(new Row(
                    "LSTM, result " + index,
                    xs -> Primitives.item(
                            Primitives.fused(
                                    new Fusion.Recurrence(Fusion.Cell.LSTM, 5 * index), xs.toArray(Tensor[]::new)),
                            index),
                    uniform(-1, 1, 3, 2, 2),
                    uniform(-1, 1, 2, 8),
                    uniform(-1, 1, 2, 8),
                    uniform(-1, 1, 8),
                    uniform(-1, 1, 2, 2),
                    uniform(-1, 1, 2, 2)));
            if (index < 2)
                rows.add(new Row(
                        "GRU, result " + index,
                        xs -> Primitives.item(
                                Primitives.fused(
                                        new Fusion.Recurrence(Fusion.Cell.GRU, 5 * index), xs.toArray(Tensor[]::new)),
                                index),
                        uniform(-1, 1, 3, 2, 2),
                        uniform(-1, 1, 2, 6),
                        uniform(-1, 1, 2, 6),
                        uniform(-1, 1, 2, 6),
                        uniform(-1, 1, 2, 2)));
        }
        for (int result = 0; result < 4; result++) {
            int index = result;
            rows.add(new Row(
                    "batch norm, result " + index,
                    xs -> Primitives.item(
                            Primitives.fused(new Fusion.BatchNorm(1e-3), xs.toArray(Tensor[]::new)), index),
                    uniform(-1, 1, 3, 2, 2),
                    uniform(0.5, 1, 2),
                    uniform(-1, 1, 2)));
        }
        Tensor labels = Tensor.of(NDArray.of(Shape.of(3), new int[] {2, 0, 7})); // the last is no class
        for (boolean fromLogits : new boolean[] {false, true})
            rows.add(new Row(
                    "sparse cross-entropy, logits " + fromLogits,
                    xs -> Primitives.fused(new Fusion.SparseCrossentropy(fromLogits, 1e-7), xs.get(0), labels),
                    uniform(0.2, 1, 3, 4)));
        // primitives look through a reshape: its gradient must not be lost
        for (boolean fromLogits : new boolean[] {false, true})
            rows.add(new Row(
                    "sparse cross-entropy of a reshape, logits " + fromLogits,
                    xs -> Primitives.fused(
                            new Fusion.SparseCrossentropy(fromLogits, 1e-7),
                            Primitives.reshape(Primitives.scale(xs.get(0), 2), Shape.of(3, 4)),
                            labels),
                    uniform(0.2, 1, 3, 2, 2)));
        Tensor mask = Tensor.of(
                NDArray.of(Shape.of(1, 1, 3, 2), new int[] {1, 1, 0, 0, 0, 1}).cast(DType.BOOL));
        for (int flags = 0; flags < 8; flags++) {
            boolean masked = (flags & 2) != 0;
            var attention = new Fusion.Attention(0.7, (flags & 1) != 0, masked, (flags & 4) != 0);
            rows.add(new Row(
                    attention.toString(),
                    xs -> Primitives.item(
                            masked
                                    ? Primitives.fused(attention, xs.get(0), xs.get(1), xs.get(2), mask)
                                    : Primitives.fused(attention, xs.toArray(Tensor[]::new)),
                            0),
                    uniform(-1, 1, 1, 3, 4, 2),
                    uniform(-1, 1, 1, 2, 2, 2),
                    uniform(-1, 1, 1, 2, 2, 1)));
        }
        for (int result = 0; result < 2; result++) {
            int index = result;
            rows.add(new Row(
                    "LSTM cell, result " + index,
                    xs -> Primitives.item(Primitives.fused(new Fusion.LstmCell(), xs.toArray(Tensor[]::new)), index),
                    uniform(-1, 1, 2, 12),
                    uniform(-1, 1, 2, 12),
                    uniform(-1, 1, 2, 3)));
            rows.add(new Row(
                    "LSTM cell gradient, result " + index,
                    xs -> Primitives.item(
                            Primitives.fused(new Fusion.LstmCellGradient(), xs.toArray(Tensor[]::new)), index),
                    uniform(-1, 1, 2, 8),
                    uniform(-1, 1, 2, 8),
                    uniform(-1, 1, 2, 2),
                    uniform(-1, 1, 2, 2),
                    uniform(-1, 1, 2, 2)));
        }
        rows.add(new Row(
                "GRU cell",
                xs -> Primitives.fused(new Fusion.GruCell(), xs.toArray(Tensor[]::new)),
                uniform(-1, 1, 2, 9),
                uniform(-1, 1, 2, 9),
                uniform(-1, 1, 2, 3)));
    }

    private void linearAlgebra(List<Row> rows) {
        rows.add(new Row("cholesky", xs -> Tensor.of(new Op.Cholesky(), positive(xs.get(0))), uniform(-1, 1, 2, 3, 3)));
        for (int flags = 0; flags < 8; flags++) {
            var op = new Op.TriangularSolve((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
            rows.add(new Row(
                    op.toString(),
                    xs -> Tensor.of(op, xs.get(0), xs.get(1)),
                    uniform(0.5, 1.5, 2, 3, 3),
                    uniform(-1, 1, 2, 3, 2)));
        }
        for (int[] shape : List.of(new int[] {4, 2}, new int[] {3, 3}, new int[] {2, 2, 4})) {
            rows.add(new Row(
                    "qr " + Arrays.toString(shape),
                    xs -> both(Tensor.of(new Op.Qr(false), xs.get(0)), 0, 1),
                    uniform(-1, 1, shape)));
            rows.add(new Row(
                    "svd " + Arrays.toString(shape),
                    xs -> gaugeFree(Tensor.of(new Op.Svd(), xs.get(0))),
                    uniform(-1, 1, shape)));
        }
        rows.add(new Row("lu", xs -> Primitives.item(Tensor.of(new Op.Lu(), xs.get(0)), 0), uniform(-1, 1, 2, 3, 3)));
        rows.add(new Row(
                "eigh", xs -> both(Tensor.of(new Op.Eigh(), positive(xs.get(0))), 0, 1), uniform(-1, 1, 2, 3, 3)));
    }

    /** x x^T + I. */
    private static Tensor positive(Tensor x) {
        Tensor diagonal = Primitives.binary(
                Binary.EQUAL, Primitives.iota(1, DType.INT32, x.shape()), Primitives.iota(2, DType.INT32, x.shape()));
        return Primitives.add(Primitives.dot(x, false, x, true), Primitives.cast(diagonal, x.dtype()));
    }

    private static Tensor both(Tensor tuple, int... items) {
        List<Tensor> flat = new ArrayList<>();
        for (int i : items) {
            Tensor t = Primitives.item(tuple, i);
            flat.add(Primitives.reshape(t, Shape.of(t.shape().size())));
        }
        return Primitives.concatenate(flat, 0);
    }

    /** Signs of singular vectors are free, so only products that do not depend on them are compared. */
    private static Tensor gaugeFree(Tensor svd) {
        Tensor u = Primitives.item(svd, 0);
        Tensor vt = Primitives.item(svd, 2);
        Tensor polar = Primitives.dot(u, false, vt, false);
        Tensor s = Primitives.item(svd, 1);
        return Primitives.concatenate(
                List.of(
                        Primitives.reshape(polar, Shape.of(polar.shape().size())),
                        Primitives.reshape(s, Shape.of(s.shape().size()))),
                0);
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
    void perceptronTwice() {
        FiniteDifferences.checkSecond(
                "mlp",
                xs -> {
                    Tensor hidden = Primitives.unary(Unary.TANH, Primitives.dot(xs.get(0), false, xs.get(1), false));
                    return Primitives.unary(Unary.TANH, Primitives.dot(hidden, false, xs.get(2), false));
                },
                uniform(-1, 1, 2, 3),
                uniform(-1, 1, 3, 4),
                uniform(-1, 1, 4, 2));
    }

    @Test
    void nothingFlowsWhereNothingCanBeDifferentiated() {
        Tensor x = Primitives.input("x", DType.FLOAT32, Shape.of(3));
        Tensor i = Primitives.input("i", DType.INT32, Shape.of(3));
        assertNull(gradient(Primitives.stopGradient(x), x));
        assertNull(gradient(Primitives.unary(Unary.FLOOR, x), x));
        assertNull(gradient(Primitives.cast(i, DType.FLOAT32), i));
        assertNull(gradient(Primitives.cast(Primitives.cast(x, DType.INT32), DType.FLOAT32), x));
        assertNull(gradient(x, Primitives.input("other", DType.FLOAT32, Shape.of(3))));
        assertNull(gradient(Primitives.mul(x, Primitives.stopGradient(x)), i));
    }

    @Test
    void kinksAreAsInKeras() {
        Tensor zero = Tensor.of(NDArray.of(Shape.of(1), 0.0f));
        Tensor same = Tensor.of(NDArray.of(Shape.of(1), 0.0f));
        assertEquals(0, value(gradient(Primitives.unary(Unary.RELU, zero), zero)));
        assertEquals(0, value(gradient(Primitives.unary(Unary.ABS, zero), zero)));
        assertEquals(0.5, value(gradient(Primitives.binary(Binary.MAX, zero, same), same)));
        Tensor ties = Tensor.of(NDArray.of(Shape.of(4), 2.0f, 1.0f, 2.0f, 0.0f));
        Tensor shares = gradient(Primitives.reduce(Op.Reduction.MAX, ties, 0), ties);
        assertEquals(List.of(0.5f, 0f, 0.5f, 0f), floats(shares));
    }

    @Test
    void gradientOfAnOutputItselfIsTheCotangent() {
        Tensor x = Primitives.input("x", DType.FLOAT32, Shape.of(3));
        Tensor dy = Primitives.input("dy", DType.FLOAT32, Shape.of(3));
        assertSame(dy, Gradients.of(List.of(x), List.of(dy), List.of(x)).getFirst());
    }

    @Test
    void gradientOfASplitIsAConcatenation() {
        Tensor x = Primitives.input("x", DType.FLOAT32, Shape.of(2, 4));
        Tensor y = Primitives.mul(Primitives.slice(x, 1, 0, 2), Primitives.slice(x, 1, 2, 2));
        assertInstanceOf(Op.Concatenate.class, gradient(y, x).op());
    }

    @Test
    void refusesWhatMakesNoSense() {
        Tensor x = Primitives.input("x", DType.FLOAT32, Shape.of(3));
        Tensor i = Primitives.input("i", DType.INT32, Shape.SCALAR);
        String vector = assertThrows(IllegalArgumentException.class, () -> Gradients.of(x, List.of(x)))
                .getMessage();
        assertTrue(vector.contains("float32(3,)"), vector);
        assertThrows(IllegalArgumentException.class, () -> Gradients.of(i, List.of(x)));
        String shape = assertThrows(
                        IllegalArgumentException.class,
                        () -> Gradients.of(
                                List.of(x), List.of(Primitives.full(1, DType.FLOAT32, Shape.of(4))), List.of(x)))
                .getMessage();
        assertTrue(shape.contains("(3,)") && shape.contains("(4,)"), shape);
        assertThrows(IllegalArgumentException.class, () -> Gradients.of(List.of(x), List.of(), List.of(x)));
        Tensor tall = Primitives.input("a", DType.FLOAT32, Shape.of(3, 2));
        Tensor q = Primitives.item(Tensor.of(new Op.Qr(true), tall), 0);
        assertThrows(UnsupportedOperationException.class, () -> gradient(q, tall));
    }

    private static Tensor gradient(Tensor y, Tensor x) {
        return Gradients.of(List.of(y), List.of(Primitives.full(1, y.dtype(), y.shape())), List.of(x))
                .getFirst();
    }

    private static double value(Tensor t) {
        return t.value().item();
    }

    private static List<Float> floats(Tensor t) {
        List<Float> list = new ArrayList<>();
        for (float f : t.floats()) list.add(f);
        return list;
    }

    private NDArray uniform(double low, double high, int... dims) {
        return FiniteDifferences.uniform(random, low, high, dims);
    }

    private NDArray awayFromZero(int... dims) {
        NDArray x = uniform(0.3, 1.2, dims);
        for (int i = 0; i < x.size(); i += 2) x.set(i, -x.get(i));
        return x;
    }
}
