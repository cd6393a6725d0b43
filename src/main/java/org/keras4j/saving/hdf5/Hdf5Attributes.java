package org.keras4j.saving.hdf5;

import io.jhdf.GlobalHeap;
import io.jhdf.api.Attribute;
import io.jhdf.api.Node;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;

/** The attributes of a group or dataset. */
public final class Hdf5Attributes {
    private static final int MAX_PARTS = 100_000;

    private final Hdf5File file;
    private final String place;
    private final Map<String, Attribute> attributes;

    Hdf5Attributes(Hdf5File file, String place, Node node) {
        this.file = file;
        this.place = place;
        this.attributes = file.guard(place, node::getAttributes);
    }

    /** Returns the names of all attributes. */
    public Set<String> names() {
        return attributes.keySet();
    }

    /**
     * Returns whether there is an attribute of this name; parts {@code name0}, {@code name1} count for {@code name}.
     */
    public boolean has(String name) {
        return attributes.containsKey(name) || attributes.containsKey(name + "0");
    }

    /** Returns a string attribute, or null if there is none of this name. */
    public @Nullable String string(String name) {
        Attribute attribute = attributes.get(name);
        if (attribute == null) return null;
        List<String> strings = strings(name, attribute);
        if (strings.size() != 1) throw wrong(name, "expected one string, got " + strings.size());
        return strings.getFirst();
    }

    /**
     * Returns a string array attribute, or null if there is none of this name.
     *
     * <p>Parts that Keras split it into are joined; the empty number array that stands for an empty list is empty.
     */
    public @Nullable List<String> strings(String name) {
        Attribute whole = attributes.get(name);
        if (whole != null) return strings(name, whole);
        if (!attributes.containsKey(name + "0")) return null;
        List<String> joined = new ArrayList<>();
        for (int i = 0; i < MAX_PARTS; i++) {
            Attribute part = attributes.get(name + i);
            if (part == null) return joined;
            joined.addAll(strings(name + i, part));
        }
        throw wrong(name, "expected at most " + MAX_PARTS + " parts");
    }

    /** Returns a whole-number attribute, or null if there is none of this name. */
    public @Nullable Long integer(String name) {
        Attribute attribute = attributes.get(name);
        if (attribute == null) return null;
        Object value = value(name, attribute);
        if (value instanceof Number number && !(value instanceof Float) && !(value instanceof Double))
            return number.longValue();
        if (value instanceof long[] one && one.length == 1) return one[0];
        if (value instanceof int[] one && one.length == 1) return (long) one[0];
        throw wrong(name, "expected a whole number, got " + describe(value));
    }

    private List<String> strings(String name, Attribute attribute) {
        if (file.guard(place(name), attribute::isEmpty) || sizeOf(name, attribute) == 0) return List.of();
        if (attribute.getDataType() instanceof StringData fixed) return fixedStrings(name, attribute, fixed);
        if (attribute.getDataType() instanceof VariableLength heap && heap.isVariableLengthString())
            return heapStrings(name, attribute);
        throw wrong(name, "expected strings, got " + describe(value(name, attribute)));
    }

    /** Decodes strings of the global heap, as UTF-8 whatever their mark says. */
    private List<String> heapStrings(String name, Attribute attribute) {
        return file.guard(place(name), () -> {
            int count = Math.toIntExact(attribute.getSize());
            ByteBuffer references = attribute.getBuffer().duplicate().order(ByteOrder.LITTLE_ENDIAN);
            int addressBytes = file.storage().getSizeOfOffsets();
            Map<Long, GlobalHeap> heaps = new HashMap<>();
            List<String> strings = new ArrayList<>(Math.min(count, references.remaining()));
            for (int i = 0; i < count; i++) {
                int length = references.getInt();
                long address = addressBytes == 4 ? Integer.toUnsignedLong(references.getInt()) : references.getLong();
                int index = references.getInt();
                if (length == 0) {
                    strings.add("");
                    continue;
                }
                GlobalHeap heap = heaps.computeIfAbsent(address, at -> new GlobalHeap(file.storage(), at));
                ByteBuffer text = heap.getObjectData(index);
                if (length < 0 || length > text.remaining())
                    throw wrong(name, "expected " + length + " bytes in the heap, got " + text.remaining());
                strings.add(StandardCharsets.UTF_8
                        .decode(text.slice(text.position(), length))
                        .toString());
            }
            return strings;
        });
    }

    /** Decodes fixed-width strings as UTF-8 whatever their mark says, since Python writes UTF-8 bytes marked ASCII. */
    private List<String> fixedStrings(String name, Attribute attribute, StringData type) {
        return file.guard(place(name), () -> {
            int width = type.getSize();
            ByteBuffer bytes = attribute.getBuffer().duplicate();
            int count = Math.toIntExact(attribute.getSize());
            if (width <= 0 || bytes.remaining() / width < count)
                throw wrong(name, "expected " + count + " strings of " + width + " bytes, got " + bytes.remaining());
            List<String> strings = new ArrayList<>(count);
            byte[] one = new byte[width];
            for (int i = 0; i < count; i++) {
                bytes.get(one);
                int end = 0;
                while (end < width && one[end] != 0) end++;
                strings.add(new String(one, 0, end, StandardCharsets.UTF_8));
            }
            return strings;
        });
    }

    private @Nullable Object value(String name, Attribute attribute) {
        long size = sizeOf(name, attribute);
        long bytes = Math.multiplyExact(
                size, (long) Math.max(1, attribute.getDataType().getSize()));
        if (bytes > file.fileBytes()) throw wrong(name, "claims " + bytes + " bytes in a file of " + file.fileBytes());
        return file.guard(place(name), attribute::getData);
    }

    private long sizeOf(String name, Attribute attribute) {
        long size = 1;
        for (long dim : file.guard(place(name), attribute::getDimensionsAsLong)) {
            if (dim < 0 || dim > Integer.MAX_VALUE) throw wrong(name, "claims an axis of " + dim);
            size *= dim;
            if (size > Integer.MAX_VALUE) throw wrong(name, "claims more than " + Integer.MAX_VALUE + " elements");
        }
        return size;
    }

    private String place(String name) {
        return place + " attribute " + name;
    }

    private KerasFileException wrong(String name, String problem) {
        return file.damaged(place(name), problem);
    }

    private static String describe(@Nullable Object value) {
        if (value == null) return "nothing";
        if (value instanceof Object[] array) return Arrays.toString(array);
        return value.getClass().getSimpleName() + " " + value;
    }
}
