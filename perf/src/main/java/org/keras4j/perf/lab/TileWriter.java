package org.keras4j.perf.lab;

/**
 * Writes the sources of the register tiles of the CPU backend: {@code RowTiles}, {@code ColumnTiles} and
 * {@code DirectTiles}.
 *
 * <p>Run with the class's name and redirect to the file. A tile must be one straight method with named accumulators:
 * arrays of vectors, loops over rows and helpers that return vectors are 14 to 80 times slower. The distance of two
 * rows or columns of A must be a constant (a variable one of two columns: 55 GFLOP/s instead of 113); and where A has
 * an offset, its and the depth's upper bits are masked away: only then does the compiler know that no index overflows,
 * and leaves out a sign extension per row and step (44 against 101 GFLOP/s). A second loop around that over k, say over
 * the lines of an image, costs a sixth of the speed.
 */
public final class TileWriter {
    private static final int[] HEIGHTS = {14, 8, 6, 4, 2, 1};

    /** How the panel of A lies in memory. */
    private enum Layout {
        ROWS,
        COLUMNS,
        DIRECT
    }

    private final StringBuilder out = new StringBuilder();
    private final Layout layout;
    private final String name;

    private TileWriter(String name) {
        this.name = name;
        layout = name.startsWith("Row") ? Layout.ROWS : name.startsWith("Column") ? Layout.COLUMNS : Layout.DIRECT;
    }

    /** Prints the source of one class. */
    public static void main(String[] args) {
        System.out.print(new TileWriter(args[0]).source());
    }

    private String source() {
        out.append("""
                package org.keras4j.backend.cpu.kernels;

                %simport jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.VectorSpecies;

                /**
                 * Adds to a register tile of C the product of a panel of A and a panel of B.
                 *
                 * <p>A is %s.
                 * B is {@code [k][ldb]}, C is {@code [height][ldc]}; a tile is {@code height} rows by one or two
                 * vectors. Two vectors by 14 rows fill 28 of the 32 registers of AVX-512 and NEON. Written by {@code
                 * TileWriter} of the kernel laboratory, which tells why it looks as it does.
                 */
                @SuppressWarnings("UnusedVariable") // all tiles take the same arguments
                final class %s%s {
                    // spotless:off
                    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
                    private static final int L = S.length();
                """.formatted(
                        layout == Layout.DIRECT ? "import java.lang.invoke.MethodHandles;\n" : "",
                        description(),
                        name,
                        layout == Layout.DIRECT ? " implements Tiles" : ""));
        if (layout == Layout.ROWS) line("    private static final int D = Blocks.DEPTH;");
        if (layout == Layout.COLUMNS) line("    private static final int T = Blocks.STEP;");
        if (layout == Layout.DIRECT) {
            line("    /** Distance of two rows: another constant in each class that {@link Specialized} makes of"
                    + " this one. */");
            line("    private static final int D = Specialized.distance(MethodHandles.lookup());");
        }
        line("");
        line(layout == Layout.DIRECT ? "    DirectTiles() {}" : "    private " + name + "() {}");
        dispatch();
        for (int width = 2; width >= 1; width--) for (int height : HEIGHTS) tile(height, width);
        return out.append("}\n").toString();
    }

    private String description() {
        return switch (layout) {
            case ROWS -> "{@code [height][DEPTH]} from index 0 on";
            case COLUMNS -> "{@code [k][STEP]} from index 0 on, the rows of the tile side by side";
            case DIRECT -> "{@code [height][D]} from index {@code ai} on, its rows read past their ends";
        };
    }

    private String parameters() {
        return switch (layout) {
            case ROWS, COLUMNS -> "int depth, float[] a, float[] b, int bi, int ldb, float[] c, int ci, int ldc";
            case DIRECT -> "int depth, float[] a, int ai, float[] b, int bi, int ldb, float[] c, int ci, int ldc";
        };
    }

    private void dispatch() {
        String arguments = parameters().replaceAll("(int|float\\[\\]) ", "");
        line("");
        boolean direct = layout == Layout.DIRECT;
        line(direct ? "    @Override" : "    /** Runs the tile of this height and of one or two vectors. */");
        line("    " + (direct ? "public" : "static") + " void run(int height, boolean wide, " + parameters() + ") {");
        line("        if (wide) {");
        for (int width = 2; width >= 1; width--) {
            line("            switch (height) {");
            for (int h : HEIGHTS)
                line("                case " + h + " -> tile" + h + "x" + width + "(" + arguments + ");");
            line("                default -> throw new IllegalArgumentException(\"no tile of height \" + height);");
            line("            }");
            line(width == 2 ? "        } else {" : "        }");
        }
        line("    }");
    }

    private void tile(int height, int width) {
        line("");
        line("    private static void tile" + height + "x" + width + "(" + parameters() + ") {");
        if (layout == Layout.DIRECT) line("        ai &= 0x3fffffff; depth &= 0xffff;");
        for (int i = 0; i < height; i++) {
            out.append("        FloatVector ");
            for (int j = 0; j < width; j++) {
                if (j > 0) out.append(", ");
                out.append(accumulator(i, j))
                        .append(" = FloatVector.fromArray(S, c, ")
                        .append(place(i, j))
                        .append(')');
            }
            line(";");
        }
        line("        for (int k = 0; k < depth; k++) {");
        steps(height, width, "            ");
        line("        }");
        for (int i = 0; i < height; i++) {
            out.append("       ");
            for (int j = 0; j < width; j++)
                out.append(' ')
                        .append(accumulator(i, j))
                        .append(".intoArray(c, ")
                        .append(place(i, j))
                        .append(");");
            line("");
        }
        line("    }");
    }

    private void steps(int height, int width, String indent) {
        line(indent + "FloatVector b0 = FloatVector.fromArray(S, b, bi), "
                + (width == 2 ? "b1 = FloatVector.fromArray(S, b, bi + L), x;" : "x;"));
        for (int i = 0; i < height; i++) {
            out.append(indent)
                    .append("x = FloatVector.broadcast(S, a[")
                    .append(index(i))
                    .append("]);");
            for (int j = 0; j < width; j++)
                out.append(' ')
                        .append(accumulator(i, j))
                        .append(" = x.fma(b")
                        .append(j)
                        .append(", ")
                        .append(accumulator(i, j))
                        .append(");");
            line("");
        }
        line(indent + "bi += ldb;");
    }

    private String index(int i) {
        return switch (layout) {
            case ROWS -> i == 0 ? "k" : i + " * D + k";
            case COLUMNS -> i == 0 ? "k * T" : "k * T + " + i;
            case DIRECT -> i == 0 ? "ai + k" : "ai + k + " + i + " * D";
        };
    }

    private static String accumulator(int i, int j) {
        return "c" + (char) ('a' + i) + j;
    }

    private static String place(int i, int j) {
        String row = i == 0 ? "ci" : i == 1 ? "ci + ldc" : "ci + " + i + " * ldc";
        return j == 0 ? row : row + " + L";
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
