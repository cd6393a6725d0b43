package org.keras4j.backend.device;

import java.util.ArrayList;
import java.util.List;
import org.keras4j.DType;
import org.keras4j.Storage;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;

/**
 * Fused operations on rows: softmax and layer normalization (rows.c, rows_groups.c) and the cells of recurrent layers
 * (cells.c). On a CPU a work-item does whole rows; on a GPU some neighbours share each row.
 */
final class RowFusions {
    private static final int GROUP = 256;
    private static final int FEW = 512; // elements of a row that 32 work-items share

    private final DeviceContext context;

    RowFusions(DeviceContext context) {
        this.context = context;
    }

    /**
     * Prepares a function of the rows of the first input in {@code rows.c} and {@code rows_groups.c}; {@code more} are
     * its last arguments.
     */
    Kernel rows(String function, List<View> in, View out, Argument... more) {
        int n = in.getFirst().shape().last();
        if (out.size() == 0) return () -> {};
        int rows = in.getFirst().size() / n;
        var places = new ArrayList<>(in);
        places.add(out);
        String number = out.dtype().storage() == Storage.DOUBLE
                ? "NUMBER(bits)=as_double(bits)"
                : "NUMBER(bits)=as_float((int) bits)";
        if (context.traits.cpu()) {
            int share = share(rows);
            return context.program("rows", ElementMacros.of(out.dtype(), number))
                    .bind(function, Grid.of(ceil(rows, share), 1), arguments(places, List.of(rows, n, share), more));
        }
        int lanes = lanes(n);
        return context.program("rows_groups", ElementMacros.of(out.dtype(), out, out, number, "LANES=" + lanes))
                .bind(function, Grid.of(ceil(rows, GROUP / lanes), GROUP), arguments(places, List.of(rows, n), more));
    }

    /** Prepares layer normalization; inputs x, gamma, beta. */
    Kernel layerNorm(double epsilon, List<View> in, View out) {
        return rows("layer_norm", in, out, number(out.dtype(), epsilon));
    }

    /** Returns what {@code NUMBER} of the kernels makes {@code value} of. */
    private static Argument number(DType dtype, double value) {
        boolean doubles = dtype.storage() == Storage.DOUBLE;
        return Argument.of(doubles ? Double.doubleToRawLongBits(value) : Float.floatToRawIntBits((float) value));
    }

    /** Prepares cross-entropy with class numbers, or its gradient; inputs p, label and, for the gradient, dy. */
    Kernel crossentropy(String suffix, boolean fromLogits, double epsilon, List<View> in, View out) {
        if (in.getFirst().size() == 0) { // no classes, or no rows
            Argument.Place to = Argument.of(out);
            long width = out.memory().storage().bytes();
            return () -> context.device.clear(to.buffer(), to.offset() * width, out.size() * width);
        }
        DType dtype = out.dtype();
        return fromLogits
                ? rows("crossentropy_of_logits" + suffix, in, out)
                : rows("crossentropy_of_shares" + suffix, in, out, number(dtype, epsilon), number(dtype, 1 - epsilon));
    }

    /**
     * Prepares a step of a recurrent layer with {@code u} units; {@code state} is one of its places of shape (rows, u).
     */
    Kernel cell(String function, List<View> in, List<View> out, View state) {
        int u = state.shape().last();
        if (state.size() == 0) return () -> {};
        int rows = state.size() / u;
        var places = new ArrayList<>(in);
        places.addAll(out);
        DType dtype = state.dtype();
        boolean cpu = context.traits.cpu();
        int items = cpu ? 1 : GROUP;
        int lanes = cpu ? 1 : lanes(u);
        int share = cpu ? share(rows) : GROUP / lanes;
        return context.program("cells", ElementMacros.of(dtype, state, state, "ITEMS=" + items, "LANES=" + lanes))
                .bind(function, Grid.of(ceil(rows, share), items), arguments(places, List.of(rows, u, share)));
    }

    /** Says whether kernels of rows read and write 16 bits; on CPUs they keep floats where their results will be. */
    boolean takesHalves() {
        return !context.traits.cpu();
    }

    boolean supports(DType dtype) {
        return dtype.isFloating() && ElementMacros.known(context.traits, dtype);
    }

    /**
     * Returns the rows of a work-item on a CPU: some work-items for each unit, so that none waits long for the last.
     */
    private int share(int rows) {
        return ceil(rows, context.traits.units() * context.tuning.get("rows.groups"));
    }

    private static int lanes(int n) {
        return n <= FEW ? 32 : GROUP;
    }

    private static Argument[] arguments(List<View> places, List<Integer> numbers, Argument... more) {
        List<Argument> all = new ArrayList<>();
        for (View place : places) all.add(Argument.of(place));
        for (int number : numbers) all.add(Argument.of(number));
        all.addAll(List.of(more));
        return all.toArray(Argument[]::new);
    }

    private static int ceil(int a, int b) {
        return (a + b - 1) / b;
    }
}
