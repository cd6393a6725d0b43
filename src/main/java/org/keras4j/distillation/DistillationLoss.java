package org.keras4j.distillation;

import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;

/** Says how far a student is from its teacher, at their outputs or at layers in them. */
public abstract class DistillationLoss {
    protected DistillationLoss() {}

    /** Returns a scalar, made of what teacher and student give for the same batch. */
    public abstract Tensor computeLoss(Tensor teacher, Tensor student);

    /** Returns the teacher's layer that is looked at, or null for its output. */
    public @Nullable String teacherLayerName() {
        return null;
    }

    /** Returns the student's layer that is looked at, or null for its output. */
    public @Nullable String studentLayerName() {
        return null;
    }
}
