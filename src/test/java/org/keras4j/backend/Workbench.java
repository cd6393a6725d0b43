package org.keras4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.Storage;

/**
 * Brings arrays to a backend and results back. Views lie one after the other in large memories, as in a frame; each
 * stands between guard elements that must stay as they are.
 */
final class Workbench {
    private static final int GUARD = 16; // a vector's width
    private static final double GUARD_VALUE = 1; // a value of every dtype
    private static final int CHUNK = 1 << 16;

    final Backend backend;
    private final Map<Storage, Memory> chunks = new EnumMap<>(Storage.class);
    private final Map<Storage, Long> used = new EnumMap<>(Storage.class);

    Workbench(Backend backend) {
        this.backend = backend;
    }

    /** Lets the next view begin at a multiple of 16 elements, as all do in a frame. */
    void align() {
        used.replaceAll((storage, at) -> (at + GUARD - 1) / GUARD * GUARD);
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
        NDArray all = NDArray.full(dtype, Shape.of(n + 2 * GUARD), GUARD_VALUE);
        for (int i = 0; i < n; i++) all.set(GUARD + i, dtype.isFloating() ? Double.NaN : 1);
        View place = place(dtype, all.shape());
        backend.upload(all, place);
        return new View(place.memory(), place.offset() + GUARD, shape, dtype);
    }

    private synchronized View place(DType dtype, Shape shape) {
        Storage storage = backend.storage(dtype);
        Memory chunk = chunks.get(storage);
        long at = used.getOrDefault(storage, 0L);
        if (chunk == null || at + shape.size() > chunk.elements()) {
            chunk = backend.allocate(storage, Math.max(CHUNK, shape.size()));
            chunks.put(storage, chunk);
            at = 0;
        }
        used.put(storage, at + shape.size()); // not aligned, as the steps of a loop are not
        return new View(chunk, at, shape, dtype);
    }

    /** Returns the content of a view made here, and fails if a guard has changed. */
    NDArray get(String what, View view) {
        int n = view.size();
        NDArray all = NDArray.zeros(view.dtype(), Shape.of(n + 2 * GUARD));
        backend.download(new View(view.memory(), view.offset() - GUARD, all.shape(), view.dtype()), all);
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
