package org.keras4j.saving.hdf5;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A group to be written: subgroups, datasets and attributes are added by name, and nothing reaches the file yet. */
public final class GroupWriter implements Hdf5Object {
    /** What Keras allows a string array attribute before it splits it in numbered parts. */
    static final int KERAS_ATTRIBUTE_LIMIT = 64_512;

    private final String name;
    private final String path;
    private final GlobalHeap heap;
    private final Map<String, Hdf5Object> members = new LinkedHashMap<>();
    private final Map<String, Attribute> attributes = new LinkedHashMap<>();
    private @Nullable SymbolTable table;
    private long headerAddress;

    GroupWriter(String name, String path, GlobalHeap heap) {
        this.name = name;
        this.path = path;
        this.heap = heap;
    }

    @Override
    public String name() {
        return name;
    }

    /** Returns the path from the root, such as {@code /layers/dense}; the root's is {@code /}. */
    public String path() {
        return path;
    }

    /**
     * Returns the group at {@code relativePath} below this one, made with all groups on the way where it is missing.
     *
     * @throws IllegalArgumentException if a dataset is in the way
     */
    public GroupWriter group(String relativePath) {
        GroupWriter at = this;
        for (String part : parts(relativePath)) at = at.member(part);
        return at;
    }

    /** Adds a dataset with these values; slashes in {@code relativePath} make groups. */
    public void dataset(String relativePath, HostArray values) {
        dataset(relativePath, values.type(), values.shape(), () -> values);
    }

    /**
     * Adds a dataset whose values are asked for only while the file is written.
     *
     * <p>A bfloat16 dataset gets the attribute {@code dtype} by which Keras knows it again.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public void dataset(String relativePath, ElementType type, int[] shape, Supplier<HostArray> values) {
        List<String> parts = parts(relativePath);
        GroupWriter parent = this;
        for (String part : parts.subList(0, parts.size() - 1)) parent = parent.member(part);
        String last = parts.getLast();
        if (parent.members.containsKey(last))
            throw new IllegalArgumentException("Group " + parent.path + " has a member \"" + last + "\" already");
        var dataset = new DatasetWriter(last, parent.childPath(last), type, shape, values);
        if (type == ElementType.BFLOAT16) dataset.attribute(Attribute.string("dtype", type.dtype(), true, heap));
        parent.members.put(last, dataset);
    }

    /** Sets a string attribute of any length. */
    public void attribute(String attribute, String text) {
        attributes.put(attribute, Attribute.string(attribute, text, true, heap));
    }

    /** Sets a whole-number attribute. */
    public void attribute(String attribute, long value) {
        attributes.put(attribute, Attribute.integer(attribute, value));
    }

    /** Sets a string attribute that is marked ASCII, as Python {@code bytes} are; {@code text} may be of any length. */
    public void asciiAttribute(String attribute, String text) {
        attributes.put(attribute, Attribute.string(attribute, text, false, heap));
    }

    /**
     * Sets a string array attribute the way Keras does: an empty list as no numbers, a long one split into
     * {@code name0}, {@code name1} and so on with parts as equal as can be.
     *
     * @throws IllegalArgumentException if a single string is too long for an attribute
     */
    public void stringsAttribute(String attribute, List<String> texts) {
        int width = 1;
        for (String text : texts) {
            int length = text.getBytes(StandardCharsets.UTF_8).length;
            if (length > KERAS_ATTRIBUTE_LIMIT)
                throw new IllegalArgumentException("Attribute " + attribute + " of " + path
                        + ": expected strings of up to " + KERAS_ATTRIBUTE_LIMIT + " bytes, got one of " + length);
            width = Math.max(width, length);
        }
        if (texts.isEmpty()) attributes.put(attribute, Attribute.empty(attribute));
        else if ((long) width * texts.size() <= KERAS_ATTRIBUTE_LIMIT && texts.size() < Attribute.LIMIT / 32)
            attributes.put(attribute, Attribute.strings(attribute, texts, heap));
        else splitAttribute(attribute, texts, width);
    }

    /** Sets a string array attribute of fixed width, as old writers did. */
    public void fixedStringsAttribute(String attribute, List<String> texts) {
        Attribute written = Attribute.fixedStrings(attribute, texts);
        if (written.message().length > Attribute.LIMIT)
            throw new IllegalArgumentException("Attribute " + attribute + " of " + path + ": expected up to "
                    + Attribute.LIMIT + " bytes, got " + written.message().length);
        attributes.put(attribute, written);
    }

    private void splitAttribute(String attribute, List<String> texts, int width) {
        int perPart = Math.max(1, KERAS_ATTRIBUTE_LIMIT / width);
        int parts = (texts.size() + perPart - 1) / perPart;
        int shortPart = texts.size() / parts;
        int longParts = texts.size() % parts;
        int from = 0;
        for (int i = 0; i < parts; i++) {
            int to = from + shortPart + (i < longParts ? 1 : 0);
            attributes.put(attribute + i, Attribute.fixedStrings(attribute + i, texts.subList(from, to)));
            from = to;
        }
    }

    private GroupWriter member(String part) {
        Hdf5Object member = members.computeIfAbsent(part, key -> new GroupWriter(key, childPath(key), heap));
        return switch (member) {
            case GroupWriter group -> group;
            case DatasetWriter _ ->
                throw new IllegalArgumentException("Expected a group at " + childPath(part) + ", got a dataset");
        };
    }

    private String childPath(String child) {
        return path.equals("/") ? path + child : path + "/" + child;
    }

    private static List<String> parts(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/")) if (!part.isEmpty()) parts.add(part);
        if (parts.isEmpty() || parts.contains(".") || path.indexOf('\0') >= 0)
            throw new IllegalArgumentException("Expected the path of a group or dataset, got \"" + path + "\"");
        return parts;
    }

    void forEachDataset(Consumer<DatasetWriter> action) {
        for (Hdf5Object member : members.values()) {
            switch (member) {
                case GroupWriter group -> group.forEachDataset(action);
                case DatasetWriter dataset -> action.accept(dataset);
            }
        }
    }

    @Override
    public void write(ByteSink out) {
        for (Hdf5Object member : members.values()) member.write(out);
        var symbols = new SymbolTable(members.values());
        symbols.write(out);
        table = symbols;
        headerAddress = out.position();
        byte[] message = new ByteSink()
                .put8(symbols.treeAddress())
                .put8(symbols.heapAddress())
                .toArray();
        new ObjectHeader()
                .add(ObjectHeader.SYMBOL_TABLE, 0, message)
                .addAttributes(attributes.values())
                .write(out);
    }

    @Override
    public void writeEntry(ByteSink out, long nameOffset) {
        int cachedTable = 1;
        SymbolTable symbols = Objects.requireNonNull(table);
        out.put8(nameOffset).put8(headerAddress).put4(cachedTable).put4(0);
        out.put8(symbols.treeAddress()).put8(symbols.heapAddress());
    }
}
