package org.keras4j.applications;

import java.net.URI;

/** NASNet for images of 331 by 331 with 4032 features (NASNet-A, 6 @ 4032). */
public final class NASNetLarge extends NASNet<NASNetLarge> {
    public NASNetLarge() {
        super("nasnet_large", 331, 96, 168, 6, true);
    }

    @Override
    Pretrained imagenet() {
        String origin = Pretrained.KERAS + "tensorflow/keras-applications/nasnet/";
        return includesTop()
                ? new Pretrained(
                        "nasnet_large.h5", URI.create(origin + "NASNet-large.h5"), "11577c9a518f0070763c2b964a382f17")
                : new Pretrained(
                        "nasnet_large_no_top.h5",
                        URI.create(origin + "NASNet-large-no-top.h5"),
                        "d81d89dc07e6e56530c4e77faddd61b5");
    }
}
