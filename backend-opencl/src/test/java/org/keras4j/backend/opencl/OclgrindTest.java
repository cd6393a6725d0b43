package org.keras4j.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keras4j.backend.device.Sources;

/**
 * All kernels on Oclgrind, a simulated device that reports data races, barriers that not all items come to, and
 * accesses outside of buffers and local memory. It interprets: tensors are small.
 */
class OclgrindTest {
    private static final List<String> PLACES = List.of(
            "/usr/lib/oclgrind",
            "/usr/lib64/oclgrind",
            "/usr/lib/x86_64-linux-gnu/oclgrind",
            "/usr/lib/aarch64-linux-gnu/oclgrind",
            "/usr/local/lib/oclgrind");

    @TempDir
    Path folder;

    private Path vendors;

    /** A run of {@link OclgrindRun}, and where it writes to. */
    private record Run(Process process, Path reports, Path output) {
        String reported() throws InterruptedException {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
                return "took too long\n" + text(output);
            }
            return Files.exists(reports) ? text(reports) : "";
        }
    }

    @BeforeEach
    void offerOclgrindAlone() throws IOException {
        Path driver = PLACES.stream()
                .map(place -> Path.of(place, "liboclgrind-rt-icd.so"))
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
        assumeTrue(driver != null, "Oclgrind is not installed (on Debian: apt install oclgrind)");
        vendors = Files.createDirectory(folder.resolve("vendors"));
        Files.writeString(vendors.resolve("oclgrind.icd"), driver + "\n");
    }

    @Test
    void nothingIsReportedOfAnyKernel() throws Exception {
        Run gpu = start("gpu");
        Run cpu = start("cpu");
        assertEquals("", gpu.reported(), "what Oclgrind reports of the kernels of GPUs");
        assertEquals("", cpu.reported(), "what Oclgrind reports of the kernels of CPUs");
        var started = new TreeSet<String>();
        for (Run run : List.of(gpu, cpu)) {
            List<String> lines = Files.readAllLines(run.output);
            assertEquals("Oclgrind, done", lines.isEmpty() ? "" : lines.getLast(), () -> text(run.output));
            for (String line : lines) if (line.startsWith("started ")) started.add(line.substring(8));
        }
        Set<String> missed = kernels();
        assertTrue(missed.size() > 50, () -> "kernels found: " + missed);
        missed.removeAll(started);
        assertEquals(Set.of(), missed, "kernels that OclgrindRun does not start");
    }

    @ParameterizedTest
    @CsvSource({
        "x[0] = i,data race",
        "y[i] = i; x[i] = y[3 - i],data race",
        "x[i + 1] = i,Invalid write of size 4",
        "x[i] = x[i - 1],Invalid read of size 4",
        "if (i < 2) barrier(CLK_LOCAL_MEM_FENCE),divergence"
    })
    void whatIsWrongIsReported(String statement, String words) throws Exception {
        String reported = start(statement + ";").reported();
        assertTrue(reported.contains(words), reported);
    }

    private Run start(String kind) throws IOException {
        Path home = Files.createTempDirectory(folder, "run");
        Path reports = home.resolve("reports");
        Path output = home.resolve("output");
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
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
                        "OCL_ICD_VENDORS",
                        vendors.toString(),
                        "OCLGRIND_DATA_RACES",
                        "1",
                        "OCLGRIND_MAX_ERRORS",
                        "20",
                        "OCLGRIND_LOCAL_MEM_SIZE",
                        "131072", // it adds up those of all kernels of a program
                        "OCLGRIND_LOG",
                        reports.toString(),
                        "KERAS_HOME",
                        home.toString()));
        return new Run(builder.start(), reports, output);
    }

    /** Returns the kernels of all kernel files, each as {@code FILE FUNCTION}. */
    private static Set<String> kernels() throws IOException, URISyntaxException {
        Path library = Path.of(Sources.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (Files.isDirectory(library)) return kernels(library);
        try (FileSystem jar = FileSystems.newFileSystem(library)) {
            return kernels(jar.getPath("/"));
        }
    }

    private static Set<String> kernels(Path root) throws IOException {
        var kernel = Pattern.compile("\\bKERNEL\\b[^;{}]*?\\bvoid\\s+(\\w+)\\(");
        var all = new TreeSet<String>();
        var files = new ArrayList<Path>();
        try (Stream<Path> found = Files.list(root.resolve("org/keras4j/backend/device"))) {
            found.filter(file -> file.toString().endsWith(".c")).forEach(files::add);
        }
        for (Path file : files) {
            String name = file.getFileName().toString().replace(".c", "");
            kernel.matcher(Files.readString(file)).results().forEach(match -> all.add(name + " " + match.group(1)));
        }
        return all;
    }

    private static String text(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return String.join("\n", lines.limit(200).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
