package org.keras4j.applications;

/** EfficientNetV2 for images of 224 by 224, with the first EfficientNet's way to scale. */
public final class EfficientNetV2B0 extends EfficientNetV2<EfficientNetV2B0> {
    public EfficientNetV2B0() {
        super(new Variant(
                "efficientnetv2-b0",
                224,
                1.0,
                1.0,
                true,
                BASE,
                "21ecbf6da12460d5c40bb2f29ceb2188",
                "893217f2bb855e2983157299931e43ff"));
    }
}
