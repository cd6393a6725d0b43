package org.keras4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Expression;
import org.keras4j.backend.View;
import org.keras4j.op.Binary;
import org.keras4j.op.Spec;
import org.keras4j.op.Unary;

class ElementwiseKernelTest {
    private static final DType[] TYPES = {DType.FLOAT32, DType.BOOL, DType.INT32, DType.FLOAT64, DType.INT64};

    @Test
    void everyFunctionOfOneArgument() {
        for (Unary function : Unary.values()) {
            for (DType from : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16, DType.FLOAT16, DType.INT32}) {
                if (!from.isFloating() && !forIntegers(function)) continue;
                if (from.isFloating() && (function == Unary.BITWISE_NOT)) continue;
                DType to = function.isTest() ? DType.BOOL : from;
                Shape shape = Shape.of(7, 411);
                var expression = new Expression(
                        shape,
                        List.of(new Expression.Load(0, from), new Expression.Apply1(function, 0, to)),
                        List.of(1));
                double tolerance =
                        from == DType.FLOAT32 ? 1e-6 : from == DType.FLOAT16 ? 1e-3 : from == DType.BFLOAT16 ? 8e-3 : 0;
                BackendComparison.check(
                        function + " of " + from,
                        tolerance,
                        List.of(BackendComparison.random(from, shape, 5)),
                        List.of(new Spec(to, shape)),
                        (b, in, out) -> b.elementwise(expression, in, out));
            }
        }
    }

    private static boolean forIntegers(Unary function) {
        return switch (function) {
            case NEG, ABS, SIGN, SQUARE, RELU, FLOOR, ROUND, BITWISE_NOT, LOGICAL_NOT, IS_NAN, IS_FINITE -> true;
            default -> false;
        };
    }

    @Test
    void everyFunctionOfTwoArguments() {
        for (Binary function : Binary.values()) {
            for (DType from : TYPES) {
                boolean bits = function.compareTo(Binary.BITWISE_AND) >= 0 && function != Binary.NEXT_AFTER;
                if (from.isFloating() ? bits : function == Binary.ATAN2 || function == Binary.NEXT_AFTER) continue;
                DType to = function.isTest() ? DType.BOOL : from;
                Shape shape = Shape.of(3, 1, 1500);
                var expression = new Expression(
                        shape,
                        List.of(
                                new Expression.Load(0, from),
                                new Expression.Load(1, from),
                                new Expression.Apply2(function, 0, 1, to)),
                        List.of(2));
                BackendComparison.check(
                        function + " of " + from,
                        from == DType.FLOAT32 ? 1e-6 : 0,
                        List.of(
                                BackendComparison.random(from, shape, 5),
                                BackendComparison.random(from, Shape.of(3, 1, 1), 6)),
                        List.of(new Spec(to, shape)),
                        (b, in, out) -> b.elementwise(expression, in, out));
            }
        }
    }

    @Test
    void randomGroupsWithBroadcasting() {
        for (int seed = 0; seed < 60; seed++) {
            var random = new SplittableRandom(seed);
            int[] dims = new int[random.nextInt(0, 5)];
            int[] sizes = {1, 2, 3, 5, 16, 17, 33, 64};
            for (int axis = 0; axis < dims.length; axis++) dims[axis] = sizes[random.nextInt(sizes.length)];
            if (dims.length > 0 && seed % 3 == 0) dims[dims.length - 1] = random.nextInt(1000, 2500);
            while (dims.length > 0 && Shape.of(dims).size() > 50_000) dims[random.nextInt(dims.length)] = 1;
            randomGroup(random, Shape.of(dims), seed);
        }
    }

    private static void randomGroup(SplittableRandom random, Shape shape, int seed) {
        List<NDArray> in = new ArrayList<>();
        List<Expression.Node> nodes = new ArrayList<>();
        int inputs = random.nextInt(1, 5);
        for (int j = 0; j < inputs; j++) {
            DType type = TYPES[random.nextInt(TYPES.length)];
            int[] dims = shape.dims();
            for (int axis = 0; axis < dims.length; axis++) if (random.nextInt(3) == 0) dims[axis] = 1;
            in.add(BackendComparison.random(type, Shape.of(dims), seed * 10L + j));
            nodes.add(new Expression.Load(j, type));
        }
        nodes.add(new Expression.Number(0.75, DType.FLOAT32));
        nodes.add(new Expression.Load(0, in.getFirst().dtype()));
        for (int step = 0; step < 12; step++) nodes.add(randomNode(random, nodes));
        List<Integer> outputs = new ArrayList<>();
        List<Spec> specs = new ArrayList<>();
        for (int k = random.nextInt(1, 4); k > 0; k--) {
            int register = k == 3 ? random.nextInt(nodes.size()) : random.nextInt(inputs, nodes.size());
            outputs.add(register);
            specs.add(new Spec(nodes.get(register).dtype(), shape));
        }
        var expression = new Expression(shape, nodes, outputs);
        BackendComparison.check(
                "group " + seed + " " + expression, 1e-5, in, specs, (b, i, o) -> b.elementwise(expression, i, o));
    }

    private static Expression.Node randomNode(SplittableRandom random, List<Expression.Node> nodes) {
        int a = random.nextInt(nodes.size());
        int b = random.nextInt(nodes.size());
        DType type = nodes.get(a).dtype();
        switch (random.nextInt(4)) {
            case 0 -> {
                return new Expression.Convert(a, TYPES[random.nextInt(TYPES.length)]);
            }
            case 1 -> {
                Unary[] functions = {Unary.SQUARE, Unary.ABS, Unary.SIGN};
                if (type != DType.BOOL) return new Expression.Apply1(functions[random.nextInt(3)], a, type);
                return new Expression.Apply1(Unary.LOGICAL_NOT, a, type);
            }
            case 2 -> {
                for (int c = 0; c < nodes.size(); c++)
                    if (nodes.get(c).dtype() == DType.BOOL && nodes.get(b).dtype() == type)
                        return new Expression.Choose(c, a, b, type);
                return new Expression.Convert(a, DType.BOOL);
            }
            default -> {
                while (nodes.get(b).dtype() != type) b = random.nextInt(nodes.size());
                Binary[] functions = {
                    Binary.MAX, Binary.MIN, Binary.LESS, Binary.GREATER_EQUAL, Binary.NOT_EQUAL, Binary.GREATER
                };
                Binary function = functions[random.nextInt(functions.length)];
                return new Expression.Apply2(function, a, b, function.isTest() ? DType.BOOL : type);
            }
        }
    }

    @Test
    void anOutputMayReplaceAnInputThatIsReadLater() {
        Shape shape = Shape.of(3000);
        NDArray x = BackendComparison.random(DType.FLOAT32, shape, 1);
        for (Backend backend : List.of(BackendComparison.ONE, BackendComparison.THREE)) {
            View place = new View(backend.allocate(DType.FLOAT32.storage(), 3000), 0, shape, DType.FLOAT32);
            View other = new View(backend.allocate(DType.FLOAT32.storage(), 3000), 0, shape, DType.FLOAT32);
            backend.upload(x, place);
            var expression = new Expression(
                    shape,
                    List.of(
                            new Expression.Load(0, DType.FLOAT32),
                            new Expression.Apply1(Unary.NEG, 0, DType.FLOAT32),
                            new Expression.Apply2(Binary.ADD, 0, 0, DType.FLOAT32)),
                    List.of(1, 2));
            backend.elementwise(expression, List.of(place), List.of(place, other))
                    .run();
            NDArray negated = NDArray.zeros(DType.FLOAT32, shape);
            NDArray doubled = NDArray.zeros(DType.FLOAT32, shape);
            backend.download(place, negated);
            backend.download(other, doubled);
            for (int i = 0; i < x.size(); i++) {
                assertEquals(-x.get(i), negated.get(i));
                assertEquals(2 * x.get(i), doubled.get(i));
            }
        }
    }
}
