package org.keras4j.saving.hdf5;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The members of a group on disk: a local heap with the names, symbol nodes, and a version 1 B-tree above them. */
final class SymbolTable {
    static final int LEAF_K = 4;
    static final int INTERNAL_K = 16;
    private static final int LEAF_ENTRIES = 2 * LEAF_K;
    private static final int TREE_CHILDREN = 2 * INTERNAL_K;
    private static final long UNDEFINED = -1;
    private static final int HEAP_HEADER = 32;
    private static final int NO_FREE_BLOCK = 1;

    private final List<Entry> entries = new ArrayList<>();
    private long treeAddress;
    private long heapAddress;

    private record Entry(byte[] name, Hdf5Object object) {}

    /** A node of the level below: where it is, and the heap offset of the greatest name in it. */
    private record Child(long address, long lastName) {}

    SymbolTable(Iterable<? extends Hdf5Object> members) {
        for (Hdf5Object member : members)
            entries.add(new Entry(member.name().getBytes(StandardCharsets.UTF_8), member));
        // the library searches with strcmp, which orders bytes
        entries.sort((a, b) -> Arrays.compareUnsigned(a.name, b.name));
    }

    long treeAddress() {
        return treeAddress;
    }

    long heapAddress() {
        return heapAddress;
    }

    void write(ByteSink out) {
        long[] offsets = writeHeap(out);
        List<Child> level = writeSymbolNodes(out, offsets);
        int depth = 0;
        do {
            level = writeTreeLevel(out, level, depth++);
        } while (level.size() > 1);
        treeAddress = level.getFirst().address;
    }

    private long[] writeHeap(ByteSink out) {
        var names = new ByteSink().zeros(8); // offset 0 is the empty name, left of every other
        var offsets = new long[entries.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = names.position();
            names.put(entries.get(i).name).put1(0).alignTo8();
        }
        heapAddress = out.position();
        out.put(new byte[] {'H', 'E', 'A', 'P', 0, 0, 0, 0})
                .put8(names.position())
                .put8(NO_FREE_BLOCK)
                .put8(heapAddress + HEAP_HEADER)
                .put(names.toArray());
        return offsets;
    }

    private List<Child> writeSymbolNodes(ByteSink out, long[] offsets) {
        List<Child> nodes = new ArrayList<>();
        for (int from = 0; from < entries.size(); from += LEAF_ENTRIES) {
            int to = Math.min(entries.size(), from + LEAF_ENTRIES);
            nodes.add(new Child(out.position(), offsets[to - 1]));
            out.put(new byte[] {'S', 'N', 'O', 'D', 1, 0}).put2(to - from);
            for (int i = from; i < to; i++) entries.get(i).object.writeEntry(out, offsets[i]);
            out.zeros((LEAF_ENTRIES - (to - from)) * Hdf5Object.ENTRY_BYTES);
        }
        return nodes;
    }

    private static List<Child> writeTreeLevel(ByteSink out, List<Child> children, int depth) {
        int nodeBytes = 24 + (TREE_CHILDREN + 1) * 8 + TREE_CHILDREN * 8;
        List<Child> nodes = new ArrayList<>();
        long leftKey = 0;
        int from = 0;
        do {
            int to = Math.min(children.size(), from + TREE_CHILDREN);
            int start = out.position();
            out.put(new byte[] {'T', 'R', 'E', 'E', 0, (byte) depth}).put2(to - from);
            out.put8(from == 0 ? UNDEFINED : start - nodeBytes);
            out.put8(to == children.size() ? UNDEFINED : start + nodeBytes);
            out.put8(leftKey);
            for (Child child : children.subList(from, to)) {
                out.put8(child.address).put8(child.lastName);
                leftKey = child.lastName;
            }
            out.zeros(start + nodeBytes - out.position());
            nodes.add(new Child(start, leftKey));
            from = to;
        } while (from < children.size());
        return nodes;
    }
}
