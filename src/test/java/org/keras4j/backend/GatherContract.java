package org.keras4j.backend;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Op;

/** Gather and scatter. */
interface GatherContract extends Contract {
    @Test
    default void gathersAlongEachAxis() {
        for (DType dtype : DType.values())
            for (int axis = 0; axis < 3; axis++) checkGather(dtype, Shape.of(4, 5, 6), axis, Shape.of(2, 3));
        for (int n : Samples.SIZES) checkGather(DType.FLOAT32, Shape.of(11, n), 0, Shape.of(17));
        checkGather(DType.FLOAT32, Shape.of(257), 0, Shape.of(100));
        checkGather(DType.FLOAT32, Shape.of(3, 9), 1, Shape.SCALAR);
        checkGather(DType.FLOAT32, Shape.of(3, 9), 0, Shape.of(0));
    }

    private void checkGather(DType dtype, Shape shape, int axis, Shape indexShape) {
        NDArray x = Samples.random(dtype, shape, 2);
        NDArray index = NDArray.zeros(DType.INT32, indexShape);
        var random = new Random(5);
        for (int i = 0; i < index.size(); i++) index.set(i, random.nextInt(shape.dim(axis)));
        Shape to = shape.slice(0, axis).concat(indexShape).concat(shape.from(axis + 1));
        NDArray expected = NDArray.zeros(dtype, to);
        Shape flat = shape.with(axis, index.size());
        for (int i = 0; i < expected.size(); i++) {
            int[] at = Samples.coordinates(flat, i);
            at[axis] = (int) index.get(at[axis]);
            expected.set(i, x.get(Samples.index(shape, at)));
        }
        var op = new Op.Gather(axis);
        String what = op + " of " + dtype + shape + " at " + indexShape;
        Closeness.assertSame(
                what,
                expected,
                bench().run(what, dtype, to, out -> backend().gather(op, bench().put(x), bench().put(index), out)));
    }

    @Test
    default void gatherNamesAnIndexThatIsOutside() {
        for (int bad : new int[] {-1, 5, Integer.MAX_VALUE}) {
            View x = bench().put(Samples.random(Shape.of(5, 3), 1));
            View index = bench().put(Samples.indices(0, 4, bad, 2));
            View out = bench().room(DType.FLOAT32, Shape.of(4, 3));
            Kernel kernel = backend().gather(new Op.Gather(0), x, index, out);
            var error = assertThrows(IndexOutOfBoundsException.class, () -> {
                kernel.run();
                backend().synchronize();
            });
            for (String part : List.of(String.valueOf(bad), "position 2", "0 to 4"))
                assertTrue(error.getMessage().contains(part), error.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource(Op.Update.class)
    default void scattersInOrder(Op.Update update) {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.INT32, DType.INT64, DType.UINT8))
            for (Shape shape : List.of(Shape.of(9), Shape.of(7, 33), Shape.of(5, 2, 3)))
                for (int m : new int[] {0, 1, 20, 257}) checkScatter(update, dtype, shape, m);
    }

    private void checkScatter(Op.Update update, DType dtype, Shape shape, int m) {
        int n = shape.dim(0);
        int row = shape.size() / n;
        NDArray x = Samples.random(dtype, shape, 1);
        NDArray updates = Samples.random(dtype, shape.with(0, m), 2);
        NDArray index = NDArray.zeros(DType.INT32, Shape.of(m));
        var random = new Random(m);
        for (int i = 0; i < m; i++) index.set(i, random.nextInt(n + 4) - 2); // some are outside: skipped
        NDArray expected = x.copy();
        for (int k = 0; k < m; k++)
            for (int i = 0; i < row; i++) {
                int at = (int) index.get(k) * row + i;
                if (index.get(k) < 0 || index.get(k) >= n) continue;
                double a = expected.get(at);
                double b = updates.get(k * row + i);
                double updated = switch (update) {
                    case SET -> b;
                    case ADD -> a + b;
                    case MUL -> a * b;
                    case MAX -> a > b ? a : b;
                    case MIN -> a < b ? a : b;
                };
                expected.set(at, dtype.isFloating() ? updated : dtype.wrap((long) updated));
            }
        if (!dtype.isFloating() && update == Op.Update.MUL && m > 20) return; // products leave the doubles used here
        var op = new Op.Scatter(update);
        String what = op + " of " + m + " rows into " + dtype + shape;
        double absolute = update == Op.Update.ADD ? Closeness.epsilon(dtype) * 4 * (m + 1) / n : 0;
        double relative = update == Op.Update.MUL ? Closeness.epsilon(dtype) * (m + 1) : 0;
        NDArray got = bench().run(
                        what,
                        dtype,
                        shape,
                        out -> backend().scatter(op, bench().put(x), bench().put(index), bench().put(updates), out));
        Closeness.assertClose(what, expected, got, relative, absolute);
        View place = bench().put(x);
        backend()
                .scatter(op, place, bench().put(index), bench().put(updates), place)
                .run();
        Closeness.assertSame(what + ", in place", got, bench().get(what, place));
    }
}
