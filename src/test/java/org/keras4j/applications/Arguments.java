package org.keras4j.applications;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Turns calls of Keras's functions into calls of the methods here. */
final class Arguments {
    private Arguments() {}

    static Application<?> network(String name) throws ReflectiveOperationException {
        return (Application<?>) Class.forName("org.keras4j.applications." + name)
                .getConstructor()
                .newInstance();
    }

    /** Sets each keyword argument of {@code json} by the method of its name. */
    static Application<?> apply(Application<?> network, String json) throws ReflectiveOperationException {
        for (Map.Entry<String, JsonNode> e : JsonMapper.shared().readTree(json).properties()) {
            Method method = Arrays.stream(network.getClass().getMethods())
                    .filter(m -> m.getName().equals(camelCase(e.getKey())))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(network.getClass() + " has no " + e.getKey()));
            method.invoke(network, value(e.getValue(), method.getParameterTypes()[0]));
        }
        return network;
    }

    private static Object value(JsonNode node, Class<?> type) {
        if (node.isNull()) return null;
        if (node.isArray()) return JsonMapper.shared().convertValue(node, int[].class);
        if (node.isBoolean()) return node.asBoolean();
        if (type == double.class) return node.asDouble();
        return node.isNumber() ? (Object) node.asInt() : node.asString();
    }

    private static String camelCase(String name) {
        var text = new StringBuilder();
        for (String word : name.split("_"))
            text.append(text.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        return text.toString();
    }
}
