package org.keras4j.backend.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Expression.Apply1;
import org.keras4j.backend.Expression.Apply2;
import org.keras4j.backend.Expression.Choose;
import org.keras4j.backend.Expression.Convert;
import org.keras4j.backend.Expression.Node;
import org.keras4j.backend.cpu.kernels.GatedActivations;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/**
 * Finds the activation functions in a group of float32 operations that one loop computes at once: silu and both forms
 * of gelu, as {@code K.silu} and {@code K.gelu} write them.
 *
 * @param expression the group, in which such a function is one node of a single argument, whatever its operation
 * @param loops the loops of those nodes
 */
record ActivationPatterns(Expression expression, Map<Integer, Steps.Loop1> loops) {
    private record Found(int x, Steps.Loop1 loop) {}

    /** Returns {@code expression} with its activation functions found. */
    static ActivationPatterns in(Expression expression) {
        List<Node> nodes = expression.nodes();
        var uses = new int[nodes.size()];
        for (Node node : nodes) for (int operand : RegisterAllocation.operands(node)) uses[operand]++;
        for (int output : expression.outputs()) uses[output] = Integer.MAX_VALUE / 2;
        Map<Integer, Found> found = new HashMap<>();
        var gone = new boolean[nodes.size()];
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (gone[i] || !(nodes.get(i) instanceof Apply2(Binary f, int a, int b, DType dtype))) continue;
            if (f != Binary.MUL || dtype != DType.FLOAT32) continue;
            List<Integer> inner = new ArrayList<>();
            var matching = new Matching(nodes, uses, inner);
            Found function = matching.silu(a, b);
            if (function == null) function = matching.silu(b, a);
            if (function == null) function = matching.gelu(a, b);
            if (function == null) function = matching.gelu(b, a);
            if (function == null) continue;
            found.put(i, function);
            for (int j : inner) gone[j] = true;
        }
        if (found.isEmpty()) return new ActivationPatterns(expression, Map.of());
        leaveOutNumbers(nodes, found, gone);
        return rewrite(expression, found, gone);
    }

    /** Marks the numbers that only the functions found had use for. */
    private static void leaveOutNumbers(List<Node> nodes, Map<Integer, Found> found, boolean[] gone) {
        var needed = new boolean[nodes.size()];
        for (int i = 0; i < gone.length; i++)
            if (!gone[i] && !found.containsKey(i))
                for (int operand : RegisterAllocation.operands(nodes.get(i))) needed[operand] = true;
        for (Found function : found.values()) needed[function.x()] = true;
        for (int i = 0; i < gone.length; i++)
            if (nodes.get(i) instanceof Expression.Number && !needed[i]) gone[i] = true;
    }

    private static ActivationPatterns rewrite(Expression expression, Map<Integer, Found> found, boolean[] gone) {
        List<Node> nodes = expression.nodes();
        var place = new int[nodes.size()];
        List<Node> kept = new ArrayList<>();
        Map<Integer, Steps.Loop1> loops = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (gone[i]) continue;
            place[i] = kept.size();
            Found function = found.get(i);
            if (function == null) {
                kept.add(moved(nodes.get(i), place));
                continue;
            }
            kept.add(new Apply1(Unary.SIGMOID, place[function.x()], DType.FLOAT32));
            loops.put(place[i], function.loop());
        }
        List<Integer> outputs = expression.outputs().stream().map(o -> place[o]).toList();
        return new ActivationPatterns(new Expression(expression.shape(), kept, outputs), loops);
    }

    private static Node moved(Node node, int[] place) {
        return switch (node) {
            case Expression.Load _, Expression.Number _ -> node;
            case Apply1(Unary f, int a, DType dtype) -> new Apply1(f, place[a], dtype);
            case Apply2(Binary f, int a, int b, DType dtype) -> new Apply2(f, place[a], place[b], dtype);
            case Choose(int c, int a, int b, DType dtype) -> new Choose(place[c], place[a], place[b], dtype);
            case Convert(int a, DType dtype) -> new Convert(place[a], dtype);
        };
    }

    /** Looks for one function; nodes that nothing else needs go to {@code inner}. */
    private record Matching(List<Node> nodes, int[] uses, List<Integer> inner) {
        /** x times sigmoid(x). */
        private @Nullable Found silu(int x, int gate) {
            inner.clear();
            return argument(Unary.SIGMOID, gate) == x ? new Found(x, GatedActivations::silu) : null;
        }

        /** x / 2 times 1 + erf(x / sqrt 2), or 1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)). */
        private @Nullable Found gelu(int half, int gate) {
            inner.clear();
            int x = withNumber(Binary.MUL, half, 0.5);
            int inside = withNumber(Binary.ADD, gate, 1);
            if (x < 0 || inside < 0) return null;
            int erf = argument(Unary.ERF, inside);
            if (erf >= 0)
                return withNumber(Binary.MUL, erf, Math.sqrt(0.5)) == x ? new Found(x, GatedActivations::gelu) : null;
            int tanh = argument(Unary.TANH, inside);
            int sum = tanh < 0 ? -1 : withNumber(Binary.MUL, tanh, Math.sqrt(2 / Math.PI));
            if (sum < 0 || !(nodes.get(sum) instanceof Apply2(Binary f, int a, int b, var _))) return null;
            if (f != Binary.ADD || !takes(sum)) return null;
            int cube = withNumber(Binary.MUL, a == x ? b : a, 0.044715);
            boolean match = (a == x || b == x) && cube >= 0 && isCube(cube, x);
            return match ? new Found(x, GatedActivations::geluByTanh) : null;
        }

        private boolean isCube(int cube, int x) {
            if (!(nodes.get(cube) instanceof Apply2(Binary f, int a, int b, var _))) return false;
            if (f != Binary.MUL || a != x && b != x || !takes(cube)) return false;
            int square = a == x ? b : a;
            if (!takes(square)) return false;
            return switch (nodes.get(square)) {
                case Apply2(Binary g, int c, int d, var _) -> g == Binary.MUL && c == x && d == x;
                case Apply1(Unary g, int c, var _) -> g == Unary.SQUARE && c == x;
                default -> false;
            };
        }

        /** Returns what node {@code i} applies {@code function} to, or -1 if it does not. */
        private int argument(Unary function, int i) {
            boolean match = nodes.get(i) instanceof Apply1(Unary f, var _, var _) && f == function && takes(i);
            return match ? ((Apply1) nodes.get(i)).a() : -1;
        }

        /** Returns what node {@code i} combines with the number {@code value}, or -1 if it does not. */
        private int withNumber(Binary function, int i, double value) {
            if (!(nodes.get(i) instanceof Apply2(Binary f, int a, int b, var _)) || f != function) return -1;
            boolean second = isNumber(b, value);
            return (second || isNumber(a, value)) && takes(i) ? second ? a : b : -1;
        }

        private boolean isNumber(int i, double value) {
            return nodes.get(i) instanceof Expression.Number number && (float) number.value() == (float) value;
        }

        /** Says whether node {@code i} is needed once, and notes that it is part of the function. */
        private boolean takes(int i) {
            inner.add(i);
            return uses[i] == 1;
        }
    }
}
