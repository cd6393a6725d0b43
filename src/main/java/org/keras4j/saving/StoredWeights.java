package org.keras4j.saving;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keras4j.saving.hdf5.Hdf5Dataset;

/** Where the variables of each object come from: one HDF5 file, or several that an index names. */
interface StoredWeights extends AutoCloseable {
    /** Returns what errors call the file. */
    String name();

    /** Returns the datasets of the object at {@code path} by key, or null if the file does not know the path. */
    @Nullable
    Map<String, Hdf5Dataset> at(String path);

    /** Says whether the numbers in paths are those of Keras 2.12 and 2.13, see {@link StateTree#of}. */
    default boolean countsWeightedTwice() {
        return false;
    }

    @Override
    void close();
}
