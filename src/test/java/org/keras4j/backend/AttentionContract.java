package org.keras4j.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Decompose;
import org.keras4j.graph.Function;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Fusion;
import org.keras4j.op.Op;
import org.keras4j.op.ShapeRules;
import org.keras4j.op.Spec;

/** Attention of heads and its gradients, fused or, where a backend has no kernel for it, taken apart. */
interface AttentionContract extends Contract {
    /** Sizes: batch, queries, keys, heads, groups, size, size of values. */
    int[][] HEADS = {
        {1, 1, 1, 1, 1, 1, 1},
        {2, 5, 7, 3, 3, 4, 3},
        {1, 17, 33, 4, 2, 16, 16},
        {1, 3, 5, 2, 1, 256, 255},
        {1, 65, 63, 2, 2, 40, 24},
        {1, 29, 31, 3, 1, 33, 65},
        {2, 20, 20, 1, 1, 8, 128},
    };

    @Test
    default void attention() {
        for (int i = 0; i < HEADS.length; i++)
            check(DType.FLOAT32, HEADS[i], new Fusion.Attention(0.3, i % 2 == 1, false, false), null);
        check(DType.FLOAT32, new int[] {1, 150, 290, 1, 1, 16, 16}, new Fusion.Attention(1, true, false, false), null);
        check(DType.FLOAT32, new int[] {1, 9, 600, 1, 1, 32, 32}, new Fusion.Attention(1, false, false, false), null);
        for (DType dtype : Samples.FLOATING)
            check(dtype, new int[] {1, 9, 9, 2, 1, 8, 8}, new Fusion.Attention(0.25, true, false, false), null);
    }

    /** Masks for each score, for keys, for queries, and one for all heads; some rows see nothing. */
    @Test
    default void maskedAttention() {
        int[] few = {2, 7, 9, 2, 1, 4, 3};
        for (int flags = 0; flags < 16; flags++) checkMasked(DType.FLOAT32, few, flags);
        for (int flags : new int[] {8, 15}) checkMasked(DType.FLOAT32, new int[] {1, 40, 300, 1, 1, 20, 20}, flags);
        int[] eights = {2, 7, 9, 2, 1, 16, 8};
        for (int flags : new int[] {4, 8, 13, 15}) checkMasked(DType.BFLOAT16, eights, flags);
        checkMasked(DType.FLOAT16, eights, 12);
    }

    /** The bits of {@code flags} say along which axes the mask does not repeat. */
    private void checkMasked(DType dtype, int[] sizes, int flags) {
        NDArray mask = mask(
                (flags & 1) == 0 ? 1 : sizes[0],
                (flags & 2) == 0 ? 1 : sizes[3],
                (flags & 4) == 0 ? 1 : sizes[1],
                (flags & 8) == 0 ? 1 : sizes[2]);
        boolean causal = Integer.bitCount(flags) % 2 == 0;
        check(dtype, sizes, new Fusion.Attention(0.3, causal, true, flags % 3 == 0), mask);
    }

    /** Returns a mask of which every fourth row, and in others every third element on the average, is false. */
    private static NDArray mask(int... dims) {
        NDArray mask = Samples.random(DType.BOOL, Shape.of(dims), 9);
        NDArray more = Samples.random(DType.BOOL, Shape.of(dims), 10);
        for (int i = 0; i < mask.size(); i++) {
            int row = i / dims[3];
            mask.set(i, row % 4 == 1 ? 0 : Math.max(mask.get(i), more.get(i)));
        }
        return mask;
    }

    /** Scores far apart: the greatest comes first, last, or in the middle of the blocks. */
    @Test
    default void attentionOfFarScores() {
        for (double scale : new double[] {-40, 40}) {
            int[] sizes = {1, 5, 500, 1, 1, 2, 3};
            NDArray q = NDArray.full(DType.FLOAT32, Shape.of(1, 5, 1, 2), 1);
            NDArray k = NDArray.zeros(DType.FLOAT32, Shape.of(1, 500, 1, 2));
            for (int i = 0; i < 500; i++) k.set(2 * i, i < 350 ? i / 350.0 : 0.5 - i / 500.0);
            run(new Fusion.Attention(scale, false, false, false), sizes, q, k, null);
        }
    }

