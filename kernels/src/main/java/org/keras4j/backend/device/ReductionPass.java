package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.op.Op;

/**
 * How one launch of {@code reduce.c} goes about {@code [outer][n][inner]}.
 *
 * @param chunk how much of n makes a part; each part has its own results
 * @param width columns of a block
 * @param lanes rows of n that are reduced at a time
 * @param piece tasks of a work-item on a CPU, outer indices of a group on a GPU
 */
record ReductionPass(boolean cpu, ReductionAxes axes, int chunk, int width, int lanes, int piece) {
    /** Work-items of a group on a GPU: as in reduce.c. What the lanes of a CPU's work-item hold of short rows. */
    private static final int ROOM = 256;

    /** Columns that the lanes of a CPU's work-item have room for: as in reduce.c. */
    private static final int CPU_COLUMNS = 1024;

    /** Columns of a GPU's group where they are many: two lines of memory. */
    private static final int GPU_COLUMNS = 64;

    /** The longest lines on a CPU whose elements go to different vectors, and to one vector for each line. */
    private static final int SHORT = 16;

    private static final int LONG = 256;

    /** Rows that a lane should have before n is split further. */
    private static final int GPU_ROWS = 32;

    /** Returns one part for all of n. */
    static ReductionPass whole(DeviceContext context, ReductionAxes axes) {
        return of(context, axes, axes.n());
    }

    /** Returns as many parts as keep the device busy. */
    static ReductionPass split(DeviceContext context, ReductionAxes axes) {
        ReductionPass whole = whole(context, axes);
        int units = context.traits.units();
        long wanted = 4L * units;
        long least; // rows of a part
        if (whole.cpu) {
            long worth = context.tuning.get("reduce.piece");
            wanted = Math.min(wanted, axes.results() * (long) axes.n() / worth);
            least = Math.max(1, worth / whole.width);
        } else least = (long) whole.lanes * GPU_ROWS;
        long tasks = whole.cpu ? whole.tasks() : whole.groups();
        // two tasks for each unit are balanced well enough
        if (tasks >= 2L * units || wanted <= tasks || axes.n() <= least) return whole;
        long splits = Math.min((wanted + tasks - 1) / tasks, axes.n() / least);
        return of(context, axes, (int) ((axes.n() + splits - 1) / splits));
    }

    /** Returns how running results are made: as {@link #whole} but in the order of n. */
    static ReductionPass running(DeviceContext context, ReductionAxes axes) {
        if (!context.traits.cpu()) {
            int width = Math.min(axes.inner(), 32);
            int lanes = Math.min(axes.n(), ROOM / width);
            int most = ROOM / width / lanes; // short lines share a group
            return new ReductionPass(false, axes, axes.n(), width, lanes, Math.min(axes.outer(), most));
        }
        int width = Math.min(axes.inner(), ROOM);
        return balanced(context, axes, axes.n(), width, 1);
    }

    private static ReductionPass of(DeviceContext context, ReductionAxes axes, int chunk) {
        int inner = axes.inner();
        boolean several = inner <= ROOM / 2;
        if (context.traits.cpu()) {
            // long rows are read at the speed of memory; few numbers are better split by columns than by rows
            boolean large = axes.results() * (long) axes.n() >= 16L * context.tuning.get("reduce.piece");
            int width = Math.min(inner, large ? CPU_COLUMNS : ROOM);
            // each lane gets several rows if that leaves vectors full
            int lanes = several ? Math.clamp(chunk / 16, Math.ceilDiv(32, width), ROOM / width) : 1;
            return balanced(context, axes, chunk, width, lanes);
        }
        int width = several ? inner : GPU_COLUMNS;
        int lanes = Math.min(ROOM / width, Math.max(1, Integer.highestOneBit(chunk * 2 - 1) / 4));
        return new ReductionPass(false, axes, chunk, width, lanes, Math.min(axes.outer(), ROOM / width / lanes));
    }

    private static ReductionPass balanced(DeviceContext context, ReductionAxes axes, int chunk, int width, int lanes) {
        var alone = new ReductionPass(true, axes, chunk, width, lanes, 1);
        long work = axes.results() * (long) axes.n() / context.tuning.get("reduce.piece");
        long items = Math.clamp(work, 1, 4L * context.traits.units());
        return new ReductionPass(true, axes, chunk, width, lanes, (int) ((alone.tasks() + items - 1) / items));
    }

    /** Returns the number of parts. */
    int splits() {
        return (axes.n() + chunk - 1) / chunk;
    }

    private int blocks() {
        return (axes.inner() + width - 1) / width;
    }

    /** Returns the number of blocks of columns, of all parts. */
    private int tasks() {
        return axes.outer() * splits() * blocks();
    }

    private int groups() {
        return (axes.outer() + piece - 1) / piece * splits() * blocks();
    }

    /** Returns the number of results, of all parts. */
    long results() {
        return (long) axes.results() * splits();
    }

    private Grid grid() {
        return cpu ? Grid.of((tasks() + piece - 1) / piece, 1) : Grid.of(groups(), ROOM);
    }

    /** Prepares the reduction of {@code x} into {@code y}. */
    Kernel reduce(Program program, Argument x, Argument y) {
        Argument n = Argument.of(axes.n());
        if (cpu && axes.inner() == 1 && axes.n() <= LONG && chunk == axes.n()) {
            String function = axes.n() <= SHORT ? "reduce_lines" : "reduce_long_lines";
            return program.bind(function, grid(), x, y, Argument.of(tasks()), Argument.of(piece), n);
        }
        return program.bind(
                "reduce",
                grid(),
                x,
                y,
                Argument.of(cpu ? tasks() : axes.outer()),
                Argument.of(piece),
                n,
                Argument.of(axes.inner()),
                Argument.of(chunk),
                Argument.of(splits()),
                Argument.of(width),
                Argument.of(blocks()),
                Argument.of(lanes));
    }

    /** Prepares running results of {@code x} in {@code y}. */
    Kernel cumulative(Program program, Argument x, Argument y, Op.Cumulative op) {
        var arguments = new ArrayList<Argument>(List.of(x, y));
        arguments.addAll(List.of(Argument.of(cpu ? tasks() : axes.outer()), Argument.of(piece)));
        arguments.addAll(List.of(Argument.of(axes.n()), Argument.of(axes.inner())));
        arguments.addAll(List.of(Argument.of(width), Argument.of(blocks())));
        if (!cpu) arguments.add(Argument.of(lanes));
        arguments.addAll(List.of(Argument.of(op.exclusive() ? 1 : 0), Argument.of(op.reverse() ? 1 : 0)));
        return program.bind("cumulative", grid(), arguments.toArray(Argument[]::new));
    }
}
