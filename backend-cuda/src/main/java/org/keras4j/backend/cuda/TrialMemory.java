package org.keras4j.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;
import org.keras4j.op.Spec;

/** Memory of their own for kernels that are measured while they are being prepared. */
final class TrialMemory implements AutoCloseable {
    private final CudaBackend backend;
    private final List<Memory> memories = new ArrayList<>();

    TrialMemory(CudaBackend backend) {
        this.backend = backend;
    }

    /** Returns zeros for each spec. */
    List<View> of(List<Spec> specs) {
        List<View> trial = new ArrayList<>();
        for (Spec spec : specs) trial.add(of(backend.storage(spec.dtype()), spec.shape(), spec.dtype()));
        return trial;
    }

    /** Returns zeros in the shape of a view. */
    View of(View view) {
        return of(view.memory().storage(), view.shape(), view.dtype());
    }

    private View of(Storage storage, Shape shape, DType dtype) {
        Memory memory = backend.allocatePersistent(storage, Math.max(1, shape.size()));
        memories.add(memory);
        return new View(memory, 0, shape, dtype);
    }

    @Override
    public void close() {
        memories.forEach(Memory::close);
    }
}
