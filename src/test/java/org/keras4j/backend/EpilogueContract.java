package org.keras4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Expression.Apply1;
import org.keras4j.backend.Expression.Apply2;
import org.keras4j.backend.Expression.Load;
import org.keras4j.backend.Expression.Node;
import org.keras4j.op.Activation;
import org.keras4j.op.Binary;
import org.keras4j.op.Fusion;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;
import org.keras4j.op.Unary;
import org.keras4j.op.Window;

/**
 * Products and convolutions with elementwise operations in the same pass: they give what two passes give, bit for bit.
 */
interface EpilogueContract extends Contract {
    @Test
    default void products() {
        for (int[] mnk : new int[][] {
            {1, 4099, 7}, {4099, 1, 7}, {70, 70, 33}, {600, 10, 30}, {30, 1040, 24}, {130, 34, 300}, {300, 20, 0}
        }) {
            for (boolean transposed : new boolean[] {false, true}) {
                var dot = new Op.Dot(false, transposed);
                NDArray a = Samples.random(Shape.of(mnk[0], mnk[2]), 1);
                NDArray b = Samples.random(transposed ? Shape.of(mnk[1], mnk[2]) : Shape.of(mnk[2], mnk[1]), 2);
                Shape out = Shape.of(mnk[0], mnk[1]);
                check(dot, out, out, a, b);
                var fused = new Op.Fused(new Fusion.DotEpilogue(dot, true, Activation.TANH));
                check(fused, out, Shape.of(1, mnk[0], mnk[1]), a, b, Samples.random(Shape.of(mnk[1]), 3));
            }
        }
    }

    @Test
    default void convolutions() {
        // Winograd's algorithm, tiles that read x in place, patches, single pixels, and each channel on its own
        check(Shape.of(2, 13, 18, 32), Shape.of(3, 3, 32, 32), 1, 1);
        check(Shape.of(2, 17, 30, 3), Shape.of(3, 3, 3, 24), 1, 1);
        check(Shape.of(1, 33, 41, 3), Shape.of(7, 7, 3, 17), 2, 1);
        check(Shape.of(2, 11, 9, 80), Shape.of(3, 3, 80, 160), 2, 1);
        check(Shape.of(3, 14, 14, 24), Shape.of(1, 1, 24, 100), 1, 1);
        check(Shape.of(2, 20, 15, 8), Shape.of(3, 3, 2, 24), 1, 4);
        for (int channels : new int[] {15, 48})
            check(Shape.of(2, 13, 16, channels), Shape.of(3, 3, 1, channels), 1, channels);
    }

    private void check(Shape x, Shape kernel, int stride, int groups) {
        int pad = kernel.dim(0) / 2;
        int h = (x.dim(1) + 2 * pad - kernel.dim(0)) / stride + 1;
        int w = (x.dim(2) + 2 * pad - kernel.dim(1)) / stride + 1;
        Ints padding = Ints.of(pad, pad);
        var conv = new Op.Conv(new Window(Ints.of(stride, stride), Ints.of(1, 1), padding, padding, groups));
        Shape out = Shape.of(x.dim(0), h, w, kernel.last());
        NDArray from = Samples.random(x, 4);
        NDArray weights = Samples.random(kernel, 5);
        check(conv, out, out, from, weights);
        var fused = new Op.Fused(new Fusion.ConvEpilogue(conv, true, Activation.LINEAR));
        check(fused, out, out, from, weights, Samples.random(Shape.of(kernel.last()), 6));
    }

    private void check(Op op, Shape shape, Shape as, NDArray... in) {
        if (!backend().fusesEpilogue(op, new Spec(DType.FLOAT32, shape))) return;
        List<View> views = new ArrayList<>();
        for (NDArray x : in) views.add(bench().put(x));
        View product = bench().room(DType.FLOAT32, shape);
        two(op, views, product).run();
        NDArray raw = bench().get("product of " + op, product);
        check(op, views, raw, scaled(as), row(as, false), row(as, false));
        check(op, views, raw, gated(as), row(as, true), row(as, true));
        check(op, views, raw, both(as), row(as, false), as);
    }

