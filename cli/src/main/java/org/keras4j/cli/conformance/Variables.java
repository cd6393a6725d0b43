package org.keras4j.cli.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.keras4j.graph.Tensor;
import org.keras4j.graph.Variable;
import org.keras4j.layers.Layer;

/** Gives the variables of a layer the recorded values. */
final class Variables {
    private Variables() {}

    /** Sets weights in Keras's order, then the variables that keep state between calls; returns all of them. */
    static List<Variable> assign(Layer layer, List<?> recorded) {
        Set<Variable> all = new LinkedHashSet<>(layer.weights());
        for (Layer l : layer.flattenLayers()) all.addAll(l.states());
        List<Variable> variables = named(all, recorded);
        if (variables.size() < recorded.size())
            throw new MismatchException("expected " + recorded.size() + " variables, got " + variables.size());
        for (int i = 0; i < recorded.size(); i++) {
            var spec = (Map<?, ?>) recorded.get(i);
            var value = Objects.requireNonNull((Tensor) spec.get("value"));
            Variable v = variables.get(i);
            if (!value.shape().equals(v.shape()))
                throw new MismatchException("variable " + spec.get("path") + ": expected shape " + value.shape()
                        + ", got " + v.path() + " of " + v.shape());
            v.assign(value.value().cast(v.dtype()));
        }
        return variables;
    }

    /**
     * Returns the variables in the recorded order: that of a layer which was quantized after it was built is its own.
     */
    private static List<Variable> named(Set<Variable> all, List<?> recorded) {
        Map<String, Variable> byPath = new LinkedHashMap<>();
        for (Variable v : all) byPath.put(v.path(), v);
        Set<Variable> ordered = new LinkedHashSet<>();
        for (Object o : recorded) {
            Variable v = byPath.get(String.valueOf(((Map<?, ?>) o).get("path")));
            if (v != null) ordered.add(v);
        }
        boolean complete = byPath.size() == all.size() && ordered.size() == recorded.size();
        if (!complete) return new ArrayList<>(all);
        ordered.addAll(all);
        return new ArrayList<>(ordered);
    }
}
