package org.keras4j.applications;

/** ResNet with 152 layers. */
public final class ResNet152 extends ResNet<ResNet152> {
    public ResNet152() {
        super(
                "resnet152",
                new int[] {3, 8, 36, 3},
                "100835be76be38e30d865e96f2aaae62",
                "ee4c566cf9a93f14d82f913c2dc6dd0c");
    }
}
