package org.keras4j.saving;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.keras4j.serialization.Saveable;

/**
 * The paths of all objects with state, as Keras's saving walks them: attributes in the order of their names, those with
 * a leading underscore last, {@code layers} before all; members of lists and maps by their class and number.
 */
final class StateTree {
    private static final String LAYERS = "layers";

    private final List<Entry> entries = new ArrayList<>();
    private final Map<Object, Boolean> visited = new IdentityHashMap<>();

    /**
     * One object.
     *
     * @param path without a slash at the start; empty for the root
     */
    record Entry(String path, Saveable object) {}

    private final boolean countsWeightedTwice;

    private StateTree(boolean countsWeightedTwice) {
        this.countsWeightedTwice = countsWeightedTwice;
    }

    /** Returns every object once, at the first path that reaches it. */
    static List<Entry> of(Saveable root) {
        return of(root, false);
    }

    /**
     * Returns every object once, at the first path that reaches it.
     *
     * @param countsWeightedTwice whether a layer with weights takes two numbers, as in Keras 2.12 and 2.13, whose list
     *     of a model's layers names each of these a second time
     */
    static List<Entry> of(Saveable root, boolean countsWeightedTwice) {
        var tree = new StateTree(countsWeightedTwice);
        tree.visit("", root);
        return tree.entries;
    }

    private void visit(String path, Saveable object) {
        if (visited.put(object, true) != null) return;
        entries.add(new Entry(path, object));
        Map<String, Object> children = object.children();
        List<String> attributes = new ArrayList<>(children.keySet());
        attributes.sort((a, b) -> key(a).compareTo(key(b)));
        for (String attribute : attributes) {
            switch (children.get(attribute)) {
                case Saveable child -> visit(join(path, attribute), child);
                case Collection<?> list -> visitAll(join(path, attribute), list);
                case Map<?, ?> map -> visitAll(join(path, attribute), map.values());
                case null, default -> {} // a plain value, which has no state
            }
        }
    }

    private void visitAll(String path, Collection<?> members) {
        if (visited.put(members, true) != null) return;
        Map<String, Integer> used = new HashMap<>();
        for (Object member : members) {
            switch (member) {
                case Saveable child -> {
                    String name = child.baseName();
                    visit(join(path, unique(name, used)), child);
                    if (countsWeightedTwice && path.endsWith(LAYERS) && hasWeights(child)) unique(name, used);
                }
                case Collection<?> list -> visitAll(join(path, unique("container", used)), list);
                case Map<?, ?> map -> visitAll(join(path, unique("container", used)), map.values());
                case null, default -> {}
            }
        }
    }

    private static boolean hasWeights(Saveable object) {
        for (Entry entry : of(object)) if (!entry.object.ownWeights().isEmpty()) return true;
        return false;
    }

    private static String unique(String name, Map<String, Integer> used) {
        int count = used.merge(name, 1, Integer::sum) - 1;
        return count == 0 ? name : name + "_" + count;
    }

    private static String key(String attribute) {
        if (attribute.equals(LAYERS)) return "";
        return attribute.startsWith("_") ? "~" + attribute : attribute;
    }

    private static String join(String path, String part) {
        return path.isEmpty() ? part : path + "/" + part;
    }
}
