package org.keras4j.backend.cpu.kernels;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.backend.cpu.kernels.Scratch.Use;

/**
 * A step of recurrent units on {@code [rows][units]}, some rows at a time: each gate of theirs is gathered to one piece
 * of scratch memory, whole vectors long, so that the loops over it are few and long whatever the number of units. What
 * lies behind the last element of a piece is arbitrary and never copied out.
 *
 * <p>A step is a list of passes, each a method of its own. One method with all of them is more than the compiler
 * inlines: it stops half-way through one of the functions and makes an object of each vector there. Calls of a loop
 * over passes that differ are never inlined.
 */
abstract class CellWork implements Work {
    /** Computes some pieces of {@code count} rows; piece k of {@code room} is at {@code k * piece}. */
    interface Pass {
        void run(int row, int count, float[] room, int piece);
    }

    /** Elements of a piece: ten of them fit a first-level cache of 32 KB. */
    private static final int PIECE = 512;
    /** Elements that are worth a part of their own. */
    private static final int PART = 2 * 1024;

    final int units;
    private final WorkPool pool;
    private final int rows;
    private final int pieces;
    private final int rowsAtOnce;
    private final int parts;
    private final List<Pass> passes = new ArrayList<>();

    CellWork(WorkPool pool, int rows, int units, int pieces) {
        this.pool = pool;
        this.rows = rows;
        this.units = units;
        this.pieces = pieces;
        rowsAtOnce = Math.max(1, PIECE / Math.max(1, units));
        int most = Math.min(Blocks.divideUp(rows, rowsAtOnce), 4 * pool.threads());
        parts = Math.clamp((long) rows * units / PART, 1, Math.max(1, most));
    }

    /** Runs all rows. */
    public final void run() {
        if (rows > 0 && units > 0) pool.run(parts, this);
    }

    @Override
    public final void part(int index, Scratch scratch) {
        int piece = Blocks.divideUp(rowsAtOnce * units, Blocks.LANES) * Blocks.LANES;
        float[] room = scratch.floats(Use.OTHER, pieces * piece);
        int end = (int) ((long) rows * (index + 1) / parts);
        for (int row = (int) ((long) rows * index / parts); row < end; row += rowsAtOnce)
            for (int i = 0; i < passes.size(); i++)
                passes.get(i).run(row, Math.min(rowsAtOnce, end - row), room, piece);
    }

    final void add(Pass pass) {
        passes.add(pass);
    }

    /** Returns the elements of {@code count} rows of a piece, in whole vectors. */
    final int elements(int count) {
        return Blocks.divideUp(count * units, Blocks.LANES) * Blocks.LANES;
    }

    /** Gathers column block {@code block} of the rows of {@code x[rows][blocks * units]}. */
    final void gather(Floats x, int blocks, int block, int row, int count, float[] to, int at) {
        for (int i = 0; i < count; i++)
            System.arraycopy(x.array(), place(x, blocks, block, row + i), to, at + i * units, units);
    }

    /** Gathers the sums of column block {@code block} of two tensors. */
    final void gatherSums(Floats x, Floats r, int blocks, int block, int row, int count, float[] to, int at) {
        for (int i = 0; i < count; i++)
            FloatLoops.add(
                    x.array(),
                    place(x, blocks, block, row + i),
                    r.array(),
                    place(r, blocks, block, row + i),
                    to,
                    at + i * units,
                    units);
    }

    /** Writes a piece to column block {@code block} of the rows. */
    final void scatter(float[] from, int at, Floats to, int blocks, int block, int row, int count) {
        for (int i = 0; i < count; i++)
            System.arraycopy(from, at + i * units, to.array(), place(to, blocks, block, row + i), units);
    }

    private int place(Floats x, int blocks, int block, int row) {
        return x.at() + (row * blocks + block) * units;
    }
}
