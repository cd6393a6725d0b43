package org.keras4j.applications;

/** EfficientNet for images of 224 by 224. */
public final class EfficientNetB0 extends EfficientNet<EfficientNetB0> {
    public EfficientNetB0() {
        super(
                "efficientnetb0",
                1.0,
                1.0,
                224,
                0.2,
                "902e53a9f72be733fc0bcb005b3ebbac",
                "50bc09e76180e00e4465e1a485ddc09d");
    }
}
