package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Numbers made from nothing. */
final class RandomFamily {
    private static final int GROUP = 256;

    private final DeviceContext context;

    RandomFamily(DeviceContext context) {
        this.context = context;
    }

    Kernel random(Op.Random op, View seed, View out) {
        DType dtype = out.dtype();
        if (!dtype.isFloating()) throw new IllegalArgumentException("Random: expected a floating dtype, got " + dtype);
        if (!ElementMacros.known(context.traits, dtype))
            return context.host.prepare(
                    List.of(seed), List.of(out), (b, i, o) -> b.random(op, i.getFirst(), o.getFirst()));
        if (out.size() == 0) return () -> {};
        String[] macros = switch (op.distribution()) {
            case UNIFORM -> ElementMacros.of(dtype, null, out, "UNIFORM", "LIMIT=" + belowOne(dtype));
            case NORMAL ->
                dtype.storage() == Storage.DOUBLE
                        ? ElementMacros.of(dtype, null, out, "NORMAL", "DOUBLE")
                        : ElementMacros.of(dtype, null, out, "NORMAL");
        };
        int counters = out.size() / 4 + 1;
        int piece = piece(counters, "random.piece");
        return context.generated("random", Sources.file("dialect/math.h") + Sources.file("random.c"), macros)
                .bind(
                        "random_numbers",
                        grid(counters, piece),
                        Argument.of(seed),
                        Argument.of(out),
                        Argument.of(out.size()),
                        Argument.of(piece));
    }

    /** Returns the greatest value below 1. */
    private static String belowOne(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> "0x1.ffcp-1f";
            case BFLOAT16 -> "0x1.fep-1f";
            default -> "0x1.fffffep-1f";
        };
    }

    Kernel iota(Op.Iota op, View out) {
        if (!ElementMacros.known(context.traits, out.dtype()))
            return context.host.prepare(List.of(), List.of(out), (b, i, o) -> b.iota(op, o.getFirst()));
        if (out.size() == 0) return () -> {};
        int rank = out.shape().rank();
        int axis = out.shape().axis(op.axis());
        int piece = piece(out.size(), "iota.piece");
        return context.program("random", ElementMacros.of(out.dtype(), null, out))
                .bind(
                        "iota",
                        grid(out.size(), piece),
                        Argument.of(out),
                        Argument.of(out.size()),
                        Argument.of(out.shape().dim(axis)),
                        Argument.of((int) out.shape().size(axis + 1, rank)),
                        Argument.of(piece));
    }

    /** Returns how many of {@code size} a work-item does. */
    private int piece(int size, String tuning) {
        if (!context.traits.cpu()) return 1;
        int items = Math.clamp(size / context.tuning.get(tuning), 1, 4 * context.traits.units());
        return (size + items - 1) / items;
    }

    private Grid grid(int size, int piece) {
        return Grid.covering((size + piece - 1) / piece, context.traits.cpu() ? 1 : GROUP);
    }
}
