package org.keras4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void withoutACommandShowsTheUsage() {
        assertEquals(2, run());
        assertTrue(err.toString().startsWith("Usage: keras4j"), err.toString());
    }

    @Test
    void helpIsNoError() {
        assertEquals(0, run("--help"));
        assertEquals(0, run("devices", "--help"));
        assertTrue(out.toString().contains("Usage: keras4j devices"), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void aWrongCommandLineIsExitCode2() {
        assertEquals(2, run("devises"));
        assertTrue(err.toString().startsWith("keras4j: Unmatched argument"), err.toString());
        assertEquals(2, run("devices", "--nonsense"));
        assertTrue(err.toString().contains("keras4j devices: Unknown option: '--nonsense'"), err.toString());
    }

    @Test
    void devicesListsTheReferenceBackend() {
        assertEquals(0, run("devices"));
        assertTrue(out.toString().lines().anyMatch(line -> line.matches("reference +available .*")), out.toString());
    }

    @Test
    void anUnknownBackendIsExitCode1() {
        assertEquals(1, run("--backend", "abacus", "devices"));
        assertTrue(err.toString().startsWith("keras4j: There is no backend \"abacus\" here."), err.toString());
        assertTrue(err.toString().contains("reference"), err.toString());
    }

    private int run(String... args) {
        return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
    }
}
