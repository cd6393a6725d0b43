package org.keras4j.datasets;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.keras4j.DType;
import org.keras4j.KerasFileException;
import org.keras4j.NDArray;
import org.keras4j.Shape;

/**
 * 70,000 pictures of clothes of 28 by 28 grey levels in 10 classes, from {@code datasets/fashion-mnist} in Keras's
 * folder; downloaded if they are not there. H. Xiao, K. Rasul and R. Vollgraf (2017).
 */
public final class FashionMnist {
    private static final int UINT8 = 8;
    private static final int MOST_AXES = 3;

    private FashionMnist() {}

    /** Returns 60,000 pictures to train and 10,000 to test with: x uint8 (n, 28, 28), y uint8 (n). */
    public static Split loadData() {
        return new Split(
                read(file("train-images-idx3-ubyte.gz")),
                read(file("train-labels-idx1-ubyte.gz")),
                read(file("t10k-images-idx3-ubyte.gz")),
                read(file("t10k-labels-idx1-ubyte.gz")));
    }

    private static Path file(String name) {
        return DatasetFiles.fileIn("datasets/fashion-mnist", name);
    }

    /** Reads MNIST's format IDX: two zeros, the type, the number of axes, the sizes (4 bytes each), the elements. */
    static NDArray read(Path file) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            byte[] magic = in.readNBytes(4);
            if (magic.length < 4 || magic[0] != 0 || magic[1] != 0 || magic[2] != UINT8 || magic[3] > MOST_AXES)
                throw new IOException("expected an IDX file of uint8");
            var dims = new int[magic[3]];
            for (int i = 0; i < dims.length; i++)
                dims[i] = ByteBuffer.wrap(in.readNBytes(Integer.BYTES)).getInt();
            NDArray out = NDArray.zeros(DType.UINT8, Shape.of(dims));
            byte[] bytes = in.readNBytes(out.size());
            if (bytes.length < out.size()) throw new EOFException("the file ends too early");
            int[] data = out.ints();
            for (int i = 0; i < data.length; i++) data[i] = bytes[i] & 0xff;
            return out;
        } catch (IOException | BufferUnderflowException | IllegalArgumentException e) {
            throw new KerasFileException(file.toString(), "", "cannot be read: " + e.getMessage(), e);
        }
    }
}
