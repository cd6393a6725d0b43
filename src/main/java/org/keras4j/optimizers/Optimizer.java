package org.keras4j.optimizers;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Scope;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.graph.Variable;
import org.keras4j.op.Spec;
import org.keras4j.ops.K;
import org.keras4j.optimizers.schedules.LearningRateSchedule;
import org.keras4j.serialization.Saveable;
import org.keras4j.utils.Names;

/**
 * Changes variables by their gradients. All that {@link #apply} does is recorded in the open {@link Trace}, so that a
 * train step is one graph; without one it is done at once.
 */
public abstract class Optimizer implements Saveable {
    private static final System.Logger LOG = System.getLogger(Optimizer.class.getName());

    @Nullable
    String name;

    @Nullable
    Double weightDecay;

    @Nullable
    Double clipnorm;

    @Nullable
    Double globalClipnorm;

    @Nullable
    Double clipvalue;

    boolean useEma = false;
    double emaMomentum = 0.99;

    @Nullable
    Integer emaOverwriteFrequency;

    @Nullable
    Double lossScaleFactor;

    @Nullable
    Integer gradientAccumulationSteps;

    private double initialLearningRate;
    private @Nullable LearningRateSchedule schedule;
    private @Nullable Variable iteration;
    private @Nullable Variable learningRate;
    private final List<Variable> variables = new ArrayList<>();
    private final Map<Variable, Map<String, Variable>> slots = new IdentityHashMap<>();
    private List<Variable> trained = List.of();
    private boolean built;
    private List<Variable> undecayed = List.of();
    private @Nullable Pattern undecayedNames;

    protected Optimizer(double learningRate) {
        initialLearningRate = learningRate;
    }

    @Override
    public String module() {
        return "keras.optimizers";
    }

    // ---- what a rule has to say -------------------------------------------------------------------------------------

    /** Makes the variables that the rule keeps, with {@link #addSlots} and {@link #addVariable}. */
    protected abstract void createSlots(List<Variable> variables);

    /** Assigns to {@code variable} and its slots; the gradient has the variable's dtype. */
    protected abstract void updateStep(Tensor gradient, Variable variable, Step step);

    /** Assigns to what the rule keeps for all variables together, before any {@link #updateStep}. */
    protected void beginStep(Step step) {}

    /** Makes for each of {@code variables} in turn a variable of its shape and dtype, zeros, for each name. */
    protected final void addSlots(List<Variable> variables, String... names) {
        for (Variable v : variables) for (String slot : names) addSlot(v, slot, 0);
    }

    /** Makes a variable of {@code reference}'s shape and dtype, filled with {@code value}. */
    protected final Variable addSlot(Variable reference, String slot, double value) {
        return addSlot(reference, slot, () -> NDArray.full(reference.dtype(), reference.shape(), value));
    }

    final Variable addSlot(Variable reference, String slot, Supplier<NDArray> initial) {
        String slotName = reference.path().replace('/', '_') + "_" + slot;
        Variable made = addVariable(slotName, reference.dtype(), reference.shape(), initial);
        keepSlot(reference, slot, made);
        return made;
    }

    final void keepSlot(Variable reference, String slot, Variable made) {
        slots.computeIfAbsent(reference, _ -> new HashMap<>()).put(slot, made);
    }

    /** Makes a variable of the optimizer; {@code variables()} has them in the order in which they were made. */
    protected final Variable addVariable(String variableName, DType dtype, Shape shape, Supplier<NDArray> initial) {
        return track(new Variable(variableName, name() + "/" + variableName, new Spec(dtype, shape), initial));
    }

    final Variable track(Variable variable) {
        variables.add(variable.trainable(false));
        return variable;
    }

    /** Returns what {@link #addSlot} made for {@code variable} under that name. */
    protected final Variable slot(Variable variable, String slot) {
        return Objects.requireNonNull(
                Objects.requireNonNull(slots.get(variable)).get(slot), slot);
    }

    final boolean hasSlot(Variable variable, String slot) {
        return slots.getOrDefault(variable, Map.of()).containsKey(slot);
    }