    private void check(DType dtype, int[] sizes, Fusion.Attention attention, @Nullable NDArray mask) {
        NDArray q = Samples.random(dtype, Shape.of(sizes[0], sizes[1], sizes[3], sizes[5]), 1);
        NDArray k = Samples.random(dtype, Shape.of(sizes[0], sizes[2], sizes[4], sizes[5]), 2);
        run(attention, sizes, q, k, mask);
    }

    private void run(Fusion.Attention attention, int[] sizes, NDArray q, NDArray k, @Nullable NDArray mask) {
        DType dtype = q.dtype();
        NDArray v = Samples.random(dtype, Shape.of(sizes[0], sizes[2], sizes[4], sizes[6]), 3);
        NDArray dy = Samples.random(dtype, Shape.of(sizes[0], sizes[1], sizes[3], sizes[6]), 4);
        var expected = new PlainAttention(attention, q, k, v, mask, dy);
        List<NDArray> in = new ArrayList<>(List.of(q, k, v));
        if (mask != null) in.add(mask);
        double scale = 4 + Math.abs(attention.scale());
        compare(attention, in, List.of(expected.y, expected.logarithms), scale);
        DType wide = dtype.isNarrow() ? DType.FLOAT32 : dtype;
        in.addAll(List.of(expected.y.cast(dtype), expected.logarithms.cast(wide), dy, expected.products.cast(wide)));
        var gradient = new Fusion.AttentionGradient(attention);
        compare(gradient, in, List.of(expected.dq, expected.dk, expected.dv), scale);
    }

    private void compare(Fusion fusion, List<NDArray> in, List<NDArray> expected, double scale) {
        DType dtype = in.getFirst().dtype();
        List<Spec> specs = specs(in);
        List<NDArray> got = backend().supports(fusion, specs) ? fused(fusion, in) : decomposed(fusion, in);
        // 16-bit types are rounded after each of some ten steps where the operation is taken apart
        double narrow = dtype == DType.FLOAT64 ? 1 : Math.max(1, Closeness.epsilon(dtype) / 0x1p-23);
        int length = in.get(0).shape().dim(1) / 4
                + in.get(1).shape().dim(1) / 4
                + in.get(0).shape().last() / 4;
        for (int i = 0; i < expected.size(); i++)
            Closeness.assertSums(
                    fusion + " of " + specs + ", result " + i,
                    expected.get(i).cast(got.get(i).dtype()),
                    got.get(i),
                    length,
                    scale * narrow);
    }

    private static List<Spec> specs(List<NDArray> in) {
        List<Spec> specs = new ArrayList<>();
        for (NDArray x : in) specs.add(new Spec(x.dtype(), x.shape()));
        return specs;
    }

    private List<NDArray> fused(Fusion fusion, List<NDArray> in) {
        List<View> views = new ArrayList<>();
        for (NDArray x : in) views.add(bench().put(x));
        List<View> out = new ArrayList<>();
        for (Spec y : ShapeRules.of(new Op.Fused(fusion), specs(in))) out.add(bench().room(y.dtype(), y.shape()));
        Optional<Kernel> kernel = backend().fused(fusion, views, out);
        if (kernel.isEmpty()) return decomposed(fusion, in);
        kernel.get().run();
        kernel.get().run();
        List<NDArray> got = new ArrayList<>();
        for (View view : out) got.add(bench().get(fusion.toString(), view));
        return got;
    }

    private static List<NDArray> decomposed(Fusion fusion, List<NDArray> in) {
        List<Tensor> tensors = new ArrayList<>();
        for (NDArray x : in) tensors.add(Tensor.of(x));
        return Function.of(List.of(), Decompose.of(fusion, tensors), Map.of()).run(List.of());
    }
}
