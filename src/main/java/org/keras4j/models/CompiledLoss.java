package org.keras4j.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keras4j.graph.Tensor;
import org.keras4j.losses.Loss;
import org.keras4j.losses.Losses;
import org.keras4j.metrics.Mean;
import org.keras4j.ops.K;

/** The losses of a model's outputs, as {@code compile} was told: how they are found, named, weighed and added. */
final class CompiledLoss {
    private record Term(
            int output,
            Loss loss,
            @Nullable Double weight,
            @Nullable Mean tracker) {}

    private final @Nullable Object loss;
    private final @Nullable Object weights;
    private final List<String> names;
    private List<Term> terms = List.of();

    CompiledLoss(@Nullable Object loss, @Nullable Object weights, List<String> names) {
        this.loss = loss;
        this.weights = weights;
        this.names = names;
        checkNames(loss, "loss");
        checkNames(weights, "loss_weights");
    }

    private void checkNames(@Nullable Object given, String what) {
        if (given instanceof Map<?, ?> map)
            for (Object key : map.keySet())
                if (!names.contains(key))
                    throw new IllegalArgumentException(
                            what + ": expected names of outputs " + names + ", got " + map.keySet());
        if (given instanceof List<?> list && what.equals("loss") && list.size() != names.size())
            throw new IllegalArgumentException(
                    what + ": expected " + names.size() + " entries for outputs " + names + ", got " + list.size());
    }

    boolean isEmpty() {
        return loss == null;
    }

    /** Returns the metrics that follow the loss of each output; none where there is one output. */
    List<Mean> metrics() {
        List<Mean> trackers = new ArrayList<>();
        for (Term t : terms) if (t.tracker() != null) trackers.add(t.tracker());
        return trackers;
    }

    /** Returns the loss of each output that has one, or null; for checks of the labels. */
    @Nullable
    Loss of(int output) {
        for (Term t : terms) if (t.output() == output) return t.loss();
        return null;
    }

    /** Finds the losses; for some names the shapes say which is meant. */
    private List<Term> resolve(List<Tensor> yTrue, List<Tensor> yPred) {
        List<Term> found = new ArrayList<>();
        List<Object> given = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Object entry =
                    loss instanceof Map<?, ?> map ? map.get(names.get(i)) : loss instanceof List<?> l ? l.get(i) : loss;
            given.add(entry);
        }
        long count = given.stream().filter(Objects::nonNull).count();
        int n = 0;
        for (int i = 0; i < given.size(); i++) {
            Object entry = given.get(i);
            if (entry == null) continue;
            Mean tracker = count > 1 ? new Mean().name(names.get(i) + "_loss") : null;
            Loss resolved = Losses.get(entry, yTrue.get(i).shape(), yPred.get(i).shape());
            if (resolved != null) found.add(new Term(i, resolved, weight(i, n++), tracker));
        }
        return found;
    }

    private @Nullable Double weight(int output, int term) {
        return switch (weights) {
            case null -> null;
            case Number w -> w.doubleValue();
            case Map<?, ?> map -> map.get(names.get(output)) instanceof Number w ? (Double) w.doubleValue() : null;
            case List<?> list -> {
                int at = list.size() == names.size() ? output : term;
                if (at >= list.size())
                    throw new IllegalArgumentException("loss_weights: expected a weight for each loss, got " + list);
                yield list.get(at) instanceof Number w ? (Double) w.doubleValue() : null;
            }
            default -> throw new IllegalArgumentException("loss_weights: expected numbers, got " + weights);
        };
    }

    /** Returns the weighed sum of the outputs' losses, or null if no output has one. */
    @Nullable
    Tensor call(List<Tensor> yTrue, List<Tensor> yPred, List<Tensor> sampleWeights) {
        if (yTrue.size() != names.size() || yPred.size() != names.size())
            throw new IllegalArgumentException("Expected labels and outputs for " + names + ", got " + yTrue.size()
                    + " labels and " + yPred.size() + " outputs");
        if (terms.isEmpty()) terms = resolve(yTrue, yPred);
        Tensor total = null;
        for (Term t : terms) {
            Tensor weight =
                    sampleWeights.isEmpty() ? null : sampleWeights.get(sampleWeights.size() == 1 ? 0 : t.output());
            Tensor value = value(t, yTrue.get(t.output()), yPred.get(t.output()), weight);
            if (t.tracker() != null) t.tracker().updateState(value, Trainer.batchSize(yPred.get(t.output())));
            if (t.weight() != null) value = K.multiply(value, t.weight());
            total = total == null ? value : K.add(total, value);
        }
        return total;
    }

    private Tensor value(Term term, Tensor yTrue, Tensor yPred, @Nullable Tensor weight) {
        try {
            return term.loss().call(yTrue, yPred, weight);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Output \"" + names.get(term.output()) + "\" of shape " + yPred.shape() + ", labels of shape "
                            + yTrue.shape() + (weight == null ? "" : ", sample weights of shape " + weight.shape())
                            + ": " + e.getMessage(),
                    e);
        }
    }
}
