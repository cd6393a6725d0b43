package org.keras4j.applications;

/** VGG with 13 convolutions. */
public final class VGG16 extends VGG<VGG16> {
    public VGG16() {
        super(
                "vgg16",
                new int[] {2, 2, 3, 3, 3},
                "64373286793e3c8b2b4e3219cbf3544b",
                "6d6bbae143d832006294945121d1f1fc");
    }
}
