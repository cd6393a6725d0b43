package org.keras4j.cli.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendUnavailableException;
import org.keras4j.backend.Backends;
import org.keras4j.saving.archive.Json;
import picocli.CommandLine;

/**
 * All recorded cases give what real Keras gave, but for those that {@code conformance-known.txt} explains, and for one
 * backend {@code conformance-known-BACKEND.txt}.
 */
abstract class ConformanceTest {
    private static final List<Path> PLACES =
            List.of(Path.of("../shared/conformance"), Path.of("../../shared/conformance"));

    private final Backend before = Backends.current();
    private final String backend;

    ConformanceTest(String backend) {
        this.backend = backend;
    }

    @AfterEach
    void restoreBackend() {
        Backends.use(before);
    }

    @Test
    void recordedCasesAreReproduced(@TempDir Path dir) throws IOException {
        Path cases = PLACES.stream().filter(Files::isDirectory).findFirst().orElse(null);
        Assumptions.assumeTrue(cases != null, "no recorded cases at " + PLACES);
        use(backend);
        Path json = dir.resolve("cases.jsonl");
        var out = new StringWriter();
        new CommandLine(new Conformance())
                .setOut(new PrintWriter(out))
                .execute(cases.toString(), "--json", json.toString());
        Set<String> failed = new TreeSet<>();
        Set<String> passed = new LinkedHashSet<>();
        for (String line : Files.readAllLines(json)) {
            Map<String, Object> result = Json.parseObject(line, "cases.jsonl", "");
            String id = String.valueOf(result.get("id"));
            if ("failed".equals(result.get("result"))) failed.add(id + ": " + result.get("reason"));
            if ("passed".equals(result.get("result"))) passed.add(id);
        }
        Set<String> known = known("");
        known.addAll(known("-" + backend));
        failed.removeIf(f -> known.stream().anyMatch(f::startsWith));
        assertEquals(Set.of(), failed, "cases that fail and are not known to");
        known.retainAll(passed);
        assertEquals(Set.of(), known, "cases that are listed as failing but pass");
        assertTrue(passed.size() > 1900, "expected more than 1900 passed cases, got " + passed.size());
        assertTrue(out.toString().stripTrailing().endsWith("skipped"), "the counts come last");
    }

    private static void use(String backend) {
        try {
            Backends.use(backend);
        } catch (BackendUnavailableException e) {
            Assumptions.abort(e.getMessage());
        }
    }

    private static Set<String> known(String suffix) throws IOException {
        Set<String> known = new TreeSet<>();
        try (InputStream in = ConformanceTest.class.getResourceAsStream("/conformance-known" + suffix + ".txt")) {
            if (in == null) return known;
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n"))
                if (!line.isBlank() && !line.startsWith("#")) known.add(line.strip());
            return known;
        }
    }
}
