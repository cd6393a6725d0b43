package org.keras4j.backend.device;

/** How many groups a kernel runs in, and how many work-items a group has, along three axes. */
public record Grid(int groupsX, int groupsY, int groupsZ, int sizeX, int sizeY, int sizeZ) {
    public Grid {
        if (groupsX < 1 || groupsY < 1 || groupsZ < 1 || sizeX < 1 || sizeY < 1 || sizeZ < 1)
            throw new IllegalArgumentException("A grid has at least one group of one item, got " + groupsX + "x"
                    + groupsY + "x" + groupsZ + " groups of " + sizeX + "x" + sizeY + "x" + sizeZ);
        if (groupsY > 65_535 || groupsZ > 65_535)
            throw new IllegalArgumentException(
                    "A grid has at most 65535 groups along y and z (CUDA), got " + groupsY + " and " + groupsZ);
    }

    /** Returns {@code groups} groups of {@code size} items along one axis. */
    public static Grid of(int groups, int size) {
        return new Grid(groups, 1, 1, size, 1, 1);
    }

    /** Returns a grid of groups of {@code size} items that has at least {@code items} items, and one group at least. */
    public static Grid covering(long items, int size) {
        return of(Math.toIntExact(Math.max(1, (items + size - 1) / size)), size);
    }
}
