package org.keras4j.models;

import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code summary}; each default is Keras's. Columns are as wide as what is in them. */
public final class SummaryOptions {
    boolean expandNested = false;
    boolean showTrainable = false;

    @Nullable
    String firstLayer;

    @Nullable
    String lastLayer;

    SummaryOptions() {}

    /** Says whether the layers of models inside have lines of their own. */
    public SummaryOptions expandNested(boolean expandNested) {
        this.expandNested = expandNested;
        return this;
    }

    /** Says whether a column tells which layers are trained. */
    public SummaryOptions showTrainable(boolean showTrainable) {
        this.showTrainable = showTrainable;
        return this;
    }

    /** Shows only the layers between two, whose names begin with matches of these regular expressions. */
    public SummaryOptions layerRange(String first, String last) {
        firstLayer = first;
        lastLayer = last;
        return this;
    }
}
