package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Autocast;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Scope;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.op.Spec;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.utils.Tree;

/** A layer that runs a cell over the steps of its input {@code (batch, steps, ...)}. */
abstract class Recurrent<L extends Recurrent<L>> extends BaseLayer<L> {
    private final RNNCell<?> cell;
    private boolean returnSequences;
    private boolean returnState;
    private boolean goBackwards;
    private boolean stateful;
    private boolean unroll;
    private boolean zeroOutputForMask;
    private List<Variable> states = List.of();

    Recurrent(RNNCell<?> cell) {
        this.cell = cell;
        track("cell", cell);
        supportsMasking(true);
    }

    /** Returns the cell. */
    public RNNCell<?> cell() {
        return cell;
    }

    public final boolean returnSequences() {
        return returnSequences;
    }

    /** Says whether the output has all steps, or the last one only. */
    public L returnSequences(boolean returnSequences) {
        this.returnSequences = returnSequences;
        return self();
    }

    public final boolean returnState() {
        return returnState;
    }

    /** Says whether the last states are further outputs. */
    public L returnState(boolean returnState) {
        this.returnState = returnState;
        return self();
    }

    public final boolean goBackwards() {
        return goBackwards;
    }

    /** Says whether the input is taken from its last step to its first; outputs come in that order. */
    public L goBackwards(boolean goBackwards) {
        this.goBackwards = goBackwards;
        return self();
    }

    public final boolean stateful() {
        return stateful;
    }

    /** Says whether a call starts with the last states of the call before; the batch size is then fixed. */
    public L stateful(boolean stateful) {
        requireUnbuilt();
        this.stateful = stateful;
        return self();
    }

    public final boolean unroll() {
        return unroll;
    }

    /** Is kept for Keras's configs; a loop costs nothing here that unrolling would save. */
    public L unroll(boolean unroll) {
        this.unroll = unroll;
        return self();
    }

    public final boolean zeroOutputForMask() {
        return zeroOutputForMask;
    }

    /** Says whether a masked step gives zeros instead of the output before. */
    public L zeroOutputForMask(boolean zeroOutputForMask) {
        this.zeroOutputForMask = zeroOutputForMask;
        return self();
    }

    final void readLoop(ConfigReader config) {
        returnSequences = config.bool("return_sequences", false);
        returnState = config.bool("return_state", false);
        goBackwards = config.bool("go_backwards", false);
        stateful = config.bool("stateful", false);
        unroll = config.bool("unroll", false);
        zeroOutputForMask = config.bool("zero_output_for_mask", false);
    }

    // ---- state ------------------------------------------------------------------------------------------------------

    /** Returns the states that a stateful layer keeps; empty before it is built. */
    @Override
    public List<Variable> states() {
        return states;
    }

    /** Sets the states that a stateful layer keeps to zeros. */
    public void resetState() {
        for (Variable v : states) v.assign(NDArray.zeros(v.dtype(), v.shape()));
    }

    private void createStates(int batch) {
        List<Variable> made = new ArrayList<>();
        DType dtype = dtypePolicy().variable();
        for (Tensor t : Tree.flatten(cell.getInitialState(batch), Tensor.class)) {
            var spec = new Spec(dtype, t.shape());
            String path = Scope.current() + "/rnn_state";
            made.add(new Variable("rnn_state", path, spec, () -> t.value().cast(dtype)).trainable(false));
        }
        states = List.copyOf(made);
    }

    // ---- building and calling ---------------------------------------------------------------------------------------

    @Override
    protected void build(Shape input) {
        if (input.rank() < 2) throw refuse("expected input (batch, steps, ...)", input);
        cell.buildFrom(input.without(1));
        if (!stateful) return;
        if (input.dim(0) == Shape.UNKNOWN) throw refuse("expected a fixed batch size, as the layer is stateful", input);
        createStates(input.dim(0));
    }

    @Override
    protected List<String> argumentNames() {
        return List.of("sequences", "initial_state", "mask", "training");
    }

    @Override
    protected Call arrange(List<?> inputs) {
        return inputs.size() == 1
                ? Call.of(inputs.getFirst())
                : Call.of(inputs.getFirst(), inputs.subList(1, inputs.size()));
    }

