package org.keras4j.backend.cpu.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Knows which register tiles the JIT compiler has made fast. In the interpreter a tile is slower than plain loops by a
 * hundred times and more, and a program's first second would be spent there; so plain loops, which compute the same
 * bits, stand in until a daemon thread has called the tile often enough on a few floats of its own.
 */
final class TileWarmup {
    /** Calls one tile on data of the caller's. */
    interface Tile {
        void run(int height, boolean wide, int depth, float[] a, float[] b, float[] c);
    }

    /** Something that the daemon thread helps through the compilers. */
    interface Task {
        /** Goes on as far as it can without waiting; returns whether it is through. */
        boolean advance();
    }

    private static final int HOT = Integer.MAX_VALUE;
    private static final int ASKED = HOT - 1;
    /** Steps in plain loops (of 14 x 32 multiply-adds each: about 10 million) before compiling a tile pays. */
    private static final int PATIENCE = 20_000;
    /** Milliseconds between two looks. */
    private static final int PAUSE = 5;

    private static final BlockingQueue<Task> ASKED_FOR = new LinkedBlockingQueue<>();

    static {
        Thread.ofPlatform().daemon().name("keras4j-cpu-warm-up").start(TileWarmup::serve);
    }

    private final Tile tile;
    private final AtomicIntegerArray steps = new AtomicIntegerArray(32);

    TileWarmup(Tile tile) {
        this.tile = tile;
    }

    /** Says whether to call the tile now; if not, counts the {@code depth} steps that are done without it. */
    boolean isHot(int height, boolean wide, int depth) {
        int i = wide ? 16 + height : height;
        int done = steps.get(i);
        if (done == HOT) return true;
        if (done < PATIENCE) steps.compareAndSet(i, done, done + depth);
        else if (done != ASKED && steps.compareAndSet(i, done, ASKED)) ask(job(i, height, wide));
        return false;
    }

    private Task job(int index, int height, boolean wide) {
        float[] a = new float[Blocks.HEIGHT * Blocks.DEPTH + JitWarmup.STEPS];
        float[] b = new float[JitWarmup.STEPS * Blocks.WIDTH];
        float[] c = new float[Blocks.HEIGHT * Blocks.WIDTH];
        return new JitWarmup(depth -> tile.run(height, wide, depth, a, b, c), () -> steps.set(index, HOT));
    }

    /** Lets the daemon thread advance {@code task} every few milliseconds until it is through. */
    static void ask(Task task) {
        ASKED_FOR.add(task);
    }

    /** Warms up all tiles that are asked for side by side, since most of the time is waiting for the compilers. */
    private static void serve() {
        List<Task> jobs = new ArrayList<>();
        try {
            while (true) {
                if (jobs.isEmpty()) jobs.add(ASKED_FOR.take());
                ASKED_FOR.drainTo(jobs);
                jobs.removeIf(Task::advance);
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
