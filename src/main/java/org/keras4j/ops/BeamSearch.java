package org.keras4j.ops;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;

/** Prefix beam search over known CTC outputs: Hannun et al. 2014, without a language model. */
final class BeamSearch {
    /** The log probability of a label sequence so far, by whether its last step was a blank. */
    private static final class Score {
        double blank = Double.NEGATIVE_INFINITY;
        double label = Double.NEGATIVE_INFINITY;

        double total() {
            return logAdd(blank, label);
        }
    }

    private BeamSearch() {}

    /**
     * Returns the {@code paths} best label sequences {@code [paths, batch, time]}, -1 after their end, and their
     * scores.
     */
    static List<Tensor> decode(Tensor inputs, Tensor lengths, int width, int paths, int blank) {
        if (inputs.rank() != 3)
            throw new IllegalArgumentException(
                    "ctc_decode: expected inputs [batch, time, classes], got " + inputs.shape());
        if (paths < 1 || paths > width)
            throw new IllegalArgumentException(
                    "ctc_decode: top_paths must be from 1 to beam_width " + width + ", got " + paths);
        if (blank < 0 || blank >= inputs.shape().last())
            throw new IllegalArgumentException("ctc_decode: mask_index must be one of the "
                    + inputs.shape().last() + " classes, got " + blank);
        DType dtype = DTypes.result(DTypes.floating(inputs.dtype()), DType.FLOAT32);
        Tensor log = ActivationFunctions.logSoftmax(Primitives.cast(inputs, dtype), -1);
        NDArray values = Searching.known(log, "ctc_decode with beam search");
        NDArray ends = Searching.known(lengths, "ctc_decode with beam search");
        int batch = inputs.shape().dim(0);
        int time = inputs.shape().dim(1);
        NDArray labels = NDArray.full(DType.INT32, Shape.of(paths, batch, time), -1);
        NDArray scores = NDArray.full(dtype, Shape.of(batch, paths), Double.NEGATIVE_INFINITY);
        for (int b = 0; b < batch; b++) {
            List<Map.Entry<List<Integer>, Score>> best = search(
                    values, b, Math.min(time, (int) ends.get(b)), inputs.shape().last(), width, blank);
            for (int p = 0; p < Math.min(paths, best.size()); p++) {
                List<Integer> path = best.get(p).getKey();
                for (int i = 0; i < path.size(); i++) labels.set((p * batch + b) * time + i, path.get(i));
                scores.set(b * paths + p, best.get(p).getValue().total());
            }
        }
        return List.of(Tensor.of(labels), Tensor.of(scores));
    }

    private static List<Map.Entry<List<Integer>, Score>> search(
            NDArray log, int b, int time, int classes, int width, int blank) {
        var empty = new Score();
        empty.blank = 0;
        List<Map.Entry<List<Integer>, Score>> beam = List.of(Map.entry(List.of(), empty));
        for (int t = 0; t < time; t++) {
            int row = (b * log.shape().dim(1) + t) * classes;
            Map<List<Integer>, Score> next = new HashMap<>();
            for (var entry : beam) extend(entry.getKey(), entry.getValue(), log, row, classes, blank, next);
            List<Map.Entry<List<Integer>, Score>> sorted = new ArrayList<>(next.entrySet());
            sorted.sort(Comparator.comparingDouble(e -> -e.getValue().total()));
            beam = sorted.subList(0, Math.min(width, sorted.size()));
        }
        return beam;
    }

    private static void extend(
            List<Integer> path,
            Score score,
            NDArray log,
            int row,
            int classes,
            int blank,
            Map<List<Integer>, Score> next) {
        for (int c = 0; c < classes; c++) {
            double p = log.get(row + c);
            if (c == blank) {
                Score same = next.computeIfAbsent(path, _ -> new Score());
                same.blank = logAdd(same.blank, score.total() + p);
                continue;
            }
            List<Integer> longer = new ArrayList<>(path);
            longer.add(c);
            Score more = next.computeIfAbsent(longer, _ -> new Score());
            if (!path.isEmpty() && path.getLast() == c) {
                Score same = next.computeIfAbsent(path, _ -> new Score());
                same.label = logAdd(same.label, score.label + p);
                more.label = logAdd(more.label, score.blank + p);
            } else more.label = logAdd(more.label, score.total() + p);
        }
    }

    private static double logAdd(double a, double b) {
        double high = Math.max(a, b);
        return high == Double.NEGATIVE_INFINITY ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
    }
}
