package org.keras4j.backend.cpu.kernels;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Knows whether the JIT compiler has made one loop over vectors fast. Before, each of its vectors is an object and a call a
 * hundred times slower; so a plain loop, which computes the same bits, stands in until a daemon thread has called the other
 * often enough.
 */
final class VectorWarmup {
    /** Computes {@code n} floats of {@code y}, whole vectors, from those of {@code x}. */
    interface Loop {
        void run(float[] x, float[] y, int n);
    }

    /** Floats in plain loops, a millisecond or two, before compiling the other pays. */
    private static final int PATIENCE = 30_000;

    private static final int ASKED = -1;

    private final Loop loop;
    /** Floats that were computed without vectors, or {@link #ASKED}. */
    private final AtomicInteger plain = new AtomicInteger();

    private volatile boolean hot;

    VectorWarmup(Loop loop) {
        this.loop = loop;
    }

    /** Says whether to call the vector loop now; if not, counts the {@code n} floats that are computed without it. */
    boolean isHot(int n) {
        if (hot) return true;
        int done = plain.get();
        if (done != ASKED && plain.compareAndSet(done, done < PATIENCE ? done + n : ASKED) && done >= PATIENCE) ask();
        return false;
    }

    private void ask() {
        int lanes = Blocks.LANES;
        var x = new float[JitWarmup.STEPS * lanes];
        var y = new float[JitWarmup.STEPS * lanes];
        TileWarmup.ask(new JitWarmup(steps -> loop.run(x, y, steps * lanes), () -> hot = true));
    }
}
