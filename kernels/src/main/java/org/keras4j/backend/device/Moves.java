package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;

/** Prepares the kernels of {@code shape.c} that move a {@link Box}. */
final class Moves {
    private static final Box.Axis NONE = new Box.Axis(1, 0, 0);
    private static final int AXES = 6;
    private static final int BATCH_AXES = 4;
    private static final int GROUP = 256;

    private final DeviceContext context;

    Moves(DeviceContext context) {
        this.context = context;
    }

    /** Returns the kernels for elements of {@code width} bytes: 2, 4, 8 or 16. */
    Program program(int width) {
        return switch (width) {
            case 2 -> context.program("shape", "T=short", "ZERO=0");
            case 4 -> context.program("shape", "T=int", "ZERO=0");
            case 8 -> context.program("shape", "T=long", "ZERO=0");
            case 16 -> context.program("shape", "T=int4", "ZERO=zero4()");
            default -> throw new IllegalArgumentException("Nothing is " + width + " bytes wide");
        };
    }

    /** Returns a view's place, counted in {@code width} bytes, moved on by {@code offset} of them. */
    static Argument.Place place(View view, int width, long offset) {
        Argument.Place place = Argument.of(view);
        long bytes = place.offset() * view.memory().storage().bytes();
        if (bytes % width != 0) throw new IllegalArgumentException("Byte " + bytes + " is not a multiple of " + width);
        return new Argument.Place(place.buffer(), bytes / width + offset);
    }

    /** Returns how many work-items a CPU shares {@code count} elements among: each takes {@link #share} of them. */
    int groups(int count, int width) {
        return Math.toIntExact((count + (long) share(width) - 1) / share(width));
    }

    /** Returns how many elements of {@code width} bytes one work-item of a CPU moves. */
    int share(int width) {
        return Math.max(1, context.tuning.get("shape.item.bytes") / width);
    }

    /** Prepares the move of a box; its places count from the start of the memories. */
    Kernel move(Box box, Buffer x, Buffer out) {
        if (box.isBlock()) {
            int width = box.width();
            return context.device.copy(x, box.from() * width, out, box.to() * width, (long) box.count() * width);
        }
        if (box.axes().size() > AXES) return pieces(box, x, out);
        int crossed = box.crossed();
        if (crossed > 0 && box.axes().size() <= BATCH_AXES + 2 && worthTiles(box, crossed))
            return turn(box, crossed, x, out);
        int count = box.count();
        var arguments = new Arguments()
                .add(new Argument.Place(x, box.from()))
                .add(new Argument.Place(out, box.to()))
                .add(count);
        if (context.traits.cpu()) arguments.add(share(box.width()));
        arguments.add(box.axes().size());
        addAxes(arguments, box.axes(), AXES);
        Program program = program(box.width());
        return context.traits.cpu()
                ? program.bind("move_rows", Grid.of(groups(count, box.width()), 1), arguments.toArray())
                : program.bind("move_each", Grid.covering(count, GROUP), arguments.toArray());
    }

    /** Moves a box of many axes as one for each index of the outermost. */
    private Kernel pieces(Box box, Buffer x, Buffer out) {
        Box.Axis outer = box.axes().getLast();
        List<Box.Axis> inner = box.axes().subList(0, box.axes().size() - 1);
        List<Kernel> kernels = new ArrayList<>();
        for (int i = 0; i < outer.size(); i++)
            kernels.add(move(
                    new Box(inner, box.from() + (long) i * outer.from(), box.to() + (long) i * outer.to(), box.width()),
                    x,
                    out));
        return () -> {
            for (Kernel kernel : kernels) kernel.run();
        };
    }

    private static void addAxes(Arguments arguments, List<Box.Axis> axes, int count) {
        for (int k = 0; k < count; k++) {
            Box.Axis axis = k < axes.size() ? axes.get(k) : NONE;
            arguments.divisor(axis.size()).add(axis.from(), axis.to());
        }
    }

    /** Says whether tiles are filled enough; a GPU does well without where one side is short, by its cache. */
    private boolean worthTiles(Box box, int crossed) {
        int a = box.axes().get(crossed).size();
        int b = box.axes().getFirst().size();
        return context.traits.cpu() ? (long) a * b >= 32 : Math.min(a, b) >= 8;
    }

    private Kernel turn(Box box, int crossed, Buffer x, Buffer out) {
        Box.Axis b = box.axes().getFirst();
        Box.Axis a = box.axes().get(crossed);
        List<Box.Axis> batch = new ArrayList<>(box.axes());
        batch.remove(crossed);
        batch.removeFirst();
        boolean cpu = context.traits.cpu();
        int side = cpu ? 16 : 32;
        int tilesA = (a.size() + side - 1) / side;
        int tilesB = (b.size() + side - 1) / side;
        long tiles = (long) tilesA * tilesB;
        for (Box.Axis axis : batch) tiles *= axis.size();
        int count = Math.toIntExact(tiles);
        var arguments = new Arguments().add(new Argument.Place(x, box.from())).add(new Argument.Place(out, box.to()));
        int share = cpu ? Math.max(1, share(box.width()) / (side * side)) : 1;
        if (cpu) arguments.add(count, share);
        arguments.add(a.size(), a.to(), b.size(), b.from()).divisor(tilesA).divisor(tilesB);
        addAxes(arguments, batch, BATCH_AXES);
        Program program = program(box.width());
        return cpu
                ? program.bind("transpose_blocks", Grid.of((count + share - 1) / share, 1), arguments.toArray())
                : program.bind("transpose_tiles", Grid.of(count, GROUP), arguments.toArray());
    }
}
