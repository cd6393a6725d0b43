package org.keras4j.applications;

/** EfficientNet for images of 380 by 380. */
public final class EfficientNetB4 extends EfficientNet<EfficientNetB4> {
    public EfficientNetB4() {
        super(
                "efficientnetb4",
                1.4,
                1.8,
                380,
                0.4,
                "18c95ad55216b8f92d7e70b3a046e2fc",
                "ebc24e6d6c33eaebbd558eafbeedf1ba");
    }
}
