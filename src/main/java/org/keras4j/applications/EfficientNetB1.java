package org.keras4j.applications;

/** EfficientNet for images of 240 by 240. */
public final class EfficientNetB1 extends EfficientNet<EfficientNetB1> {
    public EfficientNetB1() {
        super(
                "efficientnetb1",
                1.0,
                1.1,
                240,
                0.2,
                "1d254153d4ab51201f1646940f018540",
                "74c4e6b3e1f6a1eea24c589628592432");
    }
}
