package org.keras4j.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Autocast;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Scope;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Initializer;
import org.keras4j.initializers.Initializers;
import org.keras4j.op.Spec;
import org.keras4j.random.SeedGenerator;
import org.keras4j.regularizers.Regularizer;
import org.keras4j.regularizers.Regularizers;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.Saveable;
import org.keras4j.utils.Names;
import org.keras4j.utils.Tree;

/**
 * A step of a model that may own weights.
 *
 * <p>To write one: override {@link #build(Shape)} to add weights, {@link #call(Tensor, Call)} to compute, and {@link
 * #getConfig} if it is to be saved. A layer of several inputs overrides {@link #buildAll} and {@link #callAll} instead.
 * Options may be set until the first call builds the layer.
 */
public abstract class Layer implements Saveable, Stackable {
    private String name;
    private boolean named;
    private boolean trainable = true;
    private DTypePolicy policy = DTypePolicy.global();
    private boolean built;
    private @Nullable Object buildShapes;
    private boolean supportsMasking;
    private @Nullable Regularizer activityRegularizer;
    private final List<Variable> trainableOwn = new ArrayList<>();
    private final List<Variable> otherOwn = new ArrayList<>();
    private final Map<String, Object> children = new LinkedHashMap<>();
    private final List<Node> inboundNodes = new ArrayList<>();
    private final List<SeedGenerator> seedGenerators = new ArrayList<>();
    private @Nullable InputSpec inputSpec;
    private List<Tensor> callLosses = List.of();

    protected Layer() {
        name = "";
    }

    // ---- what a layer overrides -------------------------------------------------------------------------------------

    /** Adds the weights that an input of {@code input} (unknown sizes are -1) needs. */
    protected void build(Shape input) {}

    /** Adds weights; {@code inputs} is the first argument's structure with a {@link Shape} for each tensor. */
    protected void buildAll(Object inputs) {
        if (!(inputs instanceof Shape shape)) throw refuse("expected a single input", inputs);
        build(shape);
    }

    /** Adds weights for a call with several arguments; by default only the first one's shapes count. */
    protected void buildForCall(Call shapes) {
        buildAll(shapes.first());
    }

    /** Computes the output of a single input. */
    protected Tensor call(Tensor x, Call call) {
        throw new UnsupportedOperationException(
                getClass().getName() + " overrides neither call(Tensor, Call) nor callAll(Object, Call)");
    }

    /** Computes the outputs (a tensor, list or map) from the first argument's structure. */
    protected Object callAll(Object inputs, Call call) {
        if (!(inputs instanceof Tensor x)) throw refuse("expected a single input", inputs);
        return call(x, call);
    }

    /** Returns the output's mask, given the first argument and its mask; by default the mask passes on. */
    protected @Nullable Object computeMask(Object inputs, @Nullable Object mask) {
        return mask;
    }

    /** Returns Keras's names of the arguments that may come without their name, the inputs first. */
    protected List<String> argumentNames() {
        return List.of("inputs");
    }

    /** Returns how {@link #apply(Tensor...)} with several tensors reads: as one list, unless a layer says otherwise. */
    protected Call arrange(List<?> inputs) {
        return inputs.size() == 1 ? Call.of(inputs.getFirst()) : Call.of(inputs);
    }

    /**
     * Returns the outputs' shapes and dtypes (a {@link KerasTensor} each) for symbolic inputs. By default the layer is
     * traced with two sizes in place of the unknown ones, to see which sizes of the output follow.
     */
    protected Object computeOutputSpec(Call call) {
        return SymbolicTrace.outputs(this, call);
    }

    @Override
    public String module() {
        return "keras.layers";
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", name());
        config.put("trainable", trainable);
        config.put("dtype", policy);
        if (activityRegularizer != null) config.put("activity_regularizer", activityRegularizer);
        return config;
    }

    /** Says whether the layer wants strings where nothing says what it is to be given. */
    public boolean takesStrings() {
        return false;
    }

    /** Says whether the layer computes on the host, before the graph of the model it is in. */
    public boolean worksOnHost() {
        return false;
    }

