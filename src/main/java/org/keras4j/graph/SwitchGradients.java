package org.keras4j.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.op.Body;
import org.keras4j.op.Op;

/** The gradient of a choice is a choice of the branches' gradients, each of which computes its branch again. */
final class SwitchGradients {
    private SwitchGradients() {}

    static List<@Nullable Tensor> of(Tensor y, List<Body> branches, List<@Nullable Tensor> dys, boolean[] wanted) {
        List<Tensor> inputs = new ArrayList<>(y.inputs());
        List<Tensor> cotangents = new ArrayList<>();
        List<Integer> reached = new ArrayList<>();
        for (int i = 0; i < dys.size(); i++) {
            Tensor dy = dys.get(i);
            if (dy == null || !dy.dtype().isFloating()) continue;
            inputs.add(dy);
            cotangents.add(Primitives.input("cotangent", dy.dtype(), dy.shape()));
            reached.add(i);
        }
        List<Body> backward = new ArrayList<>();
        for (Body branch : branches) backward.add(backward((Graph) branch, reached, cotangents, wanted));
        List<@Nullable Tensor> dx = new ArrayList<>(Collections.nCopies(wanted.length, null));
        if (backward.getFirst().outputs().isEmpty()) return dx;
        Tensor choice = Tensor.of(new Op.Switch(backward), inputs);
        int at = 0;
        for (int i = 1; i < wanted.length; i++) if (wanted[i]) dx.set(i, Primitives.item(choice, at++));
        return dx;
    }

    /** Returns the body from a branch's parameters and cotangents to the gradients of the wanted parameters. */
    private static Graph backward(Graph branch, List<Integer> reached, List<Tensor> cotangents, boolean[] wanted) {
        List<Tensor> sources = new ArrayList<>();
        for (int i = 1; i < wanted.length; i++)
            if (wanted[i]) sources.add(branch.parameters().get(i - 1));
        List<Tensor> outputs =
                reached.stream().map(i -> branch.results().get(i)).toList();
        List<@Nullable Tensor> found = Gradients.of(outputs, cotangents, sources);
        List<Tensor> results = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            Tensor d = found.get(i);
            results.add(d != null ? d : Primitives.zeros(sources.get(i).spec()));
        }
        List<Tensor> parameters = new ArrayList<>(branch.parameters());
        parameters.addAll(cotangents);
        return new Graph(parameters, results);
    }
}
