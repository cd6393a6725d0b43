package org.keras4j.applications;

/** EfficientNet for images of 260 by 260. */
public final class EfficientNetB2 extends EfficientNet<EfficientNetB2> {
    public EfficientNetB2() {
        super(
                "efficientnetb2",
                1.1,
                1.2,
                260,
                0.3,
                "b15cce36ff4dcbd00b6dd88e7857a6ad",
                "111f8e2ac8aa800a7a99e3239f7bfb39");
    }
}
