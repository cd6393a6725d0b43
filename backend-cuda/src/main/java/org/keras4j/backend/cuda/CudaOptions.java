package org.keras4j.backend.cuda;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the environment asks of the backend. Each has a variable such as {@code KERAS_CUDA_TF32} and a system property
 * such as {@code keras.cuda.tf32}, which wins.
 *
 * @param device which device, among those that {@code CUDA_VISIBLE_DEVICES} leaves
 * @param tf32 whether products of float32 may take tensor cores, which round the factors to 11 bits
 * @param autotune whether algorithms are measured rather than chosen by the libraries' heuristics
 * @param deterministic whether only algorithms are taken whose results do not vary from run to run
 * @param graphs whether the kernels of a run are replayed as one CUDA graph
 */
record CudaOptions(int device, boolean tf32, boolean autotune, boolean deterministic, boolean graphs) {
    static CudaOptions read() {
        return read(System::getProperty, System::getenv);
    }

    /** Reads from functions that answer null for what is not set. */
    static CudaOptions read(Function<String, @Nullable String> property, Function<String, @Nullable String> variable) {
        var reader = new Reader(property, variable);
        return new CudaOptions(
                reader.number("device"),
                reader.flag("tf32", false),
                reader.flag("autotune", false),
                reader.flag("deterministic", false),
                reader.flag("graphs", true));
    }

    private record Reader(Function<String, @Nullable String> property, Function<String, @Nullable String> variable) {
        private String text(String name) {
            String value = property.apply("keras.cuda." + name);
            if (value == null) value = variable.apply("KERAS_CUDA_" + name.toUpperCase(Locale.ROOT));
            return value == null ? "" : value.strip();
        }

        int number(String name) {
            String value = text(name);
            if (value.isEmpty()) return 0;
            if (value.matches("\\d{1,4}")) return Integer.parseInt(value);
            throw new IllegalArgumentException(
                    "KERAS_CUDA_" + name.toUpperCase(Locale.ROOT) + " must be a number, got \"" + value + "\"");
        }

        boolean flag(String name, boolean otherwise) {
            return switch (text(name).toLowerCase(Locale.ROOT)) {
                case "" -> otherwise;
                case "1", "true", "yes", "on" -> true;
                case "0", "false", "no", "off" -> false;
                default ->
                    throw new IllegalArgumentException("KERAS_CUDA_" + name.toUpperCase(Locale.ROOT)
                            + " must be 0 or 1, got \"" + text(name) + "\"");
            };
        }
    }
}