    /** Assigns {@code variable - decrement}. */
    protected static void assignSub(Variable variable, Tensor decrement) {
        variable.assign(K.subtract(variable.value(), decrement));
    }

    /** Assigns {@code variable + increment}. */
    protected static void assignAdd(Variable variable, Tensor increment) {
        variable.assign(K.add(variable.value(), increment));
    }

    /** Assigns {@code variable + (value - variable) * (1 - rate)}, a moving average. */
    protected static void assignAverage(Variable variable, double rate, Tensor value) {
        assignAdd(variable, K.multiply(K.subtract(value, variable.value()), 1 - rate));
    }

    // ---- state ------------------------------------------------------------------------------------------------------

    /** Returns the name; by default Keras's unique one, such as {@code "adam"} or {@code "adam_1"}. */
    @Override
    public final String name() {
        if (name == null) name = Names.unique(Names.toSnakeCase(className()));
        return name;
    }

    /** Returns the number of calls of {@link #apply} so far, an int32 scalar. */
    final Variable iteration() {
        if (iteration == null) {
            iteration = addVariable("iteration", DType.INT32, Shape.SCALAR, () -> NDArray.of(0));
            if (schedule == null)
                learningRate = addVariable(
                        "learning_rate",
                        K.floatx(),
                        Shape.SCALAR,
                        () -> NDArray.full(K.floatx(), Shape.SCALAR, initialLearningRate));
        }
        return iteration;
    }

    /** Returns the number of updates made so far, an int32 scalar; accumulating steps count together as one. */
    public Tensor iterations() {
        Tensor calls = iteration().value();
        return gradientAccumulationSteps == null ? calls : K.floorDivide(calls, gradientAccumulationSteps);
    }

    /** Returns iteration, learning rate and slots in Keras's order. */
    public List<Variable> variables() {
        iteration();
        return List.copyOf(variables);
    }

    @Override
    public List<Variable> ownWeights() {
        return variables();
    }

    /** Says whether {@link #build} was called. */
    @Override
    public final boolean built() {
        return built;
    }

    /** Returns the variables that the optimizer was built for. */
    public final List<Variable> trainedVariables() {
        return trained;
    }

    /**
     * Returns the moving averages of {@link #trainedVariables}; none without {@code use_ema} or before the first step.
     */
    public final List<Variable> averages() {
        return useEma ? trained.stream().map(v -> slot(v, "average")).toList() : List.of();
    }

    /** Returns the learning rate of the next step. */
    public double learningRate() {
        return learningRateTensor().item();
    }

    Tensor learningRateTensor() {
        Tensor calls = iteration().value();
        return schedule == null ? Objects.requireNonNull(learningRate).value() : schedule.call(calls);
    }

    /** Sets the learning rate, also between steps; graphs traced before go on with the new one. */
    public Optimizer learningRate(double value) {
        if (schedule != null)
            throw new IllegalStateException(className() + " \"" + name() + "\" has a learning rate schedule,"
                    + " so that its learning rate cannot be set");
        initialLearningRate = value;
        if (learningRate != null) learningRate.assign(NDArray.full(learningRate.dtype(), Shape.SCALAR, value));
        return this;
    }

    /** Sets the schedule that gives the learning rate of each step; only before the first use. */
    public Optimizer learningRate(LearningRateSchedule schedule) {
        requireFresh();
        this.schedule = schedule;
        return this;
    }

    /** Leaves variables, and those whose names contain a match of one of the expressions, without weight decay. */
    public Optimizer excludeFromWeightDecay(List<Variable> variables, String... names) {
        if (built)
            throw new IllegalStateException(className() + " \"" + name() + "\" is built; exclude variables before");
        undecayed = List.copyOf(variables);
        undecayedNames = names.length == 0 ? null : Pattern.compile(String.join("|", names));
        return this;
    }

    final void requireFresh() {
        if (iteration != null)
            throw new IllegalStateException(className() + " \"" + name() + "\" is in use; set its options before");
    }

