package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Prepares sorting: blocks are sorted, then merged two by two; the values follow their places in the end. */
final class Sorting {
    private static final int BLOCK = 1024;
    private static final int GROUP = 256;
    private static final int BLOCKS_PER_UNIT = 8;

    private final DeviceContext context;

    Sorting(DeviceContext context) {
        this.context = context;
    }

    Kernel sort(Op.Sort op, View x, View values, View indices) {
        if (x.size() == 0) return () -> {};
        int n = x.shape().dim(op.axis());
        int inner = (int) x.shape().size(op.axis() + 1, x.shape().rank());
        boolean floating = x.dtype().isFloating();
        Program program = program(x.memory().storage());
        // where the values will be, there is room for places meanwhile
        Argument.Place spare = Moves.place(values, Integer.BYTES, 0);
        var lines = new Arguments()
                .add(Argument.of(x))
                .add(Argument.of(indices))
                .add(spare)
                .add(n)
                .divisor(inner)
                .add(floating ? 1 : 0, op.descending() ? 1 : 0);
        List<Kernel> steps = new ArrayList<>();
        steps.add(blocks(program, lines, n, x.size() / n));
        boolean back = false;
        for (int levels = Integer.numberOfTrailingZeros(BLOCK) + 1; n > 1 << (levels - 1); levels++, back = !back)
            steps.add(merge(program, lines, n, x.size() / n, levels, back));
        if (back)
            steps.add(context.device.copy(
                    spare.buffer(),
                    spare.offset() * Integer.BYTES,
                    Argument.of(indices).buffer(),
                    indices.offset() * Integer.BYTES,
                    (long) x.size() * Integer.BYTES));
        steps.add(values(program, lines, n * inner, values));
        return () -> {
            for (Kernel step : steps) step.run();
        };
    }

    private Program program(Storage storage) {
        String group = "GROUP=" + (context.traits.cpu() ? 1 : GROUP);
        String block = "BLOCK=" + BLOCK;
        return storage.bytes() == 4
                ? context.program("sort", "K=int", "ABSOLUTE=0x7fffffff", "INFINITE=0x7f800000", group, block)
                : context.program(
                        "sort", "K=long", "ABSOLUTE=0x7fffffffffffffffL", "INFINITE=0x7ff0000000000000L", group, block);
    }

    private Kernel blocks(Program program, Arguments lines, int n, int count) {
        int blocks = (n + BLOCK - 1) / BLOCK;
        int total = Math.multiplyExact(blocks, count);
        Arguments arguments = lines.copy().divisor(blocks);
        if (context.traits.cpu())
            return program.bind(
                    "sort_blocks_alone",
                    Grid.of(Math.min(total, context.traits.units() * BLOCKS_PER_UNIT), 1),
                    arguments.add(total).toArray());
        int width = 1;
        while (width < Math.min(n, BLOCK)) width *= 2;
        return program.bind(
                "sort_blocks_together",
                Grid.of(total, GROUP),
                arguments.add(width).toArray());
    }

    private Kernel merge(Program program, Arguments lines, int n, int count, int levels, boolean back) {
        int share = context.traits.cpu() ? 4096 : 8;
        int pieces = (n + share - 1) / share;
        int total = Math.multiplyExact(pieces, count);
        return program.bind(
                "sort_merge",
                context.traits.cpu() ? Grid.of(total, 1) : Grid.covering(total, GROUP),
                lines.copy()
                        .divisor(pieces)
                        .add(levels, share, total, back ? 1 : 0)
                        .toArray());
    }

    private Kernel values(Program program, Arguments lines, int length, View values) {
        int share = context.traits.cpu() ? 4096 : 1;
        int items = (values.size() + share - 1) / share;
        return program.bind(
                "sort_values",
                context.traits.cpu() ? Grid.of(items, 1) : Grid.covering(items, GROUP),
                lines.copy()
                        .add(Argument.of(values))
                        .divisor(length)
                        .add(values.size(), share)
                        .toArray());
    }
}
