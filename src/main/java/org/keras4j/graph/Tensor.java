package org.keras4j.graph;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.op.Op;
import org.keras4j.op.ShapeRules;
import org.keras4j.op.Spec;

/**
 * A value that is known by how it is made: an operation and its inputs. Nothing is computed until {@link #value} or
 * another reading method asks; the result is then kept. Compared by identity.
 *
 * <p>A tensor of an operation with several results is only an input for {@link Op.Item}.
 */
public final class Tensor {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final Op op;
    private final List<Tensor> inputs;
    private final List<Spec> specs;
    private final String label;
    private final long number = NUMBERS.getAndIncrement();
    private volatile @Nullable NDArray value;
    private @Nullable Tensor mask;

    private Tensor(Op op, List<Tensor> inputs, List<Spec> specs, String label) {
        this.op = op;
        this.inputs = inputs;
        this.specs = specs;
        this.label = label;
    }

    /** Returns the result of {@code op}; inputs must fit as {@link ShapeRules} says. */
    public static Tensor of(Op op, List<Tensor> inputs) {
        List<Spec> specs = op instanceof Op.Item(int index)
                ? List.of(inputs.getFirst().specs.get(index))
                : ShapeRules.of(op, inputs.stream().map(Tensor::spec).toList());
        return new Tensor(op, List.copyOf(inputs), specs, Scope.current());
    }

    /** Returns the result of {@code op}; inputs must fit as {@link ShapeRules} says. */
    public static Tensor of(Op op, Tensor... inputs) {
        return of(op, List.of(inputs));
    }

    /** Returns the tensor of a host array, which must not be changed afterwards. */
    public static Tensor of(NDArray value) {
        return of(new Op.Constant(value));
    }

    /** Returns the same operation on other inputs of the same specs; the label stays. */
    Tensor withInputs(List<Tensor> other) {
        return new Tensor(op, List.copyOf(other), specs, label);
    }

    /** Marks this moment: tensors made from now on are not {@link #isOlderThan older}. */
    static long nextNumber() {
        return NUMBERS.get();
    }

    /** Says whether this tensor was made before {@link #nextNumber} gave {@code mark}. */
    boolean isOlderThan(long mark) {
        return number < mark;
    }

    public Op op() {
        return op;
    }

    public List<Tensor> inputs() {
        return inputs;
    }

    public Tensor input(int index) {
        return inputs.get(index);
    }

    public Spec spec() {
        return specs.getFirst();
    }

    /** Returns what each result is; one element unless the operation has several. */
    public List<Spec> specs() {
        return specs;
    }

    public Shape shape() {
        return spec().shape();
    }

    public DType dtype() {
        return spec().dtype();
    }

    public int rank() {
        return shape().rank();
    }

    /** Returns the {@link Scope} that was current when this tensor was made. */
    public String label() {
        return label;
    }

    /** Returns Keras's mask that travels with this tensor: bool, false where a step is to be ignored. */
    public @Nullable Tensor mask() {
        return mask;
    }

    /** Attaches Keras's mask, or takes it away, and returns this tensor. */
    public Tensor mask(@Nullable Tensor mask) {
        this.mask = mask;
        return this;
    }

    /** Computes the value if it is not known yet. */
    public NDArray value() {
        if (op instanceof Op.Constant(NDArray constant)) return constant;
        NDArray known = value;
        if (known == null) {
            known = Evaluation.evaluate(this);
            value = known;
        }
        return known;
    }

    /** Keeps a value that was computed elsewhere. */
    void value(NDArray known) {
        value = known;
    }

    /** Says whether the value is known, so that reading it costs nothing. */
    public boolean hasValue() {
        return value != null || op instanceof Op.Constant;
    }

    /** Computes and returns the elements, see {@link NDArray#floats}. */
    public float[] floats() {
        return value().floats();
    }

    /** Computes and returns a matrix, see {@link NDArray#floats2d}. */
    public float[][] floats2d() {
        return value().floats2d();
    }

    /** Computes and returns the elements, see {@link NDArray#doubles}. */
    public double[] doubles() {
        return value().doubles();
    }

    /** Computes and returns the elements, see {@link NDArray#ints}. */
    public int[] ints() {
        return value().ints();
    }

    /** Computes and returns the only element. */
    public double item() {
        return value().item();
    }

    /** Says what this is without computing anything. */
    @Override
    public String toString() {
        String name = op.getClass().getSimpleName();
        return name + specs + (label.isEmpty() ? "" : " in " + label);
    }
}
