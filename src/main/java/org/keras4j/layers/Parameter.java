package org.keras4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.constraints.Constraint;
import org.keras4j.constraints.Constraints;
import org.keras4j.graph.Variable;
import org.keras4j.initializers.Initializer;
import org.keras4j.initializers.Initializers;
import org.keras4j.regularizers.Regularizer;
import org.keras4j.regularizers.Regularizers;
import org.keras4j.serialization.ConfigReader;

/** How a weight of a layer starts, what is penalized about it and what it is held to: three options and config keys. */
final class Parameter {
    private final String name;
    private @Nullable Initializer initializer;
    private @Nullable Regularizer regularizer;
    private @Nullable Constraint constraint;

    /** Takes the weight's name, which is also what its options in the config begin with. */
    Parameter(String name, String initializer) {
        this.name = name;
        this.initializer = Initializers.get(initializer);
    }

    @Nullable
    Initializer initializer() {
        return initializer;
    }

    void initializer(@Nullable Object id) {
        initializer = Initializers.get(id);
    }

    @Nullable
    Regularizer regularizer() {
        return regularizer;
    }

    void regularizer(@Nullable Object id) {
        regularizer = Regularizers.get(id);
    }

    @Nullable
    Constraint constraint() {
        return constraint;
    }

    void constraint(@Nullable Object id) {
        constraint = Constraints.get(id);
    }

    /** Adds the weight to {@code layer}. */
    Variable add(Layer layer, Shape shape) {
        return add(layer, name, shape, true);
    }

    /** Adds the weight under another name; without {@code autocast} it is read as it is stored. */
    Variable add(Layer layer, String as, Shape shape, boolean autocast) {
        return layer.addWeight(
                as,
                shape,
                o -> o.initializer(initializer)
                        .regularizer(regularizer)
                        .constraint(constraint)
                        .autocast(autocast));
    }

    /** Returns the same with an initializer that takes these axes for inputs and outputs, if it counts them. */
    Parameter withAxes(int[] inputAxes, int[] outputAxes) {
        if (initializer == null) return this;
        Map<String, Object> config = new LinkedHashMap<>(initializer.getConfig());
        boolean open = config.containsKey("input_axes")
                && (config.get("input_axes") == null || config.get("output_axes") == null);
        if (!open) return this;
        config.put("input_axes", ConfigValues.list(inputAxes));
        config.put("output_axes", ConfigValues.list(outputAxes));
        var other = new Parameter(name, "zeros");
        other.initializer(
                Map.of("module", initializer.module(), "class_name", initializer.className(), "config", config));
        other.regularizer = regularizer;
        other.constraint = constraint;
        return other;
    }

    void read(ConfigReader config) {
        if (config.has(name + "_initializer")) initializer(config.get(name + "_initializer"));
        regularizer(config.get(name + "_regularizer"));
        constraint(config.get(name + "_constraint"));
    }

    static void putInitializers(Map<String, Object> config, Parameter... parameters) {
        for (Parameter p : parameters) config.put(p.name + "_initializer", p.initializer);
    }

    static void putRegularizers(Map<String, Object> config, Parameter... parameters) {
        for (Parameter p : parameters) config.put(p.name + "_regularizer", p.regularizer);
    }

    static void putConstraints(Map<String, Object> config, Parameter... parameters) {
        for (Parameter p : parameters) config.put(p.name + "_constraint", p.constraint);
    }

    /** Puts initializers, regularizers, then constraints, as most layers of Keras do. */
    static void putAll(Map<String, Object> config, Parameter... parameters) {
        putInitializers(config, parameters);
        putRegularizers(config, parameters);
        putConstraints(config, parameters);
    }
}
