package org.keras4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;
import org.keras4j.op.Window;

class PackedWeightsTest {
    private static View view(Backend backend, boolean persistent, Shape shape) {
        int size = shape.size();
        var memory =
                persistent ? backend.allocatePersistent(Storage.FLOAT, size) : backend.allocate(Storage.FLOAT, size);
        return new View(memory, 0, shape, DType.FLOAT32);
    }

    private static float[] result(Backend backend, View view) {
        NDArray array = NDArray.zeros(DType.FLOAT32, view.shape());
        backend.download(view, array);
        return array.floats();
    }

    /** Runs with one value several times, so that it gets packed, then with another. */
    private static void check(Shape x, Shape weight, Shape out, Function<List<View>, Kernel> prepare) {
        Backend backend = BackendComparison.THREE;
        View input = view(backend, false, x);
        View variable = view(backend, true, weight);
        View plain = view(backend, false, weight);
        View got = view(backend, false, out);
        View want = view(backend, false, out);
        backend.upload(BackendComparison.random(DType.FLOAT32, x, 1), input);
        Kernel kernel = prepare.apply(List.of(input, variable, got));
        Kernel reference = prepare.apply(List.of(input, plain, want));
        for (int value = 0; value < 3; value++) {
            NDArray values = BackendComparison.random(DType.FLOAT32, weight, 10 + value);
            backend.upload(values, variable);
            variable.memory().touch();
            backend.upload(values, plain);
            reference.run();
            for (int run = 0; run < 4; run++) {
                kernel.run();
                assertArrayEquals(
                        result(backend, want), result(backend, got), 1e-4f, "value " + value + ", run " + run);
            }
        }
    }

    @Test
    void convolutionsSeeNewValues() {
        var window = new Window(Ints.repeat(1, 2), Ints.repeat(1, 2), Ints.repeat(1, 2), Ints.repeat(1, 2), 1);
        for (int channels : new int[] {5, 160})
            check(
                    Shape.of(2, 9, 9, channels),
                    Shape.of(3, 3, channels, 40),
                    Shape.of(2, 9, 9, 40),
                    v -> BackendComparison.THREE.conv(new Op.Conv(window), v.get(0), v.get(1), v.get(2)));
    }

    @Test
    void aValueThatIsBeingReadStaysAndItsMemoryIsUsedAgainOtherwise() {
        View variable = view(BackendComparison.THREE, true, Shape.of(1));
        var number = new float[1];
        var packed = new PackedWeights().of(variable, "one", 1, to -> to[0] = ++number[0]);
        assertNull(packed.acquire(1));
        float[] first = packed.acquire(1);
        float[] same = packed.acquire(1);
        assertSame(first, same);
        packed.release(first);
        assertNull(packed.acquire(2));
        float[] second = packed.acquire(2);
        assertEquals(1, first[0]);
        assertEquals(2, second[0]);
        packed.release(same);
        packed.release(second);
        assertNull(packed.acquire(3));
        assertSame(second, packed.acquire(3));
        assertEquals(3, second[0]);
    }

    @Test
    void productsSeeNewValues() {
        check(
                Shape.of(200, 70),
                Shape.of(70, 50),
                Shape.of(200, 50),
                v -> BackendComparison.THREE.dot(new Op.Dot(false, false), v.get(0), v.get(1), v.get(2)));
        check(
                Shape.of(20, 70),
                Shape.of(50, 70),
                Shape.of(20, 50),
                v -> BackendComparison.THREE.dot(new Op.Dot(false, true), v.get(0), v.get(1), v.get(2)));
    }
}
