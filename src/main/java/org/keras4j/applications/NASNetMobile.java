package org.keras4j.applications;

import java.net.URI;
import org.keras4j.Shape;

/** NASNet for images of 224 by 224 with 1056 features (NASNet-A, 4 @ 1056). */
public final class NASNetMobile extends NASNet<NASNetMobile> {
    private static final int SIZE = 224;

    public NASNetMobile() {
        super("nasnet_mobile", SIZE, 32, 44, 4, false);
    }

    /** Without a classifier, too, images are of the usual size if no other is given. */
    @Override
    Shape imageShape() {
        return givenShape() == null ? square(SIZE, 3) : super.imageShape();
    }

    @Override
    Pretrained imagenet() {
        String origin = Pretrained.KERAS + "tensorflow/keras-applications/nasnet/";
        return includesTop()
                ? new Pretrained(
                        "nasnet_mobile.h5", URI.create(origin + "NASNet-mobile.h5"), "020fb642bf7360b370c678b08e0adf61")
                : new Pretrained(
                        "nasnet_mobile_no_top.h5",
                        URI.create(origin + "NASNet-mobile-no-top.h5"),
                        "1ed92395b5b598bdda52abe5c0dbfd63");
    }
}
