/** HDF5 files as Keras writes them: guarded reading, and a small streaming writer. */
@NullMarked
package org.keras4j.saving.hdf5;

import org.jspecify.annotations.NullMarked;