    /** Says whether the layer's call knows Keras's keyword {@code initial_state}. */
    public boolean takesInitialState() {
        return false;
    }

    // ---- options ----------------------------------------------------------------------------------------------------

    @Override
    public final Layer layer() {
        return this;
    }

    @Override
    public final String name() {
        if (!named) {
            name = Names.unique(baseName());
            named = true;
        }
        return name;
    }

    public Layer name(String name) {
        this.name = name;
        named = true;
        return this;
    }

    public final boolean trainable() {
        return trainable;
    }

    /** Freezes or thaws this layer and all layers in it. */
    public Layer trainable(boolean trainable) {
        this.trainable = trainable;
        trainableOwn.forEach(v -> v.trainable(trainable));
        layers().forEach(l -> l.trainable(trainable));
        return this;
    }

    public final DTypePolicy dtypePolicy() {
        return policy;
    }

    /** Sets the dtype or policy, such as {@code "float64"} or {@code "mixed_bfloat16"}. */
    public Layer dtype(String policy) {
        return dtype(DTypePolicy.of(policy));
    }

    public Layer dtype(DTypePolicy policy) {
        requireUnbuilt();
        this.policy = policy;
        return this;
    }

    public final @Nullable Regularizer activityRegularizer() {
        return activityRegularizer;
    }

    /** Adds a penalty on the layer's output, divided by the batch size. */
    public Layer activityRegularizer(@Nullable Object regularizer) {
        activityRegularizer = Regularizers.get(regularizer);
        return this;
    }

    /** Reads what all layers have in their config, and returns the layer. */
    protected static <L extends Layer> L configure(L layer, ConfigReader config) {
        Layer base = layer;
        base.policy = DTypePolicy.read(config, "dtype");
        String name = config.nullableString("name");
        if (name != null) base.name(name);
        if (!config.bool("trainable", true)) base.trainable(false);
        Object penalty = config.get("activity_regularizer");
        if (penalty != null) base.activityRegularizer(penalty);
        return layer;
    }

    protected final void supportsMasking(boolean supports) {
        supportsMasking = supports;
    }

    public final boolean supportsMasking() {
        return supportsMasking;
    }

    /** Says what inputs the layer takes from now on; others are refused before anything is built or computed. */
    protected final void inputSpec(InputSpec spec) {
        inputSpec = spec;
    }

    // ---- weights and children ---------------------------------------------------------------------------------------

    /** Makes a weight; see {@link WeightOptions} for the rest of Keras's keywords. */
    protected final Variable addWeight(String name, Shape shape, Consumer<WeightOptions> options) {
        var o = new WeightOptions();
        options.accept(o);
        DType dtype = o.dtype == null ? policy.variable() : o.dtype;
        Initializer initializer = o.initializer != null
                ? o.initializer
                : Objects.requireNonNull(Initializers.get(dtype.isFloating() ? "glorot_uniform" : "zeros"));
        String scope = Scope.current();
        String path = scope.isEmpty() ? name() + "/" + name : scope + "/" + name;
        if (!shape.isKnown())
            throw new IllegalArgumentException(describe() + ": weight " + name + " needs a known shape, got " + shape);
        var weight = new Variable(name, path, new Spec(dtype, shape), () -> initializer.call(shape, dtype));
        weight.trainable(o.trainable && trainable).autocast(o.autocast);
        Regularizer regularizer = o.regularizer;
        if (regularizer != null) weight.regularizer(regularizer::call);
        if (o.constraint != null) weight.constraint(o.constraint::call);
        (o.trainable ? trainableOwn : otherOwn).add(weight);
        return weight;
    }

    /** Counts a weight of a layer inside as one of this layer's own too, as Keras does for one in an attribute. */
    protected final void shareWeight(Variable weight) {
        (weight.trainable() ? trainableOwn : otherOwn).add(weight);
    }

    /** Makes a generator of seeds whose state belongs to this layer; to be called in {@code build}. */
    protected final SeedGenerator addSeedGenerator(@Nullable Integer seed) {
        String scope = Scope.current();
        var generator = new SeedGenerator(seed, Names.unique("seed_generator"), scope.isEmpty() ? name() : scope);
        seedGenerators.add(generator);
        return generator;
    }

