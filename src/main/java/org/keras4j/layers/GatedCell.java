package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.activations.Activation;
import org.keras4j.activations.Activations;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.op.Fusion;
import org.keras4j.ops.K;
import org.keras4j.random.Random;
import org.keras4j.random.SeedGenerator;
import org.keras4j.serialization.ConfigReader;

/**
 * What the cells of SimpleRNN, LSTM and GRU have in common: a kernel for the input and one for the state, each with
 * {@code gates} blocks of {@code units} columns, and dropout on both.
 */
abstract class GatedCell<C extends GatedCell<C>> extends RNNCell<C> {
    private final int units;
    private final int gates;
    private Activation activation = Activations.get("tanh");
    private boolean useBias = true;
    private final Parameter kernel = new Parameter("kernel", "glorot_uniform");
    private final Parameter recurrent = new Parameter("recurrent", "orthogonal");
    private final Parameter bias = new Parameter("bias", "zeros");
    private double dropout;
    private double recurrentDropout;
    private @Nullable Integer seed;
    private boolean perGate;
    private boolean whole = true;
    private @Nullable SeedGenerator seeds;
    private @Nullable Variable kernelWeight;
    private @Nullable Variable recurrentWeight;
    private @Nullable Variable biasWeight;

    GatedCell(int units, int gates) {
        if (units <= 0) throw new IllegalArgumentException(className() + ": units must be positive, got " + units);
        this.units = units;
        this.gates = gates;
    }

    public final int units() {
        return units;
    }

    public final Activation activation() {
        return activation;
    }

    /** Sets the function of the new state; null is "linear". */
    public C activation(@Nullable Object activation) {
        requireUnbuilt();
        this.activation = Activations.get(activation);
        return self();
    }

    public final boolean useBias() {
        return useBias;
    }

    public C useBias(boolean useBias) {
        requireUnbuilt();
        this.useBias = useBias;
        return self();
    }

    public C kernelInitializer(@Nullable Object initializer) {
        kernel.initializer(initializer);
        return self();
    }

    public C recurrentInitializer(@Nullable Object initializer) {
        recurrent.initializer(initializer);
        return self();
    }

    public C biasInitializer(@Nullable Object initializer) {
        bias.initializer(initializer);
        return self();
    }

    public C kernelRegularizer(@Nullable Object regularizer) {
        kernel.regularizer(regularizer);
        return self();
    }

    public C recurrentRegularizer(@Nullable Object regularizer) {
        recurrent.regularizer(regularizer);
        return self();
    }

    public C biasRegularizer(@Nullable Object regularizer) {
        bias.regularizer(regularizer);
        return self();
    }

    public C kernelConstraint(@Nullable Object constraint) {
        kernel.constraint(constraint);
        return self();
    }

    public C recurrentConstraint(@Nullable Object constraint) {
        recurrent.constraint(constraint);
        return self();
    }

    public C biasConstraint(@Nullable Object constraint) {
        bias.constraint(constraint);
        return self();
    }

    /** Sets the part of the inputs that is dropped in training, the same at all steps; clipped to 0 to 1. */
    public C dropout(double rate) {
        dropout = Math.clamp(rate, 0, 1);
        return self();
    }

    /** Sets the part of the state that is dropped in training, the same at all steps; clipped to 0 to 1. */
    public C recurrentDropout(double rate) {
        recurrentDropout = Math.clamp(rate, 0, 1);
        return self();
    }

    /** Sets the seed of the dropout. */
    public C seed(@Nullable Integer seed) {
        this.seed = seed;
        return self();
    }

    /** Makes dropout draw a mask for each gate, as Keras's {@code implementation=1} does. */
    final void perGate(boolean perGate) {
        this.perGate = perGate;
    }

    final Parameter biasParameter() {
        return bias;
    }

    @Override
    public List<?> stateSize() {
        return List.of(units);
    }

    @Override
    protected void build(Shape input) {
        build(Shape.of(input.last(), gates * units), Shape.of(units, gates * units));
    }

    final void build(Shape kernelShape, Shape recurrentShape) {
        kernelWeight = kernel.add(this, kernelShape);
        recurrentWeight = recurrent.add(this, "recurrent_kernel", recurrentShape, true);
        if (useBias) biasWeight = addBias();
        if (dropout > 0 || recurrentDropout > 0) seeds = addSeedGenerator(seed);
    }

    /** Adds the bias weight; its shape differs between cells. */
    abstract Variable addBias();

    final Tensor recurrentKernel() {
        return value(recurrentWeight);
    }

    /** Returns the bias, or null if the cell has none. */
    final @Nullable Tensor bias() {
        return biasWeight == null ? null : biasWeight.value();
    }

    /** Returns what of the bias is added to the projected input. */
    @Nullable
    Tensor inputBias() {
        return bias();
    }

    /** Returns {@code x kernel + bias}, with dropout on x. */
    @Override
    protected Tensor project(Tensor x, boolean training) {
        Tensor w = value(kernelWeight);
        Tensor z = masked(x, w, training && dropout < 1 ? dropout : 0, this::inputProduct);
        Tensor b = inputBias();
        return b == null ? z : biased(z, b);
    }

    /** Returns {@code h w}, with dropout on h; {@code w} has the columns of the gates from {@code firstGate} on. */
    final Tensor recur(Tensor h, Tensor w, boolean training) {
        return masked(h, w, training && recurrentDropout < 1 ? recurrentDropout : 0, this::recurrentProduct);
    }

