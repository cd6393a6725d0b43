package org.keras4j.applications;

/** The medium EfficientNetV2, for images of 480 by 480. */
public final class EfficientNetV2M extends EfficientNetV2<EfficientNetV2M> {
    private static final Stage[] STAGES = {
        new Stage(true, 3, 24, 24, 1, 1),
        new Stage(true, 5, 24, 48, 4, 2),
        new Stage(true, 5, 48, 80, 4, 2),
        new Stage(false, 7, 80, 160, 4, 2),
        new Stage(false, 14, 160, 176, 6, 1),
        new Stage(false, 18, 176, 304, 6, 2),
        new Stage(false, 5, 304, 512, 6, 1),
    };

    public EfficientNetV2M() {
        super(new Variant(
                "efficientnetv2-m",
                480,
                1,
                1,
                false,
                STAGES,
                "a3bf6aa3276309f4fc6a34aa114c95cd",
                "1b8dc055df72dde80d614482840fe342"));
    }
}
