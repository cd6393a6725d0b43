package org.keras4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.keras4j.backend.reference.ReferenceBackend;
import org.keras4j.backend.reference.ReferenceProvider;

final class BackendsTest {
    private static final BackendProvider REFERENCE = new ReferenceProvider();
    private static final BackendProvider NO_DRIVER = provider("cuda", 100, () -> {
        throw new BackendUnavailableException("no libcuda.so.1: install the NVIDIA driver");
    });
    private static final BackendProvider NO_MODULE = provider("cpu", 10, () -> {
        throw new NoClassDefFoundError("jdk/incubator/vector/Vector");
    });

    private static BackendProvider provider(String name, int priority, Supplier<Backend> opener) {
        return new BackendProvider() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public int priority() {
                return priority;
            }

            @Override
            public Backend open() {
                return opener.get();
            }
        };
    }

    @Test
    void takesTheGreatestPriorityThatOpens() {
        assertInstanceOf(ReferenceBackend.class, Backends.choose(List.of(REFERENCE, NO_MODULE, NO_DRIVER), null));
        var fast = new ReferenceBackend();
        BackendProvider better = provider("fast", 50, () -> fast);
        assertEquals(fast, Backends.choose(List.of(REFERENCE, better, NO_DRIVER), null));
        assertInstanceOf(ReferenceBackend.class, Backends.choose(List.of(better, REFERENCE), "reference"));
    }

    @Test
    void doesNotReplaceAWantedBackendByAnother() {
        String message = refusal(List.of(REFERENCE, NO_DRIVER, NO_MODULE), "cuda");
        assertTrue(message.startsWith("Backend \"cuda\" does not work here."), message);
        assertTrue(message.contains("\n  cuda: no libcuda.so.1: install the NVIDIA driver"), message);
        assertTrue(message.contains("\n  reference: available (reference: plain Java loops"), message);
        assertTrue(message.contains("\n  cpu: a library it needs is missing"), message);
        assertTrue(message.contains("jdk/incubator/vector/Vector"), message);
        assertTrue(
                message.contains("KERAS_BACKEND")
                        && message.contains("-Dkeras.backend")
                        && message.contains("keras.json"),
                message);
    }

    @Test
    void anUnknownNameListsAll() {
        String message = refusal(List.of(REFERENCE, NO_DRIVER), "tensorflow");
        assertTrue(message.startsWith("There is no backend \"tensorflow\" here."), message);
        assertTrue(message.contains("reference: available") && message.contains("cuda: no libcuda"), message);
    }

    @Test
    void saysWhyNoneWorks() {
        String message = refusal(List.of(NO_DRIVER, NO_MODULE), null);
        assertTrue(message.startsWith("No backend works here.\n  cuda: no libcuda"), message);
        assertFalse(message.contains("Choose one"), "there is nothing to choose: " + message);
        assertTrue(refusal(List.of(), null).contains("none was found"));
    }

    private static String refusal(List<BackendProvider> providers, @Nullable String wanted) {
        return assertThrows(BackendUnavailableException.class, () -> Backends.choose(providers, wanted))
                .getMessage();
    }

    @Test
    void findsTheReferenceBackendByName() {
        try (Backend backend = Backends.open("reference")) {
            assertEquals("reference", backend.name());
        }
    }
}
