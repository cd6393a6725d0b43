package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kernels on Oclgrind, a simulated device that reports data races and accesses outside of buffers. It interprets, and
 * takes minutes: it runs where system property {@code keras4j.oclgrind} is true.
 */
class OclgrindTest {
    private static final List<String> PLACES = List.of(
            "/usr/lib/oclgrind",
            "/usr/lib64/oclgrind",
            "/usr/lib/x86_64-linux-gnu/oclgrind",
            "/usr/local/lib/oclgrind");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "cpu"})
    void kernelsAreCleanUnderOclgrind(String kind) throws Exception {
        assumeTrue(Boolean.getBoolean("keras4j.oclgrind"), "takes minutes; asked for with -Dkeras4j.oclgrind=true");
        Optional<Path> driver = PLACES.stream()
                .map(place -> Path.of(place, "liboclgrind-rt-icd.so"))
                .filter(Files::exists)
                .findFirst();
        assumeTrue(driver.isPresent(), "Oclgrind is not installed");
        Path vendors = Files.createDirectory(folder.resolve("vendors"));
        Files.writeString(vendors.resolve("oclgrind.icd"), driver.get() + "\n");
        Path reports = folder.resolve("reports");
        Path output = folder.resolve("output");
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OclgrindRun.class.getName(),
                        kind)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of(
                        "OCL_ICD_VENDORS", vendors.toString(),
                        "OCLGRIND_DATA_RACES", "1",
                        "OCLGRIND_MAX_ERRORS", "20",
                        "OCLGRIND_LOG", reports.toString(),
                        "KERAS_HOME", folder.toString()));
        Process process = builder.start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        if (!ended) process.destroyForcibly();
        assertEquals("", Files.exists(reports) ? text(reports) : "", "what Oclgrind reports");
        assertEquals(
                "Oclgrind, done",
                ended ? text(output).strip().lines().reduce("", (a, b) -> b) : "took too long",
                () -> text(output));
    }

    private static String text(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return String.join("\n", lines.limit(200).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
