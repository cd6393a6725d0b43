package org.keras4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.cpu.kernels.Machine;
import org.keras4j.callbacks.LambdaCallback;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Dropout;
import org.keras4j.layers.Input;
import org.keras4j.models.Sequential;

/**
 * Once all is compiled, a train step makes next to no objects. When that is depends on the machine and its load, so the
 * test runs where system property {@code keras4j.allocations} is true; {@code perf/run allocations} measures the same.
 */
class AllocationTest {
    private static final int STEPS = 50;
    private static final int BATCH = 32;
    private static final long BYTES = 1024;
    private static final long SECONDS = 120;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long before;
    private long fewest = Long.MAX_VALUE;

    /** Takes the best of many epochs: how long the compiler needs is not what is tested. */
    @Test
    void trainStepsMakeNextToNoObjects() {
        assumeTrue(Boolean.getBoolean("keras4j.allocations"), "asked for with -Dkeras4j.allocations=true");
        assumeTrue(Machine.vectorBits() >= 256, "shorter vectors make more code, which takes longer to be compiled");
        var model = new Sequential(
                new Input(20), new Dense(24, "relu"), new Dropout(0.1), new Dense(16, "tanh"), new Dense(5, "softmax"));
        model.compile(
                c -> c.optimizer("adam").loss("sparse_categorical_crossentropy").metrics("accuracy"));
        NDArray x = NDArray.zeros(DType.FLOAT32, Shape.of(STEPS * BATCH, 20));
        NDArray y = NDArray.zeros(DType.INT32, Shape.of(STEPS * BATCH));
        long start = System.nanoTime();
        var counter = new LambdaCallback().onTrainBatchBegin(step -> {
            long now = threads.getCurrentThreadAllocatedBytes();
            if (step == 1) before = now;
            if (step < STEPS - 1) return;
            fewest = Math.min(fewest, (now - before) / (STEPS - 2));
            if (fewest < BYTES || System.nanoTime() - start > SECONDS * 1_000_000_000) model.stopTraining(true);
        });
        model.fit(
                x,
                y,
                f -> f.batchSize(BATCH).epochs(Integer.MAX_VALUE).verbose(0).callbacks(counter));
        assertTrue(fewest < BYTES, "a train step allocates " + fewest + " bytes");
    }
}
