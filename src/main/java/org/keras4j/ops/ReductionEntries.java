package org.keras4j.ops;

import static org.keras4j.ops.Operations.add;

import org.jspecify.annotations.Nullable;
import org.keras4j.DType;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.op.Binary;
import org.keras4j.op.Op;

/** Reductions, statistics, sorting and searching by name. */
final class ReductionEntries {
    private interface Reduce {
        Tensor apply(Tensor x, int @Nullable [] axes, boolean keepdims);
    }

    private ReductionEntries() {}

    private static void reduce(String name, Reduce f) {
        add(
                name + "(x, axis=None, keepdims=False)",
                a -> f.apply(a.tensor("x"), a.optionalInts("axis"), a.flag("keepdims")));
    }

    static void register() {
        reduce("sum", Reductions::sum);
        add("prod(x, axis=None, keepdims=False, dtype=None)", a -> {
            DType dtype = a.optionalDtype("dtype");
            Tensor x = dtype == null ? a.tensor("x") : Primitives.cast(a.tensor("x"), dtype);
            Tensor y = Reductions.prod(x, a.optionalInts("axis"), a.flag("keepdims"));
            return dtype == null ? y : Primitives.cast(y, dtype);
        });
        reduce("mean", Reductions::mean);
        reduce("var", Reductions::var);
        reduce("std", Reductions::std);
        reduce("any", Reductions::any);
        reduce("all", Reductions::all);
        reduce("logsumexp", Reductions::logsumexp);
        reduce("amax", (x, axes, keep) -> Reductions.max(x, axes, keep, null));
        reduce("amin", (x, axes, keep) -> Reductions.min(x, axes, keep, null));
        reduce(
                "ptp",
                (x, axes, keep) ->
                        Primitives.sub(Reductions.max(x, axes, keep, null), Reductions.min(x, axes, keep, null)));
        add(
                "max(x, axis=None, keepdims=False, initial=None)",
                a -> Reductions.max(
                        a.tensor("x"), a.optionalInts("axis"), a.flag("keepdims"), a.optionalReal("initial")));
        add(
                "min(x, axis=None, keepdims=False, initial=None)",
                a -> Reductions.min(
                        a.tensor("x"), a.optionalInts("axis"), a.flag("keepdims"), a.optionalReal("initial")));
        add(
                "argmax(x, axis=None, keepdims=False)",
                a -> Reductions.argReduce(true, a.tensor("x"), a.optionalInteger("axis"), a.flag("keepdims")));
        add(
                "argmin(x, axis=None, keepdims=False)",
                a -> Reductions.argReduce(false, a.tensor("x"), a.optionalInteger("axis"), a.flag("keepdims")));
        add(
                "cumsum(x, axis=None, dtype=None)",
                a -> Reductions.cumulative(
                        Op.Reduction.SUM, a.tensor("x"), a.optionalInteger("axis"), a.optionalDtype("dtype")));
        add(
                "cumprod(x, axis=None, dtype=None)",
                a -> Reductions.cumulative(
                        Op.Reduction.PROD, a.tensor("x"), a.optionalInteger("axis"), a.optionalDtype("dtype")));
        add("count_nonzero(x, axis=None)", a -> {
            Tensor x = a.tensor("x");
            return Reductions.sum(Arithmetic.test(Binary.NOT_EQUAL, x, 0), a.optionalInts("axis"), false);
        });
        add(
                "average(x, axis=None, weights=None)",
                a -> Statistics.average(a.tensor("x"), a.optionalInts("axis"), a.optionalTensor("weights")));
        ignoringNan();
        quantiles();
        sorting();
    }

    private static void ignoringNan() {
        reduce("nansum", (x, axes, keep) -> Reductions.sum(Statistics.withoutNan(x, 0), axes, keep));
        reduce("nanprod", (x, axes, keep) -> Reductions.prod(Statistics.withoutNan(x, 1), axes, keep));
        reduce("nanmax", (x, axes, keep) -> Statistics.nanExtreme(true, x, axes, keep));
        reduce("nanmin", (x, axes, keep) -> Statistics.nanExtreme(false, x, axes, keep));
        reduce("nanmean", Statistics::nanMean);
        reduce("nanvar", Statistics::nanVar);
        reduce("nanstd", Statistics::nanStd);
        add(
                "nanargmax(x, axis=None, keepdims=False)",
                a -> Statistics.nanArg(true, a.tensor("x"), a.optionalInteger("axis"), a.flag("keepdims")));
        add(
                "nanargmin(x, axis=None, keepdims=False)",
                a -> Statistics.nanArg(false, a.tensor("x"), a.optionalInteger("axis"), a.flag("keepdims")));
        add(
                "nancumsum(x, axis=None, dtype=None)",
                a -> Reductions.cumulative(
                        Op.Reduction.SUM,
                        Statistics.withoutNan(a.tensor("x"), 0),
                        a.optionalInteger("axis"),
                        a.optionalDtype("dtype")));
        add(
                "nancumprod(x, axis=None, dtype=None)",
                a -> Reductions.cumulative(
                        Op.Reduction.PROD,
                        Statistics.withoutNan(a.tensor("x"), 1),
                        a.optionalInteger("axis"),
                        a.optionalDtype("dtype")));
    }

