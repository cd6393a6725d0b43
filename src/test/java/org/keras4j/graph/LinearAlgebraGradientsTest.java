package org.keras4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Op;

/** Gradients of factorisations where they are easy to get wrong: more axes, equal values, one result only, edges. */
final class LinearAlgebraGradientsTest {
    private static NDArray random(int seed, int... dims) {
        return FiniteDifferences.uniform(new Random(seed), -1, 1, dims);
    }

    /** Returns a well-conditioned input: random numbers with {@code shift} added to each diagonal. */
    private static NDArray dominant(int seed, double shift, int... dims) {
        NDArray a = random(seed, dims);
        int m = dims[dims.length - 2];
        int n = dims[dims.length - 1];
        for (int i = 0; i < a.size(); i++) if (i / n % m == i % n) a.set(i, a.get(i) + shift);
        return a;
    }

    private static Tensor item(Op op, Tensor x, int index) {
        return Primitives.item(Tensor.of(op, x), index);
    }

    private static Tensor product(Tensor a, boolean ta, Tensor b, boolean tb) {
        int rank = a.rank();
        if (rank <= 3) return Primitives.dot(a, ta, b, tb);
        int batch = (int) a.shape().size(0, rank - 2);
        Tensor left = Primitives.reshape(a, a.shape().from(rank - 2).insert(0, batch));
        Tensor right = Primitives.reshape(b, b.shape().from(rank - 2).insert(0, batch));
        Tensor dot = Primitives.dot(left, ta, right, tb);
        return Primitives.reshape(
                dot, a.shape().slice(0, rank - 2).concat(dot.shape().from(1)));
    }

    private static Tensor symmetric(Tensor a) {
        return product(a, false, a, true);
    }

    @Test
    void batchesOfTwoAxes() {
        var solve = new Op.TriangularSolve(true, false, false);
        FiniteDifferences.checkGradient(
                "cholesky", x -> Tensor.of(new Op.Cholesky(), symmetric(x.get(0))), dominant(1, 2, 2, 2, 3, 3));
        FiniteDifferences.checkGradient(
                "solve", x -> Tensor.of(solve, x.get(0), x.get(1)), dominant(2, 2, 2, 2, 3, 3), random(3, 2, 2, 3, 2));
        FiniteDifferences.checkGradient("lu", x -> item(new Op.Lu(), x.get(0), 0), dominant(4, 2, 2, 2, 3, 3));
        for (int k = 0; k < 2; k++) {
            int index = k;
            FiniteDifferences.checkGradient(
                    "qr " + k, x -> item(new Op.Qr(false), x.get(0), index), dominant(5, 2, 2, 2, 4, 3));
            FiniteDifferences.checkGradient(
                    "wide qr " + k, x -> item(new Op.Qr(false), x.get(0), index), dominant(6, 2, 2, 2, 2, 4));
            FiniteDifferences.checkGradient(
                    "eigh " + k, x -> item(new Op.Eigh(), symmetric(x.get(0)), index), dominant(7, 1, 2, 2, 3, 3));
        }
        for (int k = 0; k < 3; k++) {
            int index = k;
            FiniteDifferences.checkGradient(
                    "tall svd " + k, x -> item(new Op.Svd(), x.get(0), index), dominant(8, 1, 2, 2, 4, 3));
            FiniteDifferences.checkGradient(
                    "wide svd " + k, x -> item(new Op.Svd(), x.get(0), index), dominant(9, 1, 2, 2, 2, 4));
        }
    }

    @Test
    void completeQrOfSquareAndWideMatrices() {
        for (int[] shape : List.of(new int[] {3, 3}, new int[] {2, 4}))
            for (int k = 0; k < 2; k++) {
                int index = k;
                FiniteDifferences.checkGradient(
                        "complete qr " + k, x -> item(new Op.Qr(true), x.get(0), index), dominant(11, 2, shape));
            }
    }

    @Test
    void oneByOneMatrices() {
        NDArray x = NDArray.of(Shape.of(1, 1), 2.5);
        FiniteDifferences.checkGradient("cholesky", t -> Tensor.of(new Op.Cholesky(), t.get(0)), x);
        FiniteDifferences.checkGradient("qr", t -> item(new Op.Qr(false), t.get(0), 1), x);
        FiniteDifferences.checkGradient("lu", t -> item(new Op.Lu(), t.get(0), 0), x);
        FiniteDifferences.checkGradient("eigh", t -> item(new Op.Eigh(), t.get(0), 0), x);
        FiniteDifferences.checkGradient("svd", t -> item(new Op.Svd(), t.get(0), 1), x);
    }

    /** The sum of all eigenvalues is the trace, so its gradient is the identity even where all are equal. */
    @Test
    void equalEigenvaluesHaveAGradient() {
        assertGradient(twice(), x -> item(new Op.Eigh(), x, 0));
    }

    /** The nuclear norm of 2 I has the gradient U V^T = I. */
    @Test
    void equalSingularValuesHaveAGradient() {
        assertGradient(twice(), x -> item(new Op.Svd(), x, 1));
    }

    /** 2 I. */
    private static NDArray twice() {
        NDArray a = NDArray.zeros(DType.FLOAT64, Shape.of(3, 3));
        for (int i = 0; i < 9; i += 4) a.set(i, 2);
        return a;
    }

    /** Checks that the sum of the values has the identity as its gradient. */
    private static void assertGradient(NDArray at, UnaryOperator<Tensor> values) {
        Tensor x = Primitives.input("x", at.dtype(), at.shape());
        Tensor y = values.apply(x);
        Tensor dy = Primitives.full(1, y.dtype(), y.shape());
        Tensor dx = Gradients.of(List.of(y), List.of(dy), List.of(x)).getFirst();
        NDArray got =
                Function.of(List.of(x), List.of(dx), Map.of()).run(List.of(at)).getFirst();
        int n = at.shape().last();
        for (int i = 0; i < got.size(); i++)
            assertEquals(i / n == i % n ? 1 : 0, got.get(i), 1e-12, "element " + i + " of " + got);
    }

    @Test
    void triangularSolveDoesNotSeeTheOtherTriangle() {
        Tensor a = Primitives.input("a", DType.FLOAT64, Shape.of(3, 3));
        Tensor b = Primitives.input("b", DType.FLOAT64, Shape.of(3, 2));
        for (int flags = 0; flags < 8; flags++) {
            var op = new Op.TriangularSolve((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
            Tensor y = Tensor.of(op, a, b);
            Tensor dy = Primitives.full(1, y.dtype(), y.shape());
            Tensor da = Gradients.of(List.of(y), List.of(dy), List.of(a)).getFirst();
            NDArray got = Function.of(List.of(a, b), List.of(da), Map.of())
                    .run(List.of(dominant(3, 2, 3, 3), random(4, 3, 2)))
                    .getFirst();
            for (int i = 0; i < 9; i++) {
                boolean outside = op.lower() ? i / 3 < i % 3 : i / 3 > i % 3;
                if (outside || (op.unitDiagonal() && i % 4 == 0)) assertEquals(0, got.get(i), op + ", element " + i);
                else assertTrue(got.get(i) != 0, op + ", element " + i);
            }
        }
    }
}
