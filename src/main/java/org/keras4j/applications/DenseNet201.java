package org.keras4j.applications;

/** DenseNet with 201 layers. */
public final class DenseNet201 extends DenseNet<DenseNet201> {
    public DenseNet201() {
        super(
                "densenet201",
                new int[] {6, 12, 48, 32},
                "1ceb130c1ea1b78c3bf6114dbdfd8807",
                "c13680b51ded0fb44dff2d8f86ac8bb1");
    }
}