    /** Returns the generators of this layer and of all layers in it. */
    public final List<SeedGenerator> seedGenerators() {
        List<SeedGenerator> all = new ArrayList<>();
        for (Layer l : flattenLayers()) all.addAll(l.seedGenerators);
        return all;
    }

    /**
     * Makes {@code child} (a layer, or a list of layers) part of this layer: its weights count, and it is saved under
     * {@code attribute}.
     */
    protected final <T> T track(String attribute, T child) {
        children.put(attribute, child);
        return child;
    }

    /** Returns the children by attribute: layers, or lists or maps of layers. */
    @Override
    public Map<String, Object> children() {
        return children;
    }

    /** Returns the layers that are directly inside this one. */
    public List<Layer> layers() {
        return Tree.flatten(List.copyOf(children.values()), Layer.class);
    }

    /** Returns this layer and all layers inside it, each once. */
    public final List<Layer> flattenLayers() {
        Set<Layer> all = new LinkedHashSet<>();
        collect(this, all);
        return List.copyOf(all);
    }

    private static void collect(Layer layer, Set<Layer> all) {
        if (all.add(layer)) layer.layers().forEach(l -> collect(l, all));
    }

    /**
     * Returns this layer's own weights without those of layers inside it: trainable ones first, as Keras saves them.
     */
    @Override
    public final List<Variable> ownWeights() {
        List<Variable> own = new ArrayList<>(trainableOwn);
        own.addAll(otherOwn);
        return own;
    }

    /** Returns all weights in the order of {@code get_weights()} in Keras. */
    public List<Variable> weights() {
        Set<Variable> all = new LinkedHashSet<>();
        for (Layer l : flattenLayers()) all.addAll(l.ownWeights());
        return List.copyOf(all);
    }

    /** Returns what this layer keeps between calls beside its weights, such as the state of a stateful RNN. */
    public List<Variable> states() {
        return List.of();
    }

    public final List<Variable> trainableWeights() {
        return weights().stream().filter(Variable::trainable).toList();
    }

    public final List<Variable> nonTrainableWeights() {
        return weights().stream().filter(v -> !v.trainable()).toList();
    }

    /** Copies all weights to the host, in the order of {@link #weights}. */
    public final List<NDArray> getWeights() {
        return weights().stream().map(Variable::numpy).toList();
    }

