package org.keras4j.backend.cpu.kernels;

import java.util.Arrays;

/**
 * What one thread's fused elementwise loop works on: register r is the run of elements at {@code at[r]} of the array of
 * r's kind, which may be a tensor itself or a tile of scratch memory.
 */
public final class Registers {
    /** Elements of a tile: eight registers of 1024 floats fill a 32 KB L1. */
    public static final int TILE = 1024;

    public float[][] floats = new float[0][];
    public double[][] doubles = new double[0][];
    public int[][] ints = new int[0][];
    public long[][] longs = new long[0][];
    public int[] at = new int[0];

    private float[] floatTiles = new float[0];
    private double[] doubleTiles = new double[0];
    private int[] intTiles = new int[0];
    private long[] longTiles = new long[0];

    /** Makes room for {@code count} registers. */
    public void ensure(int count) {
        if (at.length >= count) return;
        floats = new float[count][];
        doubles = new double[count][];
        ints = new int[count][];
        longs = new long[count][];
        at = new int[count];
    }

    /** Lets go of all tensors. */
    public void clear() {
        Arrays.fill(floats, null);
        Arrays.fill(doubles, null);
        Arrays.fill(ints, null);
        Arrays.fill(longs, null);
    }

    /** Returns the array that holds at least {@code count} float tiles. */
    public float[] floatTiles(int count) {
        if (floatTiles.length < count * TILE) floatTiles = new float[count * TILE];
        return floatTiles;
    }

    /** Returns the array that holds at least {@code count} double tiles. */
    public double[] doubleTiles(int count) {
        if (doubleTiles.length < count * TILE) doubleTiles = new double[count * TILE];
        return doubleTiles;
    }

    /** Returns the array that holds at least {@code count} int tiles. */
    public int[] intTiles(int count) {
        if (intTiles.length < count * TILE) intTiles = new int[count * TILE];
        return intTiles;
    }

    /** Returns the array that holds at least {@code count} long tiles. */
    public long[] longTiles(int count) {
        if (longTiles.length < count * TILE) longTiles = new long[count * TILE];
        return longTiles;
    }
}
