package org.keras4j.backend.cuda;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.graph.Composite;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;

/**
 * Decides between kernels of ours and cuDNN's. For what only reads and writes memory neither is known to be the faster
 * one: ours are taken, unless measuring shows that cuDNN's is faster. Fused operations that we have only in parts are
 * cuDNN's, unless measuring shows that the parts are faster.
 */
final class Autotuner {
    private static final String OURS = "ours";
    private static final String CUDNN = "cudnn";

    private final CudaBackend backend;
    private final CudaDevice device;
    private final @Nullable TuningCache choices;

    /** {@code choices} are what was measured, null if nothing is to be. */
    Autotuner(CudaBackend backend, CudaDevice device, @Nullable TuningCache choices) {
        this.backend = backend;
        this.device = device;
        this.choices = choices;
    }

    /** Prepares a kernel; cuDNN's may throw a {@link RefusedException}. */
    interface Preparation {
        Kernel prepare(List<View> in, View out);
    }

    /**
     * What is measured of a fused operation.
     *
     * @param theirs cuDNN's kernel; may throw a {@link RefusedException}
     * @param parts ours
     */
    record Comparison(TrialMemory trial, Supplier<Kernel> theirs, Supplier<Composite> parts) {}

    /** Returns the kernel to use for a problem, which {@code problem} names with its sizes. */
    Kernel choose(String problem, List<View> in, View out, Preparation ours, Preparation theirs) {
        return choose(problem, false, in, out, ours, theirs);
    }

    /**
     * Returns the kernel to use for a problem, which {@code problem} names with its sizes.
     *
     * @param ties whether cuDNN's must first be seen to do as ours where elements are equal, of which NVIDIA says
     *     nothing
     */
    Kernel choose(String problem, boolean ties, List<View> in, View out, Preparation ours, Preparation theirs) {
        if (choices == null) return ours.prepare(in, out);
        String key = problem + " of " + in.getFirst().dtype() + in.getFirst().shape();
        String chosen = choices.get(key).orElse("");
        if (!chosen.equals(OURS) && !chosen.equals(CUDNN)) {
            chosen = measure(ties, in, out, ours, theirs);
            choices.put(key, chosen);
        }
        if (chosen.equals(OURS)) return ours.prepare(in, out);
        try {
            return new WithFallback(theirs.prepare(in, out), () -> ours.prepare(in, out));
        } catch (RefusedException e) {
            return ours.prepare(in, out); // such as for memory that is not aligned
        }
    }

    /** Measures both on memory of their own, for the kernel is only being prepared. */
    private String measure(boolean ties, List<View> in, View out, Preparation ours, Preparation theirs) {
        try (var trial = new TrialMemory(backend)) {
            List<View> trialIn = in.stream().map(trial::of).toList();
            View trialOut = trial.of(out);
            Kernel cudnn = theirs.prepare(trialIn, trialOut);
            Kernel own = ours.prepare(trialIn, trialOut);
            if (ties && !agree(cudnn, own, trialIn, trialOut)) return OURS;
            return nanos(cudnn) < nanos(own) ? CUDNN : OURS;
        } catch (RefusedException e) {
            return OURS;
        }
    }

    /** Says whether two kernels give the same for small integers, of which many are equal. */
    private boolean agree(Kernel one, Kernel other, List<View> in, View out) {
        for (int i = 0; i < in.size(); i++) {
            NDArray values = NDArray.zeros(in.get(i).dtype(), in.get(i).shape());
            for (int j = 0; j < values.size(); j++) values.set(j, (j / 3 + j / 7 + j * i) % 3);
            backend.upload(values, in.get(i));
        }
        NDArray first = result(one, out);
        NDArray second = result(other, out);
        for (int i = 0; i < first.size(); i++) if (first.get(i) != second.get(i)) return false;
        return true;
    }

    private NDArray result(Kernel kernel, View out) {
        kernel.run();
        NDArray result = NDArray.zeros(out.dtype(), out.shape());
        backend.download(out, result);
        return result;
    }

    /** Says whether cuDNN's kernel is to be used for a fused operation that our kernels do in parts. */
    boolean prefersLibrary(Fusion fusion, List<Spec> in, Supplier<Comparison> comparison) {
        if (choices == null) return true;
        String key = fusion + " of " + in;
        String chosen = choices.get(key).orElse("");
        if (!chosen.equals(OURS) && !chosen.equals(CUDNN)) {
            chosen = measure(comparison.get());
            choices.put(key, chosen);
        }
        return chosen.equals(CUDNN);
    }

    private String measure(Comparison comparison) {
        try (comparison.trial) {
            long cudnn = nanos(comparison.theirs.get());
            try (Composite parts = comparison.parts.get()) {
                return cudnn < nanos(parts) ? CUDNN : OURS;
            }
        } catch (RefusedException e) {
            return OURS;
        }
    }

    private long nanos(Kernel kernel) {
        return Stopwatch.nanos(device, () -> {
            kernel.run();
            return true;
        });
    }
}
