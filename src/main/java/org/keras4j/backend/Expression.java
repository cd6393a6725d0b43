package org.keras4j.backend;

import java.util.List;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.op.Binary;
import org.keras4j.op.Unary;

/**
 * A group of elementwise operations that runs in one pass. Node i computes register i from earlier registers; each
 * result is rounded to the node's dtype before it is used.
 *
 * @param shape what each output has, and what inputs are broadcast to: an input has the same rank and each of its sizes
 *     is the shape's or 1
 * @param nodes in an order in which each comes after what it uses
 * @param outputs the registers that are written, in the order of the output views
 */
public record Expression(Shape shape, List<Node> nodes, List<Integer> outputs) {
    public Expression {
        nodes = List.copyOf(nodes);
        outputs = List.copyOf(outputs);
    }

    /** One operation of the group. */
    public sealed interface Node {
        DType dtype();
    }

    /** The element of input view {@code input}. */
    public record Load(int input, DType dtype) implements Node {}

    public record Number(double value, DType dtype) implements Node {}

    public record Apply1(Unary function, int a, DType dtype) implements Node {}

    public record Apply2(Binary function, int a, int b, DType dtype) implements Node {}

    public record Choose(int condition, int a, int b, DType dtype) implements Node {}

    /** Converts register {@code a}; float to integer truncates, anything to bool is {@code != 0}. */
    public record Convert(int a, DType dtype) implements Node {}
}
