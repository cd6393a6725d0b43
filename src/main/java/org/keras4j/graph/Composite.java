package org.keras4j.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.Memory;
import org.keras4j.backend.View;
import org.keras4j.op.Fusion;

/**
 * A fused operation prepared as the primitives that it is made of: for a backend that finds out late, or wants to know
 * by measuring, that its own kernel for it is not the one to use. Or the primitives that go before a library's kernel.
 */
public final class Composite implements Kernel, AutoCloseable {
    private final Frame frame;
    private final Map<Plan.Value, Memory> constants = new HashMap<>();

    /** Plans {@code fusion} without looking for that operation, and binds it to places. */
    public Composite(Backend backend, Fusion fusion, List<View> in, List<View> out) {
        this(backend, parameters -> Decompose.of(fusion, parameters), in, out);
    }

    /** Plans what {@code function} makes of tensors like {@code in}, and binds it to places. */
    public Composite(Backend backend, UnaryOperator<List<Tensor>> function, List<View> in, List<View> out) {
        List<Tensor> parameters = new ArrayList<>();
        for (View v : in) parameters.add(Primitives.input("input", v.dtype(), v.shape()));
        Plan plan = Planner.slots(new Graph(parameters, function.apply(parameters)), backend);
        List<View> slots = new ArrayList<>(in);
        slots.addAll(out);
        frame = new Frame(plan, slots, backend, constants);
    }

    @Override
    public void run() {
        frame.runOneByOne();
    }

    /** Gives back the memory for what is between the primitives. */
    @Override
    public void close() {
        frame.close();
        constants.values().forEach(Memory::close);
    }
}