    private static void quantiles() {
        quantile("quantile", 1, false);
        quantile("percentile", 100, false);
        quantile("nanquantile", 1, true);
        quantile("nanpercentile", 100, true);
        reduce("median", (x, axes, keep) -> Statistics.median(x, axes, keep, false));
        reduce("nanmedian", (x, axes, keep) -> Statistics.median(x, axes, keep, true));
    }

    private static void quantile(String name, double whole, boolean ignoreNan) {
        add(name + "(x, q, axis=None, method=\"linear\", keepdims=False)", a -> {
            Tensor q = Arithmetic.toFloat(a.tensor("q"));
            Tensor part = whole == 1 ? q : Primitives.scale(q, 1 / whole);
            return Statistics.quantile(
                    a.tensor("x"), part, a.optionalInts("axis"), a.text("method"), a.flag("keepdims"), ignoreNan);
        });
    }

    private static void sorting() {
        add(
                "sort(x, axis=-1)",
                a -> Indexing.sort(a.tensor("x"), a.optionalInteger("axis"), false)
                        .getFirst());
        add("argsort(x, axis=-1)", a -> {
            Tensor x = a.tensor("x");
            return Indexing.sort(x.rank() == 0 ? Manipulation.expandDims(x, 0) : x, a.optionalInteger("axis"), false)
                    .getLast();
        });
        add(
                "argpartition(x, kth, axis=-1)",
                a -> Searching.argPartition(a.tensor("x"), a.integer("kth"), a.optionalInteger("axis")));
        add("top_k(x, k, sorted=True, is_stable=False)", a -> Indexing.topK(a.tensor("x"), a.integer("k")));
        add(
                "in_top_k(targets, predictions, k)",
                a -> Searching.inTopK(a.tensor("targets"), a.tensor("predictions"), a.integer("k")));
        add(
                "searchsorted(sorted_sequence, values, side=\"left\")",
                a -> Searching.searchsorted(a.tensor("sorted_sequence"), a.tensor("values"), a.text("side")));
        add("digitize(x, bins)", a -> Searching.digitize(a.tensor("x"), a.tensor("bins")));
        add(
                "bincount(x, weights=None, minlength=0, sparse=False)",
                a -> Searching.bincount(a.tensor("x"), a.optionalTensor("weights"), a.integer("minlength")));
        add("histogram(x, bins=10, range=None)", a -> {
            double @Nullable [] range = null;
            if (a.has("range")) {
                Tensor ends = a.tensor("range");
                range = ends.doubles();
            }
            return Searching.histogram(a.tensor("x"), a.integer("bins"), range);
        });
        add("nonzero(x)", a -> Searching.nonzero(a.tensor("x")));
        add(
                "unique(x, sorted=True, return_index=False, return_inverse=False, return_counts=False, axis=None, "
                        + "size=None, fill_value=None)",
                a -> Unique.of(
                        a.tensor("x"),
                        a.optionalInteger("axis"),
                        a.optionalInteger("size"),
                        a.optionalReal("fill_value"),
                        a.flag("return_index"),
                        a.flag("return_inverse"),
                        a.flag("return_counts")));
        segments();
    }

    private static void segments() {
        segment("segment_sum", Op.Update.ADD);
        segment("segment_prod", Op.Update.MUL);
        segment("segment_max", Op.Update.MAX);
        segment("segment_min", Op.Update.MIN);
    }

    private static void segment(String name, Op.Update update) {
        add(name + "(data, segment_ids, num_segments=None, sorted=False)", a -> {
            Tensor ids = a.tensor("segment_ids");
            int segments = a.has("num_segments")
                    ? a.integer("num_segments")
                    : ids.shape().size() == 0
                            ? 0
                            : (int) Reductions.max(ids, null, false, null).item() + 1;
            return Indexing.segment(a.tensor("data"), ids, segments, update);
        });
    }
}
