package org.keras4j.metrics;

import org.keras4j.graph.Variable;

/** What part of the predictions that say yes is right: true positives over true and false positives. */
public final class Precision extends TruePositiveRatio<Precision> {
    public Precision() {}

    public Precision(double... thresholds) {
        thresholds(thresholds);
    }

    @Override
    protected Precision self() {
        return this;
    }

    @Override
    String errorName() {
        return "false_positives";
    }

    @Override
    Confusion.Counts counts(Variable truePositives, Variable errors) {
        return new Confusion.Counts(truePositives, errors, null, null);
    }
}
