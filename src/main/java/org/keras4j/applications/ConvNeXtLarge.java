package org.keras4j.applications;

/** ConvNeXt of 36 blocks, 192 to 1536 channels. */
public final class ConvNeXtLarge extends ConvNeXt<ConvNeXtLarge> {
    public ConvNeXtLarge() {
        super(
                "convnext_large",
                new int[] {3, 3, 27, 3},
                192,
                "070c5ed9ed289581e477741d3b34beffa920db8cf590899d6d2c67fba2a198a6",
                "96f02b6f0753d4f543261bc9d09bed650f24dd6bc02ddde3066135b63d23a1cd");
    }
}
