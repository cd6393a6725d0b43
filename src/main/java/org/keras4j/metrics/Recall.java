package org.keras4j.metrics;

import org.keras4j.graph.Variable;

/** What part of the labels that say yes is found: true positives over true positives and false negatives. */
public final class Recall extends TruePositiveRatio<Recall> {
    public Recall() {}

    public Recall(double... thresholds) {
        thresholds(thresholds);
    }

    @Override
    protected Recall self() {
        return this;
    }

    @Override
    String errorName() {
        return "false_negatives";
    }

    @Override
    Confusion.Counts counts(Variable truePositives, Variable errors) {
        return new Confusion.Counts(truePositives, null, null, errors);
    }
}
