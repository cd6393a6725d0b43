package org.keras4j.applications;

/** ConvNeXt of 36 blocks, 256 to 2048 channels. */
public final class ConvNeXtXLarge extends ConvNeXt<ConvNeXtXLarge> {
    public ConvNeXtXLarge() {
        super(
                "convnext_xlarge",
                new int[] {3, 3, 27, 3},
                256,
                "c1f5ccab661354fc3a79a10fa99af82f0fbf10ec65cb894a3ae0815f17a889ee",
                "de3f8a54174130e0cecdc71583354753d557fcf1f4487331558e2a16ba0cfe05");
    }
}
