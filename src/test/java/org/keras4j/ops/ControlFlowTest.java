package org.keras4j.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backends;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.graph.Variable;

class ControlFlowTest {
    @BeforeAll
    static void useReference() {
        Backends.use("reference");
    }

    private static Tensor vector(double... values) {
        return K.cast(K.constant(values), DType.FLOAT32);
    }

    /** The gradient of the sum of what {@code f} gives at {@code x}. */
    private static float[] gradient(Function<Tensor, Tensor> f, Tensor x) {
        return Gradients.of(K.sum(f.apply(x)), List.of(x)).getFirst().floats();
    }

    @Test
    void condOfAKnownPredicateBuildsOneBranch() {
        List<String> built = new ArrayList<>();
        Tensor y = K.cond(
                K.constant(false),
                () -> {
                    built.add("true");
                    return vector(1);
                },
                () -> {
                    built.add("false");
                    return vector(2, 3); // may have another shape, since it is the only one
                });
        assertArrayEquals(new float[] {2, 3}, y.floats());
        assertEquals(List.of("false"), built);
    }

    @Test
    void aBranchThatIsNotChosenIsNotComputed() {
        Tensor x = K.placeholder(DType.FLOAT32, 2);
        Tensor place = K.placeholder(DType.INT32, 1);
        Tensor y =
                K.cond(K.less(K.sum(place), 2), () -> K.take(x, place, 0), () -> K.zeros(Shape.of(1), DType.FLOAT32));
        try (var f = K.function(List.of(x, place), List.of(y))) {
            NDArray values = NDArray.of(Shape.of(2), 4f, 5f);
            assertEquals(
                    5,
                    f.run(List.of(values, NDArray.of(Shape.of(1), 1)))
                            .getFirst()
                            .item());
            // out of range, which the branch would report
            assertEquals(
                    0,
                    f.run(List.of(values, NDArray.of(Shape.of(1), 7)))
                            .getFirst()
                            .item());
        }
    }

    @Test
    void whatABranchAssignsCountsIfItIsChosen() {
        Variable count = K.variable(10f, "count");
        Tensor add = K.placeholder(DType.BOOL);
        try (Trace trace = Trace.open()) {
            Variable other = K.variable(1f, "other");
            other.assign(K.add(other.value(), 1));
            Tensor y = K.cond(
                    add,
                    () -> {
                        count.assign(K.add(count.value(), other.value()));
                        count.assign(K.add(count.value(), other.value()));
                        return count.value();
                    },
                    () -> K.negative(count.value()));
            Tensor after = K.add(count.value(), 0.5);
            try (var f = K.function(List.of(add), List.of(y, after), trace.updates())) {
                List<NDArray> out = f.run(List.of(NDArray.of(Shape.SCALAR, false)));
                assertEquals(-10, out.get(0).item());
                assertEquals(10.5, out.get(1).item());
                assertEquals(10, count.numpy().item());
                out = f.run(List.of(NDArray.of(Shape.SCALAR, true))); // other is 3 by now
                assertEquals(16, out.get(0).item());
                assertEquals(16.5, out.get(1).item());
                assertEquals(16, count.numpy().item());
            }
        }
    }

    @Test
    void gradientsGoThroughTheBranchThatIsChosen() {
        Tensor flag = K.placeholder(DType.BOOL);
        Tensor x = K.placeholder(DType.FLOAT32, 2);
        Tensor w = K.exp(x); // made before: shared by both
        Tensor y = K.cond(flag, () -> K.multiply(w, x), () -> K.square(x));
        Tensor dx = Gradients.of(K.sum(y), List.of(x)).getFirst();
        Tensor ddx = Gradients.of(K.sum(dx), List.of(x)).getFirst();
        try (var f = K.function(List.of(flag, x), List.of(dx, ddx))) {
            NDArray at = NDArray.of(Shape.of(2), 0f, 1f);
            List<NDArray> out = f.run(List.of(NDArray.of(Shape.SCALAR, true), at));
            assertArrayEquals(new float[] {1, (float) (2 * Math.E)}, out.get(0).floats(), 1e-5f);
            assertArrayEquals(new float[] {2, (float) (3 * Math.E)}, out.get(1).floats(), 1e-5f);
            out = f.run(List.of(NDArray.of(Shape.SCALAR, false), at));
            assertArrayEquals(new float[] {0, 2}, out.get(0).floats());
            assertArrayEquals(new float[] {2, 2}, out.get(1).floats());
        }
    }

