package org.keras4j.op;

/**
 * How a convolution or pooling window moves over the spatial axes (1 to 3 of them): one number per axis each.
 *
 * @param strides steps between windows
 * @param dilations steps between the elements of a window
 * @param low rows of padding before the input, 0 or more
 * @param high rows of padding after the input, 0 or more
 * @param groups in how many groups the channels are split; 1 for pooling
 */
public record Window(Ints strides, Ints dilations, Ints low, Ints high, int groups) {
    public Window {
        int n = strides.size();
        if (n < 1 || n > 3 || dilations.size() != n || low.size() != n || high.size() != n || groups < 1)
            throw new IllegalArgumentException("Window needs 1 to 3 numbers in each part and groups >= 1, got "
                    + strides + dilations + low + high + groups);
    }

    /** Returns the number of spatial axes. */
    public int rank() {
        return strides.size();
    }

    /** Returns the number of windows of {@code size} along spatial axis {@code axis} of an input of {@code length}. */
    public int windows(int axis, int length, int size) {
        int reach = (size - 1) * dilations.get(axis) + 1;
        int room = length + low.get(axis) + high.get(axis) - reach;
        return room < 0 ? 0 : room / strides.get(axis) + 1;
    }
}
