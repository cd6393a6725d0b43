package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Expression.Apply1;
import org.keras4j.backend.Expression.Apply2;
import org.keras4j.backend.Expression.Choose;
import org.keras4j.backend.Expression.Convert;
import org.keras4j.backend.Expression.Load;
import org.keras4j.backend.Expression.Node;
import org.keras4j.backend.View;

/**
 * Writes the kernel of an expression. It knows along which axes inputs repeat, not how long the axes are. What is the
 * same for all elements, or for all of a row, is computed once.
 *
 * <p>Arguments: input views that are loaded, in order; output views; then sizes, as the two forms say.
 */
final class ElementwiseSource {
    /** Work-items of a group on a GPU. */
    static final int GROUP = 256;

    private static final int MOST_WORDS = 6;

    /** Where a value changes. */
    private enum Level {
        ALL,
        ROW,
        ELEMENT
    }

    private final Expression expression;
    private final List<Node> nodes;
    private final List<Integer> outputs;
    private final BroadcastAxes axes;
    private final List<View> in;
    private final List<View> out;
    private final boolean cpu;
    private final boolean[] used;
    private final Level[] levels;
    private final StringBuilder text = new StringBuilder();
    private String indent = "    ";

    /** Takes the expression with the views that it is to read and write: their storage is in the source. */
    ElementwiseSource(Expression expression, BroadcastAxes axes, List<View> in, List<View> out, boolean cpu) {
        this.expression = expression;
        nodes = expression.nodes();
        outputs = expression.outputs();
        this.axes = axes;
        this.in = in;
        this.out = out;
        this.cpu = cpu;
        used = used(expression);
        levels = new Level[nodes.size()];
        for (int i = 0; i < levels.length; i++) levels[i] = level(nodes.get(i));
    }

    private static boolean[] used(Expression expression) {
        var used = new boolean[expression.nodes().size()];
        for (int output : expression.outputs()) used[output] = true;
        for (int i = used.length - 1; i >= 0; i--)
            if (used[i]) for (int operand : operands(expression.nodes().get(i))) used[operand] = true;
        return used;
    }

    private static int[] operands(Node node) {
        return switch (node) {
            case Load _, Expression.Number _ -> new int[0];
            case Apply1 apply -> new int[] {apply.a()};
            case Apply2 apply -> new int[] {apply.a(), apply.b()};
            case Choose choice -> new int[] {choice.condition(), choice.a(), choice.b()};
            case Convert conversion -> new int[] {conversion.a()};
        };
    }

    private Level level(Node node) {
        if (node instanceof Load load) {
            if (axes.isUniform(load.input())) return Level.ALL;
            return axes.hasColumns(load.input()) ? Level.ELEMENT : Level.ROW;
        }
        Level level = Level.ALL;
        for (int operand : operands(node)) if (levels[operand].compareTo(level) > 0) level = levels[operand];
        return level;
    }

    /** Returns the numbers of the inputs that the kernel takes. */
    int[] inputs() {
        var inputs = new ArrayList<Integer>();
        for (int i = 0; i < used.length; i++)
            if (used[i] && nodes.get(i) instanceof Load load) inputs.add(load.input());
        return inputs.stream().mapToInt(k -> k).distinct().sorted().toArray();
    }

    /** Says whether what an expression gives needs arithmetic of doubles. */
    static boolean needsDoubles(Expression expression) {
        boolean[] used = used(expression);
        for (int i = 0; i < used.length; i++)
            if (used[i] && ElementMath.needsDoubles(expression.nodes(), i)) return true;
        return false;
    }

    /** Returns about how long an element takes, in units of the simplest operation. */
    int cost() {
        int cost = 0;
        for (int i = 0; i < used.length; i++)
            if (used[i] && levels[i] == Level.ELEMENT) cost += ElementMath.cost(nodes.get(i));
        return Math.max(1, cost);
    }

