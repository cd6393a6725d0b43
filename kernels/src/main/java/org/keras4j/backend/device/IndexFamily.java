package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.DType;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Gather, scatter and sort. */
final class IndexFamily {
    private static final int GROUP = 256;
    private static final int GROUPS_PER_UNIT = 8;

    private final DeviceContext context;
    private final Moves moves;
    private final Sorting sorting;

    IndexFamily(DeviceContext context) {
        this.context = context;
        this.moves = new Moves(context);
        this.sorting = new Sorting(context);
    }

    /** {@code x[outer, n, inner], index[m] -> out[outer, m, inner]}. */
    Kernel gather(Op.Gather op, View x, View indices, View out) {
        if (out.size() == 0) return () -> {};
        int bytes = out.memory().storage().bytes();
        int inner = (int) x.shape().size(op.axis() + 1, x.shape().rank());
        int factor = factor(16 / bytes, inner, x.offset(), out.offset());
        int width = bytes * factor;
        int count = out.size() / factor;
        var arguments = new Arguments()
                .add(Moves.place(x, width, 0))
                .add(Argument.of(indices))
                .add(Moves.place(out, width, 0))
                .add(context.faults.place())
                .add(count, x.shape().dim(op.axis()))
                .divisor(inner / factor)
                .divisor(indices.size());
        Program program = moving(width);
        if (!context.traits.cpu())
            return context.faults.watch(program.bind("gather_each", Grid.covering(count, GROUP), arguments.toArray()));
        arguments.add(moves.share(width));
        return context.faults.watch(
                program.bind("gather_rows", Grid.of(moves.groups(count, width), 1), arguments.toArray()));
    }

    /**
     * Returns how many elements can be moved at once: the greatest power of two up to {@code most} that divides all.
     */
    private static int factor(int most, long... lengths) {
        int factor = most;
        for (long length : lengths) while (length % factor != 0) factor /= 2;
        return factor;
    }

    private Program moving(int width) {
        return switch (width) {
            case 2 -> context.program("index", "T=short", "ZERO=0", "UPDATE(a, b)=(b)");
            case 4 -> context.program("index", "T=int", "ZERO=0", "UPDATE(a, b)=(b)");
            case 8 -> context.program("index", "T=long", "ZERO=0", "UPDATE(a, b)=(b)");
            default -> context.program("index", "T=int4", "ZERO=zero4()", "UPDATE(a, b)=(b)");
        };
    }

    /** {@code x[n, row], index[m], updates[m, row] -> out[n, row]}. */
    Kernel scatter(Op.Scatter op, View x, View indices, View updates, View out) {
        if (out.size() == 0) return () -> {};
        DType dtype = out.dtype();
        if (dtype == DType.FLOAT64 && op.update() != Op.Update.SET && !context.traits.doubles())
            return context.host.prepare(
                    List.of(x, indices, updates),
                    List.of(out),
                    (b, i, o) -> b.scatter(op, i.get(0), i.get(1), i.get(2), o.getFirst()));
        boolean inPlace = Argument.of(x).equals(Argument.of(out));
        int bytes = out.memory().storage().bytes();
        Kernel copy = context.device.copy(
                Argument.of(x).buffer(),
                x.offset() * bytes,
                Argument.of(out).buffer(),
                out.offset() * bytes,
                (long) out.size() * bytes);
        if (indices.size() == 0) return inPlace ? () -> {} : copy;
        Kernel update = update(op.update(), indices, updates, out);
        if (inPlace) return update;
        return () -> {
            copy.run();
            update.run();
        };
    }

    private Kernel update(Op.Update function, View indices, View updates, View out) {
        int n = out.shape().dim(0);
        int elements = out.size() / n;
        int bytes = out.memory().storage().bytes();
        boolean set = function == Op.Update.SET;
        int factor = set ? factor(16 / bytes, elements, updates.offset(), out.offset()) : 1;
        int row = elements / factor;
        Program program = set ? moving(bytes * factor) : updating(function, out);
        var arguments = new Arguments()
                .add(Argument.of(indices))
                .add(Moves.place(updates, bytes * factor, 0))
                .add(Moves.place(out, bytes * factor, 0))
                .add(indices.size(), n, row);
        int groups = context.traits.units() * GROUPS_PER_UNIT;
        return context.traits.cpu()
                ? alone(program, arguments, groups, n, row)
                : together(program, arguments, groups, n, row);
    }

