package org.keras4j.backend.cpu.kernels;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs the parts of a {@link Work} on the caller and a fixed set of daemon threads.
 *
 * <p>Workers spin for a few microseconds after each job, because waking a parked thread costs more than most kernels
 * take. When two callers come at once the second runs its parts itself: the cut into parts never depends on the
 * threads.
 */
public final class WorkPool {
    /**
     * Spins of about 40 ns: enough to bridge the gap between two kernels of one step, short enough for an idle machine.
     */
    private static final int SPINS = 2_000;

    /** Next part of a job that takes no more claims; without it a late worker could claim from a job half announced. */
    private static final long CLOSED = Integer.MAX_VALUE;

    private static final WorkPool SHARED = new WorkPool(configuredThreads());

    private final Thread[] workers;
    private final Sleeper[] sleepers;
    private final AtomicBoolean busy = new AtomicBoolean();
    /** Job number in the upper half, next part in the lower: a claim can only succeed on the job it was read from. */
    private final AtomicLong ticket = new AtomicLong(CLOSED);

    private final AtomicInteger done = new AtomicInteger();
    private @Nullable Work work;
    private int parts;
    private volatile @Nullable Throwable failure;

    /** Starts a pool in which {@code threads} threads work, the caller being one of them. */
    public WorkPool(int threads) {
        if (threads < 1) throw new IllegalArgumentException("WorkPool: threads must be positive, got " + threads);
        workers = new Thread[threads - 1];
        sleepers = new Sleeper[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            Sleeper sleeper = new Sleeper();
            sleepers[i] = sleeper;
            workers[i] =
                    Thread.ofPlatform().daemon().name("keras4j-cpu-" + (i + 1)).unstarted(() -> loop(sleeper));
            workers[i].start();
        }
    }

    /** Returns the pool of the process: one thread per processor, or the system property {@code keras4j.threads}. */
    public static WorkPool shared() {
        return SHARED;
    }

    /** Returns the number of threads, the caller included. */
    public int threads() {
        return workers.length + 1;
    }

    /** Runs parts {@code 0 .. parts - 1} and returns when all are done; an error of a part is thrown here. */
    public void run(int parts, Work work) {
        if (parts <= 1 || workers.length == 0 || !busy.compareAndSet(false, true)) {
            runHere(parts, work);
            return;
        }
        try {
            share(parts, work);
        } finally {
            this.work = null;
            busy.set(false);
        }
    }

    private static void runHere(int parts, Work work) {
        Scratch scratch = Scratch.ofThread();
        for (int i = 0; i < parts; i++) work.part(i, scratch);
    }

    private void share(int parts, Work work) {
        this.work = work;
        this.parts = parts;
        failure = null;
        done.set(0);
        ticket.set(((ticket.get() >>> 32) + 1) << 32);
        int wanted = Math.min(parts - 1, workers.length);
        for (int i = 0; i < wanted; i++) {
            if (sleepers[i].asleep) LockSupport.unpark(workers[i]);
        }
        take(Scratch.ofThread());
        for (int spin = 0; done.get() < parts; spin++) {
            if (spin < SPINS) Thread.onSpinWait();
            else Thread.yield();
        }
        ticket.set(ticket.get() >>> 32 << 32 | CLOSED);
        Throwable thrown = failure;
        if (thrown instanceof RuntimeException exception) throw exception;
        if (thrown instanceof Error error) throw error;
    }

    /** Claims and runs parts of the current job until none is left; returns whether it ran any. */
    private boolean take(Scratch scratch) {
        boolean any = false;
        while (true) {
            long claim = ticket.get();
            Work current = work;
            int index = (int) claim;
            if (current == null || index >= parts) return any;
            if (!ticket.compareAndSet(claim, claim + 1)) continue;
            any = true;
            try {
                current.part(index, scratch);
            } catch (Throwable t) {
                failure = t;
            }
            done.incrementAndGet();
        }
    }

    private void loop(Sleeper sleeper) {
        Scratch scratch = Scratch.ofThread();
        long seen = 0;
        int idle = 0;
        while (true) {
            long job = ticket.get() >>> 32;
            if (job != seen) {
                seen = job;
                take(scratch);
                idle = 0;
            } else if (idle++ < SPINS) {
                Thread.onSpinWait();
            } else {
                sleeper.asleep = true;
                if (ticket.get() >>> 32 == seen) LockSupport.park(this);
                sleeper.asleep = false;
                idle = 0;
            }
        }
    }

    private static int configuredThreads() {
        int processors = Runtime.getRuntime().availableProcessors();
        Integer threads = Integer.getInteger("keras4j.threads");
        return threads == null ? processors : Math.clamp(threads, 1, 1024);
    }

    /** Tells the caller whether a worker needs to be woken. */
    private static final class Sleeper {
        volatile boolean asleep;
    }
}
