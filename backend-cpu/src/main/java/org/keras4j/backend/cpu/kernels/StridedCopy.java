package org.keras4j.backend.cpu.kernels;

/**
 * Copies a box of elements between two arrays of one type with any strides: transposition, slicing, padding,
 * concatenation, flipping. Axes that go on alike in both are merged; runs are copied whole and floats that swap axes
 * go through square tiles.
 */
public final class StridedCopy implements Work {
    /** Elements that are worth a part of their own. */
    private static final int PART = 32 * 1024;

    private final WorkPool pool;
    /** The axes without the one or two that are copied at a time. */
    private final int[] dims;

    private final int[] fromStrides;
    private final int[] toStrides;
    private final int rows;
    private final int columns;
    private final int fromRow;
    private final int fromColumn;
    private final int toRow;
    private final int toColumn;
    private final int jobs;
    private final int parts;
    private Object from = TiledProduct.NONE;
    private int fo;
    private Object to = TiledProduct.NONE;
    private int at;

    /** Prepares a copy of {@code dims} elements; run it from one thread at a time. */
    public StridedCopy(WorkPool pool, int[] dims, int[] fromStrides, int[] toStrides) {
        this.pool = pool;
        var d = new int[dims.length + 2];
        var f = new int[dims.length + 2];
        var t = new int[dims.length + 2];
        d[0] = 1;
        d[1] = 1;
        int rank = 2;
        long size = 1;
        for (int axis = 0; axis < dims.length; axis++) {
            size *= dims[axis];
            if (dims[axis] == 1) continue;
            int last = rank - 1;
            if (rank > 2 && f[last] == fromStrides[axis] * dims[axis] && t[last] == toStrides[axis] * dims[axis]) {
                d[last] *= dims[axis];
            } else {
                last = rank++;
                d[last] = dims[axis];
            }
            f[last] = fromStrides[axis];
            t[last] = toStrides[axis];
        }
        int column = rank - 1;
        int row = rank - 2;
        // The axis along which the source is contiguous makes the other side of the tile.
        for (int axis = 0; axis < column; axis++) if (d[axis] > 1 && f[axis] == 1 && f[column] != 1) row = axis;
        rows = d[row];
        columns = d[column];
        fromRow = f[row];
        fromColumn = f[column];
        toRow = t[row];
        toColumn = t[column];
        this.dims = without(d, rank, row);
        this.fromStrides = without(f, rank, row);
        this.toStrides = without(t, rank, row);
        int outer = 1;
        for (int dim : this.dims) outer *= dim;
        jobs = size == 0 ? 0 : outer;
        int split = Math.max(1, jobs) == 1 ? Blocks.divideUp(rows, 16) : jobs;
        parts = Math.clamp(size / PART, 1, Math.max(1, Math.min(split, 4 * pool.threads())));
    }

    private static int[] without(int[] values, int rank, int row) {
        var rest = new int[rank - 2];
        int n = 0;
        for (int axis = 0; axis < rank - 1; axis++) if (axis != row) rest[n++] = values[axis];
        return rest;
    }

    /** Copies; {@code from} and {@code to} are arrays of the same primitive type. */
    public void run(Object from, int fo, Object to, int at) {
        this.from = from;
        this.fo = fo;
        this.to = to;
        this.at = at;
        if (jobs > 0) pool.run(parts, this);
    }

    @Override
    public void part(int index, Scratch scratch) {
        if (jobs == 1) {
            int first = (int) ((long) Blocks.divideUp(rows, 16) * index / parts) * 16;
            int last = Math.min(rows, (int) ((long) Blocks.divideUp(rows, 16) * (index + 1) / parts) * 16);
            plane(fo + first * fromRow, at + first * toRow, last - first);
            return;
        }
        int end = (int) ((long) jobs * (index + 1) / parts);
        for (int job = (int) ((long) jobs * index / parts); job < end; job++) {
            int f = fo;
            int t = at;
            int rest = job;
            for (int axis = dims.length - 1; axis >= 0; axis--) {
                int i = rest % dims[axis];
                rest /= dims[axis];
                f += i * fromStrides[axis];
                t += i * toStrides[axis];
            }
            plane(f, t, rows);
        }
    }

    private void plane(int f, int t, int rows) {
        if (fromColumn == 1 && toColumn == 1) {
            for (int i = 0; i < rows; i++) System.arraycopy(from, f + i * fromRow, to, t + i * toRow, columns);
        } else if (fromRow == 1 && toColumn == 1 && from instanceof float[] a) {
            Transpose.block(a, f, fromColumn, columns, rows, (float[]) to, t, toRow);
        } else {
            for (int i = 0; i < rows; i++) line(f + i * fromRow, t + i * toRow);
        }
    }

    private void line(int f, int t) {
        int n = columns;
        int p = fromColumn;
        int q = toColumn;
        switch (from) {
            case float[] a -> floats(a, f, p, (float[]) to, t, q, n);
            case int[] a -> {
                int[] b = (int[]) to;
                for (int i = 0; i < n; i++) b[t + i * q] = a[f + i * p];
            }
            case long[] a -> {
                long[] b = (long[]) to;
                for (int i = 0; i < n; i++) b[t + i * q] = a[f + i * p];
            }
            case double[] a -> {
                double[] b = (double[]) to;
                for (int i = 0; i < n; i++) b[t + i * q] = a[f + i * p];
            }
            default -> throw new IllegalArgumentException("StridedCopy: expected a float, double, int or long array");
        }
    }

    private static void floats(float[] a, int f, int p, float[] b, int t, int q, int n) {
        for (int i = 0; i < n; i++) b[t + i * q] = a[f + i * p];
    }
}
