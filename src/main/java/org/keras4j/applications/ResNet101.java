package org.keras4j.applications;

/** ResNet with 101 layers. */
public final class ResNet101 extends ResNet<ResNet101> {
    public ResNet101() {
        super(
                "resnet101",
                new int[] {3, 4, 23, 3},
                "f1aeb4b969a6efcfb50fad2f0c20cfc5",
                "88cf7a10940856eca736dc7b7e228a21");
    }
}
