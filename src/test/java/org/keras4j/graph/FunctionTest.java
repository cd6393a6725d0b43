package org.keras4j.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.backend.Label;
import org.keras4j.backend.Memory;
import org.keras4j.backend.reference.HostMemory;
import org.keras4j.backend.reference.ReferenceBackend;
import org.keras4j.layers.Dense;
import org.keras4j.ops.K;

/** Functions give back all memory that they took. */
class FunctionTest {
    private final Backend before = Backends.current();
    private final List<Memory> open = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private int allocationsLeft = Integer.MAX_VALUE;

    @BeforeEach
    void useCountingBackend() {
        Backends.use(counting(new ReferenceBackend()));
    }

    @AfterEach
    void restoreBackend() {
        Backends.use(before);
    }

    private Backend counting(ReferenceBackend real) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (_, method, arguments) -> {
                    switch (method.getName()) {
                        case "allocate":
                            return new Counted((Storage) arguments[0], (long) arguments[1], false);
                        case "allocatePersistent":
                            return new Counted((Storage) arguments[0], (long) arguments[1], true);
                        case "dot", "withEpilogue":
                            labels.add(Label.current());
                            break;
                        default:
                            break;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private final class Counted extends HostMemory {
        Counted(Storage storage, long elements, boolean persistent) {
            super(storage, elements, persistent);
            if (allocationsLeft-- == 0) throw new IllegalStateException("full");
            open.add(this);
        }

        @Override
        public void close() {
            assertTrue(open.removeIf(m -> m == this), "closed once");
        }
    }

    private static final NDArray X = NDArray.of(Shape.of(2, 2), 1f, 2f, 3f, 4f);

    private static Function product() {
        Tensor x = Primitives.input("x", DType.FLOAT32, Shape.of(2, 2));
        Tensor weights = K.constant(new float[][] {{1, 2}, {3, 4}});
        return Function.of(List.of(x), List.of(K.dot(x, weights)), Map.of());
    }

    private static float[] run(Function function) {
        return function.run(List.of(X)).getFirst().floats();
    }

    @Test
    void closingGivesBackArenaAndConstants() {
        Function f = product();
        run(f);
        assertTrue(open.size() >= 2, "an arena and a constant, got " + open.size());
        f.close();
        assertEquals(0, open.size());
    }

    @Test
    void aClosedFunctionRunsAgain() {
        Function f = product();
        float[] first = run(f);
        f.close();
        assertArrayEquals(first, run(f));
        f.close();
        assertEquals(0, open.size());
    }

    @Test
    void aFrameThatCannotBeMadeGivesBackWhatItTook() {
        Function f = product();
        allocationsLeft = 1;
        assertThrows(IllegalStateException.class, () -> run(f));
        f.close();
        assertEquals(0, open.size());
    }

    @Test
    void changingTheBackendGivesBackTheMemoryOnTheOld() {
        Function f = product();
        run(f);
        Backends.use(new ReferenceBackend());
        run(f);
        assertEquals(0, open.size());
    }

    @Test
    void readingATensorLeavesNothingBehind() {
        float[] product = K.dot(K.constant(new float[][] {{1, 2}}), K.constant(new float[][] {{3}, {4}}))
                .value()
                .floats();
        assertEquals(11, product[0]);
        assertEquals(0, open.size());
    }

    @Test
    void kernelsArePreparedUnderTheLabelOfTheirLayer() {
        var dense = new Dense(2).name("head");
        Tensor x = Primitives.input("x", DType.FLOAT32, Shape.of(2, 2));
        Function f = Function.of(List.of(x), List.of(dense.apply(x)), Map.of());
        run(f);
        assertTrue(labels.getFirst().contains("head"), () -> "labels: " + labels);
        assertEquals("", Label.current());
    }
}
