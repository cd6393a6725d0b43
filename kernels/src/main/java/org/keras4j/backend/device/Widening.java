package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.keras4j.Shape;
import org.keras4j.Storage;
import org.keras4j.backend.Expression;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;

/**
 * Runs kernels that do not know 16-bit elements: their inputs are widened to floats in scratch memory before, and their
 * results are rounded and narrowed after.
 */
final class Widening {
    private static final int ROUND = 16; // elements between which views begin: a line of cache

    private final DeviceContext context;
    private final ElementwiseFamily elementwise;
    private final Scratch scratch; // the kernels in between have another

    Widening(DeviceContext context) {
        this.context = context;
        elementwise = new ElementwiseFamily(context);
        scratch = new Scratch(context.scratch);
    }

    /**
     * Prepares a kernel on the views themselves, or on floats instead of those that are HALF.
     *
     * @param preparation gets inputs and outputs, none of which is HALF
     */
    Kernel prepare(List<View> in, List<View> out, BiFunction<List<View>, List<View>, Kernel> preparation) {
        long room = room(in) + room(out);
        if (room == 0) return preparation.apply(in, out);
        var memory =
                new DeviceMemory(context.device, Storage.FLOAT, room, scratch.reserve(room * Storage.FLOAT.bytes()));
        List<Kernel> kernels = new ArrayList<>();
        List<View> wideIn = twins(in, memory, 0);
        List<View> wideOut = twins(out, memory, room(in));
        for (int i = 0; i < in.size(); i++)
            if (ElementTypes.isHalf(in.get(i))) kernels.add(converted(in.get(i), wideIn.get(i)));
        kernels.add(preparation.apply(wideIn, wideOut));
        for (int i = 0; i < out.size(); i++)
            if (ElementTypes.isHalf(out.get(i))) kernels.add(converted(wideOut.get(i), out.get(i)));
        return scratch.together(kernels.toArray(Kernel[]::new));
    }

    private static long room(List<View> views) {
        long room = 0;
        for (View view : views) if (ElementTypes.isHalf(view)) room += room(view);
        return room;
    }

    private static long room(View view) {
        return (Math.max(1, view.size()) + ROUND - 1L) / ROUND * ROUND;
    }

    private static List<View> twins(List<View> views, DeviceMemory memory, long at) {
        List<View> twins = new ArrayList<>();
        for (View view : views) {
            boolean half = ElementTypes.isHalf(view);
            twins.add(half ? new View(memory, at, view.shape(), view.dtype()) : view);
            if (half) at += room(view);
        }
        return twins;
    }

    private Kernel converted(View from, View to) {
        var row = Shape.of(from.size());
        var same = new Expression(row, List.of(new Expression.Load(0, from.dtype())), List.of(0));
        return elementwise.elementwise(same, List.of(from.reshape(row)), List.of(to.reshape(row)));
    }

    void close() {
        scratch.close();
    }
}
