package org.keras4j.backend.cpu;

import java.util.List;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.LoopWarmup;
import org.keras4j.backend.cpu.kernels.WorkPool;

/**
 * Runs a fused group over few elements: without vectors until their loops are compiled, which takes such a group a
 * thousand runs, each with an object per vector. Both ways compute the same bits.
 */
final class SmallGroup implements Kernel {
    /** A group over more elements gets its loops compiled by itself soon enough. */
    static final int MOST = 512;

    private final ElementwiseKernel plain;
    private final ElementwiseKernel vectors;
    private final LoopWarmup warmup;

    SmallGroup(WorkPool pool, Expression expression, List<View> in, List<View> out) {
        plain = ElementwiseKernel.withoutVectors(pool, expression, in, out);
        vectors = ElementwiseKernel.withVectors(pool, expression, in, out);
        warmup = new LoopWarmup(vectors.loops());
    }

    @Override
    public void run() {
        if (warmup.isHot()) vectors.run();
        else plain.run();
    }
}
