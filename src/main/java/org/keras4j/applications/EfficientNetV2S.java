package org.keras4j.applications;

/** The small EfficientNetV2, for images of 384 by 384. */
public final class EfficientNetV2S extends EfficientNetV2<EfficientNetV2S> {
    private static final Stage[] STAGES = {
        new Stage(true, 2, 24, 24, 1, 1),
        new Stage(true, 4, 24, 48, 4, 2),
        new Stage(true, 4, 48, 64, 4, 2),
        new Stage(false, 6, 64, 128, 4, 2),
        new Stage(false, 9, 128, 160, 6, 1),
        new Stage(false, 15, 160, 256, 6, 2),
    };

    public EfficientNetV2S() {
        super(new Variant(
                "efficientnetv2-s",
                384,
                1,
                1,
                false,
                STAGES,
                "e1d88a8495beba45748fedd0cecbe016",
                "af0682fb74e8c54910f2d4393339c070"));
    }
}