    /** Makes the variables that are needed to train {@code variables}; does nothing if that is done. */
    public void build(List<Variable> variables) {
        if (built) return;
        checkOptions();
        iteration();
        trained = List.copyOf(variables);
        if (useEma) addSlots(variables, "average");
        if (gradientAccumulationSteps != null) addSlots(variables, "gradient_accumulator");
        for (Variable v : variables) slots.computeIfAbsent(v, _ -> new HashMap<>());
        createSlots(variables);
        built = true;
    }

    private void checkOptions() {
        int clips = (clipnorm == null ? 0 : 1) + (clipvalue == null ? 0 : 1) + (globalClipnorm == null ? 0 : 1);
        if (clips > 1)
            throw new IllegalArgumentException(className()
                    + ": expected at most one of clipnorm, clipvalue and global_clipnorm, got clipnorm=" + clipnorm
                    + ", clipvalue=" + clipvalue + ", global_clipnorm=" + globalClipnorm);
    }

    // ---- a step -----------------------------------------------------------------------------------------------------

    /** Returns the loss times what {@link #apply} divides the gradients by. */
    public Tensor scaleLoss(Tensor loss) {
        return lossScaleFactor == null ? loss : K.multiply(loss, lossScaleFactor);
    }

    /** Applies gradients to the variables that the optimizer was built for. */
    public final void apply(List<? extends @Nullable Tensor> gradients) {
        if (!built)
            throw new IllegalStateException(className() + " \"" + name() + "\": expected variables, or build before");
        apply(gradients, trained);
    }

    /** Changes {@code variables} by their gradients; a variable whose gradient is null stays as it is. */
    public final void apply(List<? extends @Nullable Tensor> gradients, List<Variable> variables) {
        if (gradients.size() != variables.size())
            throw new IllegalArgumentException(className() + " \"" + name() + "\": expected " + variables.size()
                    + " gradients, one for each variable, got " + gradients.size());
        if (variables.isEmpty()) return;
        build(variables);
        for (Variable v : variables)
            if (!slots.containsKey(v))
                throw new IllegalArgumentException(className() + " \"" + name() + "\" was built for other variables; "
                        + v.path() + " is unknown. Make a new optimizer for new variables");
        Trace.apply(() -> record(gradients, variables));
    }

    void record(List<? extends @Nullable Tensor> gradients, List<Variable> variables) {
        try (Scope scope = Scope.enter(name())) {
            List<Tensor> given = new ArrayList<>();
            List<Variable> reached = new ArrayList<>();
            List<String> missing = new ArrayList<>();
            for (int i = 0; i < variables.size(); i++) {
                Tensor g = gradients.get(i);
                if (g == null) missing.add(variables.get(i).path());
                else {
                    given.add(lossScaleFactor == null ? g : K.divide(g, lossScaleFactor));
                    reached.add(variables.get(i));
                }
            }
            if (given.isEmpty())
                throw new IllegalArgumentException(
                        className() + " \"" + name() + "\": no gradient for any variable of " + missing);
            if (!missing.isEmpty()) LOG.log(Level.WARNING, "The loss does not depend on the variables {0}", missing);
            if (gradientAccumulationSteps == null) update(given, reached);
            else accumulate(given, reached);
            if (useEma) average();
            for (Variable v : reached)
                if (v.constraint() != null) v.assign(v.constraint().apply(v.value()));
            iteration().assign(K.add(iteration().value(), 1));
        }
    }

    private void update(List<Tensor> gradients, List<Variable> variables) {
        List<Tensor> clipped = clip(gradients);
        Tensor rate = learningRateTensor();
        Map<DType, Step> steps = new EnumMap<>(DType.class);
        for (Variable v : variables) steps.computeIfAbsent(v.dtype(), type -> Step.of(type, iterations(), rate));
        for (Variable v : variables) {
            Double decay = weightDecay(v);
            if (decay == null || !isDecayed(v)) continue;
            Tensor factor = K.multiply(
                    decay, Objects.requireNonNull(steps.get(v.dtype())).learningRate());
            assignSub(v, K.multiply(v.value(), factor));
        }
        beginStep(Objects.requireNonNull(steps.get(variables.getFirst().dtype())));
        for (int i = 0; i < clipped.size(); i++) {
            Variable v = variables.get(i);
            updateStep(K.cast(clipped.get(i), v.dtype()), v, Objects.requireNonNull(steps.get(v.dtype())));
        }
    }

