package org.keras4j.applications;

/** The large EfficientNetV2, for images of 480 by 480. */
public final class EfficientNetV2L extends EfficientNetV2<EfficientNetV2L> {
    private static final Stage[] STAGES = {
        new Stage(true, 4, 32, 32, 1, 1),
        new Stage(true, 7, 32, 64, 4, 2),
        new Stage(true, 7, 64, 96, 4, 2),
        new Stage(false, 10, 96, 192, 4, 2),
        new Stage(false, 19, 192, 224, 6, 1),
        new Stage(false, 25, 224, 384, 6, 2),
        new Stage(false, 7, 384, 640, 6, 1),
    };

    public EfficientNetV2L() {
        super(new Variant(
                "efficientnetv2-l",
                480,
                1,
                1,
                false,
                STAGES,
                "27e6d408b53c7ebc868fefa357689935",
                "b0b66b5c863aef5b46e8608fe1711615"));
    }
}
