package org.keras4j.backend.cpu;

import java.util.List;
import org.keras4j.backend.Expression;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.Epilogue;
import org.keras4j.backend.cpu.kernels.Scratch;
import org.keras4j.backend.cpu.kernels.WorkPool;

/** Runs a fused group of elementwise operations on pieces of a product that it reads. */
final class ElementwiseEpilogue implements Epilogue {
    private final ElementwiseKernel group;
    private final int base;

    ElementwiseEpilogue(WorkPool pool, Expression expression, List<View> in, List<View> out, View product) {
        group = ElementwiseKernel.withVectors(pool, expression, in, out);
        base = (int) product.offset();
    }

    @Override
    public void begin() {
        group.prepare(Scratch.ofThread().registers());
    }

    @Override
    public void apply(float[] y, int at, int n) {
        group.run(Scratch.ofThread().registers(), at - base, n);
    }

    @Override
    public void end() {
        Scratch.ofThread().registers().clear();
    }
}