    @Nullable
    Double weightDecay(Variable variable) {
        return weightDecay;
    }

    private boolean isDecayed(Variable variable) {
        for (Variable v : undecayed) if (v == variable) return false;
        return undecayedNames == null
                || !undecayedNames.matcher(variable.name()).find();
    }

    private List<Tensor> clip(List<Tensor> gradients) {
        if (clipnorm != null && clipnorm > 0)
            return gradients.stream().map(g -> Clip.byNorm(g, clipnorm)).toList();
        if (globalClipnorm != null && globalClipnorm > 0) return Clip.byGlobalNorm(gradients, globalClipnorm);
        if (clipvalue != null && clipvalue > 0)
            return gradients.stream().map(g -> K.clip(g, -clipvalue, clipvalue)).toList();
        return gradients;
    }

    private void accumulate(List<Tensor> gradients, List<Variable> reached) {
        int steps = Objects.requireNonNull(gradientAccumulationSteps);
        Tensor due = K.equal(K.mod(K.add(iteration().value(), 1), steps), 0);
        List<Tensor> totals = new ArrayList<>();
        for (int i = 0; i < reached.size(); i++)
            totals.add(K.add(
                    gradients.get(i),
                    slot(reached.get(i), "gradient_accumulator").value()));
        List<Variable> touched = new ArrayList<>(reached);
        touched.addAll(variables);
        onlyIf(
                due,
                touched,
                () -> update(totals.stream().map(g -> K.divide(g, steps)).toList(), reached));
        for (int i = 0; i < reached.size(); i++)
            slot(reached.get(i), "gradient_accumulator")
                    .assign(K.where(due, K.zerosLike(totals.get(i)), totals.get(i)));
    }

    /** Records {@code update}, but lets what it assigns to {@code touched} come true only if {@code condition} is. */
    static void onlyIf(Tensor condition, List<Variable> touched, Runnable update) {
        List<Tensor> before = touched.stream().map(Variable::value).toList();
        update.run();
        for (int i = 0; i < before.size(); i++) {
            Variable v = touched.get(i);
            if (v.value() != before.get(i)) v.assign(K.where(condition, v.value(), before.get(i)));
        }
    }

    private void average() {
        Tensor momentum = K.multiply(K.cast(K.notEqual(iterations(), 0), K.floatx()), emaMomentum);
        Tensor due =
                emaOverwriteFrequency == null ? null : K.equal(K.mod(K.add(iterations(), 1), emaOverwriteFrequency), 0);
        for (Variable v : trained) {
            Tensor m = K.cast(momentum, v.dtype());
            Variable average = slot(v, "average");
            average.assign(K.add(K.multiply(m, average.value()), K.multiply(K.subtract(1, m), v.value())));
            if (due != null) v.assign(K.where(due, average.value(), v.value()));
        }
    }

    /** Gives the variables their moving averages if there are any; for the end of a training. */
    public void finalizeVariableValues(List<Variable> variables) {
        if (useEma) for (Variable v : variables) v.assign(slot(v, "average").value());
    }

    /** Returns the options that all optimizers have. */
    @Override
    public Map<String, Object> getConfig() {
        double rate = learningRate == null
                ? initialLearningRate
                : learningRate.numpy().item();
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", name());
        config.put("learning_rate", schedule == null ? (Object) K.floatx().round(rate) : schedule);
        config.put("weight_decay", weightDecay);
        config.put("clipnorm", clipnorm);
        config.put("global_clipnorm", globalClipnorm);
        config.put("clipvalue", clipvalue);
        config.put("use_ema", useEma);
        config.put("ema_momentum", emaMomentum);
        config.put("ema_overwrite_frequency", emaOverwriteFrequency);
        config.put("loss_scale_factor", lossScaleFactor);
        config.put("gradient_accumulation_steps", gradientAccumulationSteps);
        return config;
    }
}
