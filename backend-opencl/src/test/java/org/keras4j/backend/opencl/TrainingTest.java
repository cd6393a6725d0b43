package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.Backends;
import org.keras4j.backend.device.Buffer;
import org.keras4j.backend.device.Device;
import org.keras4j.backend.device.DeviceBackend;
import org.keras4j.backend.device.ForwardingDevice;
import org.keras4j.layers.Dense;
import org.keras4j.layers.Embedding;
import org.keras4j.layers.Flatten;
import org.keras4j.layers.Input;
import org.keras4j.models.Sequential;

/** Whole models on the device: how often the program waits for it, and what errors say. */
class TrainingTest {
    private final Backend before = Backends.current();
    private final AtomicInteger waits = new AtomicInteger();
    private OpenClDevice device;
    private Backend backend;

    @BeforeEach
    void open() {
        try {
            device = new OpenClProvider().openDevice();
        } catch (BackendUnavailableException e) {
            abort("No OpenCL here: " + e.getMessage());
        }
        backend = new DeviceBackend("opencl", new Watched(device, waits));
        Backends.use(backend);
    }

    @AfterEach
    void close() {
        Backends.use(before);
        if (backend != null) backend.close();
    }

    private static final Random RANDOM = new Random(4);

    private static NDArray samples(int n) {
        float[] x = new float[n * 6];
        for (int i = 0; i < x.length; i++) x[i] = RANDOM.nextFloat();
        return NDArray.of(Shape.of(n, 6), x);
    }

    private static NDArray labels(int n) {
        return NDArray.of(Shape.of(n), RANDOM.ints(n, 0, 3).toArray());
    }

    @Test
    void trainingWaitsForTheDeviceOnlyToShowNumbers() {
        var model = new Sequential(new Input(6), new Dense(8, "relu"), new Dense(3, "softmax"));
        model.compile(
                c -> c.optimizer("adam").loss("sparse_categorical_crossentropy").metrics("accuracy"));
        NDArray x = samples(64);
        NDArray y = labels(64);
        model.fit(x, y, f -> f.batchSize(8).epochs(1).verbose(0));
        waits.set(0);
        model.fit(x, y, f -> f.batchSize(8).epochs(1).verbose(0));
        int few = waits.get();
        waits.set(0);
        model.fit(samples(640), labels(640), f -> f.batchSize(8).epochs(1).verbose(0));
        assertEquals(few, waits.get(), "ten times the steps, and as often waited for");
    }

    @Test
    void aModelThatIsDroppedLeavesItsMemory() throws InterruptedException {
        var model = new Sequential(new Input(6), new Dense(4096, "relu"), new Dense(1));
        NDArray x = samples(16);
        model.predict(x, p -> p.verbose(0));
        long one = inUse();
        for (int i = 0; i < 20; i++) {
            var other = new Sequential(new Input(6), new Dense(4096, "relu"), new Dense(1));
            other.predict(x, p -> p.verbose(0));
        }
        for (int i = 0; i < 100 && inUse() > 3 * one; i++) {
            System.gc();
            Thread.sleep(20);
        }
        long end = inUse();
        assertTrue(end <= 3 * one, () -> one + " bytes for one model, " + end + " in the end");
        model.predict(x, p -> p.verbose(0));
    }

    private long inUse() {
        return device.heap().held() - device.heap().pooled();
    }

    @Test
    void anIndexOutsideNamesTheLayer() {
        var model = new Sequential(new Input(2).dtype("int32"), new Embedding(5, 3).name("words"), new Flatten());
        NDArray good = NDArray.of(Shape.of(1, 2), 0, 4);
        float[] right = model.predict(good, p -> p.verbose(0)).floats();
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> model.predict(NDArray.of(Shape.of(1, 2), 1, 7), p -> p.verbose(0)));
        assertTrue(error.getMessage().contains("words") && error.getMessage().contains("7"), error.getMessage());
        float[] again = model.predict(good, p -> p.verbose(0)).floats();
        assertArrayEquals(right, again, "the model stays usable");
    }

    /** A device that counts how often the program waits for it. */
    private static final class Watched extends ForwardingDevice {
        private final AtomicInteger waits;

        Watched(Device device, AtomicInteger waits) {
            super(device);
            this.waits = waits;
        }

        @Override
        public void read(Buffer from, long fromByte, MemorySegment to) {
            waits.incrementAndGet();
            super.read(from, fromByte, to);
        }

        @Override
        public void finish() {
            waits.incrementAndGet();
            super.finish();
        }
    }
}
