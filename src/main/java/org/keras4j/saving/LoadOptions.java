package org.keras4j.saving;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.serialization.Factory;

/** The keyword arguments of {@code load_model}; each default is Keras's. */
public final class LoadOptions {
    boolean compile = true;
    final Map<String, Factory> customObjects = new LinkedHashMap<>();

    @Nullable
    String legacyBackend;

    LoadOptions() {}

    /**
     * Says which backend computed the weights of a Keras 1 file, which does not say: {@code "theano"} turned the
     * kernels of convolutions round. Not in Keras; without it, the names of the weights decide.
     */
    public LoadOptions legacyBackend(String backend) {
        legacyBackend = backend;
        return this;
    }

    /** Says whether the model comes back compiled, if it was saved so. */
    public LoadOptions compile(boolean compile) {
        this.compile = compile;
        return this;
    }

    /**
     * Adds a class that this file names and the library does not have.
     *
     * @param name the class name, or {@code "package>Name"} as it was registered in Python
     */
    public LoadOptions customObject(String name, Factory factory) {
        customObjects.put(name, factory);
        return this;
    }
}