    /** Returns the kernel's name: what it computes, as far as it is short. */
    String name() {
        var words = new ArrayList<String>();
        for (int i = 0; i < used.length; i++)
            if (used[i])
                switch (nodes.get(i)) {
                    case Apply1 apply -> words.add(ElementMath.word(apply.function()));
                    case Apply2 apply -> words.add(ElementMath.word(apply.function()));
                    case Choose _ -> words.add("select");
                    case Convert conversion -> words.add(conversion.dtype().keras());
                    case Load _, Expression.Number _ -> {}
                }
        if (words.isEmpty()) words.add("copy");
        String more = words.size() > MOST_WORDS ? "_and_" + (words.size() - MOST_WORDS) : "";
        return "elementwise_" + words.stream().limit(MOST_WORDS).collect(Collectors.joining("_")) + more;
    }

    /**
     * Returns the kernel for CPUs. Each work-item computes a piece of {@code rows x columns}; more arguments: rows,
     * rows of a piece, columns, columns of a piece, and the sizes of the axes between the first and the last.
     */
    String forCpu() {
        start("1", "const int rows, const int piece_rows, const int columns, const int piece_columns");
        compute(Level.ALL);
        line("const int row = (int) get_group_id(1) * piece_rows;");
        line("const int last_row = row + min(piece_rows, rows - row);");
        line("const int from = (int) get_group_id(0) * piece_columns;");
        line("const int to = from + min(piece_columns, columns - from);");
        line("for (int i = row; i < last_row; i++) {");
        indent = "        ";
        places("i");
        for (int k : inputs())
            if (axes.hasColumns(k))
                line("GLOBAL const " + type(k) + "* const x" + k + "_row = x" + k + " + at" + k + ";");
        for (int k = 0; k < outputs.size(); k++)
            line("GLOBAL " + kept(k) + "* const y" + k + "_row = y" + k + " + i * columns;");
        compute(Level.ROW);
        line("VECTORIZE for (int j = from; j < to; j++) {");
        indent = "            ";
        compute(Level.ELEMENT, "_row[j]");
        for (int k = 0; k < outputs.size(); k++) line("y" + k + "_row[j] = " + result(k) + ";");
        text.append("        }\n    }\n}\n");
        return text.toString();
    }

    /**
     * Returns the kernel for GPUs. Each work-item computes {@code lanes} neighbours, 1 or 4; of 4, the last axis must
     * be a multiple unless it is the only one, and all places multiples of 4 elements. More arguments: elements,
     * columns and the sizes of the axes between the first and the last.
     */
    String forGpu(int lanes) {
        start(String.valueOf(GROUP), "const int size, DIVISOR(columns)");
        compute(Level.ALL);
        line("const long first = get_global_id(0) * " + lanes + ";");
        line("if (first >= size) return;");
        line("const int element = (int) first;");
        if (axes.rank() > 1) {
            line("const int row = QUOTIENT(element, columns);");
            line("const int j = element - row * columns;");
            places("row");
        } else {
            line("const int j = element;");
            for (int k : inputs()) if (!axes.isUniform(k)) line("const int at" + k + " = 0;");
        }
        compute(Level.ROW);
        if (lanes == 1) {
            compute(Level.ELEMENT, "[at# + j]");
            for (int k = 0; k < outputs.size(); k++) line("y" + k + "[element] = " + result(k) + ";");
        } else four();
        text.append("}\n");
        return text.toString();
    }

