package org.keras4j.serialization;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.keras4j.utils.Names;

/**
 * The classes of one kind, such as the initializers, and the names by which Keras's {@code get} knows them: class name,
 * snake case and aliases.
 *
 * @param <T> what every object of the kind is
 */
public final class NamedClasses<T> {
    private final Class<T> type;
    private final String module;
    private final String kind;
    private final Map<String, Factory> classes = new LinkedHashMap<>();
    private final Map<String, Factory> names = new LinkedHashMap<>();

    /**
     * Makes an empty set of classes.
     *
     * @param module Keras's module of the classes, such as {@code "keras.initializers"}
     */
    public NamedClasses(Class<T> type, String module) {
        this.type = type;
        this.module = module;
        this.kind = type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** Adds a class; its own name and that in snake case need not be among {@code aliases}. */
    public NamedClasses<T> add(String className, Factory factory, String... aliases) {
        classes.put(className, factory);
        names.put(className, factory);
        names.put(Names.toSnakeCase(className), factory);
        for (String alias : aliases) names.put(alias, factory);
        return this;
    }

    /** Adds a name that stands for no class of its own. */
    public NamedClasses<T> alias(String name, Factory factory) {
        names.put(name, factory);
        return this;
    }

    /** Adds all classes to the registry that config files are read with. */
    public void register(Registry registry) {
        classes.forEach((name, factory) -> registry.add(module, name, factory));
    }

    /** Says whether {@code name} is a known one. */
    public boolean knows(String name) {
        return names.containsKey(name);
    }

    /**
     * Returns the object that {@code id} means: itself, or one made from a name (with defaults) or from a config map
     * with {@code class_name}. Null stays null.
     */
    public @Nullable T get(@Nullable Object id) {
        if (id == null) return null;
        if (type.isInstance(id)) return type.cast(id);
        return switch (id) {
            case String name -> cast(factory(name).fromConfig(new ConfigReader(Registry.keras(), name, Map.of())), id);
            case Map<?, ?> config -> fromConfig(config);
            default ->
                throw new IllegalArgumentException("Expected " + article() + ", its name or its config, got "
                        + id.getClass().getName() + " " + id);
        };
    }

    /** Makes the object of a known name from the config of another one that only wraps it. */
    public T make(String name, ConfigReader config) {
        return cast(factory(name).fromConfig(config), name);
    }

    /**
     * A class of this kind comes first, since losses and metrics share names and old files give no module; a function
     * is known by its name.
     */
    private T fromConfig(Map<?, ?> config) {
        if (!(config.get("class_name") instanceof String given))
            throw new IllegalArgumentException(
                    "Expected " + article() + ", its name or its config with class_name, got " + config);
        if (given.equals("function") && config.get("config") instanceof String name)
            return Objects.requireNonNull(get(name));
        String className = given.startsWith("Custom>") ? given.substring("Custom>".length()) : given;
        boolean elsewhere = config.get("module") instanceof String m
                && !m.equals(module)
                && Registry.keras().names(m).contains(className);
        if (!elsewhere && names.containsKey(className) && !Registry.keras().isCustom(className)) {
            var reader = new ConfigReader(Registry.keras(), className, config.get("config"));
            return cast(names.get(className).fromConfig(reader), config);
        }
        return cast(Registry.keras().deserialize(config, kind), config);
    }

    private Factory factory(String name) {
        Factory known = names.get(name);
        if (known == null) known = Registry.keras().find("", name, name);
        if (known == null)
            throw new IllegalArgumentException(
                    "Unknown " + kind + " \"" + name + "\"" + Names.didYouMean(name, names.keySet()) + "; known: "
                            + String.join(", ", new TreeSet<>(names.keySet())));
        return known;
    }

    private T cast(Object made, Object id) {
        if (type.isInstance(made)) return type.cast(made);
        throw new IllegalArgumentException("Expected " + article() + ", but " + id + " is a "
                + made.getClass().getSimpleName());
    }

    private String article() {
        return ("aeiou".indexOf(kind.charAt(0)) >= 0 ? "an " : "a ") + kind;
    }
}
