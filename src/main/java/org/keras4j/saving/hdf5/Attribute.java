package org.keras4j.saving.hdf5;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One attribute to be written: its name, datatype and dataspace messages, and its value. */
record Attribute(String name, byte[] datatype, byte[] dataspace, Value value) {
    /** An attribute message carries its length in two bytes. */
    static final int LIMIT = 65_528;

    /** The value's bytes, or the strings that lie in the global heap. */
    sealed interface Value {
        record Bytes(byte[] bytes) implements Value {}

        record Strings(List<GlobalHeap.Reference> references) implements Value {}
    }

    static Attribute string(String name, String text, boolean utf8, GlobalHeap heap) {
        return new Attribute(name, Datatypes.heapString(utf8), dataspaceOf(), strings(List.of(text), heap));
    }

    static Attribute strings(String name, List<String> texts, GlobalHeap heap) {
        return new Attribute(name, Datatypes.heapString(false), dataspaceOf(texts.size()), strings(texts, heap));
    }

    static Attribute fixedStrings(String name, List<String> texts) {
        int width = 1;
        for (String text : texts) width = Math.max(width, text.getBytes(StandardCharsets.UTF_8).length);
        var out = new ByteSink();
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.put(utf8).zeros(width - utf8.length);
        }
        return new Attribute(
                name, Datatypes.fixedString(width), dataspaceOf(texts.size()), new Value.Bytes(out.toArray()));
    }

    /** What an empty list becomes in Python: no float64 numbers. */
    static Attribute empty(String name) {
        return new Attribute(name, Datatypes.of(ElementType.FLOAT64), dataspaceOf(0), new Value.Bytes(new byte[0]));
    }

    static Attribute integer(String name, long value) {
        byte[] bytes = new ByteSink().put8(value).toArray();
        return new Attribute(name, Datatypes.of(ElementType.INT64), dataspaceOf(), new Value.Bytes(bytes));
    }

    /** Dataspace message of version 1; no axes is a scalar. */
    static byte[] dataspaceOf(int... shape) {
        var out = new ByteSink().put1(1).put1(shape.length).put1(0).zeros(5);
        for (int dim : shape) out.put8(dim);
        return out.toArray();
    }

    /** Attribute message: version 1 for ASCII names as Keras's files have it, version 3 where the name needs UTF-8. */
    byte[] message() {
        byte[] terminatedName = Datatypes.terminated(name);
        boolean ascii = terminatedName.length == name.length() + 1;
        var out = new ByteSink();
        out.put1(ascii ? 1 : 3).put1(0);
        out.put2(terminatedName.length).put2(datatype.length).put2(dataspace.length);
        if (ascii) out.putPadded(terminatedName).putPadded(datatype).putPadded(dataspace);
        else out.put1(1).put(terminatedName).put(datatype).put(dataspace);
        switch (value) {
            case Value.Bytes(byte[] bytes) -> out.put(bytes);
            case Value.Strings(List<GlobalHeap.Reference> references) -> {
                for (GlobalHeap.Reference reference : references) reference.write(out);
            }
        }
        return out.toArray();
    }

    private static Value strings(List<String> texts, GlobalHeap heap) {
        List<GlobalHeap.Reference> references = new ArrayList<>();
        for (String text : texts) references.add(heap.add(text.getBytes(StandardCharsets.UTF_8)));
        return new Value.Strings(references);
    }
}
