package org.keras4j.optimizers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.LearningRateSchedule;

/**
 * Scales the loss so that gradients in half precision neither vanish nor overflow: the scale doubles after a number of
 * good steps, and halves at a step whose gradients are not finite, which changes nothing else.
 */
public final class LossScaleOptimizer extends BaseOptimizer<LossScaleOptimizer> {
    private final Optimizer innerOptimizer;
    private double initialScale = 1 << 15;
    private int dynamicGrowthSteps = 2000;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable stepCounter;

    @SuppressWarnings("NullAway.Init") // set by build
    private Variable dynamicScale;

    public LossScaleOptimizer(Optimizer innerOptimizer) {
        super(0);
        this.innerOptimizer = innerOptimizer;
        innerOptimizer.lossScaleFactor = null; // or gradients would be divided twice
    }

    public LossScaleOptimizer initialScale(double initialScale) {
        requireFresh();
        this.initialScale = initialScale;
        return this;
    }

    /** Sets after how many finite steps the scale doubles. */
    public LossScaleOptimizer dynamicGrowthSteps(int dynamicGrowthSteps) {
        this.dynamicGrowthSteps = dynamicGrowthSteps;
        return this;
    }

    public Optimizer innerOptimizer() {
        return innerOptimizer;
    }

    @Override
    protected LossScaleOptimizer self() {
        return this;
    }

    @Override
    public void build(List<Variable> variables) {
        if (built()) return;
        Map<String, @Nullable Object> foreign = new LinkedHashMap<>();
        foreign.put("weight_decay", weightDecay);
        foreign.put("clipnorm", clipnorm);
        foreign.put("clipvalue", clipvalue);
        foreign.put("global_clipnorm", globalClipnorm);
        foreign.put("loss_scale_factor", lossScaleFactor);
        foreign.put("gradient_accumulation_steps", gradientAccumulationSteps);
        foreign.put("use_ema", useEma ? true : null);
        foreign.values().removeIf(Objects::isNull);
        if (!foreign.isEmpty())
            throw new IllegalArgumentException(
                    "LossScaleOptimizer: set " + foreign.keySet() + " on the inner optimizer instead");
        super.build(variables);
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        stepCounter = addVariable("step_counter", DType.INT32, Shape.SCALAR, () -> NDArray.of(0));
        dynamicScale = addVariable(
                "dynamic_scale",
                DType.FLOAT32,
                Shape.SCALAR,
                () -> NDArray.full(DType.FLOAT32, Shape.SCALAR, initialScale));
        innerOptimizer.build(variables);
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        throw new AssertionError("the inner optimizer changes variables");
    }

    @Override
    void record(List<? extends @Nullable Tensor> gradients, List<Variable> variables) {
        Tensor scale = dynamicScale.value();
        List<@Nullable Tensor> unscaled = new ArrayList<>();
        Tensor finite = K.constant(true);
        for (Tensor g : gradients) {
            unscaled.add(g == null ? null : K.divide(g, K.cast(scale, g.dtype())));
            if (g != null) finite = K.logicalAnd(finite, K.all(K.isfinite(g)));
        }
        List<Variable> touched = new ArrayList<>(variables);
        touched.addAll(innerOptimizer.variables());
        onlyIf(finite, touched, () -> innerOptimizer.record(unscaled, variables));
        Tensor count = stepCounter.value();
        Tensor grows = K.equal(count, dynamicGrowthSteps - 1);
        Tensor grown = K.where(grows, K.multiply(scale, 2.0), scale);
        dynamicScale.assign(K.where(finite, grown, K.multiply(scale, 0.5)));
        Tensor more = K.logicalAnd(finite, K.logicalNot(grows));
        stepCounter.assign(K.where(more, K.add(count, 1), K.zerosLike(count)));
    }

    @Override
    public Tensor scaleLoss(Tensor loss) {
        if (dynamicScale == null) return K.multiply(loss, initialScale);
        return K.multiply(loss, K.cast(dynamicScale.value(), loss.dtype()));
    }

    @Override
    public Tensor iterations() {
        return innerOptimizer.iterations();
    }

    @Override
    public double learningRate() {
        return innerOptimizer.learningRate();
    }

    @Override
    public LossScaleOptimizer learningRate(double value) {
        innerOptimizer.learningRate(value);
        return this;
    }

    @Override
    public LossScaleOptimizer learningRate(LearningRateSchedule schedule) {
        innerOptimizer.learningRate(schedule);
        return this;
    }

    @Override
    public List<Variable> variables() {
        List<Variable> all = new ArrayList<>(super.variables());
        all.addAll(innerOptimizer.variables());
        return List.copyOf(all);
    }

    @Override
    public void finalizeVariableValues(List<Variable> variables) {
        innerOptimizer.finalizeVariableValues(variables);
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", name());
        config.put("inner_optimizer", innerOptimizer);
        config.put("initial_scale", initialScale);
        config.put("dynamic_growth_steps", dynamicGrowthSteps);
        return config;
    }
}
