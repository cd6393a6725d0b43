package org.keras4j.applications;

/** MobileNetV3 for little power (table 2 of the paper). */
public final class MobileNetV3Small extends MobileNetV3<MobileNetV3Small> {
    private static final Block[] BLOCKS = {
        new Block(1, 16, 3, 2, true, false),
        new Block(72.0 / 16, 24, 3, 2, false, false),
        new Block(88.0 / 24, 24, 3, 1, false, false),
        new Block(4, 40, 5, 2, true, true),
        new Block(6, 40, 5, 1, true, true),
        new Block(6, 40, 5, 1, true, true),
        new Block(3, 48, 5, 1, true, true),
        new Block(3, 48, 5, 1, true, true),
        new Block(6, 96, 5, 2, true, true),
        new Block(6, 96, 5, 1, true, true),
        new Block(6, 96, 5, 1, true, true),
    };
    private static final Hashes HASHES = new Hashes(
            new String[] {"cb65d4e5be93758266aa0a7f2c6708b7", "ebdb5cc8e0b497cd13a7c275d475c819"},
            new String[] {"8768d4c2e7dee89b9d02b2d03d65d862", "d3e8ec802a04aa4fc771ee12a9a9b836"},
            new String[] {"99cd97fb2fcdad2bf028eb838de69e37", "cde8136e733e811080d9fcd8a252f7e4"});

    public MobileNetV3Small() {
        super("small", BLOCKS, 1024, HASHES);
    }
}
