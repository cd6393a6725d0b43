package org.keras4j.applications;

/** ResNet of the second paper with 152 layers. */
public final class ResNet152V2 extends ResNetV2<ResNet152V2> {
    public ResNet152V2() {
        super(
                "resnet152v2",
                new int[] {3, 8, 36, 3},
                "a49b44d1979771252814e80f8ec446f9",
                "ed17cf2e0169df9d443503ef94b23b33");
    }
}
