package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels on Oclgrind, a simulated device that reports data races and accesses outside of buffers. */
class OclgrindTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "cpu"})
    void kernelsAreCleanUnderOclgrind(String kind) throws Exception {
        assumeTrue(isInstalled(), "Oclgrind is not installed");
        Path reports = folder.resolve("reports");
        Path output = folder.resolve("output");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(List.of(
                        "oclgrind",
                        "--data-races",
                        "--log",
                        reports.toString(),
                        java.toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OclgrindRun.class.getName(),
                        kind))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        if (!ended) process.destroyForcibly();
        assertEquals("", Files.exists(reports) ? text(reports) : "");
        assertEquals(0, ended ? process.exitValue() : -1, () -> text(output));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("oclgrind", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
