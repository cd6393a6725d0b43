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
    /** Steps of the call that is timed. */
    private static final int DEPTH = 64;
    /** Calls and their steps in the interpreter, where each takes 30 microseconds: tier 3 wants 200 calls. */
    private static final int CALLS_TO_C1 = 300;

    private static final int DEPTH_TO_C1 = 4;
    /** Calls and their steps in the code of tier 3: tier 4 wants 600 calls, and with the turns of loops 15,000. */
    private static final int CALLS_TO_C2 = 700;

    private static final int DEPTH_TO_C2 = 24;
    /** Looks after which the calls are made again: while its queue is long, a compiler wants more than otherwise. */
    private static final int INSIST = 40;
    /** What {@code DEPTH} steps take when the compilers are through: about 0.5 microseconds after C2, 100 after C1. */
    private static final long C1_NANOS = 400_000;

    private static final long C2_NANOS = 8_000;
    /** Milliseconds between two looks, and their number: after half a minute the tile is called come what may. */
    private static final int PAUSE = 5;

    private static final int LOOKS = 6000;

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
        else if (done != ASKED && steps.compareAndSet(i, done, ASKED)) ASKED_FOR.add(new Job(i, height, wide));
        return false;
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

    /** The way of one tile through the compilers. */
    private final class Job implements Task {
        private final int index;
        private final int height;
        private final boolean wide;
        private final float[] a = new float[Blocks.HEIGHT * Blocks.DEPTH + DEPTH];
        private final float[] b = new float[DEPTH * Blocks.WIDTH];
        private final float[] c = new float[Blocks.HEIGHT * Blocks.WIDTH];
        private int looks;
        private int looksAfterC1;

        Job(int index, int height, boolean wide) {
            this.index = index;
            this.height = height;
            this.wide = wide;
        }

        @Override
        public boolean advance() {
            if (looksAfterC1 == 0 && looks % INSIST == 0) call(CALLS_TO_C1, DEPTH_TO_C1);
            long start = System.nanoTime();
            call(1, DEPTH);
            long nanos = System.nanoTime() - start;
            if ((looksAfterC1 > 0 || nanos < C1_NANOS) && nanos >= C2_NANOS && looksAfterC1++ % INSIST == 0)
                call(CALLS_TO_C2, DEPTH_TO_C2);
            if (nanos >= C2_NANOS && ++looks < LOOKS) return false;
            steps.set(index, HOT);
            return true;
        }

        private void call(int count, int depth) {
            for (int n = 0; n < count; n++) tile.run(height, wide, depth, a, b, c);
        }
    }
}
