package org.keras4j.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Expression;
import org.keras4j.op.Op;

/**
 * What is to be done, in order, and where each value lies. Knows nothing of the device.
 *
 * @param steps in the order they run
 * @param parameters where the inputs go
 * @param results where the outputs are afterwards
 * @param arena the elements of each storage that a frame needs
 */
record Plan(List<Step> steps, List<Ref> parameters, List<Ref> results, Map<Storage, Long> arena) {

    /** A stretch of memory. */
    static final class Value {
        final Storage storage;
        final long elements;
        final Home home;
        /** Where in the arena; set when all lifetimes are known. */
        long offset = -1;

        /** The first and last step that touch it. */
        int first;

        int last;

        Value(Storage storage, long elements, Home home) {
            this.storage = storage;
            this.elements = elements;
            this.home = home;
        }
    }

    /** Which memory a value is in. */
    sealed interface Home {}

    /** The frame's arena. */
    record Arena() implements Home {}

    /** A parameter or result of a loop's body: whoever runs the body says where. */
    record Slot(int index) implements Home {}

    record State(Variable variable) implements Home {}

    record Fixed(NDArray value) implements Home {}

    /** A tensor inside a value. */
    record Ref(Value value, long offset, Shape shape, DType dtype) {
        Ref as(Shape to) {
            return new Ref(value, offset, to, dtype);
        }
    }

    /** One kernel, or a loop or choice of them. {@code label} is the layer that it comes from. */
    sealed interface Step {
        String label();

        List<Ref> in();

        List<Ref> out();

        /** Returns the places that this step needs only while it runs. */
        default List<Ref> scratchPlaces() {
            return List.of();
        }
    }

    record Compute(Op op, List<Ref> in, List<Ref> out, String label) implements Step {}

    record Elementwise(Expression expression, List<Ref> in, List<Ref> out, String label) implements Step {}

    /**
     * A product or convolution whose results elementwise operations read piece by piece as they are made. What the first
     * writes is a value of its own where others need it, otherwise it lies where one of the results of the second goes.
     */
    record WithEpilogue(Compute compute, Elementwise epilogue) implements Step {
        @Override
        public String label() {
            return epilogue.label();
        }

        Ref product() {
            return compute.out().getFirst();
        }

        @Override
        public List<Ref> in() {
            List<Ref> in = new ArrayList<>(compute.in());
            for (Ref r : epilogue.in()) if (r.value() != product().value()) in.add(r);
            return in;
        }

        @Override
        public List<Ref> out() {
            List<Ref> out = new ArrayList<>(epilogue.out());
            if (out.stream().noneMatch(r -> r.value() == product().value())) out.add(product());
            return out;
        }
    }

    record Copy(Ref from, Ref to, String label) implements Step {
        @Override
        public List<Ref> in() {
            return List.of(from);
        }

        @Override
        public List<Ref> out() {
            return List.of(to);
        }
    }

    /**
     * A loop over time.
     *
     * @param body the plan of one step; its parameters and results are {@link Slot}s
     * @param scratch the body's arena inside this frame's, by storage
     * @param mirrors for each carried value the number of the result that a step gives with the same value, so that the
     *     next step can read it there, or -1
     * @param spare for each carried value two places that steps write in turn; empty where {@code mirrors} has one
     */
    record Loop(
            Op.Scan scan,
            Plan body,
            Map<Storage, Ref> scratch,
            List<Integer> mirrors,
            List<List<Ref>> spare,
            List<Ref> in,
            List<Ref> out,
            String label)
            implements Step {
        @Override
        public List<Ref> scratchPlaces() {
            List<Ref> places = new ArrayList<>(scratch.values());
            for (List<Ref> pair : spare) places.addAll(pair);
            return places;
        }
    }

    /**
     * One of several plans, chosen as it runs.
     *
     * @param branches their parameters and results are {@link Slot}s
     * @param scratch the branches' arena inside this frame's, which they share, by storage
     * @param in the number of the branch, then the branches' parameters
     */
    record Choice(List<Plan> branches, Map<Storage, Ref> scratch, List<Ref> in, List<Ref> out, String label)
            implements Step {
        @Override
        public List<Ref> scratchPlaces() {
            return List.copyOf(scratch.values());
        }
    }

    /**
     * A plan that is repeated while another one says so; both have {@link Slot}s for parameters and results.
     *
     * @param scratch the arena of both inside this frame's, which they share, by storage
     * @param flag where the condition's result goes
     * @param next where a step's results go, until they are copied to {@code out}, which it reads
     * @param in the first carried values, then constants
     */
    record Repeat(
            Plan condition,
            Plan body,
            Map<Storage, Ref> scratch,
            Ref flag,
            List<Ref> next,
            List<Ref> in,
            List<Ref> out,
            String label)
            implements Step {
        @Override
        public List<Ref> scratchPlaces() {
            List<Ref> places = new ArrayList<>(scratch.values());
            places.addAll(next);
            places.add(flag);
            return places;
        }
    }
}
