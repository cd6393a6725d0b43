package org.keras4j.optimizers;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.LearningRateSchedule;

/**
 * Momentum made orthogonal for matrices (Jordan et al. 2024), AdamW for all other variables and for those that
 * {@link #excludeLayers} or {@link #excludeEmbeddings} name.
 */
public final class Muon extends BaseOptimizer<Muon> {
    private double adamBeta1 = 0.9;
    private double adamBeta2 = 0.999;
    private double epsilon = 1e-7;
    private List<String> excludeLayers = List.of();
    private double muonA = 3.4445;
    private double muonB = -4.775;
    private double muonC = 2.0315;
    private double adamLrRatio = 1.0;
    private double momentum = 0.95;
    private int nsSteps = 5;
    private boolean nesterov = true;
    private boolean excludeEmbeddings = true;
    private @Nullable Double adamWeightDecay = 0.004;
    private @Nullable Double rmsRate = 0.2;

    public Muon() {
        super(0.001);
        weightDecay(0.004);
    }

    public Muon(double learningRate) {
        this();
        learningRate(learningRate);
    }

    public Muon(LearningRateSchedule learningRate) {
        this();
        learningRate(learningRate);
    }

    /** Sets Adam's beta_1. */
    public Muon adamBeta1(double adamBeta1) {
        this.adamBeta1 = adamBeta1;
        return this;
    }

    /** Sets Adam's beta_2. */
    public Muon adamBeta2(double adamBeta2) {
        this.adamBeta2 = adamBeta2;
        return this;
    }

    /** Sets Adam's epsilon. */
    public Muon epsilon(double epsilon) {
        this.epsilon = epsilon;
        return this;
    }

    /** Sets expressions; variables whose path has a match are for AdamW. */
    public Muon excludeLayers(List<String> excludeLayers) {
        requireFresh();
        this.excludeLayers = List.copyOf(excludeLayers);
        return this;
    }

    /** Sets the factor of x in the polynomial that makes matrices orthogonal. */
    public Muon muonA(double muonA) {
        this.muonA = muonA;
        return this;
    }

    /** Sets the factor of x^3. */
    public Muon muonB(double muonB) {
        this.muonB = muonB;
        return this;
    }

    /** Sets the factor of x^5. */
    public Muon muonC(double muonC) {
        this.muonC = muonC;
        return this;
    }

    /** Sets AdamW's learning rate as a multiple of Muon's. */
    public Muon adamLrRatio(double adamLrRatio) {
        this.adamLrRatio = adamLrRatio;
        return this;
    }

    /** Sets the part of the momentum that stays at each step. */
    public Muon momentum(double momentum) {
        requireFresh();
        this.momentum = momentum;
        return this;
    }

    /** Sets how often the polynomial is applied. */
    public Muon nsSteps(int nsSteps) {
        this.nsSteps = nsSteps;
        return this;
    }

    /** Says whether to use Nesterov's momentum. */
    public Muon nesterov(boolean nesterov) {
        this.nesterov = nesterov;
        return this;
    }

    /** Says whether variables with "embedding" in their path are for AdamW. */
    public Muon excludeEmbeddings(boolean excludeEmbeddings) {
        this.excludeEmbeddings = excludeEmbeddings;
        return this;
    }

    /** Sets the weight decay of the variables that are for AdamW; null for none. */
    public Muon adamWeightDecay(@Nullable Double adamWeightDecay) {
        this.adamWeightDecay = adamWeightDecay;
        return this;
    }

    /** Sets the root mean square of a step, times the learning rate; null for whatever it is. */
    public Muon rmsRate(@Nullable Double rmsRate) {
        this.rmsRate = rmsRate;
        return this;
    }

    @Override
    protected Muon self() {
        return this;
    }

    @Override
    protected void createSlots(List<Variable> variables) {
        for (Variable v : variables) {
            addSlot(v, "momentum", 0);
            if (isForAdam(v)) addSlot(v, "velocity", 0);
        }
    }

    private boolean isForAdam(Variable v) {
        if (v.shape().rank() != 2) return true;
        if (excludeEmbeddings && v.path().toLowerCase(Locale.ROOT).contains("embedding")) return true;
        return excludeLayers.stream()
                .anyMatch(e -> Pattern.compile(e).matcher(v.path()).find());
    }

    @Override
    @Nullable
    Double weightDecay(Variable variable) {
        return isForAdam(variable) ? adamWeightDecay : super.weightDecay(variable);
    }

    @Override
    protected void updateStep(Tensor gradient, Variable variable, Step step) {
        Variable m = slot(variable, "momentum");
        if (hasSlot(variable, "velocity")) {
            adam(gradient, variable, m, step);
            return;
        }
        m.assign(K.add(K.multiply(m.value(), momentum), gradient));
        Tensor ahead = nesterov ? K.add(gradient, K.multiply(momentum, m.value())) : m.value();
        Tensor change = K.multiply(step.learningRate(), orthogonal(ahead));
        if (rmsRate != null) {
            int longest = Math.max(variable.shape().dim(0), variable.shape().dim(1));
            change = K.multiply(change, Math.sqrt(longest) * rmsRate);
        }
        assignSub(variable, change);
    }

    private void adam(Tensor gradient, Variable variable, Variable m, Step step) {
        Variable v = slot(variable, "velocity");
        assignAverage(m, adamBeta1, gradient);
        assignAverage(v, adamBeta2, K.square(gradient));
        Tensor rate = K.multiply(step.adamRate(adamBeta1, adamBeta2), adamLrRatio);
        assignSub(variable, K.divide(K.multiply(m.value(), rate), K.add(K.sqrt(v.value()), epsilon)));
    }

    /** Moves the singular values of a matrix near to 1 by an odd polynomial, applied again and again. */
    private Tensor orthogonal(Tensor matrix) {
        boolean tall = matrix.shape().dim(0) > matrix.shape().dim(1);
        Tensor x = tall ? K.transpose(matrix) : matrix;
        x = K.divide(x, K.add(K.sqrt(K.sum(K.square(x))), 1e-7));
        for (int i = 0; i < nsSteps; i++) {
            Tensor square = K.matmul(x, K.transpose(x));
            Tensor higher = K.add(K.multiply(muonB, square), K.matmul(K.multiply(muonC, square), square));
            x = K.add(K.multiply(muonA, x), K.matmul(higher, x));
        }
        return tall ? K.transpose(x) : x;
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("adam_beta_1", adamBeta1);
        config.put("adam_beta_2", adamBeta2);
        config.put("epsilon", epsilon);
        config.put("exclude_layers", excludeLayers);
        config.put("muon_a", muonA);
        config.put("muon_b", muonB);
        config.put("muon_c", muonC);
        config.put("adam_lr_ratio", adamLrRatio == 1 ? (Object) 1 : adamLrRatio);
        config.put("momentum", momentum);
        config.put("ns_steps", nsSteps);
        config.put("nesterov", nesterov);
        config.put("exclude_embeddings", excludeEmbeddings);
        config.put("adam_weight_decay", adamWeightDecay);
        config.put("rms_rate", rmsRate);
        return config;
    }
}
