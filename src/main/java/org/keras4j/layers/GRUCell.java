package org.keras4j.layers;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.activations.Activation;
import org.keras4j.activations.Activations;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.op.Fusion;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * The step of {@link GRU} (Cho et al. 2014): with z, r the update and reset gates, {@code h = z h + (1 - z) c}, where
 * the candidate c sees the state through r. The columns of the kernels are z, r, c.
 */
public final class GRUCell extends GatedCell<GRUCell> {
    private Activation recurrentActivation = Activations.get("sigmoid");
    private boolean resetAfter = true;

    public GRUCell(int units) {
        super(units, 3);
    }

    static GRUCell fromConfig(ConfigReader config) {
        return configure(read(config), config);
    }

    /** Reads the cell's own options, not those that all layers have. */
    static GRUCell read(ConfigReader config) {
        var cell = new GRUCell(config.integer("units"));
        cell.readOptions(config);
        if (config.has("recurrent_activation")) cell.recurrentActivation(config.get("recurrent_activation"));
        return cell.resetAfter(config.bool("reset_after", true));
    }

    /** Sets the function of the gates; null is "linear". */
    public GRUCell recurrentActivation(@Nullable Object activation) {
        requireUnbuilt();
        recurrentActivation = Activations.get(activation);
        return this;
    }

    /** Says whether the reset gate acts after the product with the recurrent kernel (as cuDNN has it) or before. */
    public GRUCell resetAfter(boolean resetAfter) {
        requireUnbuilt();
        this.resetAfter = resetAfter;
        return this;
    }

    /** With 1, dropout draws a mask for each gate; results do not differ otherwise. */
    public GRUCell implementation(int implementation) {
        perGate(implementation == 1);
        return this;
    }

    /** The shape is (2, 3 units) with {@link #resetAfter}: one row for the input, one for the state. */
    @Override
    Variable addBias() {
        return biasParameter().add(this, resetAfter ? Shape.of(2, 3 * units()) : Shape.of(3 * units()));
    }

    @Override
    @Nullable
    Tensor inputBias() {
        Tensor all = bias();
        return all == null || !resetAfter ? all : biasRow(all, 0);
    }

    private Tensor biasRow(Tensor all, int row) {
        return Primitives.reshape(Primitives.slice(all, 0, row, 1), Shape.of(3 * units()));
    }

    @Override
    @Nullable
    Step sequence(Tensor x, List<?> states, boolean training) {
        if (!resetAfter || !hasUsualActivations(recurrentActivation)) return null;
        return recurrence(Fusion.Cell.GRU, x, states, training);
    }

    @Override
    protected Step advance(Tensor projected, List<?> states, boolean training) {
        Tensor h = (Tensor) states.getFirst();
        Tensor candidate;
        Tensor z;
        if (resetAfter) {
            Tensor inner = recur(h, recurrentKernel(), training);
            Tensor all = bias();
            if (all != null) inner = K.add(inner, biasRow(all, 1));
            if (hasUsualActivations(recurrentActivation)) {
                Tensor next = Primitives.fused(new Fusion.GruCell(), projected, inner, h);
                return new Step(next, List.of(next));
            }
            z = gateOf(projected, inner, 0);
            Tensor r = gateOf(projected, inner, 1);
            candidate = K.add(gate(projected, 2), K.multiply(r, gate(inner, 2)));
        } else {
            Tensor w = recurrentKernel();
            Tensor inner = recur(h, Primitives.slice(w, 1, 0, 2 * units()), training);
            z = gateOf(projected, inner, 0);
            Tensor r = gateOf(projected, inner, 1);
            Tensor seen = recur(K.multiply(r, h), Primitives.slice(w, 1, 2 * units(), units()), training);
            candidate = K.add(gate(projected, 2), seen);
        }
        Tensor c = activation().call(candidate);
        Tensor next = K.add(K.multiply(z, h), K.multiply(K.subtract(1, z), c));
        return new Step(next, List.of(next));
    }

    private Tensor gateOf(Tensor projected, Tensor inner, int gate) {
        return recurrentActivation.call(K.add(gate(projected, gate), gate(inner, gate)));
    }

    @Override
    Map<String, Object> ownOptions() {
        return Map.of("recurrent_activation", Activations.serialize(recurrentActivation), "reset_after", resetAfter);
    }
}
