package org.keras4j.backend.cpu.kernels;

/** Runs a kernel for each row of a matrix, several rows to a part. */
public final class RowWork implements Work {
    /** What is done with row {@code row}. */
    public interface Row {
        void run(int row);

        /** Is called before the first row of a part. */
        default void begin() {}

        /** Is called after the last row of a part. */
        default void end() {}
    }

    /** Elements that are worth a part of their own. */
    private static final int PART = 16 * 1024;

    private final WorkPool pool;
    private final int rows;
    private final int parts;
    private final Row kernel;

    /** Prepares {@code rows} calls that handle {@code length} elements each. */
    public RowWork(WorkPool pool, int rows, int length, Row kernel) {
        this.pool = pool;
        this.rows = rows;
        this.kernel = kernel;
        parts = Math.clamp((long) rows * length / PART, 1, Math.max(1, Math.min(rows, 4 * pool.threads())));
    }

    /** Runs all rows. */
    public void run() {
        pool.run(parts, this);
    }

    @Override
    public void part(int index, Scratch scratch) {
        int to = (int) ((long) rows * (index + 1) / parts);
        kernel.begin();
        for (int row = (int) ((long) rows * index / parts); row < to; row++) kernel.run(row);
        kernel.end();
    }
}