    /** Sets all weights, in the order of {@link #weights}; nothing changes if one does not fit. */
    public final void setWeights(List<NDArray> values) {
        List<Variable> weights = weights();
        if (values.size() != weights.size())
            throw new IllegalArgumentException(
                    describe() + ": expected " + weights.size() + " weights, got " + values.size());
        List<NDArray> cast = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Variable w = weights.get(i);
            if (!values.get(i).shape().equals(w.shape()))
                throw new IllegalArgumentException(describe() + ": weight " + w.path() + " has shape " + w.shape()
                        + ", got " + values.get(i).shape());
            cast.add(values.get(i).cast(w.dtype()));
        }
        for (int i = 0; i < cast.size(); i++) weights.get(i).assign(cast.get(i));
    }

    /** Returns the number of elements of all weights. */
    public final long countParams() {
        return weights().stream().mapToLong(v -> v.shape().size()).sum();
    }

    // ---- losses -----------------------------------------------------------------------------------------------------

    /** Adds a scalar to the loss of the model whose call this is part of. */
    protected final void addLoss(Tensor loss) {
        CallContext.addLoss(loss);
    }

    /** Returns the losses added in this layer's last call as the outermost one, then the penalties of its weights. */
    public final List<Tensor> losses() {
        List<Tensor> all = new ArrayList<>(callLosses);
        for (Variable v : weights()) {
            var regularizer = v.regularizer();
            if (regularizer != null && v.trainable()) all.add(regularizer.apply(v.value()));
        }
        return all;
    }

    // ---- calling ----------------------------------------------------------------------------------------------------

    /** Calls the layer on a tensor, or on a list of them. */
    public final Tensor apply(Tensor... inputs) {
        return (Tensor) applyTo(arrange(List.of(inputs)));
    }

    /** Calls the layer, one that looks strings up or a model that begins with such, on strings. */
    public final Tensor apply(StringArray strings) {
        return (Tensor) applyTo(Call.of(strings));
    }

    /** Calls the layer on a symbolic tensor, or on a list of them: the functional API. */
    public final KerasTensor apply(KerasTensor... inputs) {
        return (KerasTensor) applyTo(arrange(List.of(inputs)));
    }

    /** Calls the layer with any arguments; tensors are all {@link Tensor} or all {@link KerasTensor}. */
    public final Object applyTo(Call call) {
        return applyTo(call, activityRegularizer);
    }

    /** Calls the layer without its own activity penalty, as Keras does where it calls a layer's {@code call} alone. */
    final Object applyUnpenalized(Call call) {
        return applyTo(call, null);
    }

    private Object applyTo(Call call, @Nullable Regularizer penalty) {
        try {
            return checkedApply(call.named(argumentNames()), penalty);
        } catch (LayerCallException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new LayerCallException(describe() + ": " + e.getMessage(), e);
        }
    }

    private Object checkedApply(Call call, @Nullable Regularizer penalty) {
        boolean symbolic = !call.tensors(KerasTensor.class).isEmpty();
        if (!built || inputSpec != null) {
            Call shapes = shapes(call);
            checkInput(shapes);
            if (!built) build(shapes);
            checkInput(shapes);
        }
        if (symbolic) return new Node(this, call, computeOutputSpec(call)).outputs();
        try (Scope scope = Scope.enter(name());
                CallContext context = CallContext.enter(call.bool("training"))) {
            Object outputs = run(castInputs(call), penalty);
            if (context.isOutermost()) callLosses = List.copyOf(context.losses());
            return outputs;
        }
    }

    /** Computes outputs, attaches masks and collects the activity penalty. */
    private Object run(Call call, @Nullable Regularizer penalty) {
        Object inputs = call.first();
        Object outputs;
        try (Autocast cast = Autocast.to(policy.compute() == policy.variable() ? null : policy.compute())) {
            outputs = callAll(inputs, call);
        }
        Object mask = call.mask();
        outputs = Masks.attach(this, inputs, outputs, supportsMasking ? computeMask(inputs, mask) : null);
        if (penalty != null)
            for (Tensor t : Tree.flatten(outputs, Tensor.class)) addLoss(ActivityLosses.perSample(penalty, t));
        return outputs;
    }

    private Call castInputs(Call call) {
        DType compute = policy.compute();
        if (!compute.isFloating() || !castsInputs()) return call;
        return call.map(leaf -> leaf instanceof Tensor t && t.dtype().isFloating() && t.dtype() != compute
                ? Primitives.cast(t, compute).mask(t.mask())
                : leaf);
    }

    /** Says whether floating inputs are cast to the layer's compute dtype; models leave them to their layers. */
    protected boolean castsInputs() {
        return true;
    }

    private static Call shapes(Call call) {
        return call.map(leaf -> switch (leaf) {
            case Tensor t -> t.shape();
            case KerasTensor t -> t.shape();
            case StringArray s -> s.shape();
            case null, default -> leaf;
        });
    }

    private void checkInput(Call shapes) {
        if (inputSpec == null || !(shapes.first() instanceof Shape shape)) return;
        String wrong = inputSpec.mismatch(shape);
        if (wrong != null) throw refuse(wrong, shape);
    }

    /** Builds for the shapes in the arguments' places. Does nothing if the layer is built. */
    private void build(Call shapes) {
        try (Scope scope = Scope.enter(name());
                Autocast none = Autocast.to(null)) {
            buildForCall(shapes);
        }
        buildShapes = shapes.first();
        built = true;
    }

    /** Builds the layer, if it is not built, for inputs of these shapes: a {@link Shape}, or a list or map of them. */
    public final void buildFrom(Object inputShapes) {
        if (!built) build(Call.of(inputShapes));
    }

    /**
     * Keeps the weights as smaller numbers from now on, and computes with these.
     *
     * @return whether this layer can do so in this mode; nothing is changed if not
     * @throws IllegalStateException if the layer is not built, or is quantized already
     */
    public boolean quantize(QuantizeOptions options) {
        return false;
    }

    /** Makes the weights anew, as another dtype policy has them. */
    final void rebuild(DTypePolicy policy) {
        if (!built || buildShapes == null)
            throw new IllegalStateException(describe() + ": expected to be built before it is quantized");
        if (this.policy.quantization() != null)
            throw new IllegalStateException(
                    describe() + ": expected to be quantized once, has the dtype policy " + this.policy.name());
        Variable first = ownWeights().getFirst();
        String end = "/" + name() + "/" + first.name();
        String outside = first.path().endsWith(end)
                ? first.path().substring(0, first.path().length() - end.length())
                : "";
        trainableOwn.clear();
        otherOwn.clear();
        inputSpec = null;
        built = false;
        this.policy = policy;
        if (outside.isEmpty()) {
            buildFrom(buildShapes);
            return;
        }
        try (Scope scope = Scope.enter(outside)) {
            buildFrom(buildShapes);
        }
    }

    @Override
    public @Nullable Map<String, Object> getBuildConfig() {
        return buildShapes == null ? null : Map.of("input_shape", buildShapes);
    }

    @Override
    public void buildFromConfig(ConfigReader config) {
        if (built) return;
        Object shapes = config.nullableShapes("input_shape");
        if (shapes != null) buildFrom(shapes);
        else if (config.nullableShapes("shapes_dict") instanceof Map<?, ?> byArgument && !byArgument.isEmpty())
            build(Call.of(byArgument.values().toArray()));
    }

    @Override
    public final boolean built() {
        return built;
    }

    /** Says that the layer needs no {@link #build} any more. */
    protected final void markBuilt() {
        built = true;
    }

    /** Returns the input shapes that the layer was built for: a {@link Shape}, or a list or map of them. */
    public final @Nullable Object buildShapes() {
        return buildShapes;
    }

    /** Returns the calls of this layer in functional models. */
    public final List<Node> inboundNodes() {
        return inboundNodes;
    }

    void addInboundNode(Node node) {
        inboundNodes.add(node);
    }

    /** Returns the shape of the output for a single input of {@code input}; unknown sizes stay unknown. */
    public final Shape computeOutputShape(Shape input) {
        buildFrom(input);
        Object out = computeOutputSpec(Call.of(new KerasTensor(input, policy.compute(), "input")));
        if (!(out instanceof KerasTensor t)) throw refuse("expected a single output", out);
        return t.shape();
    }

    // ---- messages ---------------------------------------------------------------------------------------------------

    protected final void requireUnbuilt() {
        if (built) throw new IllegalStateException(describe() + " is built; set its options before the first call");
    }

    /** Returns the dtype in which a floating input of {@code dtype} reaches the layer's call. */
    protected final DType outputDtype(DType dtype) {
        return dtype.isFloating() && policy.compute().isFloating() && castsInputs() ? policy.compute() : dtype;
    }

    /** Returns the size of an axis that weights depend on. */
    protected final int knownSize(Shape input, int axis) {
        if (axis >= input.rank() || axis < -input.rank() || input.dim(axis) == Shape.UNKNOWN)
            throw refuse("expected input with a known size of axis " + axis, input);
        return input.dim(axis);
    }

    /** Returns class and name, such as {@code Dense "head"}, as messages begin. */
    public final String describe() {
        return className() + " \"" + name() + "\"";
    }

    /** Returns the exception for an input that does not fit: expected what, and got what. */
    protected final IllegalArgumentException refuse(String expected, @Nullable Object got) {
        Object shown = Tree.map(got, leaf -> switch (leaf) {
            case Tensor t -> "shape " + t.shape();
            case KerasTensor t -> "shape " + t.shape();
            case Shape s -> "shape " + s;
            case StringArray s -> "strings of shape " + s.shape();
            case null, default -> leaf;
        });
        return new LayerCallException(describe() + ": " + expected + ", got " + shown, null);
    }

    @Override
    public String toString() {
        return describe();
    }
}
