package org.keras4j.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.keras4j.Config;

/**
 * Finds the backends of this program and keeps the current one. The first use takes the backend that
 * {@link Config#wantedBackend} names, else the one of greatest priority that opens.
 */
public final class Backends {
    private static volatile @Nullable Backend current;

    private Backends() {}

    /**
     * Returns the backend in use; the first call chooses it.
     *
     * @throws BackendUnavailableException if the wanted one does not open, or none does; the message lists all
     */
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
        if (current == null) current = choose(providers(), Config.wantedBackend());
        return current;
    }

    /** Opens the backend called {@code name} without making it the current one. */
    public static Backend open(String name) {
        return choose(providers(), name);
    }

    /** Opens the backend called {@code wanted}; if it is null, the first that opens in the order of priority. */
    static Backend choose(List<BackendProvider> providers, @Nullable String wanted) {
        List<BackendProvider> candidates = new ArrayList<>(providers);
        if (wanted != null) candidates.removeIf(provider -> !provider.name().equals(wanted));
        candidates.sort(Comparator.comparingInt(BackendProvider::priority).reversed());
        List<String> refusals = new ArrayList<>();
        for (BackendProvider provider : candidates) {
            try {
                Backend opened = provider.open();
                if (provider.priority() == 0 && !refusals.isEmpty()) warnSlow(opened, refusals);
                return opened;
            } catch (BackendUnavailableException | LinkageError e) {
                refusals.add(provider.name() + ": " + e.getMessage());
            }
        }
        throw refusal(providers, wanted, candidates.isEmpty());
    }

    /** That everything runs on plain loops must not go unnoticed; that a GPU is missing may. */
    private static void warnSlow(Backend opened, List<String> refusals) {
        System.getLogger(Backends.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "Running on {0}, which is slow. {1}",
                        opened.name(),
                        String.join("; ", refusals));
    }

    private static BackendUnavailableException refusal(
            List<BackendProvider> providers, @Nullable String wanted, boolean unknown) {
        String problem = wanted == null
                ? "No backend works here."
                : unknown
                        ? "There is no backend \"" + wanted + "\" here."
                        : "Backend \"" + wanted + "\" does not work here.";
        var text = new StringBuilder(problem);
        if (providers.isEmpty()) text.append("\n  none was found: is the library's jar complete?");
        for (BackendProvider provider : providers) text.append("\n  ").append(availability(provider));
        if (wanted != null)
            text.append("\nChoose one with -Dkeras.backend=NAME, the variable KERAS_BACKEND, or \"backend\" in ")
                    .append(Config.home().resolve("keras.json"))
                    .append("; with none of them, the fastest that works is taken.");
        return new BackendUnavailableException(text.toString());
    }

    private static String availability(BackendProvider provider) {
        try (Backend backend = provider.open()) {
            return provider.name() + ": available (" + backend.describe() + ")";
        } catch (BackendUnavailableException e) {
            return provider.name() + ": " + String.valueOf(e.getMessage()).replace("\n", "\n    ");
        } catch (LinkageError e) {
            return provider.name() + ": a library it needs is missing or does not fit: " + e;
        }
    }

    private static List<BackendProvider> providers() {
        List<BackendProvider> all = new ArrayList<>();
        Iterator<BackendProvider> found = ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader())
                .iterator();
        while (true) {
            try {
                if (!found.hasNext()) return all;
                all.add(found.next());
            } catch (ServiceConfigurationError e) {
                System.getLogger(Backends.class.getName())
                        .log(System.Logger.Level.WARNING, "A backend is passed over: {0}", e.getMessage());
            }
        }
    }
}
