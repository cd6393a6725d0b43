package org.keras4j.graph;

import java.lang.ref.WeakReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.backend.View;
import org.keras4j.op.Op;
import org.keras4j.op.Spec;
import org.keras4j.op.State;

/**
 * A tensor that keeps its value between runs: a weight, a moving average, a seed. Its memory belongs to the backend
 * that is current when the value is first used.
 *
 * <p>Inside a {@link Trace}, {@link #assign(Tensor)} records an update and later reads give the new value. Outside, it
 * computes and stores at once; tensors made from {@link #value} before keep the old value.
 */
public final class Variable implements State {
    private final String name;
    private final String path;
    private final Spec spec;
    private Supplier<NDArray> initial;
    private boolean trainable = true;
    private boolean overwriteWithGradient;
    private boolean autocast = true;
    private @Nullable UnaryOperator<Tensor> regularizer;
    private @Nullable UnaryOperator<Tensor> constraint;
    private @Nullable Backend home;
    private @Nullable View view;
    private @Nullable WeakReference<Tensor> leaf;

    /** Makes a variable whose first value is asked for on first use. */
    public Variable(String name, String path, Spec spec, Supplier<NDArray> initial) {
        this.name = name;
        this.path = path;
        this.spec = spec;
        this.initial = initial;
    }

    /** Makes a variable of {@code value}; its path is its name. */
    public Variable(String name, NDArray value) {
        this(name, name, new Spec(value.dtype(), value.shape()), () -> value);
    }

    @Override
    public String name() {
        return name;
    }

    /** Returns the name with those of its owners before it, as Keras's {@code Variable.path}. */
    public String path() {
        return path;
    }

    @Override
    public Spec spec() {
        return spec;
    }

    public DType dtype() {
        return spec.dtype();
    }

    public Shape shape() {
        return spec.shape();
    }

    public boolean trainable() {
        return trainable;
    }

    public Variable trainable(boolean trainable) {
        this.trainable = trainable;
        return this;
    }

    /** Says whether this variable is state of a layer's training, which its layer moves on and optimizers leave alone. */
    public boolean overwriteWithGradient() {
        return overwriteWithGradient;
    }

    /** Sets {@link #overwriteWithGradient()}, as Keras calls it; false if not set. */
    public Variable overwriteWithGradient(boolean overwrite) {
        overwriteWithGradient = overwrite;
        return this;
    }

    /** Says whether reads follow the layer's compute dtype; moving averages, for one, do not. */
    public Variable autocast(boolean autocast) {
        this.autocast = autocast;
        return this;
    }

    /** Returns the function from this variable's value to a scalar penalty, if there is one. */
    public @Nullable UnaryOperator<Tensor> regularizer() {
        return regularizer;
    }

    public Variable regularizer(@Nullable UnaryOperator<Tensor> regularizer) {
        this.regularizer = regularizer;
        return this;
    }

    /** Returns the projection that an optimizer applies after each update, if there is one. */
    public @Nullable UnaryOperator<Tensor> constraint() {
        return constraint;
    }

    public Variable constraint(@Nullable UnaryOperator<Tensor> constraint) {
        this.constraint = constraint;
        return this;
    }

    /**
     * Returns the value: inside a {@link Trace} as updated so far, outside as it is now; cast where an {@link Autocast}
     * says so.
     */
    public Tensor value() {
        Trace trace = Trace.current();
        Tensor stored = trace == null ? leaf() : trace.read(this);
        DType to = Autocast.current();
        return autocast && to != null && dtype().isFloating() ? Primitives.cast(stored, to) : stored;
    }

    /** Returns the tensor of the value as it is now. */
    synchronized Tensor leaf() {
        Tensor known = leaf == null ? null : leaf.get();
        if (known == null) {
            known = Tensor.of(new Op.Read(this));
            leaf = new WeakReference<>(known);
        }
        return known;
    }

    /** Gives the variable a new value of the same dtype and shape; see the class comment for when. */
    public void assign(Tensor value) {
        if (!value.spec().equals(spec)) throw mismatch(value.spec());
        Trace trace = Trace.current();
        if (trace == null) assign(value.value());
        else trace.assign(this, value);
    }

    /** Stores a value of the same dtype and shape at once. */
    public void assign(NDArray value) {
        if (value.dtype() != spec.dtype() || !value.shape().equals(spec.shape()))
            throw mismatch(new Spec(value.dtype(), value.shape()));
        beforeChange();
        if (view == null) {
            NDArray kept = value.copy();
            initial = () -> kept;
            return;
        }
        backend().upload(value, view);
        view.memory().touch();
    }

    /** Copies the value to the host. */
    public NDArray numpy() {
        if (view == null) {
            NDArray first = initial();
            initial = () -> first;
            return first.copy();
        }
        NDArray out = NDArray.zeros(spec.dtype(), spec.shape());
        backend().download(view, out);
        return out;
    }

    /** Returns where the value is on {@code backend}, moving it there if it is elsewhere. */
    public synchronized View view(Backend backend) {
        View known = view;
        if (known != null && home == backend) return known;
        NDArray value = numpy();
        if (known != null) known.memory().close();
        View moved = new View(
                backend.allocatePersistent(
                        backend.storage(spec.dtype()), spec.shape().size()),
                0,
                spec.shape(),
                spec.dtype());
        backend.upload(value, moved);
        moved.memory().touch();
        home = backend;
        view = moved;
        return moved;
    }

    /** Lets tensors that read this variable keep its present value; called before anything writes to the memory. */
    synchronized void beforeChange() {
        Tensor known = leaf == null ? null : leaf.get();
        if (known != null && !known.hasValue()) known.value(numpy());
        leaf = null;
    }

    private NDArray initial() {
        NDArray first = initial.get();
        if (first.dtype() != spec.dtype() || !first.shape().equals(spec.shape()))
            throw mismatch(new Spec(first.dtype(), first.shape()));
        return first;
    }

    private Backend backend() {
        return home == null ? Backends.current() : home;
    }

    private IllegalArgumentException mismatch(Spec got) {
        return new IllegalArgumentException("Variable \"" + path + "\": expected a value of " + spec + ", got " + got);
    }

    @Override
    public String toString() {
        return "Variable " + path + " " + spec;
    }
}
