package org.keras4j.backend.cuda;

import java.util.function.BooleanSupplier;

/** Measures what is queued on a device. */
final class Stopwatch {
    private static final int WARM_UPS = 2;
    private static final int RUNS = 5;
    private static final int ROUNDS = 3;

    private Stopwatch() {}

    /** Returns the shortest time of several runs; the greatest number if {@code launch} says that it has failed. */
    static long nanos(CudaDevice device, BooleanSupplier launch) {
        for (int i = 0; i < WARM_UPS; i++) if (!launch.getAsBoolean()) return Long.MAX_VALUE;
        device.finish();
        long shortest = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < RUNS; i++) if (!launch.getAsBoolean()) return Long.MAX_VALUE;
            device.finish();
            shortest = Math.min(shortest, System.nanoTime() - start);
        }
        return shortest;
    }
}