    private void four() {
        int[] loaded = Arrays.stream(inputs()).filter(axes::hasColumns).toArray();
        line("const int count = min(4, size - element);");
        for (int k : loaded) line(type(k) + " v" + k + "[4];");
        for (int k = 0; k < outputs.size(); k++) line(kept(k) + " w" + k + "[4];");
        line("if (count == 4) {");
        for (int k : loaded) line("    LOAD4(" + type(k) + ", v" + k + ", x" + k + " + at" + k + " + j);");
        line("} else {");
        for (int k : loaded)
            line("    for (int f = 0; f < 4; f++) v" + k + "[f] = x" + k + "[at" + k + " + j + min(f, count - 1)];");
        line("}");
        line("UNROLL for (int f = 0; f < 4; f++) {");
        indent = "        ";
        compute(Level.ELEMENT, "v#[f]");
        for (int k = 0; k < outputs.size(); k++) line("w" + k + "[f] = " + result(k) + ";");
        indent = "    ";
        line("}");
        line("if (count == 4) {");
        for (int k = 0; k < outputs.size(); k++) line("    STORE4(" + kept(k) + ", w" + k + ", y" + k + " + element);");
        line("} else {");
        for (int k = 0; k < outputs.size(); k++)
            line("    for (int f = 0; f < count; f++) y" + k + "[element + f] = w" + k + "[f];");
        line("}");
    }

    /** Computes the index along each axis but the last, and where the rows of the inputs begin. */
    private void places(String row) {
        int last = axes.rank() - 1;
        if (last > 0) {
            String rest = row;
            for (int axis = last - 1; axis > 0; axis--) {
                line("const int above" + axis + " = QUOTIENT(" + rest + ", d" + axis + ");");
                line("const int i" + axis + " = " + rest + " - above" + axis + " * d" + axis + ";");
                rest = "above" + axis;
            }
            if (!rest.equals("i0")) line("const int i0 = " + rest + ";");
            line("const int d" + last + " = columns;");
        }
        for (int k : inputs()) if (!axes.isUniform(k)) line("const int at" + k + " = " + axes.row(k) + ";");
    }

    private void start(String items, String sizes) {
        var parameters = new ArrayList<String>();
        for (int k : inputs()) parameters.add("BUFFER(const " + type(k) + ", x" + k + ")");
        for (int k = 0; k < outputs.size(); k++) parameters.add("BUFFER(" + kept(k) + ", y" + k + ")");
        parameters.add(sizes);
        for (int axis = 1; axis < axes.rank() - 1; axis++) parameters.add("DIVISOR(d" + axis + ")");
        text.append(Sources.file("dialect/math.h"));
        if (needsDoubles(expression)) text.append(Sources.file("dialect/doubles.h"));
        text.append("KERNEL GROUP_SIZE(").append(items).append(", 1, 1) void ").append(name());
        text.append('(').append(String.join(", ", parameters)).append(") {\n");
        for (int k : inputs()) line("OPEN(const " + type(k) + ", x" + k + ");");
        for (int k = 0; k < outputs.size(); k++) line("OPEN(" + kept(k) + ", y" + k + ");");
    }

    private void compute(Level level) {
        compute(level, level == Level.ALL ? "[0]" : "[at#]");
    }

    /** Computes what changes at {@code level}; {@code place} is how an input is read, with # for its number. */
    private void compute(Level level, String place) {
        for (int i = 0; i < used.length; i++) {
            if (!used[i] || levels[i] != level) continue;
            String value = nodes.get(i) instanceof Load load ? read(load.input(), place) : computed(i);
            line("const " + name(i) + " r" + i + " = " + value + ";");
        }
    }

    private String read(int input, String place) {
        String bits = (place.startsWith("v") ? "" : "x" + input) + place.replace("#", String.valueOf(input));
        return ElementTypes.value(in.get(input), bits);
    }

    private String result(int output) {
        return ElementTypes.bits(out.get(output), "r" + outputs.get(output));
    }

    private String computed(int i) {
        return ElementMath.value(nodes, i, cpu);
    }

    private String name(int register) {
        return ElementTypes.name(nodes.get(register).dtype().storage());
    }

    private String type(int input) {
        return ElementTypes.name(in.get(input).memory().storage());
    }

    private String kept(int output) {
        return ElementTypes.name(out.get(output).memory().storage());
    }

    private void line(String line) {
        text.append(indent).append(line).append('\n');
    }
}
