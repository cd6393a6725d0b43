package org.keras4j.applications;

/** DenseNet with 169 layers. */
public final class DenseNet169 extends DenseNet<DenseNet169> {
    public DenseNet169() {
        super(
                "densenet169",
                new int[] {6, 12, 32, 32},
                "d699b8f76981ab1b30698df4c175e90b",
                "b8c4d4c20dd625c148057b9ff1c1176b");
    }
}
