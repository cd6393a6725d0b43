package org.keras4j.backend;

import java.util.Arrays;
import java.util.List;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** A part of {@link BackendContract}. */
interface Contract {
    Workbench bench();

    default Backend backend() {
        return bench().backend;
    }

    /** Runs an expression with one output. */
    default NDArray evaluate(String what, Shape shape, List<Expression.Node> nodes, NDArray... in) {
        var expression = new Expression(shape, nodes, List.of(nodes.size() - 1));
        List<View> views = Arrays.stream(in).map(bench()::put).toList();
        return bench().run(
                        what,
                        nodes.getLast().dtype(),
                        shape,
                        out -> backend().elementwise(expression, views, List.of(out)));
    }
}
