package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.View;
import org.keras4j.op.Activation;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;

/** What cuBLASLt is asked for and how its answers are taken, on the stand-ins. */
class ProductsStandInTest {
    private static final Op.Dot DOT = new Op.Dot(false, false);

    /** Returns ones {@code offset} elements behind the beginning of their memory. */
    private static View ones(Backend backend, int offset, int... sizes) {
        Shape shape = Shape.of(sizes);
        var view = new View(backend.allocate(Storage.FLOAT, offset + shape.size()), offset, shape, DType.FLOAT32);
        NDArray values = NDArray.zeros(DType.FLOAT32, shape);
        for (int i = 0; i < values.size(); i++) values.set(i, 1);
        backend.upload(values, view);
        return view;
    }

    private static float first(Backend backend, View view) {
        NDArray values = NDArray.zeros(DType.FLOAT32, view.shape());
        backend.download(view, values);
        return (float) values.get(0);
    }

    @Test
    void theLibraryAddsABiasThatLiesAnywhere() {
        try (Backend cuda = StandIns.open()) {
            View out = ones(cuda, 0, 5, 8);
            List<View> in = List.of(ones(cuda, 0, 5, 7), ones(cuda, 0, 7, 8), ones(cuda, 1, 8));
            int before = StandIns.ask("standin_library_calls");
            cuda.fused(new Fusion.DotEpilogue(DOT, true, Activation.LINEAR), in, List.of(out))
                    .orElseThrow()
                    .run();
            assertEquals(8, first(cuda, out));
            assertEquals(before + 1, StandIns.ask("standin_library_calls"), "a kernel of ours took its place");
        }
    }

    @Test
    void whatTheLibraryFoundNotToFitIsNotTried() {
        StandIns.folder();
        try (Backend cuda = StandIns.open()) {
            StandIns.askCublas("standin_algorithms", 0);
            int before = StandIns.askCublas("standin_products");
            View out = ones(cuda, 0, 5, 8);
            cuda.dot(DOT, ones(cuda, 0, 5, 7), ones(cuda, 0, 7, 8), out).run();
            assertEquals(7, first(cuda, out));
            assertEquals(before, StandIns.askCublas("standin_products"));
        } finally {
            StandIns.askCublas("standin_algorithms", 2);
        }
    }

    @Test
    void aDeviceThatIsFullIsNotAvailable() {
        StandIns.folder();
        StandIns.ask("standin_room", 1000);
        try {
            var e = assertThrows(BackendUnavailableException.class, StandIns::open);
            assertTrue(e.getMessage().contains("out of memory"), e.getMessage());
        } finally {
            StandIns.ask("standin_limit", 8L << 30);
        }
        try (Backend cuda = StandIns.open()) {
            assertEquals(1, first(cuda, ones(cuda, 0, 3)));
        }
    }
}