    @Test
    void branchesMustGiveTheSame() {
        Tensor flag = K.placeholder(DType.BOOL);
        var e = assertThrows(
                IllegalArgumentException.class, () -> K.cond(flag, () -> vector(1), () -> K.constant(new int[] {1})));
        assertTrue(e.getMessage().contains("float32(1,)") && e.getMessage().contains("int32(1,)"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> K.cond(K.constant(new boolean[2]), () -> 1, () -> 2));
    }

    @Test
    void switchCaseTakesTheNearestBranch() {
        List<Function<Tensor, Tensor>> branches = List.of(x -> K.add(x, 1), x -> K.multiply(x, 10), x -> K.negative(x));
        Tensor index = K.placeholder(DType.INT32);
        Tensor y = K.switchCase(index, branches, vector(3));
        try (var f = K.function(List.of(index), List.of(y))) {
            float[] expected = {4, 4, 30, -3, -3};
            for (int i = -1; i < 4; i++)
                assertEquals(
                        expected[i + 1],
                        f.run(List.of(NDArray.of(Shape.SCALAR, i))).getFirst().item());
        }
        assertEquals(30, K.switchCase(K.constant(1), branches, vector(3)).item());
    }

    @Test
    void whileLoopStopsAtMostSoOften() {
        Map<String, Tensor> start = Map.of("i", K.constant(0), "x", vector(1, 2));
        Map<String, Tensor> last = K.whileLoop(
                v -> K.less(v.get("i"), 100),
                v -> Map.of("i", K.add(v.get("i"), 1), "x", K.multiply(v.get("x"), 2)),
                start,
                5);
        assertEquals(5, last.get("i").item());
        assertArrayEquals(new float[] {32, 64}, last.get("x").floats());
        Tensor none = K.whileLoop(x -> K.less(x, 0), x -> K.add(x, 1), K.constant(3));
        assertEquals(3, none.item());
    }

    @Test
    void whileLoopHasNoGradient() {
        Tensor x = K.placeholder(DType.FLOAT32);
        Tensor y = K.whileLoop(v -> K.less(v, 10), v -> K.multiply(v, 2), x);
        var e = assertThrows(IllegalArgumentException.class, () -> Gradients.of(y, List.of(x)));
        assertTrue(e.getMessage().contains("foriLoop"), e.getMessage());
        assertNull(Gradients.of(K.stopGradient(y), List.of(x)).getFirst());
    }

    @Test
    void aLoopRefusesAssignmentsAndOtherShapes() {
        Variable v = K.variable(1f, "v");
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> K.foriLoop(
                        0,
                        3,
                        (i, x) -> {
                            v.assign(x);
                            return x;
                        },
                        vector(1)));
        assertTrue(e.getMessage().contains("\"v\""), e.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> K.whileLoop(x -> K.less(K.sum(x), 3), x -> K.concatenate(List.of(x, x), 0), vector(1)));
    }

    @Test
    void whatDoesNotDependOnTheStepIsAssignedOnce() {
        Variable seed = K.variable(3f, "seed");
        try (Trace trace = Trace.open()) {
            Tensor sum = K.foriLoop(
                    0,
                    4,
                    (i, x) -> {
                        Tensor drawn = seed.value();
                        seed.assign(K.add(drawn, 1));
                        return K.add(x, drawn);
                    },
                    K.constant(0f));
            try (var f = K.function(List.of(), List.of(sum), trace.updates())) {
                assertEquals(12, f.run(List.of()).getFirst().item());
                assertEquals(4, seed.numpy().item());
            }
        }
    }

