package org.keras4j.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Function;
import org.keras4j.graph.Gradients;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Branches and loops whose way the host decides from values on the device, again in each of several runs. */
interface ControlFlowContract extends Contract {
    /** More than a backend takes before it replays what it has recorded. */
    int RUNS = 4;

    private void run(Runnable test) {
        Backend before = Backends.current();
        Backends.use(backend());
        try {
            test.run();
        } finally {
            Backends.use(before);
        }
    }

    @Test
    default void aBranchIsChosenInEachRun() {
        run(() -> {
            Tensor x = K.placeholder(DType.FLOAT32, 3);
            Tensor y = K.cond(K.greater(K.sum(x), K.constant(0)), () -> K.multiply(x, 2), () -> K.square(x));
            Tensor dx = Gradients.of(K.sum(y), List.of(x)).getFirst();
            try (Function f = K.function(List.of(x), List.of(y, dx))) {
                for (int i = 0; i < RUNS; i++) {
                    float sign = i % 2 == 0 ? 1 : -1;
                    List<NDArray> out = f.run(List.of(NDArray.of(Shape.of(3), sign, 2 * sign, 3 * sign)));
                    assertArrayEquals(
                            i % 2 == 0 ? new float[] {2, 4, 6} : new float[] {1, 4, 9},
                            out.get(0).floats());
                    assertArrayEquals(
                            i % 2 == 0 ? new float[] {2, 2, 2} : new float[] {-2, -4, -6},
                            out.get(1).floats());
                }
            }
        });
    }

    @Test
    default void aLoopRunsAsOftenAsItsConditionSays() {
        run(() -> {
            Tensor x = K.placeholder(DType.FLOAT32, 2);
            Tensor least = K.placeholder(DType.FLOAT32);
            List<Tensor> last = K.whileLoop(
                    v -> K.less(K.sum(v.get(1)), least),
                    v -> List.of(K.add(v.get(0), 1), K.multiply(v.get(1), 2)),
                    List.of(K.constant(0), x));
            try (Function f = K.function(List.of(x, least), last)) {
                for (int i = 0; i < RUNS; i++) {
                    List<NDArray> out =
                            f.run(List.of(NDArray.of(Shape.of(2), 1f, 2f), NDArray.of(Shape.SCALAR, (float) (3 << i))));
                    assertEquals(i, out.get(0).item());
                    assertArrayEquals(new float[] {1 << i, 2 << i}, out.get(1).floats());
                }
            }
        });
    }

    @Test
    default void aBranchInALoopInABranch() {
        run(() -> {
            Tensor x = K.placeholder(DType.FLOAT32, 2);
            Tensor steps = K.placeholder(DType.INT32);
            Tensor y = K.switchCase(
                    steps,
                    List.of(
                            v -> v,
                            v -> K.foriLoop(
                                    K.constant(0),
                                    steps,
                                    (i, c) -> K.cond(K.equal(i, 1), () -> K.negative(c), () -> K.add(c, 1)),
                                    v)),
                    x);
            try (Function f = K.function(List.of(x, steps), List.of(y))) {
                float[][] expected = {{5, 7}, {6, 8}, {-6, -8}, {-5, -7}};
                for (int i = 0; i < RUNS; i++) {
                    List<NDArray> out = f.run(List.of(NDArray.of(Shape.of(2), 5f, 7f), NDArray.of(Shape.SCALAR, i)));
                    assertArrayEquals(expected[i], out.getFirst().floats());
                }
            }
        });
    }
}
