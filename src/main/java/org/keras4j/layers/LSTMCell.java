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
import org.keras4j.initializers.Initializer;
import org.keras4j.op.Fusion;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;

/**
 * The step of {@link LSTM} (Hochreiter and Schmidhuber 1997): with i, f, g, o the gates in the order of the kernel's
 * columns, {@code c = f c + i g} and {@code h = o activation(c)}. States: h, c.
 */
public final class LSTMCell extends GatedCell<LSTMCell> {
    private Activation recurrentActivation = Activations.get("sigmoid");
    private boolean unitForgetBias = true;

    public LSTMCell(int units) {
        super(units, 4);
    }

    static LSTMCell fromConfig(ConfigReader config) {
        return configure(read(config), config);
    }

    /** Reads the cell's own options, not those that all layers have. */
    static LSTMCell read(ConfigReader config) {
        var cell = new LSTMCell(config.integer("units"));
        cell.readOptions(config);
        if (config.has("recurrent_activation")) cell.recurrentActivation(config.get("recurrent_activation"));
        return cell.unitForgetBias(config.bool("unit_forget_bias", true));
    }

    /** Sets the function of the gates; null is "linear". */
    public LSTMCell recurrentActivation(@Nullable Object activation) {
        requireUnbuilt();
        recurrentActivation = Activations.get(activation);
        return this;
    }

    /** Says whether the forget gate's bias starts with ones. */
    public LSTMCell unitForgetBias(boolean unitForgetBias) {
        requireUnbuilt();
        this.unitForgetBias = unitForgetBias;
        return this;
    }

    /** With 1, dropout draws a mask for each gate; results do not differ otherwise. */
    public LSTMCell implementation(int implementation) {
        perGate(implementation == 1);
        return this;
    }

    @Override
    public List<?> stateSize() {
        return List.of(units(), units());
    }

    @Override
    Variable addBias() {
        Parameter bias = biasParameter();
        Initializer given = bias.initializer();
        if (!unitForgetBias || given == null) return bias.add(this, Shape.of(4 * units()));
        return addWeight(
                "bias",
                Shape.of(4 * units()),
                o -> o.initializer(new ForgetBias(given, units()))
                        .regularizer(bias.regularizer())
                        .constraint(bias.constraint()));
    }

    @Override
    @Nullable
    Step sequence(Tensor x, List<?> states, boolean training) {
        if (!hasUsualActivations(recurrentActivation)) return null;
        return recurrence(Fusion.Cell.LSTM, x, states, training);
    }

    @Override
    protected Step advance(Tensor projected, List<?> states, boolean training) {
        Tensor inner = recur((Tensor) states.getFirst(), recurrentKernel(), training);
        Tensor c = (Tensor) states.get(1);
        if (!hasUsualActivations(recurrentActivation))
            return mix(this, Primitives.add(projected, inner), c, recurrentActivation);
        Tensor both = Primitives.fused(new Fusion.LstmCell(), projected, inner, c);
        Tensor h = Primitives.item(both, 0);
        return new Step(h, List.of(h, Primitives.item(both, 1)));
    }

    /** Computes the new states from the gates' arguments z and the memory c. */
    static Step mix(GatedCell<?> cell, Tensor z, Tensor c, Activation gates) {
        Tensor i = gates.call(cell.gate(z, 0));
        Tensor f = gates.call(cell.gate(z, 1));
        Tensor g = cell.activation().call(cell.gate(z, 2));
        Tensor o = gates.call(cell.gate(z, 3));
        Tensor next = K.add(K.multiply(f, c), K.multiply(i, g));
        Tensor h = K.multiply(o, cell.activation().call(next));
        return new Step(h, List.of(h, next));
    }

    @Override
    Map<String, Object> ownOptions() {
        return Map.of(
                "recurrent_activation", Activations.serialize(recurrentActivation), "unit_forget_bias", unitForgetBias);
    }
}
