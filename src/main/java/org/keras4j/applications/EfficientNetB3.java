package org.keras4j.applications;

/** EfficientNet for images of 300 by 300. */
public final class EfficientNetB3 extends EfficientNet<EfficientNetB3> {
    public EfficientNetB3() {
        super(
                "efficientnetb3",
                1.2,
                1.4,
                300,
                0.3,
                "ffd1fdc53d0ce67064dc6a9c7960ede0",
                "af6d107764bb5b1abb91932881670226");
    }
}
