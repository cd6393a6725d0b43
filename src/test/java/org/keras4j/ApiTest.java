package org.keras4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Compares the public API with the file that records it, so that each change of the API is a visible difference. */
class ApiTest {
    private static final String UPDATE = "keras4j.api.update";

    @Test
    void theApiIsTheRecordedOne() throws IOException {
        List<String> actual = ApiListing.of(LibraryClasses.all());
        Path file = LibraryClasses.moduleFolder().resolve("test/resources/api/keras4j-api.txt");
        if (Boolean.getBoolean(UPDATE)) {
            Files.createDirectories(file.getParent());
            Files.write(file, actual);
        }
        List<String> recorded = Files.readAllLines(file);

        var added = new TreeSet<>(actual);
        recorded.forEach(added::remove);
        var removed = new TreeSet<>(recorded);
        actual.forEach(removed::remove);
        assertTrue(
                added.isEmpty() && removed.isEmpty(),
                () -> "The public API differs from " + file + ".\nAdded:\n  " + String.join("\n  ", added)
                        + "\nRemoved:\n  " + String.join("\n  ", removed)
                        + "\nIf the change is meant, write the file anew with: mvn -pl src test -Dtest=ApiTest -D"
                        + UPDATE
                        + "=true");
        assertEquals(recorded, actual, "The order of " + file + " is not that of the listing; write it anew");
    }
}
