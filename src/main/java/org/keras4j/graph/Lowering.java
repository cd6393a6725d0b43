package org.keras4j.graph;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.backend.Backend;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Asks a backend for the kernel of one operation. */
final class Lowering {
    private Lowering() {}

    /** Returns the kernel that computes {@code op}; leaves, aliases, loops and branches are the executor's own and not asked for. */
    static Kernel prepare(Backend backend, Op op, List<View> in, List<View> out) {
        View y = out.getFirst();
        return switch (op) {
            case Op.Full _, Op.Elementwise1 _, Op.Elementwise2 _, Op.Select _, Op.Cast _, Op.Broadcast _ ->
                backend.elementwise(single(op, in, y), in, out);
            case Op.Transpose o -> backend.transpose(o, in.get(0), y);
            case Op.Slice o -> backend.slice(o, in.get(0), y);
            case Op.Flip o -> backend.flip(o, in.get(0), y);
            case Op.Pad o -> backend.pad(o, in.get(0), y);
            case Op.Concatenate o -> backend.concatenate(o, in, y);
            case Op.Reduce o -> backend.reduce(o, in.get(0), y);
            case Op.ArgReduce o -> backend.argReduce(o, in.get(0), y);
            case Op.Cumulative o -> backend.cumulative(o, in.get(0), y);
            case Op.Sort o -> backend.sort(o, in.get(0), y, out.get(1));
            case Op.Gather o -> backend.gather(o, in.get(0), in.get(1), y);
            case Op.Scatter o -> backend.scatter(o, in.get(0), in.get(1), in.get(2), y);
            case Op.Dot o -> backend.dot(o, in.get(0), in.get(1), y);
            case Op.Conv o -> backend.conv(o, in.get(0), in.get(1), y);
            case Op.ConvInputGradient o -> backend.convInputGradient(o, in.get(0), in.get(1), y);
            case Op.ConvKernelGradient o -> backend.convKernelGradient(o, in.get(0), in.get(1), y);
            case Op.Pool o -> backend.pool(o, in.get(0), y);
            case Op.PoolGradient o -> backend.poolGradient(o, in, y);
            case Op.Random o -> backend.random(o, in.get(0), y);
            case Op.Iota o -> backend.iota(o, y);
            case Op.Cholesky _, Op.TriangularSolve _, Op.Qr _, Op.Lu _, Op.Eigh _, Op.Svd _ ->
                backend.linearAlgebra(op, in, out);
            case Op.Fused(var fusion) ->
                backend.fused(fusion, in, out)
                        .orElseThrow(() -> new IllegalStateException(
                                backend.name() + " said that it supports " + fusion + " for " + in + " but does not"));
            case Op.Input _,
                    Op.Constant _,
                    Op.Read _,
                    Op.Reshape _,
                    Op.StopGradient _,
                    Op.Item _,
                    Op.Scan _,
                    Op.Switch _,
                    Op.While _,
                    Op.CustomGradient _ -> throw new IllegalStateException(op + " has no kernel");
        };
    }

    private static Expression single(Op op, List<View> in, View out) {
        List<Expression.Node> nodes = new ArrayList<>();
        for (int i = 0; i < in.size(); i++)
            nodes.add(new Expression.Load(i, in.get(i).dtype()));
        int[] registers = java.util.stream.IntStream.range(0, in.size()).toArray();
        if (!(op instanceof Op.Broadcast)) nodes.add(node(op, out.dtype(), registers));
        return new Expression(out.shape(), nodes, List.of(nodes.size() - 1));
    }

    /** Returns the expression node of an elementwise operation whose arguments are in {@code registers}. */
    static Expression.Node node(Op op, org.keras4j.DType dtype, int... registers) {
        return switch (op) {
            case Op.Full(double value, var _) -> new Expression.Number(value, dtype);
            case Op.Elementwise1(var f) -> new Expression.Apply1(f, registers[0], dtype);
            case Op.Elementwise2(var f) -> new Expression.Apply2(f, registers[0], registers[1], dtype);
            case Op.Select() -> new Expression.Choose(registers[0], registers[1], registers[2], dtype);
            case Op.Cast(var _) -> new Expression.Convert(registers[0], dtype);
            default -> throw new IllegalArgumentException(op + " is not elementwise");
        };
    }
}
