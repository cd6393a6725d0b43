package org.keras4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Expression.Apply1;
import org.keras4j.backend.Expression.Apply2;
import org.keras4j.backend.Expression.Load;
import org.keras4j.backend.Expression.Node;
import org.keras4j.backend.Expression.Number;
import org.keras4j.op.Binary;
import org.keras4j.op.Spec;
import org.keras4j.op.Unary;
import org.keras4j.ops.K;

class ActivationPatternsTest {
    private static final Shape SHAPE = Shape.of(3, 700);

    private static Node apply(Unary f, int a) {
        return new Apply1(f, a, DType.FLOAT32);
    }

    private static Node apply(Binary f, int a, int b) {
        return new Apply2(f, a, b, DType.FLOAT32);
    }

    private static Node number(double value) {
        return new Number((float) value, DType.FLOAT32);
    }

    private static List<Node> gelu() {
        return new ArrayList<>(List.of(
                new Load(0, DType.FLOAT32),
                apply(Unary.ABS, 0),
                number(0.5),
                apply(Binary.MUL, 1, 2),
                number(Math.sqrt(0.5)),
                apply(Binary.MUL, 1, 4),
                apply(Unary.ERF, 5),
                number(1),
                apply(Binary.ADD, 6, 7),
                apply(Binary.MUL, 3, 8)));
    }

    private static void checkTwins(String what, Expression expression) {
        BackendComparison.check(
                what,
                1e-6,
                List.of(BackendComparison.random(DType.FLOAT32, SHAPE, 5)),
                expression.outputs().stream()
                        .map(o -> new Spec(DType.FLOAT32, SHAPE))
                        .toList(),
                (b, in, out) -> b.elementwise(expression, in, out));
    }

    @Test
    void geluIsOneNodeAndItsNumbersAreGone() {
        var expression = new Expression(SHAPE, gelu(), List.of(9));
        ActivationPatterns idioms = ActivationPatterns.in(expression);
        assertEquals(3, idioms.expression().nodes().size());
        assertEquals(List.of(2), idioms.expression().outputs());
        checkTwins("gelu", expression);
    }

    @Test
    void whatOthersNeedStays() {
        for (int other : new int[] {3, 5, 6, 8}) {
            var alsoResult = new Expression(SHAPE, gelu(), List.of(9, other));
            assertEquals(0, ActivationPatterns.in(alsoResult).loops().size());
            checkTwins("gelu beside node " + other, alsoResult);
            List<Node> nodes = gelu();
            nodes.add(apply(Binary.ADD, 9, other));
            var alsoUsed = new Expression(SHAPE, nodes, List.of(10));
            assertEquals(0, ActivationPatterns.in(alsoUsed).loops().size());
        }
        List<Node> nodes = gelu();
        nodes.add(apply(Binary.MUL, 9, 2));
        nodes.add(apply(Binary.ADD, 10, 1));
        var more = new Expression(SHAPE, nodes, List.of(11, 9));
        assertEquals(1, ActivationPatterns.in(more).loops().size());
        checkTwins("gelu, a number that is used again, and its argument", more);
    }

    @Test
    void anotherNumberIsAnotherFunction() {
        List<Node> nodes = gelu();
        nodes.set(4, number(0.7));
        assertEquals(
                0,
                ActivationPatterns.in(new Expression(SHAPE, nodes, List.of(9)))
                        .loops()
                        .size());
    }

    @Test
    void siluMayStandInAProduct() {
        List<Node> nodes = List.of(
                new Load(0, DType.FLOAT32), apply(Unary.SIGMOID, 0), apply(Binary.MUL, 1, 0), apply(Binary.MUL, 2, 0));
        var expression = new Expression(SHAPE, nodes, List.of(3));
        assertEquals(3, ActivationPatterns.in(expression).expression().nodes().size());
        checkTwins("x silu(x)", expression);
    }

    /** Only the loops of one pass keep the digits of a result near 0 that the written form adds to 1 and loses. */
    @Test
    void geluOfKIsFoundAsThePlannerWritesIt() {
        Backend before = Backends.current();
        try {
            Backends.use(new CpuBackend());
            float[] x = new float[1000];
            Arrays.fill(x, -5.5f);
            double exact = -5.5 * 1.8989562465887718e-8;
            float[] erf = K.gelu(K.constant(x), false).floats();
            assertEquals(exact, erf[3], 1e-3 * Math.abs(exact));
            double c = Math.sqrt(2 / Math.PI) * (5.5 + 0.044715 * 5.5 * 5.5 * 5.5);
            double byTanh = -5.5 / (1 + Math.exp(2 * c));
            float[] tanh = K.gelu(K.constant(x), true).floats();
            assertEquals(byTanh, tanh[3], 1e-3 * Math.abs(byTanh));
        } finally {
            Backends.use(before);
        }
    }
}
