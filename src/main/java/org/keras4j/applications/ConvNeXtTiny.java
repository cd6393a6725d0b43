package org.keras4j.applications;

/** ConvNeXt of 18 blocks, 96 to 768 channels. */
public final class ConvNeXtTiny extends ConvNeXt<ConvNeXtTiny> {
    public ConvNeXtTiny() {
        super(
                "convnext_tiny",
                new int[] {3, 3, 9, 3},
                96,
                "8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff",
                "d547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1");
    }
}
