package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Activation;
import org.keras4j.op.Fusion;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

/** Elements of 16 bits on the stand-ins: the libraries take them as they are, and nothing is launched around them. */
class SixteenBitsStandInTest {
    private static View room(Backend backend, DType dtype, Shape shape) {
        Storage storage = backend.storage(dtype);
        assertEquals(2, storage.bytes());
        return new View(backend.allocate(storage, shape.size()), 0, shape, dtype);
    }

    private static View put(Backend backend, DType dtype, Shape shape, double... values) {
        NDArray array = NDArray.zeros(dtype, shape);
        for (int i = 0; i < values.length; i++) array.set(i, values[i]);
        View view = room(backend, dtype, shape);
        backend.upload(array, view);
        return view;
    }

    /** Runs a kernel and checks how often a library is called and how many kernels of ours are launched. */
    private static double[] run(Backend backend, Kernel kernel, int launches, View out) {
        int calls = StandIns.ask("standin_library_calls");
        int before = StandIns.ask("standin_launches");
        kernel.run();
        assertEquals(1, StandIns.ask("standin_library_calls") - calls, "calls of a library");
        assertEquals(launches, StandIns.ask("standin_launches") - before, "launches of ours");
        NDArray result = NDArray.zeros(out.dtype(), out.shape());
        backend.download(out, result);
        double[] values = new double[result.size()];
        for (int i = 0; i < values.length; i++) values[i] = result.get(i);
        return values;
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT16", "BFLOAT16"})
    void productsAndTheirEndings(DType dtype) {
        try (Backend cuda = StandIns.open()) {
            View a = put(cuda, dtype, Shape.of(2, 2), 1, 2, -3, 4);
            View b = put(cuda, dtype, Shape.of(2, 2), 0.5, 1, 2, -1);
            View bias = put(cuda, dtype, Shape.of(2), 256, 0.25);
            View out = room(cuda, dtype, Shape.of(2, 2));
            var dot = new Op.Dot(false, false);
            assertArrayEquals(new double[] {4.5, -1, 6.5, -7}, run(cuda, cuda.dot(dot, a, b, out), 0, out));
            var fusion = new Fusion.DotEpilogue(dot, true, Activation.RELU);
            Kernel ending =
                    cuda.fused(fusion, List.of(a, b, bias), List.of(out)).orElseThrow();
            // the sum with the bias is rounded once
            double[] expected = {dtype.round(260.5), 0, dtype.round(262.5), 0};
            assertArrayEquals(expected, run(cuda, ending, 0, out));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT16", "BFLOAT16"})
    void convolutions(DType dtype) {
        try (Backend cuda = StandIns.open()) {
            View x = put(cuda, dtype, Shape.of(1, 3, 3, 1), 1, 2, 3, 4, 5, 6, 7, 8, 9);
            View kernel = put(cuda, dtype, Shape.of(2, 2, 1, 1), 1, 10, 100, 1000);
            View out = room(cuda, dtype, Shape.of(1, 2, 2, 1));
            var window = new Window(Ints.of(1, 1), Ints.of(1, 1), Ints.of(0, 0), Ints.of(0, 0), 1);
            double[] expected = {5421, 6532, 8754, 9865};
            for (int i = 0; i < expected.length; i++) expected[i] = dtype.round(expected[i]);
            // one kernel of ours lays the weights out
            assertArrayEquals(expected, run(cuda, cuda.conv(new Op.Conv(window), x, kernel, out), 0, out));
        }
    }
}
