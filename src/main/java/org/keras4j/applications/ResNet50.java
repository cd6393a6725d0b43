package org.keras4j.applications;

/** ResNet with 50 layers. */
public final class ResNet50 extends ResNet<ResNet50> {
    public ResNet50() {
        super(
                "resnet50",
                new int[] {3, 4, 6, 3},
                "2cb95161c43110f7111970584f804107",
                "4d473c1dd8becc155b73f8504c6f6626");
    }
}