    private void check(Op op, List<View> in, NDArray raw, Expression e, Shape second, Shape third) {
        Shape shape = raw.shape();
        Shape as = e.shape();
        List<View> loads = new ArrayList<>(List.of(bench().put(raw.reshape(as))));
        loads.add(bench().put(Samples.random(second, 11)));
        loads.add(bench().put(Samples.random(third, 12)));
        List<NDArray> expected = run(e, loads);
        String what = op + " " + shape + " and " + e;
        for (boolean kept : new boolean[] {true, false}) {
            List<View> out = room(e);
            View place = kept ? bench().room(DType.FLOAT32, shape) : with(out.getFirst(), shape);
            loads.set(0, with(place, as));
            Kernel kernel = backend().withEpilogue(op, in, place, e, loads, out);
            for (int run = 0; run < 2; run++) {
                kernel.run();
                for (int i = 0; i < out.size(); i++) assertEquals(expected.get(i), bench().get(what, out.get(i)), what);
                if (kept) assertEquals(raw, bench().get(what, place), what);
            }
        }
    }

    private Kernel two(Op op, List<View> in, View out) {
        return switch (op) {
            case Op.Dot dot -> backend().dot(dot, in.get(0), in.get(1), out);
            case Op.Conv conv -> backend().conv(conv, in.get(0), in.get(1), out);
            case Op.Fused(Fusion fusion) ->
                backend().fused(fusion, in, List.of(out)).orElseThrow();
            default -> throw new IllegalArgumentException(op.toString());
        };
    }

    private List<View> room(Expression e) {
        return e.outputs().stream()
                .map(o -> bench().room(DType.FLOAT32, e.shape()))
                .toList();
    }

    private List<NDArray> run(Expression e, List<View> loads) {
        List<View> out = room(e);
        backend().elementwise(e, loads, out).run();
        return out.stream().map(v -> bench().get("two passes", v)).toList();
    }

    private static View with(View v, Shape shape) {
        return new View(v.memory(), v.offset(), shape, v.dtype());
    }

    /** Returns the shape with size 1 for all axes but the last one, and the first one if {@code each}. */
    private static Shape row(Shape shape, boolean each) {
        for (int axis = each ? 1 : 0; axis < shape.rank() - 1; axis++) shape = shape.with(axis, 1);
        return shape;
    }

    /** silu(product * scale + shift), one scale and shift for each channel. */
    private static Expression scaled(Shape shape) {
        List<Node> nodes = new ArrayList<>(start());
        nodes.add(new Apply2(Binary.MUL, 0, 1, DType.FLOAT32));
        nodes.add(new Apply2(Binary.ADD, 3, 2, DType.FLOAT32));
        nodes.add(new Apply1(Unary.SIGMOID, 4, DType.FLOAT32));
        nodes.add(new Apply2(Binary.MUL, 4, 5, DType.FLOAT32));
        return new Expression(shape, nodes, List.of(6));
    }

    /** product * gate + shift, with gates and shifts of their own for each element of the first axis. */
    private static Expression gated(Shape shape) {
        List<Node> nodes = new ArrayList<>(start());
        nodes.add(new Apply2(Binary.MUL, 1, 0, DType.FLOAT32));
        nodes.add(new Apply2(Binary.ADD, 3, 2, DType.FLOAT32));
        return new Expression(shape, nodes, List.of(4));
    }

    /** p + shift and p * (relu(p + shift) + other) of a product p, which is read after the first output is known. */
    private static Expression both(Shape shape) {
        List<Node> nodes = new ArrayList<>(start());
        nodes.add(new Apply2(Binary.ADD, 0, 1, DType.FLOAT32));
        nodes.add(new Apply1(Unary.RELU, 3, DType.FLOAT32));
        nodes.add(new Apply2(Binary.ADD, 4, 2, DType.FLOAT32));
        nodes.add(new Apply2(Binary.MUL, 5, 0, DType.FLOAT32));
        return new Expression(shape, nodes, List.of(3, 6));
    }

    private static List<Node> start() {
        return List.of(new Load(0, DType.FLOAT32), new Load(1, DType.FLOAT32), new Load(2, DType.FLOAT32));
    }
}
