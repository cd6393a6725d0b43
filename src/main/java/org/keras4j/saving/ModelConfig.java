package org.keras4j.saving;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.serialization.ConfigReader;
import org.keras4j.serialization.Registry;
import org.keras4j.serialization.Saveable;

/** Makes a model from its config, without weights. */
final class ModelConfig {
    private ModelConfig() {}

    /**
     * Makes the model that {@code config} describes, compiled if it says how and {@code options} want it.
     *
     * @throws KerasFileException that names all unknown classes, or the first value that does not fit
     */
    static Saveable read(Map<String, @Nullable Object> config, LoadOptions options, String file, String place) {
        Registry registry = Registry.keras().forOneFile(options.customObjects);
        Map<String, @Nullable Object> model = new LinkedHashMap<>(config);
        Object compile = model.remove("compile_config");
        ConfigSurvey.check(model, registry, file, place);
        Saveable made = make(model, registry, file, place);
        if (options.compile && compile instanceof Map<?, ?> how && !how.isEmpty()) {
            compile(made, how, registry, file, place);
        }
        return made;
    }

    /** Compiles a model as {@code how} says, a {@code compile_config}. */
    static void compile(Saveable model, Map<?, ?> how, LoadOptions options, String file, String place) {
        compile(model, how, Registry.keras().forOneFile(options.customObjects), file, place);
    }

    private static Saveable make(Map<String, @Nullable Object> config, Registry registry, String file, String place) {
        Object made;
        try {
            made = registry.deserialize(config, "model");
        } catch (KerasFileException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new KerasFileException(file, place, reason(e), e);
        }
        if (made instanceof Saveable saveable) return saveable;
        throw new KerasFileException(
                file, place, "expected a model, got " + made.getClass().getSimpleName());
    }

    private static void compile(Saveable model, Map<?, ?> how, Registry registry, String file, String place) {
        ConfigSurvey.check(how, registry, file, place + " compile_config (compile(false) leaves it out)");
        try {
            model.compileFromConfig(new ConfigReader(registry, "compile_config", how));
        } catch (RuntimeException e) {
            throw new KerasFileException(
                    file, place, "cannot be compiled as it was saved; compile(false) leaves that out: " + reason(e), e);
        }
    }

    private static String reason(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
