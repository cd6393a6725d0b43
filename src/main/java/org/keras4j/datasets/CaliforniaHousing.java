package org.keras4j.datasets;

/**
 * 20,640 districts of California in 1990 with 8 numbers each, and the median value of their houses in dollars; from
 * {@code datasets/california_housing.npz} in Keras's folder, downloaded if it is not there. R. K. Pace and R. Barry
 * (1997).
 */
public final class CaliforniaHousing {
    private static final String HASH = "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f";
    private static final int SMALL = 600;

    private CaliforniaHousing() {}

    /** Returns four fifths of all to train and one to test with: x float32 (n, 8), y float32 (n). */
    public static Split loadData() {
        return loadData("large", 0.2, 113);
    }

    /**
     * Returns the data, of which the fraction {@code testSplit} is to test with, in an order that follows from the
     * seed.
     *
     * @param version {@code "large"} for all, {@code "small"} for 600 districts
     */
    public static Split loadData(String version, double testSplit, int seed) {
        int most = switch (version) {
            case "large" -> Integer.MAX_VALUE;
            case "small" -> SMALL;
            default ->
                throw new IllegalArgumentException("version must be \"small\" or \"large\", got \"" + version + "\"");
        };
        return DatasetFiles.shuffled(DatasetFiles.file("california_housing.npz", HASH), most, testSplit, seed);
    }
}
