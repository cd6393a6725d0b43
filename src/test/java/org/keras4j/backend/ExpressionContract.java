package org.keras4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Expression.Apply1;
import org.keras4j.backend.Expression.Apply2;
import org.keras4j.backend.Expression.Choose;
import org.keras4j.backend.Expression.Convert;
import org.keras4j.backend.Expression.Load;
import org.keras4j.backend.Expression.Node;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/** Groups of elementwise operations: sizes, broadcasting, dtypes, several outputs, in place. */
interface ExpressionContract extends Contract {
    @Test
    default void everySizeOfAChain() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64))
            for (int n : Samples.SIZES) {
                NDArray a = Samples.random(dtype, Shape.of(n), n);
                NDArray b = Samples.random(dtype, Shape.of(n), n + 1);
                NDArray expected = NDArray.zeros(dtype, a.shape());
                for (int i = 0; i < n; i++) {
                    double sum = dtype.round(a.get(i) + dtype.round(2.5 * b.get(i)));
                    expected.set(i, dtype.round(sum * sum) - a.get(i));
                }
                NDArray got = evaluate(
                        "(a + 2.5 b)^2 - a",
                        a.shape(),
                        List.of(
                                new Load(0, dtype),
                                new Load(1, dtype),
                                new Expression.Number(2.5, dtype),
                                new Apply2(Binary.MUL, 2, 1, dtype),
                                new Apply2(Binary.ADD, 0, 3, dtype),
                                new Apply1(Unary.SQUARE, 4, dtype),
                                new Apply2(Binary.SUB, 5, 0, dtype)),
                        a,
                        b);
                // a backend may contract a product and a sum, which rounds once less
                Closeness.assertClose("(a + 2.5 b)^2 - a", expected, got, 0, 16 * Closeness.epsilon(dtype));
            }
    }

    @Test
    default void broadcastsEverySetOfAxes() {
        for (Shape full : List.of(Shape.of(5), Shape.of(3, 17), Shape.of(3, 5, 7), Shape.of(2, 3, 4, 9)))
            for (int left = 0; left < 1 << full.rank(); left++)
                for (int right = 0; right < 1 << full.rank(); right++)
                    checkBroadcast(full, kept(full, left), kept(full, right));
        for (Shape right : List.of(Shape.of(1, 257), Shape.of(33, 1), Shape.of(1, 1)))
            checkBroadcast(Shape.of(33, 257), Shape.of(33, 257), right);
        checkBroadcast(Shape.of(2, 3, 2, 3, 5), Shape.of(2, 1, 2, 1, 5), Shape.of(1, 3, 1, 3, 1));
        checkBroadcast(Shape.of(2, 2, 1, 3, 2, 19), Shape.of(1, 2, 1, 3, 1, 19), Shape.of(2, 1, 1, 1, 2, 1));
        checkBroadcast(Shape.SCALAR, Shape.SCALAR, Shape.SCALAR);
        checkBroadcast(Shape.of(0, 3), Shape.of(0, 3), Shape.of(1, 3));
    }

    private static Shape kept(Shape shape, int mask) {
        int[] dims = shape.dims();
        for (int i = 0; i < dims.length; i++) if ((mask >> i & 1) == 0) dims[i] = 1;
        return Shape.of(dims);
    }

    private void checkBroadcast(Shape full, Shape left, Shape right) {
        NDArray a = Samples.random(left, 1);
        NDArray b = Samples.random(right, 2);
        NDArray expected = NDArray.zeros(DType.FLOAT32, full);
        for (int i = 0; i < expected.size(); i++) {
            int[] at = Samples.coordinates(full, i);
            expected.set(i, a.get(Samples.index(left, at)) - b.get(Samples.index(right, at)));
        }
        String what = "SUB of " + left + " and " + right + " broadcast to " + full;
        Closeness.assertSame(
                what,
                expected,
                evaluate(
                        what,
                        full,
                        List.of(
                                new Load(0, DType.FLOAT32),
                                new Load(1, DType.FLOAT32),
                                new Apply2(Binary.SUB, 0, 1, DType.FLOAT32)),
                        a,
                        b));
    }

    @Test
    default void roundsEachStepOfANarrowType() {
        for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16)) {
            NDArray x = Samples.random(dtype, Shape.of(257), 3);
            NDArray expected = NDArray.zeros(dtype, x.shape());
            for (int i = 0; i < x.size(); i++) expected.set(i, dtype.round(x.get(i) + 1000) - 1000);
            Closeness.assertSame(
                    "(x + 1000) - 1000",
                    expected,
                    evaluate(
                            "(x + 1000) - 1000",
                            x.shape(),
                            List.of(
                                    new Load(0, dtype),
                                    new Expression.Number(1000, dtype),
                                    new Apply2(Binary.ADD, 0, 1, dtype),
                                    new Apply2(Binary.SUB, 2, 1, dtype)),
                            x));
        }
        NDArray bytes = Samples.of(DType.UINT8, 200, 3, 255, 0);
        Closeness.assertSame(
                "uint8 (x + x) / 2",
                Samples.of(DType.UINT8, 72, 3, 127, 0),
                evaluate(
                        "uint8 (x + x) / 2",
                        bytes.shape(),
                        List.of(
                                new Load(0, DType.UINT8),
                                new Apply2(Binary.ADD, 0, 0, DType.UINT8),
                                new Expression.Number(2, DType.UINT8),
                                new Apply2(Binary.DIV, 1, 2, DType.UINT8)),
                        bytes));
        NDArray large = Samples.of(DType.FLOAT16, 60000, -60000, 6e-8, 2049);
        Closeness.assertSame(
                "float16 overflow and denormals",
                Samples.of(DType.FLOAT16, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0x1p-23, 4096),
                evaluate(
                        "x + x",
                        large.shape(),
                        List.of(new Load(0, DType.FLOAT16), new Apply2(Binary.ADD, 0, 0, DType.FLOAT16)),
                        large));
    }

    @Test
    default void convertsBetweenAllDtypes() {
        for (DType from : DType.values())
            for (DType to : DType.values()) {
                NDArray x = from.isFloating()
                        ? Samples.of(from, 0, -0.0, 1, -1, 0.5, -0.5, 1.75, -1.75, 100.5, -100.5, 1e-5, 127)
                        : from == DType.BOOL ? Samples.random(from, Shape.of(37), 1) : BinaryContract.edges(from);
                if (to.isUnsigned() && from.isFloating()) x = Samples.of(from, 0, 0.5, 1, 1.75, 100.5, 127, 1e-5);
                NDArray expected = NDArray.zeros(to, x.shape());
                for (int i = 0; i < x.size(); i++)
                    if (to == DType.BOOL) expected.set(i, x.get(i) != 0 ? 1 : 0);
                    else if (to.isFloating()) expected.set(i, x.get(i));
                    else BinaryContract.setExact(expected, i, BigInteger.valueOf(x.getLong(i)));
                String what = "convert " + from + " to " + to;
                Closeness.assertClose(
                        what,
                        expected,
                        evaluate(what, x.shape(), List.of(new Load(0, from), new Convert(0, to)), x),
                        from == DType.INT64 ? Closeness.epsilon(to) : 0,
                        0);
            }
    }

    @Test
    default void choosesByCondition() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64, DType.FLOAT16, DType.BOOL)) {
            Shape shape = Shape.of(19, 33);
            NDArray c = Samples.random(DType.BOOL, Shape.of(19, 1), 1);
            NDArray a = Samples.random(dtype, shape, 2);
            NDArray b = Samples.random(dtype, Shape.of(1, 33), 3);
            NDArray expected = NDArray.zeros(dtype, shape);
            for (int i = 0; i < expected.size(); i++) expected.set(i, c.get(i / 33) != 0 ? a.get(i) : b.get(i % 33));
            Closeness.assertSame(
                    "select of " + dtype,
                    expected,
                    evaluate(
                            "select",
                            shape,
                            List.of(
                                    new Load(0, DType.BOOL),
                                    new Load(1, dtype),
                                    new Load(2, dtype),
                                    new Choose(0, 1, 2, dtype)),
                            c,
                            a,
                            b));
        }
        NDArray nan = Samples.of(DType.FLOAT32, Double.NaN, 2, Double.NaN);
        NDArray zero = NDArray.zeros(DType.FLOAT32, nan.shape());
        NDArray finite = evaluate(
                "where finite",
                nan.shape(),
                List.of(
                        new Load(0, DType.FLOAT32),
                        new Load(1, DType.FLOAT32),
                        new Apply1(Unary.IS_FINITE, 0, DType.BOOL),
                        new Choose(2, 0, 1, DType.FLOAT32)),
                nan,
                zero);
        Closeness.assertSame("the branch not taken does not matter", Samples.of(DType.FLOAT32, 0, 2, 0), finite);
    }

    @Test
    default void mixesDtypesAndWritesSeveralOutputs() {
        int n = 261;
        NDArray x = Samples.random(Shape.of(n), 1);
        NDArray k = Samples.random(DType.INT32, Shape.of(n), 2);
        List<Node> nodes = List.of(
                new Load(0, DType.FLOAT32),
                new Load(1, DType.INT32),
                new Convert(1, DType.FLOAT32),
                new Apply2(Binary.MUL, 0, 2, DType.FLOAT32),
                new Expression.Number(0, DType.FLOAT32),
                new Apply2(Binary.GREATER, 3, 4, DType.BOOL),
                new Convert(3, DType.INT64),
                new Convert(3, DType.FLOAT64));
        List<View> out = new ArrayList<>();
        for (DType dtype : List.of(DType.FLOAT32, DType.BOOL, DType.INT64, DType.FLOAT64))
            out.add(bench().room(dtype, Shape.of(n)));
        List<View> in = List.of(bench().put(x), bench().put(k));
        backend()
                .elementwise(new Expression(Shape.of(n), nodes, List.of(3, 5, 6, 7)), in, out)
                .run();
        for (View view : out) {
            NDArray expected = NDArray.zeros(view.dtype(), view.shape());
            for (int i = 0; i < n; i++) {
                double product = (float) (x.get(i) * k.get(i));
                expected.set(i, view.dtype() == DType.BOOL ? (product > 0 ? 1 : 0) : product);
            }
            Closeness.assertSame("output " + view.dtype(), expected, bench().get("outputs", view));
        }
    }

    @Test
    default void worksInPlace() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64, DType.BFLOAT16))
            for (int n : Samples.SIZES) {
                NDArray a = Samples.random(dtype, Shape.of(3, n), 1);
                NDArray b = Samples.random(dtype, Shape.of(1, n), 2);
                View x = bench().put(a);
                View y = bench().put(b);
                List<Node> nodes = List.of(
                        new Load(0, dtype),
                        new Load(1, dtype),
                        new Apply2(Binary.SUB, 0, 1, dtype),
                        new Apply2(Binary.MUL, 2, 0, dtype));
                View second = bench().room(dtype, a.shape());
                var expression = new Expression(a.shape(), nodes, List.of(2, 3));
                backend()
                        .elementwise(expression, List.of(x, y), List.of(x, second))
                        .run();
                NDArray difference = NDArray.zeros(dtype, a.shape());
                NDArray product = NDArray.zeros(dtype, a.shape());
                for (int i = 0; i < a.size(); i++) {
                    difference.set(i, a.get(i) - b.get(i % n));
                    product.set(i, difference.get(i) * a.get(i));
                }
                Closeness.assertSame("a - b into a", difference, bench().get("in place", x));
                Closeness.assertSame("(a - b) a", product, bench().get("in place", second));
            }
    }

    @Test
    default void takesManyInputsAndNodes() {
        int inputs = 12;
        Shape shape = Shape.of(7, 37);
        List<View> views = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        var sum = new double[shape.size()];
        for (int k = 0; k < inputs; k++) {
            Shape part = k % 3 == 0 ? shape : k % 3 == 1 ? Shape.of(1, 37) : Shape.of(7, 1);
            NDArray x = Samples.random(DType.FLOAT64, part, k);
            views.add(bench().put(x));
            nodes.add(new Load(k, DType.FLOAT64));
            for (int i = 0; i < sum.length; i++) sum[i] += x.get(Samples.index(part, Samples.coordinates(shape, i)));
        }
        for (int k = 1; k < inputs; k++)
            nodes.add(new Apply2(Binary.ADD, k == 1 ? 0 : nodes.size() - 1, k, DType.FLOAT64));
        for (int k = 0; k < 40; k++) nodes.add(new Apply1(Unary.NEG, nodes.size() - 1, DType.FLOAT64));
        var expression = new Expression(shape, nodes, List.of(nodes.size() - 1));
        NDArray got = bench().run(
                        "sum of 12",
                        DType.FLOAT64,
                        shape,
                        out -> backend().elementwise(expression, views, List.of(out)));
        assertEquals(51 + inputs, nodes.size());
        Closeness.assertSums("sum of 12", NDArray.of(shape, sum), got, inputs, 1);
    }

    /** The optimizer's shape of work: decides about moments and weights in one pass. */
    @Test
    default void exposesConstantsAndComparisonsToLaterNodes() {
        NDArray x = Samples.random(Shape.of(1009), 5);
        NDArray expected = NDArray.zeros(DType.FLOAT32, x.shape());
        for (int i = 0; i < x.size(); i++) expected.set(i, Math.abs(x.get(i)) < 0.25 ? 0.25f : x.get(i));
        DType f = DType.FLOAT32;
        Closeness.assertSame(
                "clip",
                expected,
                evaluate(
                        "clip",
                        x.shape(),
                        List.of(
                                new Load(0, f),
                                new Apply1(Unary.ABS, 0, f),
                                new Expression.Number(0.25, f),
                                new Apply2(Binary.LESS, 1, 2, DType.BOOL),
                                new Choose(3, 2, 0, f)),
                        x));
    }
}
