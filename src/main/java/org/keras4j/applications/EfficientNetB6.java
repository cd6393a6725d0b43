package org.keras4j.applications;

/** EfficientNet for images of 528 by 528. */
public final class EfficientNetB6 extends EfficientNet<EfficientNetB6> {
    public EfficientNetB6() {
        super(
                "efficientnetb6",
                1.8,
                2.6,
                528,
                0.5,
                "165f6e37dce68623721b423839de8be5",
                "9ecce42647a20130c1f39a5d4cb75743");
    }
}
