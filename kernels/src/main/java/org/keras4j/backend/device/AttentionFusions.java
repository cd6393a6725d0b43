package org.keras4j.backend.device;

import java.util.List;
import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.backend.Kernel;
import org.keras4j.backend.View;
import org.keras4j.op.Fusion;
import org.keras4j.op.Spec;

/** Attention of heads on GPUs: tiles of scores in local memory (attention.c). CPUs take it apart. */
final class AttentionFusions {
    private static final int ITEMS = 256;
    private static final int TILE = 64;

    private final DeviceContext context;
    private final int longest;

    AttentionFusions(DeviceContext context) {
        this.context = context;
        longest = context.traits.cpu() ? 0 : context.tuning.get("attention.longest.head");
    }

    /** Says whether there is a kernel for inputs like these; q, k, v come first. */
    boolean supports(List<Spec> in) {
        Shape q = in.get(0).shape();
        Shape v = in.get(2).shape();
        int head = Math.max(q.last(), v.last());
        // narrower logarithms would spoil the gradients, and products of 16 bits have faster ways
        return in.getFirst().dtype() == DType.FLOAT32
                && q.size() > 0
                && v.size() > 0
                && head <= longest
                && context.traits.maxGroup() >= ITEMS
                && context.traits.localBytes() >= localBytes(columns(head));
    }

    /** Returns how many numbers of a head each of 16 work-items has: few sizes, since each is a program. */
    private static int columns(int head) {
        return head <= 64 ? 4 : head <= 128 ? 8 : 16;
    }

    /** What the kernel of the results has in local memory; those of the gradients have less. */
    private static long localBytes(int columns) {
        return Float.BYTES * (2L * TILE * 17 + TILE * (TILE + 1) + 16 * 16 * columns + 3 * TILE);
    }

    Kernel forward(Fusion.Attention attention, List<View> in, List<View> out) {
        var arguments = new Arguments();
        inputs(attention, in, arguments);
        for (View view : out) arguments.add(Argument.of(view));
        shapes(attention, in, arguments);
        return program(in).bind("attention", groups(in.get(0)), arguments.toArray());
    }

    Kernel gradient(Fusion.Attention attention, List<View> in, List<View> out) {
        var arguments = new Arguments();
        inputs(attention, in, arguments);
        for (View view : in.subList(in.size() - 3, in.size())) arguments.add(Argument.of(view));
        Arguments queries = arguments.copy().add(Argument.of(out.get(0)));
        Arguments keys = arguments.add(Argument.of(out.get(1))).add(Argument.of(out.get(2)));
        shapes(attention, in, queries);
        shapes(attention, in, keys);
        Kernel ofQueries = program(in).bind("attention_queries", groups(in.get(0)), queries.toArray());
        Kernel ofKeys = program(in).bind("attention_keys", groups(in.get(1)), keys.toArray());
        return () -> {
            ofQueries.run();
            ofKeys.run();
        };
    }

    private Program program(List<View> in) {
        int head = Math.max(in.get(0).shape().last(), in.get(2).shape().last());
        return context.program("attention", "C=" + columns(head));
    }

    /** Returns a group for each tile of the rows of each head. */
    private static Grid groups(View rows) {
        Shape shape = rows.shape();
        return Grid.of((shape.dim(1) + TILE - 1) / TILE * shape.dim(0) * shape.dim(2), ITEMS);
    }

    private static void inputs(Fusion.Attention attention, List<View> in, Arguments to) {
        for (View view : in.subList(0, 3)) to.add(Argument.of(view));
        to.add(Argument.of(in.get(attention.mask() ? 3 : 0))); // where there is no mask nothing is read
    }

    private static void shapes(Fusion.Attention attention, List<View> in, Arguments to) {
        Shape q = in.get(0).shape();
        Shape k = in.get(1).shape();
        Shape v = in.get(2).shape();
        to.add(q.dim(1), k.dim(1), q.dim(2), k.dim(2), q.last(), v.last());
        to.add(Argument.bits((float) attention.scale()));
        to.add(attention.causal() ? 1 : 0, attention.mask() ? 1 : 0);
        int[] steps = attention.mask() ? Fusion.Attention.maskSteps(in.get(3).shape()) : new int[4];
        to.add(steps).add(attention.zeroEmpty() ? 1 : 0);
    }
}
