package org.keras4j.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.backend.cpu.kernels.WorkPool;
import org.keras4j.backend.reference.ReferenceBackend;
import org.keras4j.op.Spec;

/**
 * Runs the same operation on the reference backend, on the CPU backend with one thread and with three, and compares.
 */
final class BackendComparison {
    static final Backend REFERENCE = new ReferenceBackend();
    static final Backend ONE = new CpuBackend(new WorkPool(1));
    static final Backend THREE = new CpuBackend(new WorkPool(3));

    /** Prepares a kernel from its inputs and outputs. */
    interface Prepare {
        Kernel of(Backend backend, List<View> in, List<View> out);
    }

    private BackendComparison() {}

    static NDArray random(DType dtype, Shape shape, long seed) {
        var random = new SplittableRandom(seed);
        NDArray array = NDArray.zeros(dtype, shape);
        for (int i = 0; i < array.size(); i++) {
            double value = dtype == DType.BOOL
                    ? random.nextInt(2)
                    : dtype.isFloating() ? random.nextDouble() * 4 - 2 : random.nextInt(0, 5);
            array.set(i, value);
        }
        return array;
    }

    /** Checks all outputs; {@code tolerance} is relative to the largest value of an output, 0 means equal bits. */
    static void check(String what, double tolerance, List<NDArray> in, List<Spec> out, Prepare prepare) {
        List<NDArray> want = run(REFERENCE, in, out, prepare);
        List<NDArray> one = run(ONE, in, out, prepare);
        List<NDArray> three = run(THREE, in, out, prepare);
        for (int k = 0; k < out.size(); k++) {
            assertEquals(one.get(k), three.get(k), what + ": threads change output " + k);
            close(what + ", output " + k, want.get(k), one.get(k), tolerance);
        }
    }

    static void close(String what, NDArray want, NDArray got, double tolerance) {
        double largest = 1e-30;
        for (int i = 0; i < want.size(); i++)
            if (Double.isFinite(want.get(i))) largest = Math.max(largest, Math.abs(want.get(i)));
        for (int i = 0; i < want.size(); i++) {
            double w = want.get(i);
            double g = got.get(i);
            boolean same = w == g || Double.isNaN(w) && Double.isNaN(g) || Math.abs(w - g) <= tolerance * largest;
            assertTrue(same, what + ": element " + i + " of " + want.shape() + " is " + g + ", expected " + w);
        }
    }

    /** Runs twice, so that a kernel that leaves something behind is found out; memories have room before and after. */
    private static List<NDArray> run(Backend backend, List<NDArray> in, List<Spec> out, Prepare prepare) {
        BiFunction<DType, Shape, View> place =
                (dtype, shape) -> new View(backend.allocate(dtype.storage(), shape.size() + 19L), 16, shape, dtype);
        List<View> inputs = new ArrayList<>();
        for (NDArray array : in) {
            View view = place.apply(array.dtype(), array.shape());
            backend.upload(array, view);
            inputs.add(view);
        }
        List<View> outputs = new ArrayList<>();
        for (Spec spec : out) outputs.add(place.apply(spec.dtype(), spec.shape()));
        Kernel kernel = prepare.of(backend, inputs, outputs);
        kernel.run();
        kernel.run();
        backend.synchronize();
        List<NDArray> results = new ArrayList<>();
        for (View view : outputs) {
            NDArray result = NDArray.zeros(view.dtype(), view.shape());
            backend.download(view, result);
            results.add(result);
        }
        for (int i = 0; i < in.size(); i++) {
            NDArray after = NDArray.zeros(in.get(i).dtype(), in.get(i).shape());
            backend.download(inputs.get(i), after);
            assertEquals(in.get(i), after, "input " + i + " was overwritten");
        }
        return results;
    }
}
