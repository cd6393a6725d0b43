package org.keras4j.backend.cuda;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keras4j.DType;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.graph.Composite;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.ShapeRules;
import org.keras4j.op.Spec;

/**
 * Fused operations that cuDNN has and our kernels have only in parts. Planned apart, the parts go together with what is
 * around them; so it is decided before planning, where a layer or the planner asks.
 */
final class CudnnFusions {
    private static final Cleaner CLEANER = Cleaner.create();

    private final CudaBackend backend;
    private final Cudnn cudnn;
    private final Autotuner rivals;
    private final CudnnAttention attention;

    CudnnFusions(CudaBackend backend, Cudnn cudnn, Autotuner rivals, CudnnAttention attention) {
        this.backend = backend;
        this.cudnn = cudnn;
        this.rivals = rivals;
        this.attention = attention;
    }

    /** Says whether an operation of a type is one that is decided here. */
    static boolean has(Fusion fusion, DType dtype) {
        if (isAttention(fusion)) return dtype.isNarrow();
        return fusion instanceof Fusion.BatchNorm
                || fusion instanceof Fusion.BatchNormGradient
                || fusion instanceof Fusion.Recurrence
                || fusion instanceof Fusion.RecurrenceGradient;
    }

    private static boolean isAttention(Fusion fusion) {
        return fusion instanceof Fusion.Attention || fusion instanceof Fusion.AttentionGradient;
    }

    /**
     * Says whether cuDNN is to do it: wherever it can, unless measuring has shown that the parts are faster. It reads and
     * writes a batch three times to normalize it, where the parts do so seven times, and has no launch for each step of a
     * recurrent layer. The gradient of such a layer goes with its outputs: it was measured with them.
     */
    boolean supports(Fusion fusion, List<Spec> in) {
        return switch (fusion) {
            case Fusion.Recurrence(Fusion.Cell cell, int reserve)
            when reserve > 0 ->
                Recurrence.takes(fusion, in) && rivals.prefersLibrary(fusion, in, () -> training(cell, reserve, in));
            case Fusion.RecurrenceGradient(var _, int reserve) -> reserve > 0 && Recurrence.takes(fusion, in);
            default ->
                (Recurrence.takes(fusion, in) || BatchNorm.takes(fusion, in) || attention.takes(fusion, in))
                        && rivals.prefersLibrary(fusion, in, () -> alone(fusion, in));
        };
    }

    private Autotuner.Comparison alone(Fusion fusion, List<Spec> in) {
        var trial = new TrialMemory(backend);
        List<View> from = trial.of(in);
        List<View> to = trial.of(ShapeRules.of(new Op.Fused(fusion), in));
        return new Autotuner.Comparison(
                trial, () -> prepare(fusion, from, to), () -> new Composite(backend, fusion, from, to));
    }

    /** The steps and their gradient, of which the parts hold the steps as well. */
    private Autotuner.Comparison training(Fusion.Cell cell, int reserve, List<Spec> in) {
        var trial = new TrialMemory(backend);
        var steps = new Fusion.Recurrence(cell, reserve);
        var gradient = new Fusion.RecurrenceGradient(cell, reserve);
        List<View> inputs = trial.of(in);
        List<View> outputs = trial.of(ShapeRules.of(new Op.Fused(steps), in));
        List<View> all = new ArrayList<>(inputs);
        all.add(outputs.getFirst());
        all.add(outputs.getLast());
        all.addAll(outputs.subList(0, outputs.size() - 1)); // any numbers will do for gradients
        List<View> gradients = trial.of(in);
        return new Autotuner.Comparison(
                trial,
                () -> {
                    Kernel forward = prepare(steps, inputs, outputs);
                    Kernel backward = prepare(gradient, all, gradients);
                    return () -> {
                        forward.run();
                        backward.run();
                    };
                },
                () -> new Composite(backend, gradient, all, gradients));
    }

    /** Returns how much of the steps of a cell is reserved for their gradient. */
    int reserve(Fusion.Cell cell, List<Spec> in) {
        return Recurrence.reserve(backend, cudnn, cell, in);
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
        if (isAttention(fusion)) return attention.prepare(fusion, in, out);
        return fusion instanceof Fusion.BatchNorm || fusion instanceof Fusion.BatchNormGradient
                ? BatchNorm.prepare(backend, cudnn, fusion, in, out)
                : Recurrence.prepare(backend, cudnn, fusion, in, out);
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
