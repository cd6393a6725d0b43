package org.keras4j.applications;

/** EfficientNet for images of 600 by 600. */
public final class EfficientNetB7 extends EfficientNet<EfficientNetB7> {
    public EfficientNetB7() {
        super(
                "efficientnetb7",
                2.0,
                3.1,
                600,
                0.5,
                "8c03f828fec3ef71311cd463b6759d99",
                "cbcfe4450ddf6f3ad90b1b398090fe4a");
    }
}
