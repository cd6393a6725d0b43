package org.keras4j.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Backends;
import org.keras4j.op.Spec;

/**
 * A graph that can be run: values for the inputs give the outputs and update variables. The first run plans it and
 * prepares the kernels; later ones only run them. Threads may run a function at once, unless it updates variables.
 *
 * <p>What is prepared goes with the function; {@link #close} gives its memory back sooner.
 */
public final class Function implements AutoCloseable {
    private final List<Tensor> inputs;
    private final List<Tensor> outputs;
    private final Map<Variable, Tensor> updates;
    private volatile @Nullable Executable executable;

    private Function(List<Tensor> inputs, List<Tensor> outputs, Map<Variable, Tensor> updates) {
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.updates = Collections.unmodifiableMap(new LinkedHashMap<>(updates));
    }

    /** Returns the function from {@code inputs} ({@code Op.Input} tensors) to {@code outputs}. */
    public static Function of(List<Tensor> inputs, List<Tensor> outputs, Map<Variable, Tensor> updates) {
        return new Function(inputs, outputs, updates);
    }

    /** Returns the outputs' dtypes and shapes. */
    public List<Spec> outputSpecs() {
        return outputs.stream().map(Tensor::spec).toList();
    }

    /** Runs once; one array for each input, one for each output. */
    public List<NDArray> run(List<NDArray> values) {
        Executable prepared = executable();
        prepared.check(values);
        var results = new NDArray[outputs.size()];
        for (int i = 0; i < results.length; i++)
            results[i] = NDArray.zeros(outputs.get(i).dtype(), outputs.get(i).shape());
        prepared.run(values.toArray(NDArray[]::new), null, 0, results);
        return List.of(results);
    }

    /**
     * Runs once without allocating: takes whole arrays and writes to given ones.
     *
     * @param values an array of the input's dtype and shape for each input; not checked
     * @param into an array for each output that is wanted, null for one that is not
     */
    public void run(NDArray[] values, @Nullable NDArray[] into) {
        executable().run(values, null, 0, into);
    }

    /**
     * Runs once on rows of larger arrays, without allocating.
     *
     * @param values an array for each input, of its dtype and with its row shape
     * @param rows which rows of the arrays to take; the first {@code count} count, which is the inputs' first size
     * @param into an array for each output that is wanted, null for one that is not
     */
    public void runRows(NDArray[] values, int[] rows, int count, @Nullable NDArray[] into) {
        executable().run(values, rows, count, into);
    }

    /** Returns for each kernel of a run the layer that it belongs to. */
    public List<String> kernelLabels() {
        return executable().steps().stream().map(BoundStep::label).toList();
    }

    /** Plans and prepares the function anew, to measure that and then runs on {@code values}, one for each input. */
    public Profile profile(NDArray... values) {
        return new Profile(this, Backends.current(), values);
    }

    List<Spec> inputSpecs() {
        return inputs.stream().map(Tensor::spec).toList();
    }

    List<Variable> updated() {
        return List.copyOf(updates.keySet());
    }

    Plan plan(Backend backend) {
        return Planner.function(inputs, outputs, updates, backend);
    }

    private Executable executable() {
        Executable known = executable;
        Backend backend = Backends.current();
        return known != null && known.backend() == backend ? known : prepare(backend);
    }

    private synchronized Executable prepare(Backend backend) {
        Executable known = executable;
        if (known != null && known.backend() == backend) return known;
        var made = new Executable(plan(backend), backend, inputSpecs(), updated());
        if (known != null) known.close();
        executable = made;
        return made;
    }

    /**
     * Gives back the memory of what is prepared, once runs of other threads are done. The function stays usable: its
     * next run prepares it anew.
     */
    @Override
    public synchronized void close() {
        Executable known = executable;
        executable = null;
        if (known != null) known.close();
    }
}