    @Test
    void foriLoopCountsAndHasAGradient() {
        assertEquals(
                2 + 3 + 4,
                K.foriLoop(2, 5, (i, x) -> K.add(x, i), K.constant(0)).item());
        assertEquals(7, K.foriLoop(5, 2, (i, x) -> K.add(x, i), K.constant(7)).item());
        // x^(2^3), whose derivative is 8 x^7
        assertArrayEquals(
                new float[] {8, 1024}, gradient(x -> K.foriLoop(0, 3, (i, c) -> K.square(c), x), vector(1, 2)));
    }

    @Test
    void scanCarriesAndCollects() {
        ScanResult<Tensor, Tensor> sums = K.scan(
                (carry, x) -> new ScanResult<>(K.add(carry, x), K.multiply(carry, x)),
                vector(0),
                K.reshape(vector(1, 2, 3), 3, 1));
        assertEquals(6, sums.carry().item());
        assertArrayEquals(new float[] {0, 2, 9}, sums.outputs().floats());
        ScanResult<Tensor, Tensor> back = K.scan(
                (carry, x) -> new ScanResult<>(K.add(carry, x), carry), K.constant(0f), vector(1, 2, 3), null, true);
        assertArrayEquals(new float[] {5, 3, 0}, back.outputs().floats());
        ScanResult<Tensor, Tensor> powers =
                K.scan((carry, none) -> new ScanResult<>(K.multiply(carry, 2), null), K.constant(1), null, 10, false);
        assertEquals(1024, powers.carry().item());
        assertNull(powers.outputs());
        assertThrows(
                IllegalArgumentException.class,
                () -> K.scan((c, x) -> new ScanResult<>(c, x), vector(1), vector(1), 2, false));
    }

    @Test
    void associativeScanIsTheRunningCombination() {
        for (int n = 0; n < 12; n++) {
            float[] x = new float[n];
            for (int i = 0; i < n; i++) x[i] = i + 1;
            Tensor t = K.reshape(K.constant(x), 1, n);
            assertArrayEquals(
                    K.cumsum(t, 1).floats(),
                    K.associativeScan(K::add, t, false, 1).floats(),
                    "of " + n);
            assertArrayEquals(
                    K.flip(K.cumsum(K.flip(t, 1), 1), 1).floats(),
                    K.associativeScan(K::add, t, true, -1).floats());
        }
        // affine maps x -> a x + b under composition, which do not commute
        List<Tensor> maps = K.associativeScan(
                (f, g) -> List.of(K.multiply(g.get(0), f.get(0)), K.add(K.multiply(g.get(0), f.get(1)), g.get(1))),
                List.of(vector(1, 2, 3, 4), vector(1, 1, 1, 1)),
                false,
                0);
        assertArrayEquals(new float[] {1, 3, 10, 41}, maps.get(1).floats());
    }

    @Test
    void mapStacksWhatEachSliceGives() {
        Tensor x = K.reshape(vector(1, 2, 3, 4, 5, 6), 3, 2);
        assertArrayEquals(new float[] {3, 7, 11}, K.map(row -> K.sum(row), x).floats());
        List<Tensor> both =
                K.map(v -> List.of(K.sum(v.get(0)), K.multiply(v.get(0), v.get(1))), List.of(x, vector(1, 10, 100)));
        assertArrayEquals(new float[] {1, 2, 30, 40, 500, 600}, both.get(1).floats());
        assertEquals(Shape.of(3), both.get(0).shape());
        assertArrayEquals(
                new float[] {2, 4, 6},
                K.vectorizedMap(v -> K.multiply(v, 2), vector(1, 2, 3)).floats());
        assertArrayEquals(new float[] {2, 4, 6}, gradient(t -> K.map(K::square, t), vector(1, 2, 3)));
        assertThrows(IllegalArgumentException.class, () -> K.map(v -> v, List.of(vector(1, 2), vector(1))));
        assertThrows(IllegalArgumentException.class, () -> K.map(v -> v, K.constant(1)));
    }

