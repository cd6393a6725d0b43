package org.keras4j.backend.cuda;

import java.lang.ref.Cleaner;
import java.util.List;
import java.util.Optional;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.graph.Composite;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;

/**
 * Fused operations that cuDNN has and our kernels have only in parts. Planned apart, the parts go together with what is
 * around them; so it is decided before planning, where a layer or the planner asks.
 */
final class CudnnFusions {
    private static final Cleaner CLEANER = Cleaner.create();

    private final CudaBackend backend;
    private final Cudnn cudnn;
    private final Rivals rivals;

    CudnnFusions(CudaBackend backend, Cudnn cudnn, Rivals rivals) {
        this.backend = backend;
        this.cudnn = cudnn;
        this.rivals = rivals;
    }

    /** Says whether an operation is one that is decided here. */
    static boolean has(Fusion fusion) {
        return fusion instanceof Fusion.BatchNorm || fusion instanceof Fusion.BatchNormGradient;
    }

    /**
     * Says whether cuDNN is to do it: wherever it can, unless measuring has shown that the parts are faster. It reads and
     * writes a batch three times, twice that in the gradient; the parts do so seven and ten times.
     */
    boolean supports(Fusion fusion, List<Spec> in) {
        return BatchNorm.takes(fusion, in) && rivals.prefersLibrary(fusion, in, (i, o) -> prepare(fusion, i, o));
    }

    /** Prepares what {@link #supports} said yes to; should cuDNN refuse these places, the parts do it. */
    Optional<Kernel> fused(Fusion fusion, List<View> in, List<View> out) {
        try {
            return Optional.of(new WithFallback(prepare(fusion, in, out), () -> parts(fusion, in, out)));
        } catch (RefusedException e) {
            System.getLogger(CudnnFusions.class.getName()).log(System.Logger.Level.DEBUG, e.getMessage());
            return Optional.of(parts(fusion, in, out));
        }
    }

    private Kernel prepare(Fusion fusion, List<View> in, List<View> out) {
        return BatchNorm.prepare(backend, cudnn, fusion, in, out);
    }

    /** Returns the parts as one kernel; their memory goes with it. */
    private Kernel parts(Fusion fusion, List<View> in, List<View> out) {
        var composite = new Composite(backend, fusion, in, out);
        var kernel = new Kernel() {
            @Override
            public void run() {
                composite.run();
            }
        };
        CLEANER.register(kernel, composite::close);
        return kernel;
    }
}
