package org.keras4j.layers;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Scans;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Ints;
import org.keras4j.utils.Tree;

/**
 * The loop of a recurrent layer over the steps of its input.
 *
 * @param reverse whether it runs from the last step to the first; outputs then come in that order
 * @param zeroOutputForMask whether masked steps give zeros instead of the output before
 * @param sequences whether all outputs are wanted, or the last one only
 * @param unrolled whether a masked first step gives zeros, as an unrolled loop of Keras does, and not the first state
 */
record RecurrentLoop(boolean reverse, boolean zeroOutputForMask, boolean sequences, boolean unrolled) {
    /** Computes one step from its projected input and the states before it. */
    @FunctionalInterface
    interface Cell {
        RNNCell.Step step(Tensor projected, List<?> states);
    }

    /** All outputs {@code (batch, steps, ...)} or the last one, and the last states. */
    record Result(Tensor output, List<?> states) {}

    /**
     * Runs the loop.
     *
     * @param x inputs {@code (steps, batch, ...)}
     * @param mask {@code (batch, steps)}, false where a step is to be ignored
     */
    Result run(Tensor x, @Nullable Tensor mask, List<?> initial, Cell cell) {
        int steps = x.shape().dim(0);
        List<Tensor> start = Tree.flatten(initial, Tensor.class);
        List<Tensor> inputs = new ArrayList<>(List.of(x));
        if (mask != null) inputs.add(Primitives.transpose(mask, 1, 0));
        var last = new int[] {-1};
        boolean previous = mask != null && unrolled;
        List<Tensor> carried = new ArrayList<>(start);
        if (previous) carried.add(outputOf(x, initial, cell));
        Scans.Result loop = Scans.scan(steps, reverse, carried, inputs, (c, in) -> {
            List<?> states = pack(initial, c);
            RNNCell.Step step = cell.step(in.get(0), states);
            List<Tensor> next = Tree.flatten(step.states(), Tensor.class);
            Tensor output = step.output();
            if (mask != null) {
                int place = placeOfOutput(step, next);
                Tensor shown = previous ? c.getLast() : outputBefore(states);
                List<Tensor> kept = new ArrayList<>();
                for (int i = 0; i < next.size(); i++) kept.add(choose(in.get(1), next.get(i), c.get(i)));
                boolean same = place >= 0 && !zeroOutputForMask && shown == c.get(place);
                if (zeroOutputForMask && !previous) shown = Primitives.zeros(output.spec());
                output = same ? kept.get(place) : choose(in.get(1), output, shown);
                next = kept;
            }
            if (previous) next.add(output);
            last[0] = next.indexOf(output);
            return new Scans.Step(next, sequences || last[0] < 0 ? List.of(output) : List.of());
        });
        List<?> states = pack(initial, loop.carried());
        if (!sequences && last[0] >= 0) return new Result(loop.carried().get(last[0]), states);
        Tensor outputs = loop.outputs().getFirst();
        if (sequences) {
            Tensor batchMajor = swap(outputs);
            return new Result(reverse ? Primitives.flip(batchMajor, 1) : batchMajor, states);
        }
        Tensor row = Primitives.slice(outputs, 0, reverse ? 0 : steps - 1, 1);
        return new Result(Primitives.reshape(row, outputs.shape().without(0)), states);
    }

    /** Returns zeros of the shape of a step's output. */
    private static Tensor outputOf(Tensor x, List<?> initial, Cell cell) {
        Tensor row = Primitives.reshape(Primitives.slice(x, 0, 0, 1), x.shape().without(0));
        return Primitives.zeros(cell.step(row, initial).output().spec());
    }

    private static int placeOfOutput(RNNCell.Step step, List<Tensor> next) {
        return next.indexOf(step.output());
    }

    /** Keras takes the first state, of the last cell if there are several, for the output before. */
    private static Tensor outputBefore(List<?> states) {
        if (states.getFirst() instanceof Tensor first) return first;
        return Tree.flatten(states.getLast(), Tensor.class).getFirst();
    }

    private static Tensor choose(Tensor mask, Tensor taken, Tensor otherwise) {
        int[] dims = Ints.repeat(1, taken.rank()).toArray();
        dims[0] = mask.shape().dim(0);
        Tensor condition = Primitives.broadcast(Primitives.reshape(mask, Shape.of(dims)), taken.shape());
        return Primitives.select(condition, taken, otherwise);
    }

    /** Returns the tensors in the structure of {@code like}. */
    private static List<?> pack(List<?> like, List<Tensor> flat) {
        Iterator<Tensor> next = flat.iterator();
        List<Object> packed = new ArrayList<>();
        for (Object state : like) packed.add(Objects.requireNonNull(Tree.map(state, leaf -> next.next())));
        return packed;
    }

    /** Swaps the first two axes. */
    static Tensor swap(Tensor x) {
        int[] axes = Ints.range(x.rank()).toArray();
        axes[0] = 1;
        axes[1] = 0;
        return Primitives.transpose(x, axes);
    }
}
