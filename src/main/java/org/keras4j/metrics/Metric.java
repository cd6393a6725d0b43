package org.keras4j.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.keras4j.serialization.Saveable;
import org.keras4j.utils.Names;

/**
 * Gathers over batches how good predictions are. Updates are recorded in the open {@link Trace}, so that a train step
 * with its metrics is one graph; without one they are done at once.
 */
public abstract class Metric implements Saveable {
    /** Where better values lie. */
    public enum Direction {
        UP,
        DOWN,
        UNKNOWN
    }

    private final List<Variable> variables = new ArrayList<>();
    private @Nullable String name;
    private @Nullable DType dtype;
    private boolean built;

    /** Makes a metric; null as name means one made from the class's. */
    protected Metric(@Nullable String name) {
        this.name = name;
    }

    @Override
    public String module() {
        return "keras.metrics";
    }

    // ---- what a metric has to say -----------------------------------------------------------------------------------

    /** Assigns to the variables what a batch adds to them. */
    protected abstract void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight);

    /** Returns the value so far. */
    public abstract Tensor result();

    /** Makes the variables, with {@link #addVariable}; the shapes are scalar where they are not known yet. */
    protected abstract void build(Shape yTrue, Shape yPred);

    /** Says whether the variables have a size that only the first batch tells. */
    protected boolean needsShapes() {
        return false;
    }

    /** Returns where better values lie. */
    public Direction direction() {
        return Direction.UNKNOWN;
    }

    /** Makes a variable of zeros. */
    protected final Variable addVariable(String variableName, Shape shape) {
        Spec spec = new Spec(dtype(), shape);
        var made =
                new Variable(variableName, name() + "/" + variableName, spec, () -> NDArray.zeros(spec.dtype(), shape));
        variables.add(made.trainable(false));
        return made;
    }

    /** Assigns {@code variable + x}, x in any dtype. */
    protected static void add(Variable variable, Tensor x) {
        variable.assign(K.add(variable.value(), K.cast(x, variable.dtype())));
    }

    // ---- use --------------------------------------------------------------------------------------------------------

    @Override
    public final String name() {
        if (name == null) name = Names.unique(Names.toSnakeCase(className()));
        return name;
    }

    /** Sets the name, under which logs show the value. */
    public Metric name(String name) {
        this.name = name;
        return this;
    }

    /** Returns the dtype of variables and result. */
    public final DType dtype() {
        return dtype == null ? defaultDtype() : dtype;
    }

    /** Sets the dtype of variables and result; null for the default. */
    public Metric dtype(@Nullable DType dtype) {
        if (built) throw new IllegalStateException(className() + " \"" + name() + "\" is in use; set its dtype before");
        this.dtype = dtype;
        return this;
    }

    DType defaultDtype() {
        return K.floatx();
    }

    /** Returns the variables; none yet where the first batch has to tell their size. */
    public final List<Variable> variables() {
        if (!needsShapes()) ensureBuilt(Shape.SCALAR, Shape.SCALAR);
        return List.copyOf(variables);
    }

    @Override
    public final List<Variable> ownWeights() {
        return variables();
    }

    final void ensureBuilt(Shape yTrue, Shape yPred) {
        if (built) return;
        build(yTrue, yPred);
        built = true;
    }

    /** Takes in a batch, see {@link #updateState(Tensor, Tensor, Tensor)}. */
    public void updateState(Tensor yTrue, Tensor yPred) {
        updateState(yTrue, yPred, null);
    }

    /** Takes in a batch of labels and predictions, with a weight for each sample or element if not null. */
    public final void updateState(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
        ensureBuilt(yTrue.shape(), yPred.shape());
        Trace.apply(() -> {
            try (Scope scope = Scope.enter(name())) {
                update(yTrue, yPred, sampleWeight);
            }
        });
    }

    /** Forgets all batches. */
    public void resetState() {
        // Outside a trace zeros are stored as they are: an epoch begins with this, and planning a graph for it takes
        // longer.
        for (Variable v : variables) {
            if (Trace.current() == null) v.assign(NDArray.zeros(v.dtype(), v.shape()));
            else v.assign(K.zeros(v.shape(), v.dtype()));
        }
    }

    /** Returns the exception for shapes that do not fit. */
    final IllegalArgumentException mismatch(String expected, Tensor yTrue, Tensor yPred) {
        return new IllegalArgumentException(className() + " \"" + name() + "\": expected " + expected
                + ", got y_true of shape " + yTrue.shape() + " and y_pred of shape " + yPred.shape());
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", name());
        config.put("dtype", dtype().keras());
        return config;
    }
}
