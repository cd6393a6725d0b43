package org.keras4j.perf.lab;

/**
 * Writes the sources of the register tiles {@code RowTiles} and {@code ColumnTiles} of the CPU backend.
 *
 * <p>Run with {@code rows} or {@code columns} and redirect to the file. A tile must be one straight method with named
 * accumulators: arrays of vectors, loops over rows and helpers that return vectors are 14 to 80 times slower.
 */
public final class TileWriter {
    private static final int[] HEIGHTS = {14, 8, 6, 4, 2, 1};

    private TileWriter() {}

    /** Prints one of the two sources. */
    public static void main(String[] args) {
        boolean rows = args.length == 0 || args[0].equals("rows");
        System.out.print(source(rows));
    }

    static String source(boolean rows) {
        StringBuilder out = new StringBuilder(HEADER);
        String layout = rows
                ? "{@code [height][DEPTH]} from index 0 on: an offset would cost a sign extension per row and step"
                : "{@code [k][lda]}, where the rows of the tile lie side by side";
        out.append("""
                /**
                 * Adds to a register tile of C the product of a panel of A and a panel of B.
                 *
                 * <p>A is %s.
                 * B is {@code [k][ldb]}, C is {@code [height][ldc]}; a tile is {@code height} rows by one or two vectors.
                 * Two vectors by 14 rows fill 28 of the 32 registers of AVX-512 and NEON. Written by {@code TileWriter}
                 * of the kernel laboratory.
                 */
                final class %s {
                    // spotless:off
                    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
                    private static final int L = S.length();
                """.formatted(layout, rows ? "RowTiles" : "ColumnTiles"));
        if (rows) out.append("    private static final int D = Blocks.DEPTH;\n");
        out.append("\n    private ").append(rows ? "RowTiles" : "ColumnTiles").append("() {}\n");
        dispatch(out, rows);
        for (int width = 2; width >= 1; width--) for (int height : HEIGHTS) tile(out, rows, height, width);
        return out.append("}\n").toString();
    }

    private static void dispatch(StringBuilder out, boolean rows) {
        String a = rows ? "" : ", int ai, int lda";
        String pass = rows ? "" : ", ai, lda";
        out.append("\n    /** Runs the tile of this height and of one or two vectors. */\n");
        out.append("    static void run(int height, boolean wide, int depth, float[] a").append(a);
        out.append(", float[] b, int bi, int ldb, float[] c, int ci, int ldc) {\n        if (wide) {\n");
        for (int width = 2; width >= 1; width--) {
            out.append("            switch (height) {\n");
            for (int h : HEIGHTS) {
                out.append("                case ").append(h).append(" -> tile").append(h).append('x').append(width);
                out.append("(depth, a").append(pass).append(", b, bi, ldb, c, ci, ldc);\n");
            }
            out.append("                default -> throw new IllegalArgumentException(\"no tile of height \" + height);\n");
            out.append(width == 2 ? "            }\n        } else {\n" : "            }\n        }\n    }\n");
        }
    }

    private static void tile(StringBuilder out, boolean rows, int height, int width) {
        out.append("\n    private static void tile").append(height).append('x').append(width);
        out.append("(int depth, float[] a").append(rows ? "" : ", int ai, int lda");
        out.append(", float[] b, int bi, int ldb, float[] c, int ci, int ldc) {\n");
        for (int i = 0; i < height; i++) {
            out.append("        FloatVector ");
            for (int j = 0; j < width; j++) {
                if (j > 0) out.append(", ");
                out.append(name(i, j)).append(" = FloatVector.fromArray(S, c, ").append(place(i, j)).append(')');
            }
            out.append(";\n");
        }
        out.append("        for (int k = 0; k < depth; k++) {\n            FloatVector b0 = FloatVector.fromArray(S, b, bi)");
        out.append(width == 2 ? ", b1 = FloatVector.fromArray(S, b, bi + L), x;\n" : ", x;\n");
        for (int i = 0; i < height; i++) {
            String index = rows ? (i == 0 ? "k" : i + " * D + k") : (i == 0 ? "ai" : "ai + " + i);
            out.append("            x = FloatVector.broadcast(S, a[").append(index).append("]);");
            for (int j = 0; j < width; j++) {
                out.append(' ').append(name(i, j)).append(" = x.fma(b").append(j).append(", ").append(name(i, j)).append(");");
            }
            out.append('\n');
        }
        out.append("            bi += ldb;").append(rows ? "" : " ai += lda;").append("\n        }\n");
        for (int i = 0; i < height; i++) {
            out.append("       ");
            for (int j = 0; j < width; j++) {
                out.append(' ').append(name(i, j)).append(".intoArray(c, ").append(place(i, j)).append(");");
            }
            out.append('\n');
        }
        out.append("    }\n");
    }

    private static String name(int i, int j) {
        return "c" + (char) ('a' + i) + j;
    }

    private static String place(int i, int j) {
        String row = i == 0 ? "ci" : i == 1 ? "ci + ldc" : "ci + " + i + " * ldc";
        return j == 0 ? row : row + " + L";
    }

    private static final String HEADER = """
            package org.keras4j.backend.cpu.kernels;

            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.VectorSpecies;

            """;
}
