package org.keras4j.backend.cpu.kernels;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Knows which register tiles the JIT compiler has made fast. In the interpreter a tile is slower than plain loops by a
 * hundred times and more, and a program's first second would be spent there; so plain loops, which compute the same bits,
 * stand in until a daemon thread has called the tile often enough on a few floats of its own.
 */
final class Warmth {
    /** Calls one tile on data of the caller's. */
    interface Tile {
        void run(int height, boolean wide, int depth, float[] a, float[] b, float[] c);
    }

    private static final int HOT = Integer.MAX_VALUE;
    private static final int ASKED = HOT - 1;
    /** Steps in plain loops (of 14 x 32 multiply-adds each: about 10 million) before compiling a tile pays. */
    private static final int PATIENCE = 20_000;
    /** Steps of a call; in the interpreter, where each takes 30 microseconds, fewer. */
    private static final int DEPTH = 64;

    private static final int SHORT_DEPTH = 4;
    /** Calls after which the compilers of tiers 3 and 4 have been asked: above their thresholds of 200 and 600. */
    private static final int CALLS_TO_C1 = 300;

    private static final int CALLS_TO_C2 = 400;
    /** What {@code DEPTH} steps take when the compilers are through: about 0.5 microseconds after C2, 100 after C1. */
    private static final long C1_NANOS = 400_000;

    private static final long C2_NANOS = 8_000;
    /** Milliseconds between two looks, and their number: after four seconds the tile is called come what may. */
    private static final int PAUSE = 5;

    private static final int LOOKS = 800;

    private static final ExecutorService DAEMON = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("keras4j-cpu-warm-up").factory());

    private final Tile tile;
    private final AtomicIntegerArray steps = new AtomicIntegerArray(32);

    Warmth(Tile tile) {
        this.tile = tile;
    }

    /** Says whether to call the tile now; if not, counts the {@code depth} steps that are done without it. */
    boolean isHot(int height, boolean wide, int depth) {
        int i = wide ? 16 + height : height;
        int done = steps.get(i);
        if (done == HOT) return true;
        if (done < PATIENCE) steps.compareAndSet(i, done, done + depth);
        else if (done != ASKED && steps.compareAndSet(i, done, ASKED)) DAEMON.execute(() -> warm(i, height, wide));
        return false;
    }

    private void warm(int i, int height, boolean wide) {
        var a = new float[Blocks.HEIGHT * Blocks.DEPTH + DEPTH];
        var b = new float[DEPTH * Blocks.WIDTH];
        var c = new float[Blocks.HEIGHT * Blocks.WIDTH];
        for (int n = 0; n < CALLS_TO_C1; n++) tile.run(height, wide, SHORT_DEPTH, a, b, c);
        await(C1_NANOS, height, wide, a, b, c);
        for (int n = 0; n < CALLS_TO_C2; n++) tile.run(height, wide, DEPTH, a, b, c);
        await(C2_NANOS, height, wide, a, b, c);
        steps.set(i, HOT);
    }

    /** Waits until a call takes no longer than {@code nanos}, or too long. */
    private void await(long nanos, int height, boolean wide, float[] a, float[] b, float[] c) {
        for (int look = 0; look < LOOKS; look++) {
            long start = System.nanoTime();
            tile.run(height, wide, DEPTH, a, b, c);
            if (System.nanoTime() - start < nanos) return;
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