    private static Kernel alone(Program program, Arguments arguments, int groups, int n, int row) {
        int groupRows = (n + groups - 1) / groups;
        int groupsX = (n + groupRows - 1) / groupRows;
        int strips = Math.clamp(groups / groupsX, 1, (row + 63) / 64);
        int groupColumns = (row + strips - 1) / strips;
        int groupsY = (row + groupColumns - 1) / groupColumns;
        return program.bind(
                "scatter_alone",
                new Grid(groupsX, groupsY, 1, 1, 1, 1),
                arguments.add(groupRows, groupColumns).toArray());
    }

    private static Kernel together(Program program, Arguments arguments, int groups, int n, int row) {
        int columns = 1;
        while (columns < row && columns < GROUP) columns *= 2;
        int lanes = GROUP / columns;
        int strips = (row + columns - 1) / columns;
        int groupsX = Math.clamp(groups / Math.min(groups, strips), 1, (n + lanes - 1) / lanes);
        int groupRows = ((n + groupsX - 1) / groupsX + lanes - 1) / lanes * lanes;
        groupsX = (n + groupRows - 1) / groupRows;
        return program.bind(
                "scatter_together",
                new Grid(groupsX, strips, 1, GROUP, 1, 1),
                arguments.add(groupRows, columns).toArray());
    }

    private Program updating(Op.Update function, View out) {
        DType dtype = out.dtype();
        if (ElementTypes.isHalf(out)) return updatingHalves(function, out);
        String update = "UPDATE(a, b)="
                + switch (function) {
                    case SET -> "(b)";
                    case ADD -> rounded(dtype, "+");
                    case MUL -> rounded(dtype, "*");
                    case MAX -> dtype.isFloating() ? "greater_of(a, b)" : "((a) > (b) ? (a) : (b))";
                    case MIN -> dtype.isFloating() ? "smaller_of(a, b)" : "((a) < (b) ? (a) : (b))";
                };
        String type = "T=" + ElementTypes.name(dtype.storage());
        return dtype.isFloating()
                ? context.program("index", type, "ZERO=0", update, "FLOATING")
                : context.program("index", type, "ZERO=0", update);
    }

    private Program updatingHalves(Op.Update function, View out) {
        String a = ElementTypes.value(out, "a");
        String b = ElementTypes.value(out, "b");
        String kept = a + " != " + a + " || !(" + b + " != " + b + ") && " + a;
        String update = switch (function) {
            case SET -> "(b)";
            case ADD -> ElementTypes.bits(out, a + " + " + b);
            case MUL -> ElementTypes.bits(out, a + " * " + b);
            case MAX -> "(" + kept + " > " + b + " ? (a) : (b))";
            case MIN -> "(" + kept + " < " + b + " ? (a) : (b))";
        };
        return context.program("index", "T=ushort", "ZERO=0", "UPDATE(a, b)=" + update);
    }

    /**
     * Returns {@code a op b} as the dtype has it: rounded, or wrapped around. Overflow is defined for unsigned types.
     */
    private static String rounded(DType dtype, String op) {
        String result = switch (dtype.storage()) {
            case FLOAT, HALF, DOUBLE -> "(a) " + op + " (b)";
            case INT -> "(int) ((uint) (a) " + op + " (uint) (b))";
            case LONG -> "(long) ((ulong) (a) " + op + " (ulong) (b))";
        };
        return "(" + ElementTypes.narrowed(dtype, result) + ")";
    }

    Kernel sort(Op.Sort op, View x, View values, View indices) {
        return sorting.sort(op, x, values, indices);
    }
}
