package org.keras4j.backend.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import org.keras4j.Config;

/**
 * The kernels' tunable numbers: those for the kind of device ({@code tuning/cpu.properties} or {@code gpu.properties}),
 * then those shipped for this very device ({@code tuning/DEVICE.properties}), then those found on this machine
 * ({@code tuning/DEVICE.properties} in Keras's folder). Later ones win.
 */
public final class Tuning {
    private final Properties values = new Properties();

    private Tuning() {}

    /** Reads the numbers for a device. */
    static Tuning of(Traits traits) {
        var tuning = new Tuning();
        tuning.resource(traits.cpu() ? "cpu" : "gpu");
        tuning.resource(fileName(traits));
        tuning.file(userFile(traits));
        return tuning;
    }

    /** Returns the file in the user's folder where found numbers are kept. */
    public static Path userFile(Traits traits) {
        return Config.home().resolve("tuning").resolve(fileName(traits) + ".properties");
    }

    private static String fileName(Traits traits) {
        return traits.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    /** Returns a number; it must be in one of the files. */
    public int get(String name) {
        String value = values.getProperty(name);
        if (value == null) throw new IllegalArgumentException("No tuning file has \"" + name + "\"");
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "Tuning \"" + name + "\" must be a whole number, got \"" + value + "\"", e);
        }
    }

    private void resource(String name) {
        try (InputStream in = Tuning.class.getResourceAsStream("tuning/" + name + ".properties")) {
            if (in != null) values.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the tuning file " + name, e);
        }
    }

    private void file(Path path) {
        if (!Files.isRegularFile(path)) return;
        try (InputStream in = Files.newInputStream(path)) {
            values.load(in);
        } catch (IOException | IllegalArgumentException e) {
            System.getLogger(Tuning.class.getName())
                    .log(System.Logger.Level.WARNING, "{0} is passed over: {1}", path, e.getMessage());
        }
    }
}
