package org.keras4j.saving.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.Shape;
import org.keras4j.layers.KerasTensor;
import org.keras4j.layers.Reshape;

/**
 * Reshapes whose new shape holds sizes that only data tells. Operations of Keras take one size that is to be found out;
 * most shapes have no more, once the sizes that follow from known ones are computed.
 */
final class Reshapes {
    private static final long OPEN = -1;

    private final KerasTensor x;
    private final List<Object> shape;
    private final Emitter emitter;
    private final List<Long> sizes = new ArrayList<>();

    private Reshapes(KerasTensor x, List<Object> shape, Emitter emitter) {
        this.x = x;
        this.shape = shape;
        this.emitter = emitter;
        for (Object size : shape) {
            Number known = Size.number(size);
            sizes.add(known == null ? OPEN : known.longValue());
        }
    }

    /** Returns {@code x} in a shape of numbers, of which one may be -1, and {@link Size}s. */
    static KerasTensor reshape(KerasTensor x, List<Object> shape, Emitter emitter) {
        return new Reshapes(x, shape, emitter).run();
    }

    private KerasTensor run() {
        if (open() > 1 && isBatch(shape.getFirst())) {
            Rows rows = Rows.of(x);
            if (rows.perSample() != null) completeBySample(rows.perSample());
            if (open() == 2) {
                if (rows.perSample() != null
                        && rows.perSample() == 1
                        && !x.shape().from(1).isKnown()) return emitter.apply(new Reshape(rest(1)), x);
                Size first = shape.getFirst() instanceof Size batch ? batch : axis(rows.joined(), 0);
                Size second = second(rows);
                if (first != null && second != null) return regrouped(first, second);
            }
        }
        if (open() > 1) throw FunctionArguments.wrong("shape", "a shape of which one size is to be found out", shape);
        return emitter.op("Reshape", Map.of("newshape", List.copyOf(sizes)), x);
    }

    /** Says whether the size is that of a batch, or to be found out where there are other open ones. */
    private static boolean isBatch(Object size) {
        return size instanceof Size s ? s.known() == null && s.axis() == 0 : ((Number) size).longValue() == OPEN;
    }

    private static @Nullable Size axis(@Nullable KerasTensor tensor, int axis) {
        return tensor == null ? null : new Size(tensor, axis, null);
    }

    private long open() {
        return sizes.stream().filter(s -> s == OPEN).count();
    }

    /** Computes the one size beside the batch's that is open, if the size of a sample is known. */
    private void completeBySample(long rowsPerSample) {
        Shape row = x.shape().from(1);
        if (open() != 2 || !row.isKnown()) return;
        long others = 1;
        for (long size : sizes) if (size != OPEN) others *= size;
        long all = rowsPerSample * row.size();
        if (others != 0 && all % others == 0) sizes.set(sizes.lastIndexOf(OPEN), all / others);
    }

    private int[] rest(int from) {
        return sizes.subList(from, sizes.size()).stream()
                .mapToInt(Long::intValue)
                .toArray();
    }

    /** Returns the size of the second axis: it is given, or is that of the tensor whose first two axes were joined. */
    private @Nullable Size second(Rows rows) {
        if (sizes.get(1) != OPEN || !x.shape().from(1).isKnown()) return null;
        if (shape.get(1) instanceof Size size) return size.axis() == Size.COMPUTED ? null : size;
        KerasTensor joined = rows.joined();
        boolean fits = joined != null
                && joined.shape().rank() > 1
                && joined.shape().from(2).isKnown();
        return fits ? axis(joined, 1) : null;
    }

    /** Takes the rows in groups, by their numbers. */
    private KerasTensor regrouped(Size groups, Size rows) {
        List<Object> flat = new ArrayList<>(List.of(OPEN));
        for (int size : rest(2)) flat.add(size);
        KerasTensor list = emitter.op("Reshape", Map.of("newshape", flat), x);
        KerasTensor first = emitter.op("Multiply", emitter.counted(groups), emitter.measured(rows));
        KerasTensor column = emitter.op("ExpandDims", Map.of("axis", -1), first);
        KerasTensor numbers = emitter.op("Add", column, emitter.counted(rows));
        return emitter.op("Take", Map.of("axis", 0), list, numbers);
    }
}
