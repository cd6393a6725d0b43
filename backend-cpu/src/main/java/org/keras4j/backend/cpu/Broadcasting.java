package org.keras4j.backend.cpu;

import java.util.Arrays;
import java.util.List;
import org.keras4j.Shape;
import org.keras4j.backend.View;

/**
 * How the tiles of a fused elementwise loop walk over its shape. Axes along which all inputs go on in the same way are
 * merged; the innermost that remains is the row. A tile is several whole rows, or a piece of one.
 */
final class Broadcasting {
    /** Elements of the result. */
    final int size;
    /** Elements of a row. */
    final int row;
    /** Rows in a tile, or 0 if a tile is a piece of a row. */
    final int rowsPerTile;
    /** Elements in a tile; the last one may be shorter. */
    final int tile;

    final int tiles;
    private final int tilesPerRow;
    private final int[] outer;
    /** {@code [input][axis]}: distances along the outer axes, then along the row. */
    private final int[][] strides;

    /** Plans tiles of at most {@code target} elements. */
    Broadcasting(Shape shape, List<View> in, int target) {
        int[] dims = shape.dims();
        var all = new int[in.size()][];
        for (int j = 0; j < all.length; j++) all[j] = strides(in.get(j).shape(), dims);
        var merged = new int[Math.max(1, dims.length)];
        var kept = new int[in.size()][Math.max(1, dims.length)];
        int rank = merge(dims, all, merged, kept);
        size = shape.size();
        row = merged[rank - 1];
        outer = Arrays.copyOf(merged, rank - 1);
        strides = kept;
        if (row <= target) {
            rowsPerTile = target / Math.max(1, row);
            tile = rowsPerTile * row;
            tilesPerRow = 1;
            tiles = size == 0 ? 0 : (size / row + rowsPerTile - 1) / rowsPerTile;
        } else {
            rowsPerTile = 0;
            tile = target;
            tilesPerRow = (row + tile - 1) / tile;
            tiles = size / row * tilesPerRow;
        }
    }

    private static int[] strides(Shape from, int[] dims) {
        var strides = new int[dims.length];
        int step = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = from.dim(axis) == 1 ? 0 : step;
            step *= from.dim(axis);
        }
        return strides;
    }

    /** Drops axes of size 1 and merges neighbours; returns how many axes are left, at least one. */
    private static int merge(int[] dims, int[][] all, int[] merged, int[][] kept) {
        int rank = 0;
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == 1) continue;
            boolean joins = rank > 0;
            for (int j = 0; joins && j < all.length; j++) joins = kept[j][rank - 1] == all[j][axis] * dims[axis];
            if (joins) merged[rank - 1] *= dims[axis];
            else merged[rank++] = dims[axis];
            for (int j = 0; j < all.length; j++) kept[j][rank - 1] = all[j][axis];
        }
        if (rank == 0) merged[rank++] = 1;
        return rank;
    }

    /** Returns the first element of tile {@code index}. */
    int start(int index) {
        return rowsPerTile > 0 ? index * tile : index / tilesPerRow * row + index % tilesPerRow * tile;
    }

    /** Returns the number of elements of tile {@code index}. */
    int length(int index) {
        if (rowsPerTile > 0) return Math.min(tile, size - index * tile);
        return Math.min(tile, row - index % tilesPerRow * tile);
    }

    /** Returns how many elements from {@code start} on one tile can take. */
    int longest(int start) {
        int column = start % row;
        return column == 0 && rowsPerTile > 0 ? tile : Math.min(tile, row - column);
    }

    /** Says whether input {@code j} lies just as the result does. */
    boolean isWhole(int j) {
        int step = 1;
        if (stride(j) != 1 && row != 1) return false;
        for (int axis = outer.length; axis >= 0; axis--) {
            int dim = axis == outer.length ? row : outer[axis];
            if (dim != 1 && strides[j][axis] != step) return false;
            step *= dim;
        }
        return true;
    }

    /** Says whether each tile sees the same elements of input {@code j}. */
    boolean isConstant(int j) {
        for (int axis = 0; axis < outer.length; axis++) if (strides[j][axis] != 0) return false;
        return rowsPerTile > 0 || stride(j) == 0;
    }

    /** Says whether input {@code j} is one number. */
    boolean isUniform(int j) {
        return isConstant(j) && stride(j) == 0;
    }

    /** Returns the distance of input {@code j} along a row: 0 or 1. */
    int stride(int j) {
        return strides[j][outer.length];
    }

    /** Returns where row {@code index} of the result begins in input {@code j}. */
    int rowOffset(int j, int index) {
        int offset = 0;
        for (int axis = outer.length - 1; axis >= 0; axis--) {
            offset += index % outer[axis] * strides[j][axis];
            index /= outer[axis];
        }
        return offset;
    }
}
