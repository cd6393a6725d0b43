package org.keras4j.layers;

import java.util.List;
import org.keras4j.utils.Tree;

/** One call of a layer on symbolic tensors: an edge of a functional model. */
public final class Node {
    private final Layer layer;
    private final Call call;
    private final Object outputs;

    Node(Layer layer, Call call, Object outputs) {
        this.layer = layer;
        this.call = call;
        this.outputs = outputs;
        int i = 0;
        for (KerasTensor t : outputTensors()) t.madeBy(this, i++);
        layer.addInboundNode(this);
    }

    public Layer layer() {
        return layer;
    }

    /** Returns the arguments, with {@link KerasTensor}s among them. */
    public Call call() {
        return call;
    }

    /** Returns the structure of the outputs. */
    public Object outputs() {
        return outputs;
    }

    public List<KerasTensor> inputTensors() {
        return call.tensors(KerasTensor.class);
    }

    public List<KerasTensor> outputTensors() {
        return Tree.flatten(outputs, KerasTensor.class);
    }
}
