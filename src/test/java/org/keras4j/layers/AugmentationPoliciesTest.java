package org.keras4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keras4j.DType;
import org.keras4j.NDArray;
import org.keras4j.Shape;
import org.keras4j.graph.Tensor;
import org.keras4j.ops.K;

/** Policies that draw their own augmentations; recorded cases give the draws. */
class AugmentationPoliciesTest {
    private static NDArray images() {
        return images(Shape.of(2, 6, 7, 3));
    }

    private static NDArray images(Shape shape) {
        NDArray x = NDArray.zeros(DType.FLOAT32, shape);
        for (int i = 0; i < x.size(); i++) x.set(i, i * 37 % 256);
        return x;
    }

    private static Call training(Object x, boolean training) {
        return Call.of(x).with("training", training);
    }

    private static void check(ImageLayer<?> layer, NDArray images) {
        Tensor x = K.constant(images);
        assertArrayEquals(
                images.floats(),
                ((Tensor) layer.applyTo(training(x, false))).value().floats());
        NDArray first = ((Tensor) layer.applyTo(training(x, true))).value();
        assertEquals(images.shape(), first.shape());
        assertFalse(Arrays.equals(images.floats(), first.floats()), "a training call changes images");
        for (float v : first.floats()) assertTrue(v >= -0.01 && v <= 255.01, "a pixel is " + v);
        NDArray second = ((Tensor) layer.applyTo(training(x, true))).value();
        assertFalse(Arrays.equals(first.floats(), second.floats()), "the next call draws anew");
    }

    @Test
    void randAugmentChangesImagesInTrainingOnly() {
        check(new RandAugment().seed(3), images());
        check(
                new RandAugment().seed(3).dataFormat("channels_first").numOps(3).factor(0.2, 0.9),
                images(Shape.of(2, 3, 6, 7)));
    }

    @Test
    void augMixChangesImagesInTrainingOnly() {
        check(new AugMix().seed(4), images());
        check(new AugMix().seed(4).allOps(false).numChains(2).chainDepth(1), images());
    }

    @Test
    void aChainOfNothingLeavesImagesAlone() {
        Tensor x = K.constant(images());
        NDArray y = ((Tensor) new AugMix().seed(1).chainDepth(0).applyTo(training(x, true))).value();
        for (int i = 0; i < y.size(); i++) assertEquals(images().get(i), y.get(i), 1e-3);
    }

    @Test
    void refuseWhatTheyCannotDo() {
        assertThrows(IllegalArgumentException.class, () -> new RandAugment().factor(2));
        assertThrows(IllegalArgumentException.class, () -> new RandAugment().numOps(-1));
        assertThrows(IllegalArgumentException.class, () -> new AugMix().alpha(0));
        var layer = new RandAugment();
        layer.apply(K.constant(images()));
        assertThrows(
                IllegalArgumentException.class,
                () -> layer.transformImages(K.constant(images()), Map.of("layer_idxes", 1), true));
    }

    @Test
    void spectrogramsFindTheFrequencyOfATone() {
        var wave = new float[1][1024][1];
        for (int i = 0; i < 1024; i++) wave[0][i][0] = (float) Math.sin(2 * Math.PI * i * 8 / 64);
        NDArray y = new STFTSpectrogram("magnitude")
                .frameLength(64)
                .apply(K.constant(wave))
                .value();
        assertEquals(Shape.of(1, 31, 33), y.shape());
        for (int t = 0; t < 31; t++)
            for (int f = 0; f < 33; f++)
                assertTrue(y.get(t * 33 + f) <= y.get(t * 33 + 8), "frequency 8 is the loudest");
        var flat = new float[1024];
        for (int i = 0; i < 1024; i++) flat[i] = wave[0][i][0];
        // 8 periods in 64 samples at 16 kHz are 2 kHz: mel 1521.4; bins are 133.7 apart from 31.7 on, the centre of bin
        // 10 is 1502
        NDArray mel = new MelSpectrogram()
                .fftLength(256)
                .sequenceStride(128)
                .numMelBins(20)
                .apply(K.constant(flat))
                .value();
        assertEquals(20, mel.shape().dim(0));
        int time = mel.shape().dim(1);
        int loudest = 0;
        for (int bin = 1; bin < 20; bin++) if (mel.get(bin * time + 4) > mel.get(loudest * time + 4)) loudest = bin;
        assertEquals(10, loudest);
        assertThrows(IllegalArgumentException.class, () -> new STFTSpectrogram("loud"));
        assertThrows(IllegalArgumentException.class, () -> new STFTSpectrogram().fftLength(8));
    }
}
