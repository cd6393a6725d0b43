package org.keras4j.applications;

/** ConvNeXt of 36 blocks, 128 to 1024 channels. */
public final class ConvNeXtBase extends ConvNeXt<ConvNeXtBase> {
    public ConvNeXtBase() {
        super(
                "convnext_base",
                new int[] {3, 3, 27, 3},
                128,
                "52cbb006d3dadd03f6e095a8ca1aca47aecdd75acb4bc74bce1f5c695d0086e6",
                "40a20c5548a5e9202f69735ecc06c990e6b7c9d2de39f0361e27baeb24cb7c45");
    }
}
