package org.keras4j.preprocessing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import org.keras4j.models.Batch;

/**
 * Reads batches in the background and gives them in their order. Each batch is a virtual thread of its own, so that a
 * walk that is given up leaves nothing behind: what has begun ends by itself.
 */
final class Prefetch implements Iterator<Batch> {
    private final int count;
    private final IntFunction<Batch> read;
    private final int ahead;
    private final Semaphore workers;
    private final Deque<FutureTask<Batch>> waiting = new ArrayDeque<>();
    private int begun;

    Prefetch(int count, IntFunction<Batch> read, int ahead, int workers) {
        this.count = count;
        this.read = read;
        this.ahead = ahead;
        this.workers = new Semaphore(workers);
        fill();
    }

    private void fill() {
        while (begun < count && waiting.size() < ahead) {
            int number = begun++;
            var task = new FutureTask<>(() -> {
                workers.acquire();
                try {
                    return read.apply(number);
                } finally {
                    workers.release();
                }
            });
            waiting.add(task);
            Thread.ofVirtual().name("keras4j-prefetch").start(task);
        }
    }

    @Override
    public boolean hasNext() {
        return !waiting.isEmpty();
    }

    @Override
    public Batch next() {
        if (waiting.isEmpty()) throw new NoSuchElementException("The data set has " + count + " batches");
        FutureTask<Batch> first = waiting.remove();
        try {
            Batch batch = first.get();
            fill();
            return batch;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) throw failure;
            if (e.getCause() instanceof Error error) throw error;
            throw new IllegalStateException("A batch could not be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a batch", e);
        }
    }
}
