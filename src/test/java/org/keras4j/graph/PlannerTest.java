package org.keras4j.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.backend.reference.ReferenceBackend;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;
import org.keras4j.op.Unary;

/** A planned function must give what running its operations one by one gives. */
class PlannerTest {
    private final Backend backend = new ReferenceBackend();

    @BeforeEach
    void useReference() {
        Backends.use(backend);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void randomGraphsGiveWhatSingleOperationsGive(long seed) {
        var random = new Random(seed);
        Tensor a = Primitives.input("a", DType.FLOAT64, Shape.of(4, 6));
        Tensor b = Primitives.input("b", DType.FLOAT64, Shape.of(4, 6));
        var v = new Variable("v", NDArray.of(Shape.of(4, 6), random(random, 24)));
        var w = new Variable("w", NDArray.of(Shape.of(4, 6), random(random, 24)));
        List<Tensor> pool = new ArrayList<>(List.of(a, b));
        Map<Variable, Tensor> updates = new LinkedHashMap<>();
        List<Tensor> outputs = new ArrayList<>();
        try (Trace trace = Trace.open()) {
            pool.add(v.value());
            pool.add(w.value());
            for (int i = 0; i < 40; i++) pool.add(randomOperation(random, pool));
            for (int i = 0; i < 3; i++) outputs.add(pool.get(random.nextInt(pool.size())));
            updates.put(v, pool.get(random.nextInt(pool.size())));
            updates.put(w, pool.get(random.nextInt(pool.size())));
        }
        NDArray av = NDArray.of(Shape.of(4, 6), random(random, 24));
        NDArray bv = NDArray.of(Shape.of(4, 6), random(random, 24));
        Map<Tensor, NDArray> known = new IdentityHashMap<>();
        known.put(a, av);
        known.put(b, bv);
        List<NDArray> expected = outputs.stream().map(t -> interpret(t, known)).toList();
        NDArray newV = interpret(updates.get(v), known);
        NDArray newW = interpret(updates.get(w), known);
        var function = Function.of(List.of(a, b), outputs, updates);
        List<NDArray> got = function.run(List.of(av, bv));
        for (int i = 0; i < got.size(); i++) assertClose(expected.get(i), got.get(i));
        assertClose(newV, v.numpy());
        assertClose(newW, w.numpy());
    }

    private static Tensor randomOperation(Random random, List<Tensor> pool) {
        Tensor x = pool.get(random.nextInt(pool.size()));
        Tensor y = pool.get(random.nextInt(pool.size()));
        return switch (random.nextInt(9)) {
            case 0 -> Primitives.unary(Unary.TANH, x);
            case 1 -> Primitives.binary(Binary.MAX, x, y);
            case 2 -> Primitives.broadcast(Primitives.sum(x, 0), x.shape());
            case 3 ->
                Primitives.reshape(Primitives.unary(Unary.NEG, Primitives.reshape(x, Shape.of(6, 4))), Shape.of(4, 6));
            case 4 -> Primitives.select(Primitives.binary(Binary.LESS, x, y), y, x);
            case 5 -> Primitives.scale(Primitives.dot(x, false, Primitives.dot(x, true, y, false), false), 0.1);
            case 6 -> Primitives.concatenate(List.of(Primitives.slice(x, 0, 2, 2), Primitives.slice(y, 0, 0, 2)), 0);
            case 7 -> Primitives.transpose(Primitives.unary(Unary.SIN, Primitives.transpose(x, 1, 0)), 1, 0);
            default -> Primitives.shift(Primitives.mul(x, y), -0.5);
        };
    }

    @Test
    void aLoopCarriesStateAndStacksOutputs() {
        Tensor start = Primitives.input("start", DType.FLOAT64, Shape.of(2));
        Tensor xs = Primitives.input("xs", DType.FLOAT64, Shape.of(3, 2));
        Tensor factor = Primitives.input("factor", DType.FLOAT64, Shape.of(2));
        Scans.Result loop = Scans.scan(3, false, List.of(start, start), List.of(xs), (carried, x) -> {
            Tensor sum = Primitives.add(Primitives.mul(carried.get(0), factor), x.get(0));
            Tensor other = Primitives.add(carried.get(1), carried.get(0));
            return new Scans.Step(List.of(sum, other), List.of(sum, x.get(0)));
        });
        var f = Function.of(
                List.of(start, xs, factor),
                List.of(
                        loop.carried().get(0),
                        loop.carried().get(1),
                        loop.outputs().get(0),
                        loop.outputs().get(1)),
                Map.of());
        List<NDArray> got = f.run(List.of(
                NDArray.of(Shape.of(2), 1.0, 2.0),
                NDArray.of(Shape.of(3, 2), 1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
                NDArray.of(Shape.of(2), 2.0, 3.0)));
        assertArrayEquals(new double[] {23, 90}, got.get(0).doubles()); // ((1*2+1)*2+3)*2+5, ((2*3+2)*3+4)*3+6
        assertArrayEquals(
                new double[] {1 + 1 + 3 + 9, 2 + 2 + 8 + 28}, got.get(1).doubles());
        assertArrayEquals(new double[] {3, 8, 9, 28, 23, 90}, got.get(2).doubles());
        assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, got.get(3).doubles());
    }

    @Test
    void aReverseLoopKeepsEachStepsPlace() {
        Tensor xs = Primitives.input("xs", DType.FLOAT64, Shape.of(3));
        Scans.Result loop = Scans.scan(
                3, true, List.of(Primitives.full(0, DType.FLOAT64, Shape.SCALAR)), List.of(xs), (carried, x) -> {
                    Tensor sum = Primitives.add(carried.get(0), x.get(0));
                    return new Scans.Step(List.of(sum), List.of(sum));
                });
        var f = Function.of(List.of(xs), loop.outputs(), Map.of());
        assertArrayEquals(
                new double[] {6, 5, 3},
                f.run(List.of(NDArray.of(Shape.of(3), 1.0, 2.0, 3.0)))
                        .getFirst()
                        .doubles());
    }

    @Test
    void anUpdateThatOthersReadTheOldValueOfIsNotWrittenTooEarly() {
        var v = new Variable("v", NDArray.of(Shape.of(2), 1.0, 2.0));
        var w = new Variable("w", NDArray.of(Shape.of(2), 10.0, 20.0));
        Map<Variable, Tensor> swap = new LinkedHashMap<>();
        Tensor oldV;
        try (Trace trace = Trace.open()) {
            oldV = v.value();
            swap.put(v, w.value());
            swap.put(w, oldV);
        }
        Function.of(List.of(), List.of(), swap).run(List.of());
        assertArrayEquals(new double[] {10, 20}, v.numpy().doubles());
        assertArrayEquals(new double[] {1, 2}, w.numpy().doubles());
    }

    @Test
    void aTensorReadBeforeAnAssignKeepsTheOldValue() {
        var v = new Variable("v", NDArray.of(Shape.of(2), 1.0, 2.0));
        Tensor doubled = Primitives.scale(v.value(), 2);
        v.assign(NDArray.of(Shape.of(2), 5.0, 6.0));
        assertArrayEquals(new double[] {2, 4}, doubled.doubles());
        assertArrayEquals(new double[] {5, 6}, v.value().doubles());
    }

    @Test
    void wrongInputsAreRefused() {
        Tensor x = Primitives.input("x", DType.FLOAT32, Shape.of(2));
        var f = Function.of(List.of(x), List.of(Primitives.neg(x)), Map.of());
        var e = assertThrows(IllegalArgumentException.class, () -> f.run(List.of(NDArray.of(Shape.of(3), 1f, 2f, 3f))));
        assertEquals("Input 0: expected float32(2,), got float32(3,)", e.getMessage());
        Tensor y = Primitives.input("y", DType.FLOAT32, Shape.of(2));
        var missing = Function.of(List.of(x), List.of(Primitives.add(x, y)), Map.of());
        var e2 = assertThrows(
                IllegalArgumentException.class, () -> missing.run(List.of(NDArray.of(Shape.of(2), 1f, 2f))));
        assertTrue(e2.getMessage().contains("\"y\""), e2.getMessage());
    }

    /** Runs operations one at a time, each as a function of its own. */
    private NDArray interpret(Tensor t, Map<Tensor, NDArray> known) {
        NDArray value = known.get(t);
        if (value != null) return value;
        if (t.op() instanceof Op.Read(var state)) value = ((Variable) state).numpy();
        else {
            List<Tensor> in = new ArrayList<>();
            List<NDArray> values = new ArrayList<>();
            for (Tensor x : t.inputs()) {
                values.add(interpret(x, known));
                in.add(Primitives.input("x", x.dtype(), x.shape()));
            }
            value = Function.of(in, List.of(Tensor.of(t.op(), in)), Map.of())
                    .run(values)
                    .getFirst();
        }
        known.put(t, value);
        return value;
    }

    private static double[] random(Random random, int n) {
        return random.doubles(n, -1, 1).toArray();
    }

    private static void assertClose(NDArray expected, NDArray got) {
        assertEquals(expected.shape(), got.shape());
        assertArrayEquals(expected.doubles(), got.doubles(), 1e-12);
    }
}
