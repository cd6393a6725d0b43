package org.keras4j.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.serialization.ConfigException;
import org.keras4j.serialization.ConfigReader;

/**
 * Applies a function of the program. A model with one can be saved only if the function has a name, see {@link
 * #register}; Python code in a model file is never run, a registered function takes its place.
 */
public final class Lambda extends BaseLayer<Lambda> {
    /** What a lambda layer computes. */
    @FunctionalInterface
    public interface Body {
        /** Returns the outputs; {@code inputs} is a tensor, or a list or map of them. */
        Object call(Object inputs, Call call, Map<String, ?> arguments);
    }

    /** A function of a tensor. */
    @FunctionalInterface
    public interface Unary {
        Tensor call(Tensor x);
    }

    private static final Map<String, Body> REGISTERED = new ConcurrentHashMap<>();

    private final Body body;
    private final @Nullable String function;
    private @Nullable Shape outputShape;
    private Map<String, Object> arguments = Map.of();

    /** Takes a function of one tensor. */
    public Lambda(Unary function) {
        this((inputs, call, arguments) -> function.call((Tensor) inputs));
    }

    /** Takes a function of any inputs. */
    public Lambda(Body body) {
        this(body, null);
    }

    /** Takes a registered function by its name. */
    public Lambda(String function) {
        this(known(function), function);
    }

    private Lambda(Body body, @Nullable String function) {
        this.body = body;
        this.function = function;
    }

    /**
     * Makes {@code body} known by a name, so that models with it can be saved and read. A layer name will do as well:
     * a file whose layer of that name holds Python code gets this function in its place.
     */
    public static void register(String name, Body body) {
        REGISTERED.put(name, body);
    }

    /** Makes a function of one tensor known by a name. */
    public static void register(String name, Unary function) {
        register(name, (inputs, call, arguments) -> function.call((Tensor) inputs));
    }

    /** Says whether the function in a Lambda's config is registered, by its own name or by the layer's. */
    public static boolean isRegistered(Map<?, ?> config) {
        String function = functionName(config.get("function"));
        return function != null && REGISTERED.containsKey(function)
                || config.get("name") instanceof String layer && REGISTERED.containsKey(layer);
    }

    private static Body known(String name) {
        Body body = REGISTERED.get(name);
        if (body == null)
            throw new IllegalArgumentException(
                    "Unknown function \"" + name + "\"; known: " + new TreeSet<>(REGISTERED.keySet()));
        return body;
    }

    static Lambda fromConfig(ConfigReader config) {
        String function = functionName(config.get("function"));
        String layer = config.string("name", "");
        String name = function != null && REGISTERED.containsKey(function) ? function : layer;
        Body body = REGISTERED.get(name);
        if (body == null)
            throw new ConfigException(config.where() + ": this Lambda layer "
                    + (function == null ? "holds Python code, which is not run" : "calls " + function)
                    + "; give its meaning in Java with Lambda.register(\"" + (function == null ? layer : function)
                    + "\", ...) before reading the model");
        Lambda made = configure(new Lambda(body, name), config);
        if (config.get("output_shape") instanceof List<?>) made.outputShape = config.nullableShape("output_shape");
        if (config.get("arguments") instanceof Map<?, ?> given) {
            Map<String, Object> arguments = new LinkedHashMap<>();
            given.forEach((k, v) -> arguments.put(String.valueOf(k), v));
            made.arguments = arguments;
        }
        return made;
    }

    /** Returns the name in {@code {"class_name": "function", "config": name}} of Keras 3 or a name of Keras 2. */
    private static @Nullable String functionName(@Nullable Object function) {
        return switch (function) {
            case String name -> name;
            case Map<?, ?> map
            when "function".equals(map.get("class_name")) ->
                map.get("registered_name") instanceof String r && REGISTERED.containsKey(r)
                        ? r
                        : map.get("config") instanceof String c ? c : null;
            case null, default -> null;
        };
    }

    /** Sets the shape of the output without the batch axis, where it is not to be found out by calling the function. */
    public Lambda outputShape(int... sizes) {
        outputShape = Shape.of(sizes);
        return this;
    }

    /** Sets what the function gets besides its inputs; it must be what a config can hold. */
    public Lambda arguments(Map<String, Object> arguments) {
        this.arguments = new LinkedHashMap<>(arguments);
        return this;
    }

    @Override
    protected void buildAll(Object inputs) {}

    @Override
    protected Object callAll(Object inputs, Call call) {
        return body.call(inputs, call, arguments);
    }

    @Override
    protected Object computeOutputSpec(Call call) {
        if (outputShape == null) return super.computeOutputSpec(call);
        List<KerasTensor> inputs = new ArrayList<>(call.tensors(KerasTensor.class));
        Shape batch = inputs.getFirst().shape().slice(0, 1);
        return new KerasTensor(batch.concat(outputShape), dtypePolicy().compute(), "keras_tensor");
    }

    @Override
    public Map<String, Object> getConfig() {
        if (function == null)
            throw new IllegalStateException(describe()
                    + " cannot be saved: its function has no name; make it with Lambda.register and new Lambda(name)");
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("module", "builtins");
        named.put("class_name", "function");
        named.put("config", function);
        named.put("registered_name", "function");
        Map<String, Object> config = super.getConfig();
        config.put("function", named);
        if (outputShape != null) config.put("output_shape", outputShape);
        config.put("arguments", arguments);
        return config;
    }
}
