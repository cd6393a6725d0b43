package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendContract;
import org.keras4j.backend.device.DeviceBackend;
import org.keras4j.backend.device.Source;

/**
 * The whole contract on the kernels that devices share, in CUDA's words and without NVIDIA's libraries for products and
 * convolutions. What was compiled for the stand-ins is then compiled by the true NVRTC, where there is one: all of it
 * for one architecture, and each piece for one of the others in turn.
 */
class SharedKernelsStandInTest extends BackendContract {
    private ListeningDevice device;

    @Override
    protected Backend open() {
        device = new ListeningDevice(StandIns.device());
        return new DeviceBackend("cuda", device);
    }

    @AfterAll
    void compileForGpus() throws IOException, InterruptedException {
        if (device == null) return;
        assertTrue(device.sources.size() > 5, "only " + device.sources.size() + " programs were compiled");
        // in a process of its own: the true compiler asks the driver, which here is a stand-in
        Path folder = Files.createTempDirectory("keras4j-kernels");
        try {
            int number = 0;
            for (Source source : device.sources) {
                String name = source.name().replaceAll("[^A-Za-z0-9_]+", "-");
                String cut = name.substring(0, Math.min(60, name.length()));
                Files.writeString(folder.resolve(number++ + "-" + cut + ".cu"), source.text());
            }
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CompileForGpus.class.getName(),
                            folder.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), output);
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) Files.delete(file);
            }
            Files.delete(folder);
        }
    }

    @Override
    protected boolean compilesSlowly() {
        return true;
    }
}
