package org.keras4j.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.backend.Backend;

/** Times of a function on given values: of planning it, of preparing its kernels, and of each kernel's runs. */
public final class Profile {
    /**
     * One kernel of a run.
     *
     * @param layer the layer that it belongs to, empty where it belongs to none
     * @param operation what it does, with the shapes of what it reads and writes
     * @param flops the floating-point operations of one run
     * @param bytes the bytes that one run reads and writes at least
     * @param nanos the shortest and the sum of the times of all runs since {@link #restart}
     */
    public record Line(String layer, String operation, double flops, double bytes, Nanos nanos) {}

    /** The shortest time of a run, and the time of all of them. */
    public record Nanos(long shortest, long total) {}

    private final Executable executable;
    private final NDArray[] values;
    private final @Nullable NDArray[] nothing = {};
    private final List<BoundStep> steps;
    private final long planning;
    private final long preparing;
    private final long[] last;
    private final long[] shortest;
    private final long[] total;
    private int runs;

    Profile(Function function, Backend backend, NDArray[] values) {
        this.values = values.clone();
        long start = System.nanoTime();
        Plan plan = function.plan(backend);
        planning = System.nanoTime() - start;
        executable = new Executable(plan, backend, function.inputSpecs(), function.updated());
        executable.check(List.of(values));
        start = System.nanoTime();
        steps = executable.steps();
        preparing = System.nanoTime() - start;
        last = new long[steps.size()];
        shortest = new long[steps.size()];
        total = new long[steps.size()];
        restart();
    }

    /** Returns the nanoseconds that it took to turn the graph into a plan. */
    public long planning() {
        return planning;
    }

    /** Returns the nanoseconds that it took to allocate memory and to prepare all kernels. */
    public long preparing() {
        return preparing;
    }

    /** Returns the number of runs since {@link #restart}. */
    public int runs() {
        return runs;
    }

    /** Runs once, updates of variables included. */
    public void run() {
        executable.run(values, null, 0, nothing, last);
        for (int i = 0; i < last.length; i++) {
            shortest[i] = Math.min(shortest[i], last[i]);
            total[i] += last[i];
        }
        runs++;
    }

    /** Forgets the times so far, as after warming up. */
    public void restart() {
        Arrays.fill(shortest, Long.MAX_VALUE);
        Arrays.fill(total, 0);
        runs = 0;
    }

    /** Returns the kernels in the order they run; there must have been a run. */
    public List<Line> lines() {
        if (runs == 0) throw new IllegalStateException("Nothing was run since the last restart");
        List<Line> lines = new ArrayList<>(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            BoundStep step = steps.get(i);
            lines.add(new Line(
                    step.label(), step.operation(), step.flops(), step.bytes(), new Nanos(shortest[i], total[i])));
        }
        return lines;
    }
}
