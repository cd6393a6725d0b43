package org.keras4j.backend.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.reference.ReferenceBackend;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;

/** What moves, gathers, scatters and sorts in sizes that take several launches or groups; beside the reference. */
class MovingTest {
    private static final boolean[] KINDS = {false, true};

    /** Prepares on a backend. */
    private interface Recipe {
        Kernel prepare(Backend backend, List<View> in, List<View> out);
    }

    private static Backend device(boolean cpu) {
        assumeTrue(HostCompiler.missing().isEmpty(), "no g++ for the host dialect");
        return new DeviceBackend("host", new HostDevice(cpu, List.of()));
    }

    private static View put(Backend backend, NDArray array, int offset) {
        var memory = backend.allocate(array.dtype().storage(), array.size() + offset);
        var view = new View(memory, offset, array.shape(), array.dtype());
        backend.upload(array, view);
        return view;
    }

    private static List<NDArray> run(Backend backend, int offset, List<NDArray> in, List<NDArray> like, Recipe recipe) {
        List<View> from = in.stream().map(x -> put(backend, x, offset)).toList();
        List<View> to = like.stream().map(x -> put(backend, x, offset)).toList();
        recipe.prepare(backend, from, to).run();
        List<NDArray> results = new ArrayList<>();
        for (View view : to) {
            NDArray result = NDArray.zeros(view.dtype(), view.shape());
            backend.download(view, result);
            results.add(result);
        }
        for (View view : from) view.memory().close();
        for (View view : to) view.memory().close();
        return results;
    }

    private static void check(Backend device, String what, List<NDArray> in, List<NDArray> like, Recipe recipe) {
        try (var reference = new ReferenceBackend()) {
            List<NDArray> expected = run(reference, 0, in, like, recipe);
            for (int offset : new int[] {0, 2, 3})
                assertEquals(expected, run(device, offset, in, like, recipe), what + " at " + offset);
        }
    }

    private static NDArray random(DType dtype, int seed, int... dims) {
        NDArray x = NDArray.zeros(dtype, Shape.of(dims));
        var random = new Random(seed);
        for (int i = 0; i < x.size(); i++) x.set(i, random.nextInt(2000) - 1000);
        return x;
    }

