package org.keras4j.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds the backends of this program and keeps the current one. */
public final class Backends {
    private static volatile @Nullable Backend current;

    private Backends() {}

    /** Returns the backend in use; the first call chooses it. */
    public static Backend current() {
        Backend known = current;
        return known == null ? choose() : known;
    }

    /** Makes {@code backend} the current one. Variables move to it when they are next used. */
    public static synchronized void use(Backend backend) {
        current = backend;
    }

    /** Opens the backend called {@code name} and makes it the current one. */
    public static synchronized void use(String name) {
        current = open(name);
    }

    private static synchronized Backend choose() {
        if (current != null) return current;
        String wanted = System.getProperty("keras.backend", System.getenv("KERAS_BACKEND"));
        current = wanted == null ? best() : open(wanted);
        return current;
    }

    private static Backend best() {
        List<String> refusals = new ArrayList<>();
        List<BackendProvider> providers = providers();
        providers.sort(Comparator.comparingInt(BackendProvider::priority).reversed());
        for (BackendProvider provider : providers) {
            try {
                return provider.open();
            } catch (BackendUnavailableException e) {
                refusals.add(provider.name() + ": " + e.getMessage());
            }
        }
        throw new BackendUnavailableException("No backend works here. " + refusals);
    }

    /** Opens the backend called {@code name} without making it the current one. */
    public static Backend open(String name) {
        for (BackendProvider provider : providers()) if (provider.name().equals(name)) return provider.open();
        throw new BackendUnavailableException("Unknown backend \"" + name + "\"; available: "
                + providers().stream().map(BackendProvider::name).toList());
    }

    private static List<BackendProvider> providers() {
        List<BackendProvider> all = new ArrayList<>();
        ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader()).forEach(all::add);
        return all;
    }
}
