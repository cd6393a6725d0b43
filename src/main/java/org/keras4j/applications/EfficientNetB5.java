package org.keras4j.applications;

/** EfficientNet for images of 456 by 456. */
public final class EfficientNetB5 extends EfficientNet<EfficientNetB5> {
    public EfficientNetB5() {
        super(
                "efficientnetb5",
                1.6,
                2.2,
                456,
                0.4,
                "ace28f2a6363774853a83a0b21b9421a",
                "38879255a25d3c92d5e44e04ae6cec6f");
    }
}
