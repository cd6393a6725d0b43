package org.keras4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.function.Function;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** Brings arrays to a backend and results back; every view lies between guard elements that must stay as they are. */
final class Workbench {
    private static final int GUARD = 16; // 64 bytes of float, as a planner aligns
    private static final double GUARD_VALUE = 1; // a value of every dtype

    final Backend backend;

    Workbench(Backend backend) {
        this.backend = backend;
    }

    /** Returns a view with a copy of {@code array}. */
    View put(NDArray array) {
        View view = room(array.dtype(), array.shape());
        backend.upload(array, view);
        return view;
    }

    /** Returns a view full of rubbish: NaN where the dtype has it. */
    View room(DType dtype, Shape shape) {
        int n = shape.size();
        Memory memory = backend.allocate(dtype.storage(), n + 2L * GUARD);
        NDArray all = NDArray.full(dtype, Shape.of(n + 2 * GUARD), GUARD_VALUE);
        for (int i = 0; i < n; i++) all.set(GUARD + i, dtype.isFloating() ? Double.NaN : 1);
        backend.upload(all, new View(memory, 0, all.shape(), dtype));
        return new View(memory, GUARD, shape, dtype);
    }

    /** Returns the content of a view made here, and fails if a guard has changed. */
    NDArray get(String what, View view) {
        int n = view.size();
        NDArray all = NDArray.zeros(view.dtype(), Shape.of(n + 2 * GUARD));
        backend.download(new View(view.memory(), 0, all.shape(), view.dtype()), all);
        for (int i = 0; i < all.size(); i++)
            if ((i < GUARD || i >= GUARD + n) && all.get(i) != GUARD_VALUE)
                fail(what + ": wrote outside its view " + view.shape() + ", at element " + (i - GUARD));
        NDArray out = NDArray.zeros(view.dtype(), view.shape());
        backend.download(view, out);
        return out;
    }

    /** Runs a kernel with one output, twice: the second run must give the same. */
    NDArray run(String what, DType dtype, Shape shape, Function<View, Kernel> prepare) {
        View out = room(dtype, shape);
        Kernel kernel = prepare.apply(out);
        kernel.run();
        NDArray first = get(what, out);
        kernel.run();
        assertEquals(first, get(what, out), () -> what + ": the second run of the kernel gave something else");
        return first;
    }
}
