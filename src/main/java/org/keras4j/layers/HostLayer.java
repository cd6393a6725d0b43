package org.keras4j.layers;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Tensor;

/**
 * A layer that turns strings or whole numbers into indices on the host, before the graph; what it then makes of the
 * indices is part of the graph. In a model it works on what the inputs hold when {@code predict} or {@code fit} is
 * called.
 *
 * @param <L> the layer itself
 */
abstract class HostLayer<L extends HostLayer<L>> extends BaseLayer<L> {

    /** Computes the indices of the inputs, each a {@link StringArray} or {@link NDArray}. */
    abstract NDArray onHost(List<Object> inputs);

    /** Returns the shape of the indices for inputs of these shapes; sizes that depend on the values are unknown. */
    abstract Shape hostShape(List<Shape> inputs);

    /** Computes the output from the indices. */
    abstract Tensor inGraph(Tensor indices);

    /** Says whether the indices of a sample depend on those that come with it, so that batches are made one by one. */
    boolean dependsOnBatch() {
        return false;
    }

    @Override
    public boolean worksOnHost() {
        return true;
    }

    @Override
    protected void buildAll(Object inputs) {}

    @Override
    protected boolean castsInputs() {
        return false;
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        return call(List.of(single(inputs)));
    }

    final Tensor call(List<Object> inputs) {
        List<Shape> shapes = inputs.stream().map(HostLayer::shape).toList();
        return inGraph(HostCalls.result(
                this,
                inputs,
                hostShape(shapes),
                () -> onHost(inputs.stream().map(HostLayer::value).toList())));
    }

    /** Returns one input as a tensor or strings; it may be a number, a string, or (nested) lists or arrays of these. */
    final Object single(Object input) {
        if (input instanceof Tensor || input instanceof StringArray) return input;
        if (StringArray.isStrings(input)) return StringArray.of(input);
        List<Number> numbers = new ArrayList<>();
        List<Integer> dims = new ArrayList<>();
        collect(input, 0, dims, numbers);
        Shape shape = Shape.of(dims);
        if (shape.size() != numbers.size()) throw refuse("expected a rectangular list", input);
        return Tensor.of(
                NDArray.of(shape, numbers.stream().mapToLong(Number::longValue).toArray()));
    }

    private void collect(Object input, int axis, List<Integer> dims, List<Number> numbers) {
        switch (input) {
            case Number n when axis == dims.size() -> numbers.add(n);
            case List<?> list -> {
                if (axis == dims.size() && numbers.isEmpty()) dims.add(list.size());
                for (Object o : list) collect(o, axis + 1, dims, numbers);
            }
            default -> throw refuse("expected a tensor, strings, or a list of whole numbers or strings", input);
        }
    }

    static Shape shape(Object input) {
        return switch (input) {
            case StringArray s -> s.shape();
            case NDArray a -> a.shape();
            default -> ((Tensor) input).shape();
        };
    }

    private static Object value(Object input) {
        return input instanceof Tensor t ? t.value() : input;
    }

    /** Calls the layer on strings, as an input of one axis. */
    public final Tensor apply(String... strings) {
        return apply(StringArray.of(Shape.of(strings.length), strings));
    }

    /** Calls the layer on rows of strings. */
    public final Tensor apply(String[][] strings) {
        return apply(StringArray.of(strings));
    }
}
