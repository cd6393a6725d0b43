package org.keras4j.applications;

/** ResNet of the second paper with 101 layers. */
public final class ResNet101V2 extends ResNetV2<ResNet101V2> {
    public ResNet101V2() {
        super(
                "resnet101v2",
                new int[] {3, 4, 23, 3},
                "6343647c601c52e1368623803854d971",
                "c0ed64b8031c3730f411d2eb4eea35b5");
    }
}
