package org.keras4j.losses;

import org.keras4j.Shape;

/** What labels are, as their shape and that of the predictions tell. */
public enum Labels {
    /** Yes or no. */
    BINARY,
    /** The number of a class. */
    SPARSE,
    /** A share of each class. */
    CATEGORICAL;

    public static Labels of(Shape yTrue, Shape yPred) {
        if (yPred.rank() == 0 || yPred.last() == 1) return BINARY;
        boolean column = yTrue.rank() > 0 && yTrue.last() == 1;
        return yTrue.rank() < yPred.rank() || column ? SPARSE : CATEGORICAL;
    }
}
