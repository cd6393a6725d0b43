package org.keras4j.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.serialization.Configurable;

/** Turns objects into the plain maps of their configs, from which equal but separate objects can be made. */
final class PlainConfig {
    private PlainConfig() {}

    static Map<String, Object> object(Configurable object) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("module", object.module());
        map.put("class_name", object.className());
        map.put("config", value(object.getConfig()));
        return map;
    }

    private static @Nullable Object value(@Nullable Object value) {
        return switch (value) {
            case Configurable object -> object(object);
            case Shape shape -> shape.toList();
            case DType dtype -> dtype.keras();
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> out = new LinkedHashMap<>();
                map.forEach((k, v) -> out.put(k, value(v)));
                yield out;
            }
            case List<?> list -> {
                List<@Nullable Object> out = new ArrayList<>();
                for (Object o : list) out.add(value(o));
                yield out;
            }
            case null, default -> value;
        };
    }
}
