package org.keras4j.saving.savedmodel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.KerasFileException;

/**
 * The objects whose variables a checkpoint holds, and by which attributes they hang together: TensorFlow's
 * {@code TrackableObjectGraph}. Objects may be reached by many ways, and may lead back to themselves.
 */
final class ObjectGraph {
    private static final String VARIABLE_VALUE = "VARIABLE_VALUE";

    private final List<Node> nodes = new ArrayList<>();

    /** An object: others in it by attribute, and, for a variable, the key of its value. */
    final class Node {
        private final Map<String, Integer> children = new LinkedHashMap<>();
        private @Nullable String key;

        /** Returns the object that an attribute holds, or null. */
        @Nullable
        Node child(String attribute) {
            Integer id = children.get(attribute);
            return id == null ? null : nodes.get(id);
        }

        /** Returns the key of the variable's value in the checkpoint; null for what is no variable. */
        @Nullable
        String key() {
            return key;
        }

        /** Returns the objects of attributes {@code prefix0}, {@code prefix1} and so on. */
        List<Node> numbered(String prefix) {
            List<Node> all = new ArrayList<>();
            for (Node next = child(prefix + 0); next != null; next = child(prefix + all.size())) all.add(next);
            return all;
        }
    }

    static ObjectGraph parse(ByteBuffer bytes, String file, String place) {
        var graph = new ObjectGraph();
        var in = new ProtoReader(bytes, file, place);
        while (in.next()) if (in.field() == 1) graph.nodes.add(graph.node(in.message()));
        if (graph.nodes.isEmpty()) throw new KerasFileException(file, place, "holds no objects");
        for (Node node : graph.nodes)
            for (Map.Entry<String, Integer> child : node.children.entrySet())
                if (child.getValue() >= graph.nodes.size())
                    throw new KerasFileException(
                            file,
                            place,
                            "attribute " + child.getKey() + " is object " + child.getValue() + " of "
                                    + graph.nodes.size());
        return graph;
    }

    Node root() {
        return nodes.getFirst();
    }

    private Node node(ProtoReader in) {
        var node = new Node();
        while (in.next()) {
            if (in.field() == 1) {
                ProtoReader reference = in.message();
                int id = 0;
                String name = "";
                while (reference.next()) {
                    if (reference.field() == 1) id = reference.index();
                    else if (reference.field() == 2) name = reference.text();
                }
                node.children.put(name, id);
            } else if (in.field() == 2) {
                ProtoReader attribute = in.message();
                String name = "";
                String key = "";
                while (attribute.next()) {
                    if (attribute.field() == 1) name = attribute.text();
                    else if (attribute.field() == 3) key = attribute.text();
                }
                if (name.equals(VARIABLE_VALUE)) node.key = key;
            }
        }
        return node;
    }
}
