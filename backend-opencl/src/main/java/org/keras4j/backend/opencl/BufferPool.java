package org.keras4j.backend.opencl;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that were freed and wait to be used again, by size. Sizes are rounded up to one of eight steps between powers
 * of two, so that at most an eighth is wasted. One in-order queue makes reuse safe: what the last owner had queued is
 * done before what the next one queues.
 */
final class BufferPool {
    private static final int SMALLEST = 256;

    private long mostBytes;
    private final TreeMap<Long, ArrayDeque<OpenClBuffer.Block>> free = new TreeMap<>();
    private long bytes;

    /** Makes a pool that keeps at most {@code mostBytes}. */
    BufferPool(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Returns the size of the block to make for {@code bytes}. */
    static long rounded(long bytes) {
        if (bytes <= SMALLEST) return SMALLEST;
        long step = Math.max(SMALLEST, Long.highestOneBit(bytes - 1) >> 3);
        return (bytes + step - 1) / step * step;
    }

    /** Takes a block of exactly this size; null if there is none. */
    synchronized OpenClBuffer.@Nullable Block take(long size) {
        ArrayDeque<OpenClBuffer.Block> same = free.get(size);
        OpenClBuffer.Block taken = same == null ? null : same.pollLast();
        if (taken != null) bytes -= taken.bytes();
        return taken;
    }

    /** Keeps a block; false if there is no room for it. */
    synchronized boolean keep(OpenClBuffer.Block block) {
        if (bytes + block.bytes() > mostBytes) return false;
        free.computeIfAbsent(block.bytes(), size -> new ArrayDeque<>()).addLast(block);
        bytes += block.bytes();
        return true;
    }

    /** Takes any block, the largest first; null when none is left. */
    synchronized OpenClBuffer.@Nullable Block drain() {
        while (!free.isEmpty()) {
            Map.Entry<Long, ArrayDeque<OpenClBuffer.Block>> largest = free.lastEntry();
            OpenClBuffer.Block taken = largest.getValue().pollLast();
            if (taken != null) {
                bytes -= taken.bytes();
                return taken;
            }
            free.remove(largest.getKey());
        }
        return null;
    }

    /** Keeps nothing from now on. */
    synchronized void close() {
        mostBytes = 0;
    }

    synchronized long bytes() {
        return bytes;
    }
}