    private static NDArray zeros(NDArray like, int... dims) {
        return NDArray.zeros(like.dtype(), Shape.of(dims));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void transposesManyAxesAndWideElements(boolean cpu) {
        try (Backend device = device(cpu)) {
            for (DType dtype : List.of(DType.FLOAT32, DType.INT64)) {
                transpose(device, random(dtype, 1, 2, 3, 2, 3, 2, 3, 2), 6, 5, 4, 3, 2, 1, 0);
                transpose(device, random(dtype, 1, 3, 2, 3, 2, 3, 2, 5), 1, 0, 3, 2, 5, 4, 6);
                transpose(device, random(dtype, 2, 70, 33, 4), 1, 0, 2);
                transpose(device, random(dtype, 2, 70, 33, 2), 1, 0, 2);
                transpose(device, random(dtype, 3, 3, 35, 2, 40), 0, 3, 2, 1);
                transpose(device, random(dtype, 3, 2, 40, 37, 3), 0, 3, 1, 2);
            }
        }
    }

    private static void transpose(Backend device, NDArray x, int... order) {
        int[] dims = IntStream.of(order).map(x.shape()::dim).toArray();
        var op = new Op.Transpose(Ints.of(order));
        check(
                device,
                op + " of " + x.shape(),
                List.of(x),
                List.of(zeros(x, dims)),
                (b, in, out) -> b.transpose(op, in.getFirst(), out.getFirst()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void padsAndJoinsManyAxesAndParts(boolean cpu) {
        try (Backend device = device(cpu)) {
            NDArray x = random(DType.FLOAT32, 4, 2, 3, 2, 3, 4);
            var five = new Op.Pad(Ints.of(1, 0, 2, 1, 1), Ints.of(0, 1, 1, 0, 2), Ints.of(0, 0, 0, 0, 0));
            check(
                    device,
                    "pad",
                    List.of(x),
                    List.of(zeros(x, 3, 4, 5, 4, 7)),
                    (b, in, out) -> b.pad(five, in.getFirst(), out.getFirst()));
            NDArray image = random(DType.FLOAT32, 4, 3, 70, 60, 8);
            var border = new Op.Pad(Ints.of(0, 3, 3, 0), Ints.of(0, 3, 2, 0), Ints.of(0, 0, 0, 0));
            check(
                    device,
                    "pad",
                    List.of(image),
                    List.of(zeros(image, 3, 76, 65, 8)),
                    (b, in, out) -> b.pad(border, in.getFirst(), out.getFirst()));
            List<NDArray> parts = new ArrayList<>();
            for (int k = 0; k < 9; k++) parts.add(random(DType.FLOAT32, k, 33, 4 * k, 4));
            check(
                    device,
                    "concatenate",
                    parts,
                    List.of(zeros(image, 33, 144, 4)),
                    (b, in, out) -> b.concatenate(new Op.Concatenate(1), in, out.getFirst()));
            parts.add(random(DType.FLOAT32, 3, 33, 1, 4));
            check(
                    device,
                    "concatenate",
                    parts,
                    List.of(zeros(image, 33, 145, 4)),
                    (b, in, out) -> b.concatenate(new Op.Concatenate(1), in, out.getFirst()));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sortsMoreThanABlock(boolean cpu) {
        try (Backend device = device(cpu)) {
            for (DType dtype : List.of(DType.FLOAT32, DType.INT64))
                for (int n : new int[] {1023, 1025, 2500})
                    for (boolean descending : KINDS) {
                        NDArray x = random(dtype, n, 2, n, 2);
                        double[] odd = {Double.NaN, -0.0, 0.0, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
                        for (int i = 0; i < 4 * n && dtype.isFloating(); i += 7) x.set(i, odd[i % 5]);
                        var op = new Op.Sort(1, descending);
                        check(
                                device,
                                op + " of " + dtype + x.shape(),
                                List.of(x),
                                List.of(zeros(x, 2, n, 2), NDArray.zeros(DType.INT32, Shape.of(2, n, 2))),
                                (b, in, out) -> b.sort(op, in.getFirst(), out.get(0), out.get(1)));
                    }
            NDArray extremes = NDArray.of(Shape.of(5), 0L, Long.MAX_VALUE, Long.MIN_VALUE, -1L, Long.MAX_VALUE);
            check(
                    device,
                    "sort of extremes",
                    List.of(extremes),
                    List.of(zeros(extremes, 5), NDArray.zeros(DType.INT32, Shape.of(5))),
                    (b, in, out) -> b.sort(new Op.Sort(0, true), in.getFirst(), out.get(0), out.get(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void scattersManyUpdatesOfFewRows(boolean cpu) {
        try (Backend device = device(cpu)) {
            for (int row : new int[] {1, 3, 300})
                for (Op.Update update : List.of(Op.Update.SET, Op.Update.MUL)) {
                    NDArray x = random(DType.INT32, 1, 300, row);
                    NDArray updates = random(DType.INT32, 2, 600, row);
                    NDArray index = random(DType.INT32, 3, 600);
                    for (int i = 0; i < 600; i += 3) index.set(i, 7); // many in one row
                    check(
                            device,
                            update + " of rows of " + row,
                            List.of(x, index, updates),
                            List.of(x),
                            (b, in, out) ->
                                    b.scatter(new Op.Scatter(update), in.get(0), in.get(1), in.get(2), out.getFirst()));
                }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gathersAndNamesTheFirstIndexOutside(boolean cpu) {
        try (Backend device = device(cpu)) {
            NDArray x = random(DType.FLOAT32, 1, 3, 50, 16);
            NDArray index = NDArray.zeros(DType.INT32, Shape.of(700));
            for (int i = 0; i < 700; i++) index.set(i, i * 17 % 50);
            check(
                    device,
                    "gather",
                    List.of(x, index),
                    List.of(zeros(x, 3, 700, 16)),
                    (b, in, out) -> b.gather(new Op.Gather(1), in.get(0), in.get(1), out.getFirst()));
            index.set(650, 50);
            var error = assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> run(
                            device,
                            0,
                            List.of(x, index),
                            List.of(zeros(x, 3, 700, 16)),
                            (b, in, out) -> b.gather(new Op.Gather(1), in.get(0), in.get(1), out.getFirst())));
            assertEquals("Index 50 at position 650 is outside 0 to 49", error.getMessage());
        }
    }
}
