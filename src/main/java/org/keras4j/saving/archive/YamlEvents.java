package org.keras4j.saving.archive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Makes plain values of the events of a YAML parser. Nothing is constructed by tag: tuples become lists, strings of
 * Python 2 become strings, and every other tag is refused. An alias is the value again, and counts with all that is in
 * it.
 */
final class YamlEvents {
    private static final int MAX_DEPTH = 500;
    private static final int MAX_NODES = 1 << 22;
    private static final int MAX_CODE_POINTS = 1 << 28;
    private static final String TAG = "tag:yaml.org,2002:";

    /** What an anchor stands for: its value, how many values are in it, and how deep. */
    private record Anchored(@Nullable Object value, int nodes, int depth) {}

    private final String file;
    private final Iterator<Event> events;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private int nodes;
    private int deepest;

    private YamlEvents(String file, Iterator<Event> events) {
        this.file = file;
        this.events = events;
    }

    /** Returns the value of the one document in {@code text}, null if there is none. */
    static @Nullable Object read(String text, String file) {
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(MAX_CODE_POINTS).build();
        try {
            // the packages of Parse, which would be shorter, are not exported to modules
            return new YamlEvents(file, new ParserImpl(settings, new StreamReader(settings, text))).document();
        } catch (YamlEngineException e) {
            throw new KerasFileException(file, "", "is not YAML that can be read: " + e.getMessage(), e);
        }
    }

    private @Nullable Object document() {
        events.next(); // the stream's start
        if (events.next().getEventId() == Event.ID.StreamEnd) return null;
        Object value = value((NodeEvent) events.next(), 0);
        events.next(); // the document's end
        Event end = events.next();
        if (end.getEventId() != Event.ID.StreamEnd) throw wrong(end, "expected one YAML document, got more after it");
        return value;
    }

    private @Nullable Object value(NodeEvent event, int depth) {
        if (event instanceof AliasEvent alias) return alias(alias, depth);
        int before = nodes;
        int outer = deepest;
        deepest = depth;
        count(event, 1, depth);
        Object value = switch (event) {
            case ScalarEvent scalar -> scalar(scalar);
            case SequenceStartEvent start -> sequence(start, depth);
            case MappingStartEvent start -> mapping(start, depth);
            default -> throw wrong(event, "expected a value");
        };
        event.getAnchor().ifPresent(a -> anchors.put(a, new Anchored(value, nodes - before, deepest - depth)));
        deepest = Math.max(outer, deepest);
        return value;
    }

    private @Nullable Object alias(AliasEvent event, int depth) {
        Anchored anchored = anchors.get(event.getAlias());
        if (anchored == null) throw wrong(event, "expected the name of a value before it, got *" + event.getAlias());
        count(event, anchored.nodes, depth + anchored.depth);
        return anchored.value;
    }

    private void count(Event event, int more, int depth) {
        nodes += more;
        deepest = Math.max(deepest, depth);
        if (nodes > MAX_NODES || depth > MAX_DEPTH)
            throw wrong(event, "holds more than " + MAX_NODES + " values, or is deeper than " + MAX_DEPTH);
    }

    private List<@Nullable Object> sequence(SequenceStartEvent start, int depth) {
        requireTag(start, start.getTag(), "seq", "python/tuple", "python/list");
        List<@Nullable Object> list = new ArrayList<>();
        for (Event e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next())
            list.add(value((NodeEvent) e, depth + 1));
        return list;
    }

    private Map<String, @Nullable Object> mapping(MappingStartEvent start, int depth) {
        requireTag(start, start.getTag(), "map", "python/dict");
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (Event e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
            Object key = value((NodeEvent) e, depth + 1);
            if (key == null || key instanceof List || key instanceof Map) throw wrong(e, "expected a plain key");
            String name = key.toString();
            if (map.containsKey(name)) throw wrong(e, "has the key \"" + name + "\" twice");
            map.put(name, value((NodeEvent) events.next(), depth + 1));
        }
        return map;
    }

    private @Nullable Object scalar(ScalarEvent event) {
        String text = event.getValue();
        String tag = requireTag(
                event,
                event.getTag(),
                "str null bool int float binary python/unicode python/str python/none python/bool python/int python/long"
                        .split(" "));
        return switch (tag) {
            case "" -> event.isPlain() ? YamlScalars.resolve(text) : text;
            case "null", "bool", "int", "float", "python/none", "python/bool", "python/int", "python/long" ->
                YamlScalars.resolve(text);
            default -> text;
        };
    }

    /** Returns the short name of a tag, empty if there is none; refuses those that are not allowed here. */
    private String requireTag(Event event, Optional<String> tag, String... allowed) {
        String name = tag.orElse("");
        if (name.isEmpty() || name.equals("!")) return name.isEmpty() ? "" : "str";
        String last = name.startsWith(TAG) ? name.substring(TAG.length()) : name;
        if (!List.of(allowed).contains(last))
            throw wrong(event, "asks for an object of Python, !!" + last + ", and Python is never run");
        return last;
    }

    private KerasFileException wrong(Event event, String reason) {
        String line = event.getStartMark().map(m -> "line " + (m.getLine() + 1)).orElse("");
        return new KerasFileException(file, line, reason);
    }
}
