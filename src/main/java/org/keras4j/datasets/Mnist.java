package org.keras4j.datasets;

import java.nio.file.Path;
import java.util.Map;
import org.keras4j.NDArray;
import org.keras4j.saving.archive.Npz;

/**
 * 70,000 handwritten digits of 28 by 28 grey levels, from {@code datasets/mnist.npz} in Keras's folder; downloaded if
 * it is not there. Y. LeCun, C. Cortes and C. J. C. Burges.
 */
public final class Mnist {
    private static final String FILE = "mnist.npz";
    private static final String HASH = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1";

    private Mnist() {}

    /** Returns 60,000 digits to train and 10,000 to test with: x uint8 (n, 28, 28), y uint8 (n). */
    public static Split loadData() {
        return read(DatasetFiles.file(FILE, HASH));
    }

    static Split read(Path file) {
        Map<String, NDArray> arrays = Npz.read(file);
        return new Split(
                DatasetFiles.array(arrays, "x_train", file),
                DatasetFiles.array(arrays, "y_train", file),
                DatasetFiles.array(arrays, "x_test", file),
                DatasetFiles.array(arrays, "y_test", file));
    }
}
