package org.keras4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a program starts with, from the environment and from {@code keras.json} in Keras's folder.
 *
 * @param home Keras's folder: {@code KERAS_HOME}, else {@code ~/.keras}
 * @param backend the name of the backend that is asked for, null if none is
 */
record Settings(
        Path home,
        DType floatx,
        double epsilon,
        String imageDataFormat,
        @Nullable String backend) {
    private static final System.Logger LOGGER = System.getLogger(Settings.class.getName());
    // the file that Keras writes has four short lines
    private static final long MAX_FILE_BYTES = 1 << 20;
    /** What this file names for Keras in Python, which says nothing about this program. */
    private static final Set<String> PYTHON_BACKENDS = Set.of("tensorflow", "jax", "torch", "numpy", "openvino");

    private static final Set<String> DATA_FORMATS = Set.of("channels_last", "channels_first");

    /**
     * Reads the settings. A file that is no JSON is passed over with a warning, as Keras does.
     *
     * @param environment as {@link System#getenv()} has it
     * @param properties names and values of system properties
     * @throws IllegalArgumentException if a value in the file is not one that Keras takes
     */
    static Settings read(Map<String, String> environment, Map<?, ?> properties) {
        Path home = home(environment, properties);
        Path file = home.resolve("keras.json");
        JsonNode json = parse(file);
        return new Settings(
                home,
                floatx(text(json, "floatx", "float32", file), file),
                epsilon(json, file),
                imageDataFormat(text(json, "image_data_format", "channels_last", file), "in " + file),
                backend(environment, properties, text(json, "backend", "", file)));
    }

    private static Path home(Map<String, String> environment, Map<?, ?> properties) {
        Path user = Path.of(String.valueOf(properties.get("user.home")));
        String home = environment.get("KERAS_HOME");
        if (home != null && !home.isEmpty())
            return home.startsWith("~/") ? user.resolve(home.substring(2)) : Path.of(home);
        Path base = Files.isWritable(user) ? user : Path.of(String.valueOf(properties.get("java.io.tmpdir")));
        return base.resolve(".keras");
    }

    private static JsonNode parse(Path file) {
        var mapper = new JsonMapper();
        if (!Files.isRegularFile(file)) return mapper.createObjectNode();
        try {
            if (Files.size(file) > MAX_FILE_BYTES) throw new IOException("more than " + MAX_FILE_BYTES + " bytes");
            JsonNode json = mapper.readTree(Files.readString(file));
            if (json.isObject()) return json;
            LOGGER.log(System.Logger.Level.WARNING, "{0} is passed over: expected a JSON object", file);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "{0} is passed over: {1}", file, e.getMessage());
        } catch (JacksonException e) {
            LOGGER.log(System.Logger.Level.WARNING, "{0} is passed over: {1}", file, e.getOriginalMessage());
        }
        return mapper.createObjectNode();
    }

    private static String text(JsonNode json, String key, String otherwise, Path file) {
        JsonNode value = json.get(key);
        if (value == null || value.isNull()) return otherwise;
        if (value.isString()) return value.asString();
        throw new IllegalArgumentException(file + ": " + key + " must be a string, got " + value);
    }

    private static DType floatx(String name, Path file) {
        for (DType dtype : DType.values())
            if (dtype.isFloating() && dtype.keras().equals(name)) return dtype;
        throw new IllegalArgumentException(
                file + ": floatx must be one of float16, bfloat16, float32, float64, got \"" + name + "\"");
    }

    private static double epsilon(JsonNode json, Path file) {
        JsonNode value = json.get("epsilon");
        if (value == null || value.isNull()) return 1e-7;
        if (value.isNumber()) return value.asDouble();
        throw new IllegalArgumentException(file + ": epsilon must be a number, got " + value);
    }

    /** Returns {@code format} if it is one of Keras's two; {@code where} ends the message if not. */
    static String imageDataFormat(String format, String where) {
        if (DATA_FORMATS.contains(format)) return format;
        throw new IllegalArgumentException("image_data_format " + where
                + " must be \"channels_last\" or \"channels_first\", got \"" + format + "\"");
    }

    private static @Nullable String backend(Map<String, String> environment, Map<?, ?> properties, String inFile) {
        Object property = properties.get("keras.backend");
        if (property instanceof String name && !name.isEmpty()) return name;
        String variable = environment.get("KERAS_BACKEND");
        if (variable != null && !variable.isEmpty()) return variable;
        return inFile.isEmpty() || PYTHON_BACKENDS.contains(inFile) ? null : inFile;
    }
}
