package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.utils.Tree;

/**
 * One step of a recurrent layer. As a layer of its own it is called with an input {@code (batch, features)} and the
 * list of states, and gives the output and the list of new states.
 *
 * <p>To write one: override {@link #stateSize}, {@link #advance}, and {@link #build(Shape)} to add weights. What does
 * not depend on the states goes into {@link #project}, which {@link RNN} calls once for all steps.
 *
 * @param <C> the cell itself
 */
public abstract class RNNCell<C extends RNNCell<C>> extends BaseLayer<C> {
    /**
     * What a step gives.
     *
     * @param states a tensor for each state, or a list for each cell of a stack
     */
    public record Step(Tensor output, List<?> states) {}

    protected RNNCell() {}

    /** Returns the size of each state: integers, or a list of them for each cell of a stack. */
    public abstract List<?> stateSize();

    /** Returns the size of the output: that of the first state, unless a cell says otherwise. */
    public int outputSize() {
        return Tree.flatten(stateSize(), Integer.class).getFirst();
    }

    /** Returns the states before the first step; zeros unless a cell says otherwise. */
    public List<?> getInitialState(int batchSize) {
        List<Object> states = new ArrayList<>();
        for (Object size : stateSize()) states.add(Objects.requireNonNull(Tree.map(size, n -> zeros(batchSize, n))));
        return states;
    }

    private Tensor zeros(int batchSize, @Nullable Object size) {
        if (!(size instanceof Integer n)) throw refuse("expected state sizes to be integers", size);
        return Primitives.full(0, dtypePolicy().compute(), Shape.of(batchSize, n));
    }

    /**
     * Computes the part of the steps that does not depend on the states.
     *
     * @param x inputs {@code (batch, features)}, or {@code (steps, batch, features)} for all steps at once
     * @return a tensor of the same leading axes; {@link #advance} gets its slices
     */
    protected Tensor project(Tensor x, boolean training) {
        return x;
    }

    /**
     * Computes all steps in one operation, where the backend has it and nothing of the cell is against it.
     *
     * @param x inputs {@code (steps, batch, features)}, in the order of the steps
     * @return the outputs {@code (steps, batch, units)} of all steps, and the last states
     */
    @Nullable
    Step sequence(Tensor x, List<?> states, boolean training) {
        return null;
    }

    /** Computes one step from {@link #project}'s result for it and the states before it. */
    protected abstract Step advance(Tensor projected, List<?> states, boolean training);

    @Override
    protected void buildAll(Object inputs) {
        if (inputs instanceof Shape shape) build(shape);
        else throw refuse("expected a single input", inputs);
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        if (!(inputs instanceof Tensor x)) throw refuse("expected a single input", inputs);
        Object given = call.get(1, "states");
        List<?> states = given instanceof List<?> list ? list : given == null ? List.of() : List.of(given);
        if (states.size() != stateSize().size())
            throw refuse("expected " + stateSize().size() + " states", given);
        Step step = advance(project(x, call.training()), states, call.training());
        return List.of(step.output(), given instanceof Tensor ? step.states().getFirst() : step.states());
    }

    @Override
    protected List<String> argumentNames() {
        return List.of("inputs", "states", "training");
    }

    @Override
    protected Call arrange(List<?> inputs) {
        return inputs.size() == 1
                ? Call.of(inputs.getFirst())
                : Call.of(inputs.getFirst(), inputs.subList(1, inputs.size()));
    }
}
