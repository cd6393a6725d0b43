package org.keras4j.saving;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.keras4j.layers.Lambda;
import org.keras4j.ops.Operations;
import org.keras4j.saving.tensorflow.TensorFlowLayer;
import org.keras4j.serialization.Registry;

/** Looks through a config for all classes that the library does not know, so that one message can name them all. */
final class ConfigSurvey {
    private static final int SHOWN = 50;
    // what they hold are no registered classes; the layers that read them know all forms of all ages
    private static final Set<String> READ_BY_LAYERS = Set.of("dtype", "quantization_config");

    private final Registry registry;
    private final List<String> unknown = new ArrayList<>();

    private ConfigSurvey(Registry registry) {
        this.registry = registry;
    }

    /** Throws if {@code config} names classes that {@code registry} does not have. */
    static void check(@Nullable Object config, Registry registry, String file, String place) {
        var survey = new ConfigSurvey(registry);
        survey.visit(config, "");
        if (survey.unknown.isEmpty()) return;
        int count = survey.unknown.size();
        String more = count > SHOWN ? "\n  and " + (count - SHOWN) + " more" : "";
        throw new KerasFileException(
                file,
                place,
                (count == 1 ? "one thing in it is" : count + " things in it are") + " not known here; register classes"
                        + " with Registry.custom(name, factory) or pass them as customObject:\n  "
                        + String.join("\n  ", survey.unknown.subList(0, Math.min(SHOWN, count))) + more);
    }

    private void visit(@Nullable Object value, String where) {
        switch (value) {
            case Map<?, ?> map -> {
                String here = where;
                if (map.get("class_name") instanceof String name && map.containsKey("config")) {
                    here = where.isEmpty() ? describe(name, map) : where + " > " + describe(name, map);
                    look(name, map, here);
                    if (name.equals("Lambda") && map.get("config") instanceof Map<?, ?> config) {
                        lambda(config, here);
                        return;
                    }
                }
                for (Map.Entry<?, ?> entry : map.entrySet())
                    if (!READ_BY_LAYERS.contains(String.valueOf(entry.getKey()))) visit(entry.getValue(), here);
            }
            case List<?> list -> {
                for (Object inner : list) visit(inner, where);
            }
            case null, default -> {}
        }
    }

    private void lambda(Map<?, ?> config, String here) {
        if (!Lambda.isRegistered(config))
            unknown.add(here + ": Python code, which is never run; say what it means with Lambda.register(\""
                    + config.get("name") + "\", ...)");
    }

    private void look(String className, Map<?, ?> object, String here) {
        if (className.equals("__lambda__")) unknown.add(here + ": Python bytecode, which is never run");
        if (className.startsWith("__") || className.equals("function")) return;
        String module = object.get("module") instanceof String m ? m : null;
        String registered = object.get("registered_name") instanceof String r ? r : null;
        if (registry.find(module, className, registered) != null) return;
        if (TensorFlowLayer.isOne(className)) {
            String missing = TensorFlowLayer.unknown(className, object.get("config"));
            if (missing != null) unknown.add(here + ": " + missing + " of TensorFlow");
            return;
        }
        boolean operation = module == null || module.startsWith("keras.src.ops");
        if (operation && Operations.knows(className)) return;
        String fullName = (module == null ? "" : module + ".") + className;
        unknown.add(here + ": " + fullName
                + (registered == null || registered.equals(className) ? "" : ", registered as \"" + registered + "\""));
    }

    private static String describe(String className, Map<?, ?> object) {
        Object name = object.get("name");
        if (name == null && object.get("config") instanceof Map<?, ?> config) name = config.get("name");
        return name instanceof String text ? className + " \"" + text + "\"" : className;
    }
}
