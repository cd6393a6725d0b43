package org.keras4j.applications;

/** ConvNeXt of 36 blocks, 96 to 768 channels. */
public final class ConvNeXtSmall extends ConvNeXt<ConvNeXtSmall> {
    public ConvNeXtSmall() {
        super(
                "convnext_small",
                new int[] {3, 3, 27, 3},
                96,
                "ce1277d8f1ee5a0ef0e171469089c18f5233860ceaf9b168049cb9263fd7483c",
                "6fc8009faa2f00c1c1dfce59feea9b0745eb260a7dd11bee65c8e20843da6eab");
    }
}
