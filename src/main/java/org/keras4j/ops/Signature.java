package org.keras4j.ops;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;

/**
 * The parameters of a Keras function, read from text such as {@code "sum(x, axis=None, keepdims=False)"}. A parameter
 * with one star takes all further positional values as a list, one with two all further named ones as a map.
 */
final class Signature {
    private enum Kind {
        PLAIN,
        /** Takes all further positional values. */
        REST,
        /** Takes all further named values. */
        NAMED
    }

    private record Parameter(
            String name,
            boolean required,
            Kind kind,
            @Nullable Object value) {}

    private final String text;
    private final String name;
    private final List<Parameter> parameters = new ArrayList<>();

    Signature(String text) {
        this.text = text;
        int open = text.indexOf('(');
        this.name = text.substring(0, open);
        String inside = text.substring(open + 1, text.length() - 1);
        for (String part : inside.isEmpty() ? new String[0] : inside.split(",\\s*")) parameters.add(parameter(part));
    }

    private static Parameter parameter(String part) {
        int equals = part.indexOf('=');
        if (part.startsWith("**")) return new Parameter(part.substring(2), false, Kind.NAMED, Map.of());
        if (part.startsWith("*")) return new Parameter(part.substring(1), false, Kind.REST, List.of());
        if (equals < 0) return new Parameter(part, true, Kind.PLAIN, null);
        return new Parameter(part.substring(0, equals), false, Kind.PLAIN, literal(part.substring(equals + 1)));
    }

    private static @Nullable Object literal(String text) {
        return switch (text) {
            case "None" -> null;
            case "True" -> true;
            case "False" -> false;
            default -> {
                if (text.startsWith("\"")) yield text.substring(1, text.length() - 1);
                if (text.matches("-?\\d+")) yield Integer.valueOf(text);
                yield Double.valueOf(text);
            }
        };
    }

    String name() {
        return name;
    }

    boolean takes(String parameter) {
        for (Parameter p : parameters) if (p.name.equals(parameter)) return true;
        return false;
    }

    Arguments bind(List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs) {
        return bind(args, kwargs, Map.of());
    }

    /** Gives each parameter its value; those in {@code made} have theirs already and take no positional one. */
    Arguments bind(
            List<? extends @Nullable Object> args,
            Map<String, ? extends @Nullable Object> kwargs,
            Map<String, ? extends @Nullable Object> made) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        int next = 0;
        for (Parameter p : parameters) {
            if (made.containsKey(p.name)) values.put(p.name, made.get(p.name));
            else if (p.kind == Kind.NAMED) {
                Map<String, @Nullable Object> rest = new LinkedHashMap<>(kwargs);
                for (Parameter q : parameters) rest.remove(q.name);
                values.put(p.name, rest);
            } else if (p.kind == Kind.REST) {
                List<? extends @Nullable Object> rest = args.subList(Math.min(next, args.size()), args.size());
                values.put(p.name, rest.isEmpty() && kwargs.containsKey(p.name) ? kwargs.get(p.name) : rest);
                next = args.size();
            } else if (next < args.size()) {
                if (kwargs.containsKey(p.name)) throw wrong("\"" + p.name + "\" came twice", args, kwargs);
                values.put(p.name, args.get(next++));
            } else if (kwargs.containsKey(p.name)) values.put(p.name, kwargs.get(p.name));
            else if (p.required) throw wrong("\"" + p.name + "\" is missing", args, kwargs);
            else values.put(p.name, p.value);
        }
        if (next < args.size()) throw wrong("too many positional arguments", args, kwargs);
        if (parameters.isEmpty() || parameters.getLast().kind != Kind.NAMED)
            for (String key : kwargs.keySet()) if (!takes(key)) throw wrong("unknown \"" + key + "\"", args, kwargs);
        return new Arguments(this, values);
    }

    private IllegalArgumentException wrong(String what, List<?> args, Map<String, ?> kwargs) {
        return new IllegalArgumentException(
                "Expected " + text + ", got " + describe(args) + " " + describe(kwargs) + ": " + what);
    }

    /** Shows tensors by dtype and shape, and everything else as it is. */
    static String describe(@Nullable Object value) {
        return switch (value) {
            case null -> "None";
            case Tensor t -> t.spec().toString();
            case String s -> "\"" + s + "\"";
            case List<?> l -> l.stream().map(Signature::describe).toList().toString();
            case Map<?, ?> m -> {
                List<String> parts = new ArrayList<>();
                m.forEach((k, v) -> parts.add(k + "=" + describe(v)));
                yield parts.toString();
            }
            default -> value.toString();
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
