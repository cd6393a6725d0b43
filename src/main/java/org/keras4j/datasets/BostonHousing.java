package org.keras4j.datasets;

/**
 * 506 districts of Boston in the 1970s with 13 numbers each, and the median value of their houses in thousands of
 * dollars; from {@code datasets/boston_housing.npz} in Keras's folder, downloaded if it is not there. One of the
 * numbers assumes that people's colour moves prices: {@link CaliforniaHousing} is the better choice.
 */
public final class BostonHousing {
    private static final String HASH = "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5";

    private BostonHousing() {}

    /** Returns four fifths to train and one to test with: x float64 (n, 13), y float64 (n). */
    public static Split loadData() {
        return loadData(0.2, 113);
    }

    /**
     * Returns the data, of which the fraction {@code testSplit} is to test with, in an order that follows from the
     * seed.
     */
    public static Split loadData(double testSplit, int seed) {
        return DatasetFiles.shuffled(DatasetFiles.file("boston_housing.npz", HASH), Integer.MAX_VALUE, testSplit, seed);
    }
}
