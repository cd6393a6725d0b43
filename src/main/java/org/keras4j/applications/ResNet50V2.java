package org.keras4j.applications;

/** ResNet of the second paper with 50 layers. */
public final class ResNet50V2 extends ResNetV2<ResNet50V2> {
    public ResNet50V2() {
        super(
                "resnet50v2",
                new int[] {3, 4, 6, 3},
                "3ef43a0b657b3be2300d5770ece849e0",
                "fac2f116257151a9d068a22e544a4917");
    }
}
