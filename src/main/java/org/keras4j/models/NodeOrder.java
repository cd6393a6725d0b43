package org.keras4j.models;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Layer;
import org.keras4j.layers.Node;

/**
 * The calls and layers between a functional model's inputs and outputs, in Keras's order: by depth, which is the number
 * of calls to the farthest output; calls of one depth stay as found when walking back from the outputs.
 *
 * @param nodes the calls, each after those whose outputs it takes
 * @param layers the layers, inputs first; weights and files follow this order
 */
record NodeOrder(List<Node> nodes, List<Layer> layers) {

    static NodeOrder between(List<KerasTensor> inputs, List<KerasTensor> outputs) {
        var walk = new Walk(inputs);
        outputs.forEach(walk::visit);
        Map<Node, Integer> depths = new IdentityHashMap<>();
        Map<Layer, Integer> layerDepths = new IdentityHashMap<>();
        for (Node node : walk.postorder.reversed()) {
            int depth = Math.max(depths.getOrDefault(node, 0), layerDepths.getOrDefault(node.layer(), 0));
            depths.put(node, depth);
            layerDepths.put(node.layer(), depth);
            for (Node parent : walk.parents(node)) depths.merge(parent, depth + 1, Math::max);
        }
        for (KerasTensor input : inputs) {
            Node node = nodeOf(input);
            if (layerDepths.putIfAbsent(node.layer(), 0) == null) {
                walk.layerIndex.put(node.layer(), -1);
                depths.put(node, 0);
                walk.postorder.add(node);
            }
        }
        List<Node> nodes = new ArrayList<>(walk.postorder);
        nodes.sort(Comparator.comparing((Node n) -> -Objects.requireNonNull(depths.get(n))));
        List<Layer> layers = new ArrayList<>(layerDepths.keySet());
        layers.sort(Comparator.comparing((Layer l) -> -Objects.requireNonNull(layerDepths.get(l)))
                .thenComparing(walk.layerIndex::get));
        return new NodeOrder(List.copyOf(nodes), List.copyOf(layers));
    }

    static Node nodeOf(KerasTensor tensor) {
        Node node = tensor.node();
        if (node == null)
            throw new IllegalArgumentException(
                    tensor + " was made by no layer: expected an Input's tensor or a layer's output");
        return node;
    }

    /** Depth first, from outputs to inputs. */
    private static final class Walk {
        private final Set<KerasTensor> inputs;
        final LinkedHashSet<Node> postorder = new LinkedHashSet<>();
        final Map<Layer, Integer> layerIndex = new IdentityHashMap<>();
        private final Set<Node> started = new LinkedHashSet<>();

        Walk(List<KerasTensor> inputs) {
            this.inputs = Collections.newSetFromMap(new IdentityHashMap<>());
            this.inputs.addAll(inputs);
        }

        /** Without recursion: networks can be thousands of calls deep. */
        void visit(KerasTensor output) {
            var stack = new ArrayDeque<Node>();
            enter(stack, nodeOf(output));
            while (!stack.isEmpty()) {
                Node node = stack.peek();
                Node next = nextParent(node);
                if (next == null) {
                    postorder.add(stack.pop());
                } else {
                    enter(stack, next);
                }
            }
        }

        private void enter(ArrayDeque<Node> stack, Node node) {
            if (!started.add(node)) return;
            layerIndex.putIfAbsent(node.layer(), layerIndex.size());
            stack.push(node);
        }

        private @Nullable Node nextParent(Node node) {
            for (Node parent : parents(node)) if (!started.contains(parent)) return parent;
            return null;
        }

        /** Returns the calls that {@code node} takes tensors from; none where the model's input cuts the graph. */
        List<Node> parents(Node node) {
            for (KerasTensor made : node.outputTensors()) if (inputs.contains(made)) return List.of();
            List<Node> parents = new ArrayList<>();
            for (KerasTensor t : node.inputTensors()) {
                if (t.node() == null) throw new IllegalArgumentException(t + " does not depend on the model's inputs");
                parents.add(t.node());
            }
            return parents;
        }
    }
}
