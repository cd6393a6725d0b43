package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Op;

/** Operations that move elements and compute nothing: each is a box that goes from strides to strides ({@link Box}). */
final class ShapeFamily {
    private static final int GROUP = 256;
    private static final int PADDED_AXES = 4;
    private static final int JOINED = 4;

    private final DeviceContext context;
    private final Moves moves;

    ShapeFamily(DeviceContext context) {
        this.context = context;
        this.moves = new Moves(context);
    }

    Kernel transpose(Op.Transpose op, View x, View out) {
        int[] strides = strides(x.shape());
        var from = new int[strides.length];
        for (int i = 0; i < from.length; i++) from[i] = strides[op.permutation().get(i)];
        return move(out.shape().dims(), x, 0, from, out, 0, strides(out.shape()));
    }

    Kernel slice(Op.Slice op, View x, View out) {
        int[] strides = strides(x.shape());
        int start = 0;
        for (int i = 0; i < strides.length; i++) {
            start += op.starts().get(i) * strides[i];
            strides[i] *= op.strides().get(i);
        }
        return move(out.shape().dims(), x, start, strides, out, 0, strides(out.shape()));
    }

    Kernel flip(Op.Flip op, View x, View out) {
        int[] strides = strides(x.shape());
        int start = 0;
        for (int axis : op.axes().toArray()) {
            start += (x.shape().dim(axis) - 1) * strides[axis];
            strides[axis] = -strides[axis];
        }
        return move(out.shape().dims(), x, start, strides, out, 0, strides(out.shape()));
    }

    Kernel pad(Op.Pad op, View x, View out) {
        if (out.size() == 0) return () -> {};
        List<Padded> axes = Padded.of(op, x.shape());
        if (x.size() > 0 && axes != null && axes.size() <= PADDED_AXES) return padAtOnce(axes, x, out);
        int[] strides = strides(out.shape());
        int start = 0;
        for (int i = 0; i < strides.length; i++) {
            start += op.low().get(i) * strides[i];
            strides[i] *= op.interior().get(i) + 1;
        }
        Kernel place = move(x.shape().dims(), x, 0, strides(x.shape()), out, start, strides);
        int width = out.memory().storage().bytes();
        Buffer buffer = buffer(out);
        return () -> {
            context.device.clear(buffer, out.offset() * width, (long) out.size() * width);
            place.run();
        };
    }

    private Kernel padAtOnce(List<Padded> axes, View x, View out) {
        int bytes = out.memory().storage().bytes();
        Padded inner = axes.getFirst();
        int factor = 16 / bytes;
        while (factor > 1 && !(inner.fits(factor) && x.offset() % factor == 0 && out.offset() % factor == 0))
            factor /= 2;
        int width = bytes * factor;
        int count = out.size() / factor;
        var arguments = new Arguments()
                .add(Moves.place(x, width, 0))
                .add(Moves.place(out, width, 0))
                .add(count);
        boolean cpu = context.traits.cpu();
        if (cpu) arguments.add(moves.share(width));
        int stride = 1;
        for (int k = 0; k < PADDED_AXES; k++) {
            Padded axis = k < axes.size() ? axes.get(k) : new Padded(0, 1, 0);
            if (k == 0) axis = new Padded(axis.low / factor, axis.size / factor, axis.high / factor);
            arguments.divisor(axis.total()).add(axis.low, axis.size, stride);
            stride *= axis.size;
        }
        Program program = moves.program(width);
        return cpu
                ? program.bind("pad_rows", Grid.of(moves.groups(count, width), 1), arguments.toArray())
                : program.bind("pad_each", Grid.covering(count, GROUP), arguments.toArray());
    }

    /** An axis with zeros before and after. */
    private record Padded(int low, int size, int high) {
        /** Returns the axes, innermost first; axes without padding are part of the next outer one. Null if apart. */
        static @Nullable List<Padded> of(Op.Pad op, Shape x) {
            List<Padded> axes = new ArrayList<>();
            int inner = 1;
            for (int i = x.rank() - 1; i >= 0; i--) {
                if (op.interior().get(i) > 0) return null;
                int low = op.low().get(i) * inner;
                int high = op.high().get(i) * inner;
                inner *= x.dim(i);
                if (low == 0 && high == 0) continue;
                axes.add(new Padded(low, inner, high));
                inner = 1;
            }
            if (inner > 1 || axes.isEmpty()) axes.add(new Padded(0, inner, 0));
            return axes;
        }

        int total() {
            return low + size + high;
        }

        boolean fits(int factor) {
            return low % factor == 0 && size % factor == 0 && high % factor == 0;
        }
    }

    Kernel concatenate(Op.Concatenate op, List<View> in, View out) {
        if (out.size() == 0) return () -> {};
        int rows = (int) out.shape().size(0, op.axis());
        List<View> parts = in.stream().filter(x -> x.size() > 0).toList();
        int bytes = out.memory().storage().bytes();
        int factor = 16 / bytes;
        while (factor > 1 && !fits(parts, out, rows, factor)) factor /= 2;
        List<Kernel> kernels = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < parts.size(); i += JOINED) {
            List<View> some = parts.subList(i, Math.min(parts.size(), i + JOINED));
            int length = some.stream().mapToInt(View::size).sum() / rows / factor;
            kernels.add(join(some, out, rows, start, length, bytes * factor));
            start += length;
        }
        return () -> {
            for (Kernel kernel : kernels) kernel.run();
        };
    }

    private static boolean fits(List<View> parts, View out, int rows, int factor) {
        if (out.offset() % factor != 0) return false;
        for (View x : parts) if (x.offset() % factor != 0 || x.size() / rows % factor != 0) return false;
        return true;
    }

    /** Joins up to four inputs; lengths count in {@code width} bytes. */
    private Kernel join(List<View> parts, View out, int rows, int start, int length, int width) {
        int stride = (int) ((long) out.size() * out.memory().storage().bytes() / width / rows);
        int count = rows * length;
        var arguments = new Arguments();
        for (int k = 0; k < JOINED; k++) arguments.add(Moves.place(parts.get(Math.min(k, parts.size() - 1)), width, 0));
        arguments.add(Moves.place(out, width, start)).add(count).divisor(length).add(stride);
        int end = 0;
        for (int k = 0; k < JOINED - 1; k++) {
            if (k < parts.size()) end += length(parts.get(k), rows, width);
            arguments.add(end);
        }
        Program program = moves.program(width);
        if (!context.traits.cpu()) return program.bind("join_each", Grid.covering(count, GROUP), arguments.toArray());
        arguments.add(moves.share(width));
        return program.bind("join_rows", Grid.of(moves.groups(count, width), 1), arguments.toArray());
    }

    private static int length(View part, int rows, int width) {
        return (int) ((long) part.size() * part.memory().storage().bytes() / width / rows);
    }

    private Kernel move(int[] dims, View x, int start, int[] fromStrides, View out, int at, int[] toStrides) {
        for (int dim : dims) if (dim == 0) return () -> {};
        int bytes = out.memory().storage().bytes();
        Box box = Box.of(dims, x.offset() + start, fromStrides, out.offset() + at, toStrides, bytes);
        return moves.move(box, buffer(x), buffer(out));
    }

    private static Buffer buffer(View view) {
        return Argument.of(view).buffer();
    }

    private static int[] strides(Shape shape) {
        var strides = new int[shape.rank()];
        int step = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= Math.max(1, shape.dim(axis));
        }
        return strides;
    }
}
