package org.keras4j.models;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.StringArray;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Trace;
import org.keras4j.layers.Call;
import org.keras4j.layers.HostCalls;
import org.keras4j.op.Spec;

/**
 * What a model's graph is fed with: the inputs that are numbers, then what layers that work on the host made of the
 * inputs.
 *
 * @param arrays all of them
 * @param strings for each input of the model its shape where it is strings, null where it is the next of the arrays;
 *     empty for a model without such layers, whose inputs are the arrays
 * @param dependOnBatch whether a sample's arrays depend on the samples that come with it, so that each batch needs its
 *     own
 */
record HostInputs(List<NDArray> arrays, List<@Nullable Shape> strings, boolean dependOnBatch) {

    /** Takes the inputs of a model without layers on the host. */
    HostInputs(List<NDArray> arrays) {
        this(arrays, List.of(), false);
    }

    /** Calls the model on the data to find what its layers on the host make of it. */
    static HostInputs of(Model model, Trainer.Mode mode, List<Object> data) {
        boolean host = model.trainer().worksOnHost();
        for (Object x : data) host |= x instanceof StringArray;
        List<NDArray> arrays = new ArrayList<>(data.size());
        if (!host) {
            for (Object x : data) arrays.add((NDArray) x);
            return new HostInputs(arrays);
        }
        List<@Nullable Shape> strings = new ArrayList<>();
        List<Object> known = new ArrayList<>();
        for (Object x : data) {
            strings.add(x instanceof StringArray s ? s.shape() : null);
            known.add(x instanceof NDArray a ? Tensor.of(a) : x);
            if (x instanceof NDArray a) arrays.add(a);
        }
        try (Trace ignored = Trace.open();
                HostCalls calls = HostCalls.record(mode == Trainer.Mode.TRAIN)) {
            model.applyTo(Call.of(model.pack(known)).with("training", mode == Trainer.Mode.TRAIN));
            arrays.addAll(calls.results());
            return new HostInputs(arrays, strings, calls.dependOnBatch());
        }
    }

    /** Returns what the graph's inputs are for batches of {@code batch} samples. */
    List<Spec> specs(int batch) {
        return specs(arrays, batch);
    }

    /** Returns the shapes of the inputs that are strings, for batches of {@code batch} samples. */
    List<@Nullable Shape> strings(int batch) {
        if (strings.isEmpty()) return strings;
        List<@Nullable Shape> shapes = new ArrayList<>();
        for (Shape s : strings) shapes.add(s == null ? null : s.with(0, batch));
        return shapes;
    }

    static List<Spec> specs(List<NDArray> arrays, int batch) {
        List<Spec> specs = new ArrayList<>(arrays.size());
        for (NDArray a : arrays) specs.add(new Spec(a.dtype(), a.shape().with(0, batch)));
        return specs;
    }

    /** Calls the model for its graph. */
    static Object call(Model model, List<@Nullable Shape> strings, List<Tensor> places, boolean training) {
        if (strings.isEmpty()) return model.applyTo(Call.of(model.pack(places)).with("training", training));
        List<Object> inputs = new ArrayList<>();
        int next = 0;
        for (Shape shape : strings) inputs.add(shape == null ? places.get(next++) : StringArray.blank(shape));
        try (HostCalls ignored = HostCalls.replay(places.subList(next, places.size()))) {
            return model.applyTo(Call.of(model.pack(inputs)).with("training", training));
        }
    }
}
