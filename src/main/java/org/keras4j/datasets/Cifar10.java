package org.keras4j.datasets;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.keras4j.DType;
import org.keras4j.NDArray;

/**
 * 60,000 photographs of 32 by 32 pixels in 10 classes, from {@code datasets/cifar-10-batches-py-target} in Keras's
 * folder; downloaded and unpacked if it is not there. A. Krizhevsky (2009).
 */
public final class Cifar10 {
    private static final String HASH = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce";

    private Cifar10() {}

    /** Returns 50,000 photographs to train and 10,000 to test with: x uint8 (n, 32, 32, 3), y uint8 (n, 1). */
    public static Split loadData() {
        return read(CifarBatch.folder("cifar-10-python", "cifar-10-batches-py", HASH));
    }

    static Split read(Path folder) {
        List<Path> training = IntStream.rangeClosed(1, 5)
                .mapToObj(i -> folder.resolve("data_batch_" + i))
                .toList();
        NDArray[] train = CifarBatch.read(training, "labels", DType.UINT8);
        NDArray[] test = CifarBatch.read(List.of(folder.resolve("test_batch")), "labels", DType.UINT8);
        return new Split(train[0], train[1], test[0], test[1]);
    }
}
