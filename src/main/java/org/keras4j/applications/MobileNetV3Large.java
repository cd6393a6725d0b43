package org.keras4j.applications;

/** MobileNetV3 for more power (table 1 of the paper). */
public final class MobileNetV3Large extends MobileNetV3<MobileNetV3Large> {
    private static final Block[] BLOCKS = {
        new Block(1, 16, 3, 1, false, false),
        new Block(4, 24, 3, 2, false, false),
        new Block(3, 24, 3, 1, false, false),
        new Block(3, 40, 5, 2, true, false),
        new Block(3, 40, 5, 1, true, false),
        new Block(3, 40, 5, 1, true, false),
        new Block(6, 80, 3, 2, false, true),
        new Block(2.5, 80, 3, 1, false, true),
        new Block(2.3, 80, 3, 1, false, true),
        new Block(2.3, 80, 3, 1, false, true),
        new Block(6, 112, 3, 1, true, true),
        new Block(6, 112, 3, 1, true, true),
        new Block(6, 160, 5, 2, true, true),
        new Block(6, 160, 5, 1, true, true),
        new Block(6, 160, 5, 1, true, true),
    };
    private static final Hashes HASHES = new Hashes(
            new String[] {"765b44a33ad4005b3ac83185abf1d0eb", "40af19a13ebea4e2ee0c676887f69a2e"},
            new String[] {"59e551e166be033d707958cf9e29a6a7", "07fb09a5933dd0c8eaafa16978110389"},
            new String[] {"675e7b876c45c57e9e63e6d90a36599c", "ec5221f64a2f6d1ef965a614bdae7973"});

    public MobileNetV3Large() {
        super("large", BLOCKS, 1280, HASHES);
    }
}