    @Test
    void vectorizeBroadcastsTheAxesBefore() {
        Function<List<Tensor>, Tensor> max =
                K.vectorize(v -> K.cond(K.greater(v.get(0), v.get(1)), () -> v.get(0), () -> v.get(1)));
        Tensor m = max.apply(List.of(K.reshape(vector(1, 5), 2, 1), vector(0, 3, 6)));
        assertEquals(Shape.of(2, 3), m.shape());
        assertArrayEquals(new float[] {1, 3, 6, 5, 5, 6}, m.floats());
        Function<List<Tensor>, Tensor> product =
                K.vectorize(v -> K.matmul(v.get(0), v.get(1)), Set.of(), "(m, n),(n)->(m)");
        Tensor y = product.apply(
                List.of(K.ones(Shape.of(4, 1, 2, 3), DType.FLOAT32), K.ones(Shape.of(5, 3), DType.FLOAT32)));
        assertEquals(Shape.of(4, 5, 2), y.shape());
        assertEquals(3, y.floats()[39]);
        Function<List<Tensor>, Tensor> scaled =
                K.vectorize(v -> K.multiply(v.get(0), K.sum(v.get(1))), Set.of(1), null);
        assertArrayEquals(
                new float[] {6, 12},
                scaled.apply(List.of(vector(1, 2), vector(1, 2, 3))).floats());
        assertThrows(IllegalArgumentException.class, () -> K.vectorize(v -> v.get(0), Set.of(), "m,n->m"));
        assertThrows(
                IllegalArgumentException.class,
                () -> product.apply(List.of(K.ones(Shape.of(2, 3), DType.FLOAT32), vector(1, 2))));
    }

    @Test
    void customGradientReplacesTheTrueOne() {
        // log(1 + e^x) as Keras's own example has it; its written gradient is right where the plain one is NaN
        Function<List<Tensor>, Tensor> log1pexp = K.customGradient(args -> {
            Tensor e = K.exp(args.getFirst());
            return new WithGradient(
                    K.log(K.add(e, 1)),
                    upstream -> List.of(K.multiply(
                            upstream, K.subtract(K.constant(1f), K.divide(K.constant(1f), K.add(e, 1))))));
        });
        assertArrayEquals(new float[] {0.5f, 1}, gradient(x -> log1pexp.apply(List.of(x)), vector(0, 100)));
        assertEquals((float) Math.log(2), log1pexp.apply(List.of(vector(0))).item(), 1e-6);
        // inside a loop, where what the gradient uses is of each step
        Function<List<Tensor>, Tensor> half = K.customGradient(args ->
                new WithGradient(K.square(args.getFirst()), up -> List.of(K.multiply(up, args.getFirst()))));
        assertArrayEquals(
                new float[] {2 * 4}, gradient(x -> K.foriLoop(0, 2, (i, c) -> half.apply(List.of(c)), x), vector(2)));
        Function<List<Tensor>, Tensor> wrong =
                K.customGradient(args -> new WithGradient(args.getFirst(), up -> List.of(K.sum(up))));
        assertThrows(IllegalArgumentException.class, () -> wrong.apply(List.of(vector(1, 2))));
    }

    @Test
    void jvpIsTheChangeInADirection() {
        Jvp<List<Tensor>> out = K.jvp(
                v -> List.of(K.multiply(v.get(0), v.get(1)), K.sum(K.exp(v.get(1)))),
                List.of(vector(1, 2), vector(0, 3)),
                List.of(vector(1, 0), vector(0, 1)));
        assertArrayEquals(new float[] {0, 6}, out.primalsOut().get(0).floats());
        assertArrayEquals(new float[] {0, 2}, out.tangentsOut().get(0).floats());
        assertEquals(Math.exp(3), out.tangentsOut().get(1).item(), 1e-5);
    }
}
