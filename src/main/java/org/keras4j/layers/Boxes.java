package org.keras4j.layers;

import org.keras4j.DType;
import org.keras4j.Shape;
import org.keras4j.graph.Primitives;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Random boxes in images. */
final class Boxes {
    private Boxes() {}

    /**
     * Returns which elements of images lie in the box of their image.
     *
     * @param corners left, right, top and bottom of each image's box, {@code [batch]} each
     */
    static Tensor mask(Shape images, int rowAxis, Tensor... corners) {
        Tensor x = Primitives.iota(rowAxis + 1, DType.FLOAT32, images);
        Tensor y = Primitives.iota(rowAxis, DType.FLOAT32, images);
        var each = new Tensor[4];
        for (int i = 0; i < 4; i++) each[i] = K.reshape(corners[i], images.dim(0), 1, 1, 1);
        Tensor inRow = K.logicalAnd(K.greaterEqual(x, each[0]), K.less(x, each[1]));
        Tensor inColumn = K.logicalAnd(K.greaterEqual(y, each[2]), K.less(y, each[3]));
        return K.logicalAnd(inRow, inColumn);
    }

    /** Returns start and end of a piece of {@code part} of a length, placed by a number from 0 to 1. */
    static Tensor[] piece(Tensor part, int length, Tensor place) {
        Tensor size = K.multiply(part, (double) length);
        Tensor start = K.multiply(place, K.subtract((double) length, size));
        return new Tensor[] {start, K.add(start, size)};
    }
}
