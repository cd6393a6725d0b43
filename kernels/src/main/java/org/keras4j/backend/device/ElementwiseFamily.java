package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.DType;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;

/** Elementwise groups: one generated kernel for each expression. */
final class ElementwiseFamily {
    private final DeviceContext context;

    ElementwiseFamily(DeviceContext context) {
        this.context = context;
    }

    /** Says whether the device has what an expression needs. */
    boolean computes(Expression expression) {
        return context.traits.doubles() || !ElementwiseSource.needsDoubles(expression);
    }

    /** Prepares an expression that the device {@link #computes}. */
    Kernel elementwise(Expression expression, List<View> in, List<View> out) {
        check(expression, in, out);
        var axes = BroadcastAxes.of(
                expression.shape(), in.stream().map(View::shape).toList());
        var source = new ElementwiseSource(expression, axes, in, out, context.traits.cpu());
        if (expression.shape().size() == 0) return () -> {};
        var places = new ArrayList<Argument>();
        for (int k : source.inputs()) places.add(Argument.of(in.get(k)));
        for (View view : out) places.add(Argument.of(view));
        return context.traits.cpu() ? onCpu(source, axes, places) : onGpu(source, axes, places, expression, in, out);
    }

    private static void check(Expression expression, List<View> in, List<View> out) {
        for (View view : in) {
            boolean fits = view.shape().rank() == expression.shape().rank();
            for (int axis = 0; fits && axis < view.shape().rank(); axis++)
                fits = view.shape().dim(axis) == 1
                        || view.shape().dim(axis) == expression.shape().dim(axis);
            if (!fits)
                throw new IllegalArgumentException("Expression of " + expression.shape()
                        + ": expected inputs with each size equal or 1, got " + view.shape());
        }
        for (Expression.Node node : expression.nodes())
            if (node instanceof Expression.Load load && in.get(load.input()).dtype() != load.dtype())
                throw new IllegalArgumentException("Expression: input " + load.input() + " is loaded as " + load.dtype()
                        + ", got " + in.get(load.input()).dtype());
        for (int k = 0; k < out.size(); k++) {
            DType dtype = expression.nodes().get(expression.outputs().get(k)).dtype();
            if (out.get(k).dtype() != dtype
                    || out.get(k).size() != expression.shape().size())
                throw new IllegalArgumentException("Expression: output " + k + " is " + dtype + expression.shape()
                        + ", got a view of " + out.get(k).dtype() + out.get(k).shape());
        }
    }

    private Kernel onCpu(ElementwiseSource source, BroadcastAxes axes, List<Argument> arguments) {
        int columns = axes.columns();
        int rows = (int) (axes.size() / columns);
        long work = axes.size() * source.cost();
        int pieces = (int) Math.clamp(work / context.tuning.get("elementwise.piece"), 1, 4L * context.traits.units());
        int rowPieces = Math.min(rows, pieces);
        int columnPieces = Math.clamp(pieces / rowPieces, 1, columns);
        int pieceRows = (rows + rowPieces - 1) / rowPieces;
        int pieceColumns = (columns + columnPieces - 1) / columnPieces;
        for (int value : new int[] {rows, pieceRows, columns, pieceColumns}) arguments.add(Argument.of(value));
        var grid =
                new Grid((columns + pieceColumns - 1) / pieceColumns, (rows + pieceRows - 1) / pieceRows, 1, 1, 1, 1);
        return bind(source, source.forCpu(), grid, axes, arguments);
    }

    private Kernel onGpu(
            ElementwiseSource source,
            BroadcastAxes axes,
            List<Argument> arguments,
            Expression expression,
            List<View> in,
            List<View> out) {
        boolean aligned = axes.rank() == 1 || axes.columns() % 4 == 0;
        for (int k : source.inputs())
            aligned &= !axes.hasColumns(k) || in.get(k).offset() % 4 == 0;
        for (View view : out) aligned &= view.offset() % 4 == 0;
        int lanes = aligned ? 4 : 1;
        arguments.add(Argument.of(expression.shape().size()));
        arguments.addAll(Divisor.of(axes.columns()).arguments());
        var grid = Grid.covering((axes.size() + lanes - 1) / lanes, ElementwiseSource.GROUP);
        return bind(source, source.forGpu(lanes), grid, axes, arguments);
    }

    private Kernel bind(
            ElementwiseSource source, String text, Grid grid, BroadcastAxes axes, List<Argument> arguments) {
        for (int axis = 1; axis < axes.rank() - 1; axis++)
            arguments.addAll(Divisor.of(axes.dims()[axis]).arguments());
        return context.generated(source.name(), text).bind(source.name(), grid, arguments.toArray(Argument[]::new));
    }
}
