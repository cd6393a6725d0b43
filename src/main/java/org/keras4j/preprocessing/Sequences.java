package org.keras4j.preprocessing;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/** Sequences of different lengths, as {@code keras.preprocessing.sequence}. */
public final class Sequences {
    private Sequences() {}

    /** Pads and truncates at the front to the length of the longest one, with zeros, as int32. */
    public static NDArray padSequences(Object sequences) {
        return padSequences(sequences, options -> {});
    }

    /**
     * Makes one array of sequences of different lengths, {@code (sequences, maxlen, ...)}.
     *
     * @param sequences an {@code int[][]}, {@code float[][]} or other array of arrays whose rows may differ in length,
     *     or a list of arrays or NDArrays
     * @throws IllegalArgumentException if the steps of the sequences have different shapes
     */
    public static NDArray padSequences(Object sequences, Consumer<PadOptions> options) {
        var o = new PadOptions();
        options.accept(o);
        List<NDArray> rows = rows(sequences);
        int longest = 0;
        Shape step = Shape.SCALAR;
        boolean known = false;
        for (NDArray row : rows) {
            int length = row.shape().dim(0);
            longest = Math.max(longest, length);
            if (known || length == 0) continue;
            step = row.shape().from(1);
            known = true;
        }
        int maxlen = o.maxlen == null ? longest : o.maxlen;
        NDArray out = NDArray.full(o.dtype, Shape.of(rows.size(), maxlen).concat(step), o.value);
        for (int i = 0; i < rows.size(); i++) place(rows.get(i), i, step, maxlen, o, out);
        return out;
    }

    private static void place(NDArray row, int i, Shape step, int maxlen, PadOptions o, NDArray out) {
        int length = row.shape().dim(0);
        if (length == 0) return;
        if (!row.shape().from(1).equals(step))
            throw new IllegalArgumentException("pad_sequences: steps of sequence " + i + " have shape "
                    + row.shape().from(1) + ", expected " + step + " as in the first sequence");
        int kept = Math.min(length, maxlen);
        int from = o.truncating == PadOptions.End.PRE ? length - kept : 0;
        int to = o.padding == PadOptions.End.PRE ? maxlen - kept : 0;
        int size = step.size();
        boolean exact = !row.dtype().isFloating() && !o.dtype.isFloating();
        for (int k = 0; k < kept * size; k++) {
            int at = (i * maxlen + to) * size + k;
            if (exact && out.data() instanceof long[] l) l[at] = o.dtype.wrap(row.getLong(from * size + k));
            else out.set(at, row.get(from * size + k));
        }
    }

    private static List<NDArray> rows(Object sequences) {
        List<NDArray> rows = new ArrayList<>();
        switch (sequences) {
            case List<?> list -> list.forEach(o -> rows.add(row(o)));
            case NDArray a -> {
                for (int i = 0; i < a.shape().dim(0); i++)
                    rows.add(a.rows(i, i + 1).reshape(a.shape().from(1)));
            }
            case Object o
            when o.getClass().isArray() -> {
                int n = Array.getLength(o);
                for (int i = 0; i < n; i++) rows.add(row(Array.get(o, i)));
            }
            default ->
                throw new IllegalArgumentException("pad_sequences: expected a list or an array of sequences, got "
                        + sequences.getClass().getName());
        }
        return rows;
    }

    private static NDArray row(Object sequence) {
        NDArray row =
                sequence instanceof NDArray a ? a : NDArray.of(sequence instanceof List<?> l ? numbers(l) : sequence);
        if (row.shape().rank() == 0)
            throw new IllegalArgumentException("pad_sequences: expected sequences, got the number " + row.item());
        return row;
    }

    /** Returns whole numbers as longs, others as doubles. */
    private static Object numbers(List<?> list) {
        if (list.stream().allMatch(o -> o instanceof Integer || o instanceof Long))
            return list.stream().mapToLong(o -> ((Number) o).longValue()).toArray();
        for (Object o : list)
            if (!(o instanceof Number))
                throw new IllegalArgumentException("pad_sequences: expected numbers in a sequence, got " + o);
        return list.stream().mapToDouble(o -> ((Number) o).doubleValue()).toArray();
    }
}
