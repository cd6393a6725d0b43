package org.keras4j.activations;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;
import org.keras4j.serialization.Configurable;
import org.keras4j.serialization.Registry;
import org.keras4j.utils.Names;

/** Keras's activation functions by name, as {@code keras.activations.get} and {@code serialize}. */
public final class Activations {
    /** An activation that files know by name. */
    private record Named(String name, UnaryOperator<Tensor> function) implements Activation {
        @Override
        public Tensor call(Tensor x) {
            return function.apply(x);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final Map<String, Activation> KNOWN = new TreeMap<>();
    private static final Map<String, Activation> CUSTOM = new ConcurrentHashMap<>();

    static {
        add("celu", x -> K.celu(x, 1));
        add("elu", x -> K.elu(x, 1));
        add("exponential", K::exp);
        add("gelu", x -> K.gelu(x, false));
        add("glu", x -> K.glu(x, -1));
        add("hard_shrink", x -> K.hardShrink(x, 0.5));
        add("hard_sigmoid", K::hardSigmoid);
        add("hard_silu", K::hardSilu);
        add("hard_tanh", K::hardTanh);
        add("leaky_relu", x -> K.leakyRelu(x, 0.2));
        add("linear", x -> x);
        add("log_sigmoid", K::logSigmoid);
        add("log_softmax", x -> K.logSoftmax(x, -1));
        add("mish", K::mish);
        add("relu", K::relu);
        add("relu6", K::relu6);
        add("selu", K::selu);
        add("sigmoid", K::sigmoid);
        add("silu", K::silu);
        add("soft_shrink", x -> K.softShrink(x, 0.5));
        add("softmax", K::softmax);
        add("softplus", K::softplus);
        add("softsign", K::softsign);
        add("sparse_plus", K::sparsePlus);
        add("sparse_sigmoid", K::sparseSigmoid);
        add("sparsemax", x -> K.sparsemax(x, -1));
        add("squareplus", x -> K.squareplus(x, 4));
        add("tanh", K::tanh);
        add("tanh_shrink", K::tanhShrink);
        KNOWN.put("swish", KNOWN.get("silu"));
        KNOWN.put("hard_swish", KNOWN.get("hard_silu"));
        // What Keras 1 and 2 called hard_sigmoid; readers of their files ask for it by this name.
        add("hard_sigmoid_v2", x -> K.clip(K.add(K.multiply(x, 0.2), 0.5), 0, 1));
    }

    private Activations() {}

    private static void add(String name, UnaryOperator<Tensor> function) {
        KNOWN.put(name, new Named(name, function));
    }

    /**
     * Returns the activation that {@code id} means: an {@link Activation} itself, a name such as {@code "relu"}, or a
     * config map of a function or of a registered class. Null is "linear".
     */
    public static Activation get(@Nullable Object id) {
        return switch (id) {
            case null -> byName("linear");
            case Activation activation -> activation;
            case String name -> byName(name);
            case Map<?, ?> config -> fromConfig(config);
            default ->
                throw new IllegalArgumentException("Expected an activation, its name or its config, got "
                        + id.getClass().getName() + " " + id);
        };
    }

    /** Makes {@code activation} known by {@code name}, so that models that use it can be saved and read. */
    public static void register(String name, Activation activation) {
        if (KNOWN.containsKey(name)) throw new IllegalArgumentException("\"" + name + "\" is an activation of Keras");
        CUSTOM.put(name, new Named(name, activation::call));
    }

    /**
     * Returns what a config holds for {@code activation}: its name, or the object itself if it has a config.
     *
     * @throws IllegalArgumentException if it has neither
     */
    public static Object serialize(Activation activation) {
        if (activation instanceof Named named) return named.name;
        if (activation instanceof Configurable configurable) return configurable;
        throw new IllegalArgumentException(
                "This activation has no name and cannot be saved; give it one with Activations.register");
    }

    private static Activation byName(String name) {
        Activation found = KNOWN.get(name);
        if (found == null) found = CUSTOM.get(name);
        if (found == null && name.contains(">")) found = CUSTOM.get(name.substring(name.indexOf('>') + 1));
        if (found == null)
            throw new IllegalArgumentException(
                    "Unknown activation \"" + name + "\"" + Names.didYouMean(name, KNOWN.keySet()) + "; known: "
                            + String.join(", ", KNOWN.keySet()) + (CUSTOM.isEmpty() ? "" : ", " + CUSTOM.keySet()));
        return found;
    }

    private static Activation fromConfig(Map<?, ?> config) {
        if ("function".equals(config.get("class_name")) && config.get("config") instanceof String name)
            return byName(name);
        Object made = Registry.keras().deserialize(config, "activation");
        if (made instanceof Activation activation) return activation;
        throw new IllegalArgumentException("Expected an activation or a layer that is one, but "
                + config.get("class_name") + " is a " + made.getClass().getSimpleName());
    }
}
