package org.keras4j.backend.reference;

import java.util.List;
import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** The linear algebra operations: each matrix of the batch goes through a {@code double[]} of its own. */
final class ReferenceLinearAlgebra {
    /** Computes the results of one problem; all matrices are row-major. */
    private interface Solver {
        void solve(double[][] in, double[][] out);
    }

    private ReferenceLinearAlgebra() {}

    static Kernel prepare(Op op, List<View> in, List<View> out) {
        for (View view : in)
            if (!view.dtype().isFloating())
                throw new IllegalArgumentException(op + ": expected a floating dtype, got " + view.dtype());
        Shape a = in.getFirst().shape();
        int batch = (int) a.size(0, a.rank() - 2);
        return batched(batch, solver(op, a.dim(-2), a.dim(-1), in), in, out);
    }

    private static Solver solver(Op op, int m, int n, List<View> in) {
        return switch (op) {
            case Op.Cholesky() -> (x, y) -> TriangularMatrices.cholesky(n, x[0], y[0]);
            case Op.TriangularSolve solve -> {
                int columns = in.get(1).shape().last();
                yield (x, y) -> TriangularMatrices.solve(solve, n, columns, x[0], x[1], y[0]);
            }
            case Op.Lu() -> (x, y) -> TriangularMatrices.lu(n, x[0], y[0], y[1]);
            case Op.Qr(boolean complete) -> (x, y) -> Householder.qr(m, n, complete, x[0], y[0], y[1]);
            case Op.Eigh() -> (x, y) -> JacobiRotations.eigh(n, x[0], y[0], y[1]);
            case Op.Svd() -> (x, y) -> JacobiRotations.svd(m, n, x[0], y[0], y[1], y[2]);
            default -> throw new IllegalArgumentException(op + " is no linear algebra operation");
        };
    }

    private static Kernel batched(int batch, Solver solver, List<View> in, List<View> out) {
        List<Elements> sources = in.stream().map(Elements::of).toList();
        List<Elements> targets = out.stream().map(Elements::of).toList();
        return () -> {
            var x = new double[sources.size()][];
            var y = new double[targets.size()][];
            for (int s = 0; s < batch; s++) {
                for (int k = 0; k < x.length; k++) {
                    x[k] = new double[sources.get(k).size / batch];
                    for (int i = 0; i < x[k].length; i++)
                        x[k][i] = sources.get(k).get(s * x[k].length + i);
                }
                for (int k = 0; k < y.length; k++) y[k] = new double[targets.get(k).size / batch];
                solver.solve(x, y);
                for (int k = 0; k < y.length; k++)
                    for (int i = 0; i < y[k].length; i++) targets.get(k).set(s * y[k].length + i, y[k][i]);
            }
        };
    }
}
