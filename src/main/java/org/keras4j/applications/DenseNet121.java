package org.keras4j.applications;

/** DenseNet with 121 layers. */
public final class DenseNet121 extends DenseNet<DenseNet121> {
    public DenseNet121() {
        super(
                "densenet121",
                new int[] {6, 12, 24, 16},
                "9d60b8095a5708f2dcce2bca79d332c7",
                "30ee3e1110167f948a6b9946edeeb738");
    }
}
