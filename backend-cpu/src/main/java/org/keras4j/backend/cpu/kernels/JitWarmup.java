package org.keras4j.backend.cpu.kernels;

import java.util.function.IntConsumer;

/** Calls one loop over vectors until the JIT compilers have made it fast. */
final class JitWarmup implements TileWarmup.Task {
    /** Most steps that the loop is asked for; as many as the call that is timed has. */
    static final int STEPS = 64;
    /** Calls and their steps in the interpreter, where each takes 30 microseconds and more: tier 3 wants 200 calls. */
    private static final int CALLS_TO_C1 = 300;

    private static final int STEPS_TO_C1 = 4;
    /** Calls and their steps in the code of tier 3: tier 4 wants 600 calls, and with the turns of loops 15,000. */
    private static final int CALLS_TO_C2 = 700;

    private static final int STEPS_TO_C2 = 24;
    /** Looks after which the calls are made again: while its queue is long, a compiler wants more than otherwise. */
    private static final int INSIST = 40;
    /** What the timed call takes when the compilers are through: about 0.5 microseconds after C2, 100 to 1000 after C1. */
    private static final long C1_NANOS = 2_000_000;

    private static final long C2_NANOS = 8_000;
    /** After so many looks, half a minute, the loop is called come what may. */
    private static final int LOOKS = 6000;

    private final IntConsumer loop;
    private final Runnable fast;
    private int looks;
    private int looksAfterC1;

    /** Will call {@code loop} with numbers of steps, and then {@code fast}. */
    JitWarmup(IntConsumer loop, Runnable fast) {
        this.loop = loop;
        this.fast = fast;
    }

    @Override
    public boolean advance() {
        if (looksAfterC1 == 0 && looks % INSIST == 0) call(CALLS_TO_C1, STEPS_TO_C1);
        long start = System.nanoTime();
        call(1, STEPS);
        long nanos = System.nanoTime() - start;
        if ((looksAfterC1 > 0 || nanos < C1_NANOS) && nanos >= C2_NANOS && looksAfterC1++ % INSIST == 0)
            call(CALLS_TO_C2, STEPS_TO_C2);
        if (nanos >= C2_NANOS && ++looks < LOOKS) return false;
        fast.run();
        return true;
    }

    private void call(int count, int steps) {
        for (int n = 0; n < count; n++) loop.accept(steps);
    }
}
