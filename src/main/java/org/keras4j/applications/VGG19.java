package org.keras4j.applications;

/** VGG with 16 convolutions. */
public final class VGG19 extends VGG<VGG19> {
    public VGG19() {
        super(
                "vgg19",
                new int[] {2, 2, 4, 4, 4},
                "cbe5617147190e668d6c5d5026f83318",
                "253f8cb515780f3b799900260a226db6");
    }
}