    @Override
    protected @Nullable Object computeMask(Object inputs, @Nullable Object mask) {
        Tensor first = mask == null ? null : Tree.flatten(mask, Tensor.class).getFirst();
        return returnSequences ? first : null;
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        if (!(inputs instanceof Tensor x)) throw refuse("expected a single input", inputs);
        List<?> initial = initialStates(x, call.get(1, "initial_state"));
        Object given = call.mask();
        Tensor mask = given == null
                ? null
                : boolMask(x, Tree.flatten(given, Tensor.class).getFirst());
        RecurrentLoop.Result result = loop(x, mask, initial, call.training());
        DType compute = dtypePolicy().compute();
        if (stateful) {
            List<Tensor> last = Tree.flatten(result.states(), Tensor.class);
            for (int i = 0; i < last.size(); i++) {
                Variable v = states.get(i);
                v.assign(Primitives.cast(last.get(i), v.dtype()));
            }
        }
        Tensor output = Primitives.cast(result.output(), compute);
        if (!returnState) return output;
        List<Object> all = new ArrayList<>(List.of(output));
        for (Object state : result.states())
            all.add(Objects.requireNonNull(Tree.map(state, t -> Primitives.cast((Tensor) present(t), compute))));
        return all;
    }

    private RecurrentLoop.Result loop(Tensor x, @Nullable Tensor mask, List<?> initial, boolean training) {
        DTypePolicy policy = cell.dtypePolicy();
        try (Scope scope = Scope.enter(cell.name());
                Autocast cast = Autocast.to(policy.compute() == policy.variable() ? null : policy.compute())) {
            Tensor steps = Primitives.cast(RecurrentLoop.swap(x), policy.compute());
            RecurrentLoop.Result whole = mask == null ? sequence(steps, initial, training) : null;
            if (whole != null) return whole;
            return new RecurrentLoop(goBackwards, zeroOutputForMask, returnSequences, unroll)
                    .run(
                            cell.project(steps, training),
                            mask,
                            initial,
                            (z, states) -> cell.advance(z, states, training));
        }
    }

    /** Returns the result of all steps as one operation, or null where there is none. */
    private RecurrentLoop.@Nullable Result sequence(Tensor steps, List<?> initial, boolean training) {
        Tensor ordered = goBackwards ? Primitives.flip(steps, 0) : steps;
        RNNCell.Step all = cell.sequence(ordered, initial, training);
        if (all == null) return null;
        Tensor last = (Tensor) all.states().getFirst();
        return new RecurrentLoop.Result(returnSequences ? RecurrentLoop.swap(all.output()) : last, all.states());
    }

    private List<?> initialStates(Tensor x, @Nullable Object given) {
        List<?> initial;
        if (given != null) initial = given instanceof List<?> list ? list : List.of(given);
        else if (stateful) initial = keptStates(x);
        else initial = cell.getInitialState(x.shape().dim(0));
        int expected = Tree.flatten(cell.stateSize(), Integer.class).size();
        if (Tree.flatten(initial, Tensor.class).size() != expected)
            throw refuse("expected " + expected + " initial states", given);
        List<Object> cast = new ArrayList<>();
        DType compute = cell.dtypePolicy().compute();
        for (Object state : initial)
            cast.add(present(Tree.map(state, t -> Primitives.cast((Tensor) present(t), compute))));
        return cast;
    }

    private List<?> keptStates(Tensor x) {
        int batch = states.getFirst().shape().dim(0);
        if (x.shape().dim(0) != batch)
            throw refuse("expected the batch size " + batch + " that the states were made for", x.shape());
        var next = states.iterator();
        List<Object> kept = new ArrayList<>();
        for (Object size : cell.stateSize())
            kept.add(present(Tree.map(size, n -> next.next().value())));
        return kept;
    }

    private Tensor boolMask(Tensor x, Tensor mask) {
        Tensor test = Primitives.cast(mask, DType.BOOL);
        Shape shape = x.shape().slice(0, 2);
        if (test.shape().size() != shape.size()) throw refuse("expected a mask of shape " + shape, mask.shape());
        return Primitives.reshape(test, shape);
    }

    private static Object present(@Nullable Object o) {
        return Objects.requireNonNull(o);
    }

    final void putLoop(Map<String, Object> config) {
        config.put("return_sequences", returnSequences);
        config.put("return_state", returnState);
        config.put("go_backwards", goBackwards);
        config.put("stateful", stateful);
        config.put("unroll", unroll);
        config.put("zero_output_for_mask", zeroOutputForMask);
    }
}
