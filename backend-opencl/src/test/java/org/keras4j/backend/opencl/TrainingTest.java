package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.Backends;
import org.keras4j.backend.device.Buffer;
import org.keras4j.backend.device.Device;
import org.keras4j.backend.device.DeviceBackend;
import org.keras4j.backend.device.DeviceMemory;
import org.keras4j.backend.device.ForwardingDevice;
import org.keras4j.callbacks.LambdaCallback;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.RandomUniform;
import org.keras4j.layers.DTypePolicy;
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

    @Test
    void numbersOf16BitsTakeTwoBytes() {
        for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16)) {
            var variable = new Variable("v", NDArray.full(dtype, Shape.of(300, 500), 1.5));
            var memory = (DeviceMemory) variable.view(backend).memory();
            assertEquals(300_000, memory.elements() * memory.storage().bytes(), dtype.keras());
            assertTrue(memory.buffer().bytes() < 400_000, () -> memory.buffer().bytes() + " bytes");
            assertEquals(1.5, variable.numpy().get(149_999));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixed_float16", "mixed_bfloat16"})
    void mixedPrecisionTrainsAsTheReferenceDoes(String policy) {
        List<Double> expected = losses(Backends.open("reference"), policy);
        List<Double> losses = losses(backend, policy);
        for (int i = 0; i < expected.size(); i++)
            assertEquals(expected.get(i), losses.get(i), policy.equals("mixed_float16") ? 2e-3 : 2e-2, "epoch " + i);
        assertTrue(expected.getLast() < expected.getFirst(), "it learns");
    }

    private static List<Double> losses(Backend backend, String policy) {
        Backends.use(backend);
        DTypePolicy.setGlobal(DTypePolicy.of(policy));
        try {
            var model = new Sequential(
                    new Input(6),
                    new Dense(8, "relu").kernelInitializer(new RandomUniform(-0.5, 0.5, 1)),
                    new Dense(3, "softmax").kernelInitializer(new RandomUniform(-0.5, 0.5, 2)));
            model.compile(c -> c.optimizer("sgd").loss("sparse_categorical_crossentropy"));
            float[] x = new float[32 * 6];
            for (int i = 0; i < x.length; i++) x[i] = (float) Math.sin(0.7 * i);
            int[] y = new int[32];
            for (int i = 0; i < y.length; i++) y[i] = x[6 * i] > 0.5 ? 2 : x[6 * i + 1] > 0 ? 1 : 0;
            List<Double> losses = new ArrayList<>();
            var recorder = new LambdaCallback().onEpochEnd((epoch, logs) -> losses.add(logs.get("loss")));
            model.fit(
                    NDArray.of(Shape.of(32, 6), x),
                    NDArray.of(Shape.of(32), y),
                    f -> f.batchSize(8).epochs(4).shuffle(false).verbose(0).callbacks(recorder));
            return losses;
        } finally {
            DTypePolicy.setGlobal(null);
        }
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
