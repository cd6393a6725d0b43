package org.keras4j.applications;

/** EfficientNetV2 for images of 260 by 260, with the first EfficientNet's way to scale. */
public final class EfficientNetV2B2 extends EfficientNetV2<EfficientNetV2B2> {
    public EfficientNetV2B2() {
        super(new Variant(
                "efficientnetv2-b2",
                260,
                1.1,
                1.2,
                true,
                BASE,
                "424e49f28180edbde1e94797771950a7",
                "1dfe2e7a5d45b6632553a8961ea609eb"));
    }
}
