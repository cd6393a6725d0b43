package org.keras4j.applications;

/** EfficientNetV2 for images of 300 by 300, with the first EfficientNet's way to scale. */
public final class EfficientNetV2B3 extends EfficientNetV2<EfficientNetV2B3> {
    public EfficientNetV2B3() {
        super(new Variant(
                "efficientnetv2-b3",
                300,
                1.2,
                1.4,
                true,
                BASE,
                "1f1fc43bd98a6e4fd8fdfd551e02c7a0",
                "f6abf7b5849ac99a89b50dd3fd532856"));
    }
}
