package org.keras4j.serialization;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.NDArray;
import org.keras4j.graph.Variable;
import org.keras4j.utils.Names;

/**
 * An object whose state goes into weight files: a layer, a model, an optimizer. Keras finds it in a file by the
 * attributes that lead to it, see {@link #children}.
 */
public interface Saveable extends Configurable {
    /** Returns the name that the object goes by. */
    String name();

    /** Returns what Keras calls an object of this class in the paths of files and in default names. */
    default String baseName() {
        return Names.toSnakeCase(className());
    }

    /** Returns the variables of this object itself, without those of objects inside it, in the order they were made. */
    List<Variable> ownWeights();

    /** Returns what is inside, by the attribute it has in Keras: Saveables, and lists and maps of them at any depth. */
    default Map<String, Object> children() {
        return Map.of();
    }

    /** Returns what is stored for this object itself, by key; by default its own weights, numbered. */
    default Map<String, Variable> storedVariables() {
        Map<String, Variable> stored = new LinkedHashMap<>();
        for (Variable variable : ownWeights()) stored.put(Integer.toString(stored.size()), variable);
        return stored;
    }

    /** Returns the value to store for one of {@link #storedVariables}. */
    default NDArray storedValue(Variable variable) {
        return variable.numpy();
    }

    /** Is told that the stored variables have new values. */
    default void stateLoaded() {}

    /** Returns files to store beside the weights, by name, such as a vocabulary. */
    default Map<String, byte[]> assets() {
        return Map.of();
    }

    /** Takes over the files that {@link #assets} gave. */
    default void loadAssets(Map<String, byte[]> assets) {}

    /** Says whether the variables exist; only then can they be stored or loaded. */
    default boolean built() {
        return true;
    }

    /** Returns what is needed to make the variables without data, in Keras's keys; null if nothing is known. */
    default @Nullable Map<String, Object> getBuildConfig() {
        return null;
    }

    /** Makes the variables as {@link #getBuildConfig} says. */
    default void buildFromConfig(ConfigReader config) {}

    /** Returns how the object was compiled, in Keras's keys; null for what cannot be compiled. */
    default @Nullable Map<String, Object> getCompileConfig() {
        return null;
    }

    /** Compiles the object as {@link #getCompileConfig} says. */
    default void compileFromConfig(ConfigReader config) {}
}
