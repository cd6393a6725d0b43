package org.keras4j.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.ops.K;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.Registry;
import org.keras4j.utils.Tree;

/**
 * Runs a recurrent layer over its input in both directions and merges the outputs.
 *
 * <p>The layer given is a pattern: both directions are fresh layers made from its config, called {@code forward_NAME}
 * and {@code backward_NAME}. An {@code initial_state} has the forward states, then the backward ones.
 */
public final class Bidirectional extends BaseLayer<Bidirectional> {
    private static final List<String> MODES = List.of("sum", "mul", "ave", "concat");

    private final Recurrent<?> forward;
    private Recurrent<?> backward;
    private @Nullable String mergeMode = "concat";

    /** Takes the layer for both directions, such as an {@link LSTM}. */
    public Bidirectional(Layer layer) {
        this(copy(recurrent(layer), false), copy(recurrent(layer), true));
    }

    private Bidirectional(Recurrent<?> forward, Recurrent<?> backward) {
        this.forward = forward;
        this.backward = backward;
        supportsMasking(true);
        take();
    }

    static Bidirectional fromConfig(ConfigReader config) {
        Object layer = config.get("layer");
        if (layer == null) throw config.wrong("layer", "a recurrent layer", null);
        Recurrent<?> forward = config.deserialize("layer", layer, Recurrent.class);
        Object given = config.get("backward_layer");
        Recurrent<?> backward =
                given == null ? copy(forward, true) : config.deserialize("backward_layer", given, Recurrent.class);
        forward.name(prefixed("forward_", forward.name()));
        var both = new Bidirectional(forward, backward);
        if (config.has("merge_mode")) both.mergeMode(config.nullableString("merge_mode"));
        return configure(both, config);
    }

    /** Sets how outputs merge: "sum", "mul", "ave", "concat", or null for a list of both. */
    public Bidirectional mergeMode(@Nullable String mergeMode) {
        if (mergeMode != null && !MODES.contains(mergeMode))
            throw new IllegalArgumentException(
                    "Bidirectional: merge_mode must be one of " + MODES + " or null, got \"" + mergeMode + "\"");
        this.mergeMode = mergeMode;
        return this;
    }

    /** Sets another layer for the backward direction; it must go backwards and have the same kind of outputs. */
    public Bidirectional backwardLayer(Layer layer) {
        requireUnbuilt();
        backward = recurrent(layer);
        take();
        return this;
    }

    private void take() {
        if (forward.goBackwards() == backward.goBackwards())
            throw new IllegalArgumentException("Bidirectional: the layers must differ in go_backwards, got "
                    + forward.goBackwards() + " for both");
        if (forward.stateful() != backward.stateful()
                || forward.returnSequences() != backward.returnSequences()
                || forward.returnState() != backward.returnState())
            throw new IllegalArgumentException("Bidirectional: the layers must agree in stateful, return_sequences and "
                    + "return_state, got " + forward.describe() + " and " + backward.describe());
        forward.zeroOutputForMask(forward.returnSequences());
        backward.zeroOutputForMask(backward.returnSequences());
        track("forward_layer", forward);
        track("backward_layer", backward);
    }

    public Layer forwardLayer() {
        return forward;
    }

    public Layer backwardLayer() {
        return backward;
    }

    private static Recurrent<?> recurrent(Layer layer) {
        if (layer instanceof Recurrent<?> r) return r;
        throw new IllegalArgumentException("Bidirectional: expected a recurrent layer, got " + layer.describe());
    }

    private static Recurrent<?> copy(Recurrent<?> layer, boolean backwards) {
        Map<String, Object> described = PlainConfig.object(layer);
        Map<String, Object> config = new LinkedHashMap<>();
        Objects.requireNonNull((Map<?, ?>) described.get("config")).forEach((k, v) -> config.put((String) k, v));
        config.put("name", prefixed(backwards ? "backward_" : "forward_", layer.name()));
        if (backwards) config.put("go_backwards", !layer.goBackwards());
        described.put("config", config);
        return (Recurrent<?>) Registry.keras().deserialize(described, "Bidirectional");
    }

    private static String prefixed(String prefix, String name) {
        return name.startsWith(prefix) ? name : prefix + name;
    }

    /** Returns the states that stateful layers keep, forward ones first. */
    @Override
    public List<Variable> states() {
        List<Variable> all = new ArrayList<>(forward.states());
        all.addAll(backward.states());
        return all;
    }

    /** Sets the states that stateful layers keep to zeros. */
    public void resetState() {
        forward.resetState();
        backward.resetState();
    }

    @Override
    protected void build(Shape input) {
        forward.buildFrom(input);
        backward.buildFrom(input);
    }

    @Override
    protected List<String> argumentNames() {
        return List.of("sequences", "initial_state", "mask", "training");
    }

    @Override
    protected Call arrange(List<?> inputs) {
        return forward.arrange(inputs);
    }

    @Override
    protected @Nullable Object computeMask(Object inputs, @Nullable Object mask) {
        Tensor first = mask == null ? null : Tree.flatten(mask, Tensor.class).getFirst();
        if (!forward.returnSequences() || first == null) return null;
        return mergeMode == null ? List.of(first, first) : first;
    }

    @Override
    protected Object callAll(Object inputs, Call call) {
        Object initial = call.get(1, "initial_state");
        Object forwardState = null;
        Object backwardState = null;
        if (initial instanceof List<?> list) {
            forwardState = list.subList(0, list.size() / 2);
            backwardState = list.subList(list.size() / 2, list.size());
        } else if (initial != null) {
            throw refuse("expected a list of initial states, forward ones first", initial);
        }
        Object mask = call.mask();
        List<?> y = list(forward.applyTo(directed(inputs, forwardState, mask)));
        List<?> reversed = list(backward.applyTo(directed(inputs, backwardState, mask)));
        Tensor back = (Tensor) reversed.getFirst();
        if (forward.returnSequences()) back = Primitives.flip(back, 1);
        List<Object> outputs = new ArrayList<>(merge(unmasked((Tensor) y.getFirst()), back));
        if (!forward.returnState()) return outputs.size() == 1 ? outputs.getFirst() : outputs;
        outputs.addAll(y.subList(1, y.size()));
        outputs.addAll(reversed.subList(1, reversed.size()));
        return outputs;
    }

    private static Call directed(Object inputs, @Nullable Object state, @Nullable Object mask) {
        Call call = Call.of(inputs);
        if (state != null) call = call.with("initial_state", state);
        return mask == null ? call : call.with("mask", mask);
    }

    private static List<?> list(Object outputs) {
        return outputs instanceof List<?> list ? list : List.of(outputs);
    }

    /** Takes the forward layer's mask away; the merged output gets its own. */
    private static Tensor unmasked(Tensor y) {
        return y.mask() == null ? y : y.mask(null);
    }

    private List<Tensor> merge(Tensor y, Tensor back) {
        return switch (mergeMode) {
            case "concat" -> List.of(K.concatenate(List.of(y, back), -1));
            case "sum" -> List.of(K.add(y, back));
            case "ave" -> List.of(K.multiply(K.add(y, back), 0.5));
            case "mul" -> List.of(K.multiply(y, back));
            case null, default -> List.of(y, back);
        };
    }

    @Override
    public Map<String, Object> getConfig() {
        Map<String, Object> config = super.getConfig();
        config.put("merge_mode", mergeMode);
        config.put("layer", forward);
        config.put("backward_layer", backward);
        return config;
    }
}
