package org.keras4j.applications;

/** EfficientNetV2 for images of 240 by 240, with the first EfficientNet's way to scale. */
public final class EfficientNetV2B1 extends EfficientNetV2<EfficientNetV2B1> {
    public EfficientNetV2B1() {
        super(new Variant(
                "efficientnetv2-b1",
                240,
                1.0,
                1.1,
                true,
                BASE,
                "069f0534ff22adf035c89e2d9547a9dc",
                "0e80663031ca32d657f9caa404b6ec37"));
    }
}
