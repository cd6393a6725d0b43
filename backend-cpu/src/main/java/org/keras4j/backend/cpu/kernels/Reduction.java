package org.keras4j.backend.cpu.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * Reduces some axes of a tensor to size 1: neighbouring axes are merged, then one group of reduced axes after the other
 * goes, the innermost first, each as {@code [outer][length][inner] -> [outer][inner]}.
 */
public final class Reduction {
    /** What is done with the elements. */
    public enum Function {
        SUM,
        PROD,
        MAX,
        MIN
    }

    private final List<Stage> stages = new ArrayList<>();
    private final float[][] between;

    /** Prepares the reduction of a tensor of these sizes; run it from one thread at a time. */
    public Reduction(WorkPool pool, Function function, int[] dims, boolean[] reduced) {
        int outer = 1;
        for (int dim : dims) outer *= dim;
        int inner = 1;
        for (int axis = dims.length - 1; axis >= 0; ) {
            if (!reduced[axis]) {
                inner *= dims[axis];
                outer /= Math.max(1, dims[axis--]);
                continue;
            }
            int length = 1;
            for (; axis >= 0 && (reduced[axis] || dims[axis] == 1); axis--) length *= dims[axis];
            outer /= Math.max(1, length);
            if (length != 1) stages.add(new Stage(pool, function, outer, length, inner));
        }
        if (stages.isEmpty()) stages.add(new Stage(pool, function, 1, 1, inner));
        between = new float[stages.size() - 1][];
        for (int i = 0; i < between.length; i++)
            between[i] = new float[stages.get(i).results()];
    }

    /** Writes the reduced tensor; x and y do not overlap. */
    public void run(float[] x, int xo, float[] y, int yo) {
        float[] from = x;
        int at = xo;
        for (int i = 0; i < stages.size(); i++) {
            boolean last = i == between.length;
            stages.get(i).run(from, at, last ? y : between[i], last ? yo : 0);
            if (!last) from = between[i];
            at = 0;
        }
    }

    /** One step {@code [outer][length][inner] -> [outer][inner]}. */
    private static final class Stage implements Work {
        /** Elements that are worth a part of their own. */
        private static final int PART = 32 * 1024;

        private static final int FEW = 512;
        /** Columns that are summed at a time. */
        private static final int BLOCK = 4 * Blocks.LANES;

        private final WorkPool pool;
        private final Function function;
        private final int outer;
        private final int length;
        private final int inner;
        private final int blocks;
        /** Pieces that the length is cut into, by the sizes alone. */
        private final int chunks;

        private final int chunk;
        private final float[] partial;
        private final int parts;
        /** Whether it is done without vectors; so small a step runs too seldom to get vector code compiled soon. */
        private final boolean few;

        private float[] x = TiledProduct.NONE;
        private int xo;
        private float[] y = TiledProduct.NONE;
        private int yo;

        Stage(WorkPool pool, Function function, int outer, int length, int inner) {
            this.pool = pool;
            this.function = function;
            this.outer = outer;
            this.length = length;
            this.inner = inner;
            blocks = Blocks.divideUp(inner, BLOCK);
            long independent = (long) outer * blocks;
            long all = (long) outer * length * inner;
            int wanted = independent >= 16 ? 1 : Math.clamp(all / PART, 1, 64);
            few = all <= FEW;
            chunk = Math.max(1, Blocks.divideUp(length, wanted));
            chunks = Math.max(1, Blocks.divideUp(length, chunk));
            partial = chunks > 1 ? new float[chunks * results()] : TiledProduct.NONE;
            parts = (int) Math.clamp(all / PART, 1, Math.max(1, Math.min(independent * chunks, 64)));
        }

        int results() {
            return outer * inner;
        }

        void run(float[] x, int xo, float[] y, int yo) {
            this.x = x;
            this.xo = xo;
            this.y = chunks > 1 ? partial : y;
            this.yo = chunks > 1 ? 0 : yo;
            pool.run(parts, this);
            if (chunks == 1) return;
            for (int j = 0; j < inner; j += BLOCK) {
                int width = Math.min(BLOCK, inner - j);
                for (int i = 0; i < outer; i++)
                    Columns.reduce(function, partial, i * inner + j, results(), chunks, width, y, yo + i * inner + j);
            }
        }

        @Override
        public void part(int index, Scratch scratch) {
            int jobs = outer * blocks * chunks;
            int to = (int) ((long) jobs * (index + 1) / parts);
            for (int job = (int) ((long) jobs * index / parts); job < to; job++) {
                int c = job / (outer * blocks);
                int i = job / blocks % outer;
                int j = job % blocks * BLOCK;
                int rows = Math.min(chunk, length - c * chunk);
                int from = xo + (i * length + c * chunk) * inner + j;
                int at = yo + (c * outer + i) * inner + j;
                if (few) few(from, rows, Math.min(BLOCK, inner - j), at);
                else if (inner == 1) y[at] = Rows.reduce(function, x, from, rows);
                else Columns.reduce(function, x, from, inner, rows, Math.min(BLOCK, inner - j), y, at);
            }
        }

        /** Reduces some neighbouring columns one after the other. */
        private void few(int from, int rows, int columns, int at) {
            for (int j = 0; j < columns; j++) {
                double result = switch (function) {
                    case SUM -> 0;
                    case PROD -> 1;
                    case MAX -> Float.NEGATIVE_INFINITY;
                    case MIN -> Float.POSITIVE_INFINITY;
                };
                for (int i = 0; i < rows; i++) {
                    float value = x[from + j + i * inner];
                    switch (function) {
                        case SUM -> result += value;
                        case PROD -> result *= value;
                        case MAX -> result = Math.max(result, value);
                        case MIN -> result = Math.min(result, value);
                    }
                }
                y[at + j] = (float) result;
            }
        }
    }
}
