package org.keras4j.models;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.metrics.Metric;
import org.keras4j.metrics.Metrics;

/** The metrics of a model's outputs, as {@code compile} was told: how they are found, named and updated. */
final class CompiledMetrics {
    private record Entry(int output, Metric metric, boolean weighted) {}

    private final @Nullable Object plain;
    private final @Nullable Object weighted;
    private final List<String> names;
    private final List<Entry> entries = new ArrayList<>();
    private boolean built;

    CompiledMetrics(@Nullable Object plain, @Nullable Object weighted, List<String> names) {
        this.plain = plain;
        this.weighted = weighted;
        this.names = names;
        checkNames(plain, "metrics");
        checkNames(weighted, "weighted_metrics");
    }

    private void checkNames(@Nullable Object given, String what) {
        if (given instanceof Map<?, ?> map)
            for (Object key : map.keySet())
                if (!names.contains(key))
                    throw new IllegalArgumentException(
                            what + ": expected names of outputs " + names + ", got " + map.keySet());
        if (names.size() > 1 && given instanceof List<?> list && !list.isEmpty() && list.size() != names.size())
            throw new IllegalArgumentException(
                    what + ": expected an entry for each of the outputs " + names + ", got " + list.size());
    }

    List<Metric> metrics() {
        return entries.stream().map(Entry::metric).toList();
    }

    /** Updates all metrics with a batch; the first batch shows by its shapes what "accuracy" means. */
    void update(List<Tensor> yTrue, List<Tensor> yPred, List<Tensor> weights) {
        if (!built) {
            build(plain, false, yTrue, yPred);
            build(weighted, true, yTrue, yPred);
            built = true;
        }
        for (Entry e : entries) {
            Tensor weight =
                    !e.weighted() || weights.isEmpty() ? null : weights.get(weights.size() == 1 ? 0 : e.output());
            e.metric().updateState(yTrue.get(e.output()), yPred.get(e.output()), weight);
        }
    }

    private void build(@Nullable Object given, boolean isWeighted, List<Tensor> yTrue, List<Tensor> yPred) {
        if (given == null) return;
        for (int i = 0; i < names.size(); i++) {
            if (i >= yTrue.size()) continue;
            for (Object id : of(given, i)) {
                Metric metric =
                        Metrics.get(id, yTrue.get(i).shape(), yPred.get(i).shape());
                if (metric != null) entries.add(new Entry(i, metric, isWeighted));
            }
        }
    }

    /** Returns the metrics of one output: its entry of a map or list, or all where there is only one output. */
    private List<Object> of(Object given, int output) {
        Object mine = given;
        if (given instanceof Map<?, ?> map) mine = map.get(names.get(output));
        else if (names.size() > 1 && given instanceof List<?> list) mine = list.isEmpty() ? null : list.get(output);
        List<Object> found = new ArrayList<>();
        flatten(mine, found);
        return found;
    }

    private static void flatten(@Nullable Object given, List<Object> found) {
        if (given instanceof List<?> list) list.forEach(o -> flatten(o, found));
        else if (given != null) found.add(given);
    }

    /** Returns the results by the names that Keras's logs have: with the output's before where there are several. */
    Map<String, Tensor> results() {
        Map<String, Tensor> results = new LinkedHashMap<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Entry e : entries) {
            String prefix = names.size() > 1 ? names.get(e.output()) + "_" : "";
            String name = prefix + e.metric().name();
            if (counts.containsKey(name) && e.weighted())
                name = prefix + "weighted_" + e.metric().name();
            int count = counts.merge(name, 1, Integer::sum);
            results.put(count == 1 ? name : name + "_" + (count - 1), e.metric().result());
        }
        return results;
    }
}
