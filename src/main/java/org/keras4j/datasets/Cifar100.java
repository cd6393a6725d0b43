package org.keras4j.datasets;

import java.nio.file.Path;
import java.util.List;
import org.keras4j.DType;
import org.keras4j.NDArray;

/**
 * 60,000 photographs of 32 by 32 pixels in 100 classes, from {@code datasets/cifar-100-python-target} in Keras's
 * folder; downloaded and unpacked if it is not there. A. Krizhevsky (2009).
 */
public final class Cifar100 {
    private static final String HASH = "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7";

    private Cifar100() {}

    /** Returns the data with labels of the 100 fine classes. */
    public static Split loadData() {
        return loadData("fine");
    }

    /**
     * Returns 50,000 photographs to train and 10,000 to test with: x uint8 (n, 32, 32, 3), y int64 (n, 1).
     *
     * @param labelMode {@code "fine"} for 100 classes, {@code "coarse"} for 20
     */
    public static Split loadData(String labelMode) {
        if (!labelMode.equals("fine") && !labelMode.equals("coarse"))
            throw new IllegalArgumentException("label_mode must be \"fine\" or \"coarse\", got \"" + labelMode + "\"");
        return read(CifarBatch.folder("cifar-100-python", "cifar-100-python", HASH), labelMode);
    }

    static Split read(Path folder, String labelMode) {
        NDArray[] train = CifarBatch.read(List.of(folder.resolve("train")), labelMode + "_labels", DType.INT64);
        NDArray[] test = CifarBatch.read(List.of(folder.resolve("test")), labelMode + "_labels", DType.INT64);
        return new Split(train[0], train[1], test[0], test[1]);
    }
}
