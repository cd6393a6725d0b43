package org.keras4j.backend.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TuningTest {
    private static Traits traits(boolean cpu) {
        return new Traits(Dialect.OPENCL, "Imagined 9000", "key", cpu, 4, 256, 1 << 15, true, 1 << 30, 1 << 28);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatCanBeTriedHasAValueAndOthers(boolean cpu) {
        Tuning tuning = Tuning.of(traits(cpu));
        assertFalse(tuning.tunable().isEmpty());
        for (String name : tuning.tunable()) {
            assertTrue(tuning.candidates(name).size() > 1, name);
            assertTrue(tuning.get(name) > 0, name);
        }
    }

    @Test
    void triedNumbersGoBeforeAllOthers() {
        String name = Tuning.of(traits(true)).tunable().getFirst();
        Tuning tried = Tuning.trying(Map.of(name, 12345), () -> Tuning.of(traits(true)));
        assertEquals(12345, tried.get(name));
        assertTrue(Tuning.of(traits(true)).get(name) != 12345, "only while they are tried");
    }

    @Test
    void aMissingNumberIsNamed() {
        var error = assertThrows(
                IllegalArgumentException.class, () -> Tuning.of(traits(true)).get("no.such"));
        assertEquals("No tuning file has \"no.such\"", error.getMessage());
    }

    @Test
    void savingKeepsWhatWasThere(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("tuning/imagined-9000.properties");
        Tuning.save(file, "Imagined 9000", Map.of("b", 2, "a", 1));
        Tuning.save(file, "Imagined 9000", Map.of("b", 3));
        assertEquals(List.of("# Found on this machine for Imagined 9000", "a = 1", "b = 3"), Files.readAllLines(file));
    }
}
