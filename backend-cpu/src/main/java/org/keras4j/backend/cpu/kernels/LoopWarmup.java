package org.keras4j.backend.cpu.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * Knows whether the JIT compiler has made some vector loops fast. A loop over few elements runs a thousand times before
 * the compiler takes notice, and until then each of its vectors is an object; so plain loops stand in until a daemon
 * thread has called the vector loops often enough on data of its own.
 */
public final class LoopWarmup {
    /** Runs of the plain loops after which the others are worth the compiler's time. */
    private static final int PATIENCE = 100;
    /** Calls of a loop over one tile, after which the compiler has been asked: together a million elements. */
    private static final int CALLS = 1000;
    /** What a tile takes when the compiler is through: about 0.2 microseconds, before 10 and more. */
    private static final long HOT_NANOS = 2_000;
    /** Looks, five milliseconds apart, after which the loops are called come what may. */
    private static final int LOOKS = 600;

    private final List<Runnable> cold;
    private int runs;
    private int looks;
    private volatile boolean hot;

    /** Will warm up these loops; each is to be called on about one tile of data, from any one thread. */
    public LoopWarmup(List<Runnable> loops) {
        cold = new ArrayList<>(loops);
        hot = cold.isEmpty();
    }

    /** Says whether to run the vector loops now; if not, counts the run that is done without them. */
    public boolean isHot() {
        if (!hot && ++runs == PATIENCE) TileWarmup.ask(this::advance);
        return hot;
    }

    private boolean advance() {
        if (looks == 0) for (Runnable loop : cold) for (int i = 0; i < CALLS; i++) loop.run();
        cold.removeIf(LoopWarmup::isFast);
        hot = cold.isEmpty() || ++looks == LOOKS;
        return hot;
    }

    /** Takes the shortest of some times: interrupts and the first call of new code last longer. */
    private static boolean isFast(Runnable loop) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long start = System.nanoTime();
            loop.run();
            best = Math.min(best, System.nanoTime() - start);
        }
        return best < HOT_NANOS;
    }
}
