package org.keras4j.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Fusion;
import org.keras4j.op.Ints;
import org.keras4j.op.Op;

/**
 * Where cuDNN has the weights of LSTM and GRU, and how they get there and back. Ours are (inputs, gates * units) with
 * the gates i, f, g, o or z, r, n next to each other; cuDNN's are a matrix (units, inputs) for each of i, f, g, o or r,
 * z, n.
 *
 * @param features the size of the input
 * @param matrices the element at which each matrix begins: those for the input by cuDNN's order of gates, those for the
 *     state
 * @param biases the element at which each bias begins, in the same order; LSTM has those for the input alone
 */
record RecurrentWeights(Fusion.Cell cell, int features, int units, List<Integer> matrices, List<Integer> biases) {
    private static final Op.Transpose SWAP = new Op.Transpose(Ints.of(1, 0));

    /** Returns cuDNN's number of a gate. */
    private int gate(int ours) {
        return cell == Fusion.Cell.GRU && ours < 2 ? 1 - ours : ours;
    }

    /** Returns the scratch memory that matrices need whose gates do not follow each other as ours do. */
    long partElements() {
        return (long) cell.gates() * units * Math.max(features, units);
    }

    /**
     * Returns the kernels that put the weights into cuDNN's place for them, with {@code part} for what is in between.
     */
    List<Kernel> pack(CudaBackend backend, View kernel, View recurrent, View bias, View part, View weights) {
        List<Kernel> steps = new ArrayList<>();
        for (int half = 0; half < 2; half++) {
            View ours = half == 0 ? kernel : recurrent;
            View turned = turned(half, part, weights);
            steps.add(backend.transpose(SWAP, ours, turned));
            if (!inOrder(half))
                for (int gate = 0; gate < cell.gates(); gate++)
                    steps.add(backend.copy(block(turned, gate, matrixElements(half)), matrix(half, gate, weights)));
        }
        for (int i = 0; i < biases.size(); i++) steps.add(backend.copy(ourBias(bias, i), theirBias(weights, i)));
        return steps;
    }

    /** Returns the kernels that take the gradients of the weights from where cuDNN has put them. */
    List<Kernel> unpack(CudaBackend backend, View weights, View part, View kernel, View recurrent, View bias) {
        List<Kernel> steps = new ArrayList<>();
        for (int half = 0; half < 2; half++) {
            View turned = turned(half, part, weights);
            if (!inOrder(half))
                for (int gate = 0; gate < cell.gates(); gate++)
                    steps.add(backend.copy(matrix(half, gate, weights), block(turned, gate, matrixElements(half))));
            steps.add(backend.transpose(SWAP, turned, half == 0 ? kernel : recurrent));
        }
        for (int i = 0; i < biases.size(); i++) steps.add(backend.copy(theirBias(weights, i), ourBias(bias, i)));
        return steps;
    }

    /** Says whether the matrices of all gates are one as ours is, with rows and columns swapped. */
    private boolean inOrder(int half) {
        int size = matrixElements(half);
        for (int gate = 0; gate < cell.gates(); gate++)
            if (place(half, gate) != place(half, 0) + gate * size) return false;
        return true;
    }

    private View turned(int half, View part, View weights) {
        Shape shape = Shape.of(cell.gates() * units, half == 0 ? features : units);
        return inOrder(half) ? at(weights, place(half, 0), shape) : at(part, 0, shape);
    }

    private int matrixElements(int half) {
        return units * (half == 0 ? features : units);
    }

    private int place(int half, int gate) {
        return matrices.get(half * cell.gates() + gate(gate));
    }

    private View matrix(int half, int gate, View weights) {
        return at(weights, place(half, gate), Shape.of(matrixElements(half)));
    }

    private static View block(View whole, int index, int size) {
        return at(whole, index * size, Shape.of(size));
    }

    /** Our biases lie by rows, one for the input and one for the state, and by gates. */
    private View ourBias(View bias, int index) {
        return block(bias, index, units);
    }

    private View theirBias(View weights, int index) {
        int row = index / cell.gates();
        int gate = gate(index % cell.gates());
        return at(weights, biases.get(row * cell.gates() + gate), Shape.of(units));
    }

    private static View at(View base, int element, Shape shape) {
        return new View(base.memory(), base.offset() + element, shape, base.dtype());
    }
}
