package org.keras4j.backend.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.keras4j.Config;

/**
 * The kernels' tunable numbers: those for the kind of device ({@code tuning/cpu.properties} or {@code gpu.properties}),
 * then those shipped for this very device ({@code tuning/DEVICE.properties}), then those found on this machine
 * ({@code tuning/DEVICE.properties} in Keras's folder). Later ones win. A line {@code NAME.try = 1, 2, 3} has the
 * values that are worth trying on a new device.
 */
public final class Tuning {
    private static final String TRY = ".try";
    private static final ScopedValue<Map<String, Integer>> TRIED = ScopedValue.newInstance();

    private final Properties values = new Properties();

    private Tuning() {}

    /** Reads the numbers for a device. */
    public static Tuning of(Traits traits) {
        var tuning = new Tuning();
        tuning.resource(traits.cpu() ? "cpu" : "gpu");
        tuning.resource(fileName(traits));
        tuning.file(userFile(traits));
        if (TRIED.isBound()) TRIED.get().forEach((name, value) -> tuning.values.setProperty(name, value.toString()));
        return tuning;
    }

    /** Opens a backend, or does something else, with these numbers before all others. */
    public static <T> T trying(Map<String, Integer> values, Supplier<T> code) {
        return ScopedValue.where(TRIED, Map.copyOf(values)).call(code::get);
    }

    /** Returns the names of the numbers that can be tried, in alphabetical order. */
    public List<String> tunable() {
        return values.stringPropertyNames().stream()
                .filter(name -> name.endsWith(TRY))
                .map(name -> name.substring(0, name.length() - TRY.length()))
                .sorted()
                .toList();
    }

    /** Returns the values that are worth trying for a name. */
    public List<Integer> candidates(String name) {
        List<Integer> candidates = new ArrayList<>();
        for (String value : values.getProperty(name + TRY, "").split(",")) {
            if (!value.isBlank()) candidates.add(number(name + TRY, value));
        }
        return candidates;
    }

    /** Adds numbers to the user's file for a device; those that are in it and not given stay. */
    public static void save(Traits traits, Map<String, Integer> found) throws IOException {
        save(userFile(traits), traits.name(), found);
    }

    static void save(Path file, String device, Map<String, Integer> found) throws IOException {
        var all = new Properties();
        if (Files.isRegularFile(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                all.load(in);
            }
        }
        found.forEach((name, value) -> all.setProperty(name, value.toString()));
        List<String> lines = new ArrayList<>(List.of("# Found on this machine for " + device));
        for (String name : new TreeSet<>(all.stringPropertyNames())) lines.add(name + " = " + all.getProperty(name));
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), "new", ".part");
        Files.write(part, lines);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
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
        return number(name, value);
    }

    private static int number(String name, String value) {
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