    private Tensor masked(Tensor x, Tensor w, double rate, BinaryOperator<Tensor> product) {
        if (rate == 0) return product.apply(x, w);
        int columns = w.shape().last() / units;
        if (!perGate && recurrentDropout == 0 || columns == 1) return product.apply(K.multiply(x, mask(x, rate)), w);
        List<Tensor> parts = new ArrayList<>();
        for (int gate = 0; gate < columns; gate++)
            parts.add(product.apply(K.multiply(x, mask(x, rate)), Primitives.slice(w, -1, gate * units, units)));
        return Primitives.concatenate(parts, featureAxis(parts.getFirst().rank()));
    }

    /** Returns the axis of the features, which the gates share. */
    int featureAxis(int rank) {
        return rank - 1;
    }

    /** Returns the number of axes that one step's input has. */
    int stepAxes() {
        return 2;
    }

    Tensor inputProduct(Tensor x, Tensor w) {
        return product(x, w);
    }

    Tensor recurrentProduct(Tensor h, Tensor w) {
        return product(h, w);
    }

    Tensor biased(Tensor z, Tensor b) {
        return K.add(z, b);
    }

    /** Draws a mask for one step of x, which serves all steps. */
    private Tensor mask(Tensor x, double rate) {
        Shape step = x.shape().from(x.rank() - stepAxes());
        Tensor ones = Primitives.full(1, x.dtype(), step);
        return Random.dropout(ones, rate, null, Objects.requireNonNull(seeds).next());
    }

    /** Returns all steps as one operation, or null where dropout, an option or the backend is against it. */
    final @Nullable Step recurrence(Fusion.Cell kind, Tensor x, List<?> states, boolean training) {
        boolean drops = training && dropout > 0 && dropout < 1;
        boolean forgets = training && recurrentDropout > 0 && recurrentDropout < 1;
        if (!whole || forgets || drops && (perGate || recurrentDropout > 0)) return null;
        boolean twoRows = kind == Fusion.Cell.GRU;
        Tensor b = bias();
        if (b == null) b = Primitives.full(0, x.dtype(), twoRows ? Shape.of(2, 3 * units) : Shape.of(4 * units));
        List<Tensor> in = new ArrayList<>(List.of(x, value(kernelWeight), recurrentKernel(), b));
        for (Object state : states) in.add((Tensor) state);
        Fusion.Recurrence fusion = BackendFusions.recurrence(kind, training, in);
        if (fusion == null) return null;
        if (drops) in.set(0, K.multiply(x, mask(x, dropout)));
        Tensor all = Primitives.fused(fusion, in.toArray(Tensor[]::new));
        List<Tensor> last = new ArrayList<>();
        for (int i = 0; i < kind.states(); i++) last.add(Primitives.item(all, 1 + i));
        return new Step(Primitives.item(all, 0), last);
    }

    /** Lets the steps be one operation, where the backend has it; true if not set. */
    final void whole(boolean whole) {
        this.whole = whole;
    }

    private static Tensor product(Tensor x, Tensor w) {
        Shape rows = Shape.of(
                Math.toIntExact(x.shape().size(0, x.rank() - 1)), x.shape().last());
        Tensor y = Primitives.dot(Primitives.reshape(x, rows), false, w, false);
        return Primitives.reshape(y, x.shape().with(-1, w.shape().dim(1)));
    }

    private static Tensor value(@Nullable Variable weight) {
        if (weight == null) throw new IllegalStateException("the cell is not built");
        return weight.value();
    }

    /** Says whether the functions are those that the fused steps have. */
    final boolean hasUsualActivations(Activation gates) {
        return activation == Activations.get("tanh") && gates == Activations.get("sigmoid");
    }

    /** Returns block {@code gate} of the columns of z. */
    final Tensor gate(Tensor z, int gate) {
        return Primitives.slice(z, featureAxis(z.rank()), gate * units, units);
    }

    final void readOptions(ConfigReader config) {
        if (config.has("activation")) activation(config.get("activation"));
        useBias = config.bool("use_bias", true);
        kernel.read(config);
        recurrent.read(config);
        bias.read(config);
        dropout(config.real("dropout", 0));
        recurrentDropout(config.real("recurrent_dropout", 0));
        seed = config.nullableInteger("seed");
        if (config.integer("implementation", 2) == 1) perGate(true);
    }

    /** Puts the options in the order of Keras's config: {@code own} are those that not all cells have. */
    final void putOptions(Map<String, Object> config, Map<String, Object> own) {
        putSize(config);
        config.put("activation", Activations.serialize(activation));
        putOwn(config, own, "recurrent_activation");
        config.put("use_bias", useBias);
        putOwn(config, own, "unit_forget_bias");
        Parameter.putInitializers(config, kernel, recurrent, bias);
        Parameter.putRegularizers(config, kernel, recurrent, bias);
        putOwn(config, own, "activity_regularizer");
        Parameter.putConstraints(config, kernel, recurrent, bias);
        config.put("dropout", dropout);
        config.put("recurrent_dropout", recurrentDropout);
        putOwn(config, own, "reset_after");
    }

    /** Puts what the cell was made from. */
    void putSize(Map<String, Object> config) {
        config.put("units", units);
    }

    private static void putOwn(Map<String, Object> config, Map<String, Object> own, String key) {
        if (own.containsKey(key)) config.put(key, own.get(key));
    }

    final @Nullable Integer seed() {
        return seed;
    }

    /** Returns the options that only this kind of cell has, by config key. */
    Map<String, Object> ownOptions() {
        return Map.of();
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        putOptions(config, ownOptions());
        config.put("seed", seed);
        return config;
    }
}
