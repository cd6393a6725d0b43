package org.keras4j.serialization;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes that a config can name: Keras's own, found through {@link Catalog}s, and the program's, added with
 * {@link #custom}. A model file only ever chooses among these; it cannot name any other class.
 */
public final class Registry {
    private static final Registry KERAS = new Registry();

    static {
        for (Catalog c : ServiceLoader.load(Catalog.class, Registry.class.getClassLoader())) c.register(KERAS);
    }

    private final Map<String, Factory> byModule;
    private final Map<String, Factory> byClass;
    private final Map<String, Factory> custom;
    private final @Nullable Map<Object, Object> shared;

    private Registry() {
        byModule = new HashMap<>();
        byClass = new HashMap<>();
        custom = new ConcurrentHashMap<>();
        shared = null;
    }

    private Registry(Registry classes, Map<String, Factory> more) {
        byModule = classes.byModule;
        byClass = classes.byClass;
        custom = new HashMap<>(classes.custom);
        custom.putAll(more);
        shared = new HashMap<>();
    }

    /** Returns the registry of this program. */
    public static Registry keras() {
        return KERAS;
    }

    /**
     * Returns the same classes for the reading of one file, whose objects may refer to each other.
     *
     * @param customObjects more classes that only this file needs, named as in {@link #custom}
     */
    public Registry forOneFile(Map<String, Factory> customObjects) {
        return new Registry(this, customObjects);
    }

    /** Returns the name that a class of the program's was registered under, or null. */
    public @Nullable String customName(String className) {
        if (custom.containsKey(className)) return className;
        for (String name : custom.keySet()) if (name.endsWith(">" + className)) return name;
        return null;
    }

    /** Adds a class of Keras's; the first class of a name is the one meant where a config gives no module. */
    public void add(String module, String className, Factory factory) {
        byModule.put(module + "." + className, factory);
        byClass.putIfAbsent(className, factory);
    }

    /**
     * Registers a class of the program's, as {@code keras.saving.register_keras_serializable} does.
     *
     * @param name {@code "package>Name"} as in {@code registered_name}, or only the class name
     */
    public static void custom(String name, Factory factory) {
        KERAS.custom.put(name, factory);
    }

    /** Says whether the program registered a class of that name. */
    boolean isCustom(String name) {
        return custom.containsKey(name);
    }

    /** Returns the factory of a class, or null. {@code module} and {@code registeredName} may be unknown. */
    public @Nullable Factory find(@Nullable String module, String className, @Nullable String registeredName) {
        if (registeredName != null && custom.containsKey(registeredName)) return custom.get(registeredName);
        if (custom.containsKey(className)) return custom.get(className);
        if (module != null) {
            Factory exact = byModule.get(module + "." + className);
            if (exact != null) return exact;
            if (!module.startsWith("keras") && !module.startsWith("tensorflow")) return null;
        }
        return byClass.get(className);
    }

    /** Returns the names of Keras's classes that stand in {@code module}, sorted. */
    public List<String> names(String module) {
        var names = new TreeSet<String>();
        for (String key : byModule.keySet())
            if (key.startsWith(module + ".") && key.indexOf('.', module.length() + 1) < 0)
                names.add(key.substring(module.length() + 1));
        return List.copyOf(names);
    }

    /**
     * Makes the object that {@code value} describes: a map with {@code class_name} and {@code config}.
     *
     * @param where the place of the value, for messages
     */
    public Object deserialize(Map<?, ?> value, String where) {
        if (!(value.get("class_name") instanceof String className))
            throw new ConfigException(where + ": expected an object with class_name, got " + value.keySet());
        String module = value.get("module") instanceof String m ? m : null;
        String registered = value.get("registered_name") instanceof String r ? r : null;
        Object id = value.get("shared_object_id");
        if (shared != null && id != null && shared.containsKey(id)) return shared.get(id);
        Factory factory = find(module, className, registered);
        if (factory == null)
            throw new ConfigException(where + ": unknown class " + (module == null ? "" : module + ".") + className
                    + (registered == null ? "" : " registered as \"" + registered + "\"")
                    + "; register it with Registry.custom(\"" + (registered == null ? className : registered)
                    + "\", ...)");
        String place = where + "/" + className;
        Object made = factory.fromConfig(new ConfigReader(this, place, value.get("config")));
        if (made instanceof Saveable saveable
                && !saveable.built()
                && value.get("build_config") instanceof Map<?, ?> build
                && !build.isEmpty()) saveable.buildFromConfig(new ConfigReader(this, place + "/build_config", build));
        if (shared != null && id != null) shared.put(id, made);
        return made;
    }
}
