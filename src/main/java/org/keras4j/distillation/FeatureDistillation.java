package org.keras4j.distillation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.losses.Loss;
import org.keras4j.losses.Losses;
import org.keras4j.losses.MeanSquaredError;
import org.keras4j.ops.K;

/**
 * Compares what layers of teacher and student give, of one shape. A. Romero et al., "FitNets: hints for thin deep nets"
 * (2015).
 */
public final class FeatureDistillation extends DistillationLoss {
    private Loss loss = new MeanSquaredError();
    private @Nullable String teacherLayerName;
    private @Nullable String studentLayerName;

    /** Compares the outputs of the models until layers are set. */
    public FeatureDistillation() {}

    /** Sets the loss, an object or its name; {@code "mse"} if not set. */
    public FeatureDistillation loss(Object loss) {
        this.loss = Objects.requireNonNull(Losses.get(loss));
        return this;
    }

    /** Sets the layer of the teacher. */
    public FeatureDistillation teacherLayerName(String name) {
        teacherLayerName = name;
        return this;
    }

    /** Sets the layer of the student. */
    public FeatureDistillation studentLayerName(String name) {
        studentLayerName = name;
        return this;
    }

    @Override
    public @Nullable String teacherLayerName() {
        return teacherLayerName;
    }

    @Override
    public @Nullable String studentLayerName() {
        return studentLayerName;
    }

    @Override
    public Tensor computeLoss(Tensor teacher, Tensor student) {
        return K.mean(loss.call(teacher, student));
    }
}
