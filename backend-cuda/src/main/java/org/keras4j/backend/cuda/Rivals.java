package org.keras4j.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;

/**
 * Decides between a kernel of ours and cuDNN's for what only reads and writes memory, where neither is known to be the
 * faster one: ours, unless measuring shows that cuDNN's is.
 */
final class Rivals {
    private static final String OURS = "ours";
    private static final String CUDNN = "cudnn";

    private final CudaBackend backend;
    private final CudaDevice device;
    private final @Nullable Choices choices;

    /** {@code choices} are what was measured, null if nothing is to be. */
    Rivals(CudaBackend backend, CudaDevice device, @Nullable Choices choices) {
        this.backend = backend;
        this.device = device;
        this.choices = choices;
    }

    /** Prepares a kernel; cuDNN's may throw a {@link RefusedException}. */
    interface Preparation {
        Kernel prepare(List<View> in, View out);
    }

    /** Returns the kernel to use for a problem, which {@code problem} names with its sizes. */
    Kernel choose(String problem, List<View> in, View out, Preparation ours, Preparation theirs) {
        if (choices == null) return ours.prepare(in, out);
        String key = problem + " of " + in.getFirst().dtype() + in.getFirst().shape();
        String chosen = choices.get(key).orElse("");
        if (!chosen.equals(OURS) && !chosen.equals(CUDNN)) {
            chosen = measure(in, out, ours, theirs);
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
    private String measure(List<View> in, View out, Preparation ours, Preparation theirs) {
        List<Memory> memories = new ArrayList<>();
        try {
            List<View> inTwins = new ArrayList<>();
            for (View view : in) inTwins.add(twin(view, memories));
            View outTwin = twin(out, memories);
            long cudnn = nanos(theirs.prepare(inTwins, outTwin));
            return cudnn < nanos(ours.prepare(inTwins, outTwin)) ? CUDNN : OURS;
        } catch (RefusedException e) {
            return OURS;
        } finally {
            memories.forEach(Memory::close);
        }
    }

    private View twin(View view, List<Memory> memories) {
        Memory memory = backend.allocatePersistent(view.memory().storage(), view.size());
        memories.add(memory);
        return new View(memory, 0, view.shape(), view.dtype());
    }

    private long nanos(Kernel kernel) {
        return Stopwatch.nanos(device, () -> {
            kernel.run();
            return true;
        });
    }
}
