// Convolution of each channel by itself, in float32 for CPUs: x[batch, space..., channels] with kernel[tap, channels],
// sixteen channels at a time. AXIS, SOURCE: see conv.c; with the walk of the input gradient this makes that one as well.
#define AXIS(a)                                                                                                       \
    const int out##a, const int in##a, const int taps##a, const int step##a, const int start##a, const int div##a,    \
            const int advance##a
#define SOURCE(a, o, t) source(o, t, in##a, step##a, start##a, div##a, advance##a)

INLINE int source(const int o, const int t, const int in, const int step, const int start, const int div, const int advance) {
    const int shift = o % div + t * step + start;
    if (shift % div != 0) return -1;
    const int i = o / div * advance + shift / div;
    return i < in ? i : -1;
}

// y = activation(sum of x * w + bias); a group makes rows (all o2 of one n, o0, o1) from group * rowsEach on. The channels
// are 16 at least; the last sixteen begin earlier if they would not be full, and then the item makes some twice.
KERNEL GROUP_SIZE(1, 1, 1) void depthwise(
        BUFFER(const float, x), BUFFER(const float, w), BUFFER(const float, bias), BUFFER(float, y), const int rows,
        const int rowsEach, const int channels, const int biased, const int activation, AXIS(0), AXIS(1), AXIS(2)) {
    OPEN(const float, x);
    OPEN(const float, w);
    OPEN(const float, bias);
    OPEN_ALONE(float, y);
    const int begin = (int) get_group_id(0) * rowsEach;
    const int stop = min(rows, begin + rowsEach);
    for (int row = begin; row < stop; row++) {
        const int o1 = row % out1;
        const int o0 = row / out1 % out0;
        const int n = row / out1 / out0;
        GLOBAL float* to = y + row * out2 * channels;
        for (int o2 = 0; o2 < out2; o2++, to += channels) {
            for (int from = 0; from < channels; from += 16) {
                const int c = min(from, channels - 16);
                float16 sum = biased ? load16(bias + c) : splat16(0.0f);
                for (int t0 = 0; t0 < taps0; t0++) {
                    const int i0 = SOURCE(0, o0, t0);
                    if (i0 < 0) continue;
                    for (int t1 = 0; t1 < taps1; t1++) {
                        const int i1 = SOURCE(1, o1, t1);
                        if (i1 < 0) continue;
                        for (int t2 = 0; t2 < taps2; t2++) {
                            const int i2 = SOURCE(2, o2, t2);
                            if (i2 < 0) continue;
                            const int tap = (t0 * taps1 + t1) * taps2 + t2;
                            const int pixel = ((n * in0 + i0) * in1 + i1) * in2 + i2;
                            sum = fma16(load16(x + pixel * channels + c), load16(w + tap * channels + c), sum);
                        }
                    }
                }
                store16(to + c, sum);
            }
            if (activation != 0)
                for (int c = 0; c < channels; c++) to[c] = finish(to[c], activation);
        }
    }
}

// The gradient by the kernel: group (tap, part) sums rows of dy from part * rowsEach on into part `part`.
KERNEL GROUP_SIZE(1, 1, 1) void depthwise_kernel_gradient(
        BUFFER(const float, x), BUFFER(const float, dy), BUFFER(float, parts), const int rows, const int rowsEach,
        const int channels, AXIS(0), AXIS(1), AXIS(2)) {
    OPEN(const float, x);
    OPEN(const float, dy);
    OPEN_ALONE(float, parts);
    const int tap = (int) get_group_id(0);
    const int t2 = tap % taps2;
    const int t1 = tap / taps2 % taps1;
    const int t0 = tap / taps2 / taps1;
    const int part = (int) get_group_id(1);
    const int begin = part * rowsEach;
    const int stop = min(rows, begin + rowsEach);
    const int s2 = t2 * step2 + start2;
    // o2 * advance2 + s2 is inside for o2 from first to last
    const int first = s2 >= 0 ? 0 : (advance2 - 1 - s2) / advance2;
    const int last = in2 - 1 - s2 < 0 ? -1 : min(out2 - 1, (in2 - 1 - s2) / advance2);
    GLOBAL float* to = parts + (long) part * taps0 * taps1 * taps2 * channels + tap * channels;
    for (int block = 0; block < channels; block += 16) {
        const int c = min(block, channels - 16);
        float16 sum[4];
        UNROLL for (int u = 0; u < 4; u++) sum[u] = splat16(0.0f);
        for (int row = begin; row < stop; row++) {
            const int i1 = SOURCE(1, row % out1, t1);
            const int i0 = SOURCE(0, row / out1 % out0, t0);
            if (i0 < 0 || i1 < 0) continue;
            GLOBAL const float* from = x + ((row / out1 / out0 * in0 + i0) * in1 + i1) * in2 * channels + c;
            GLOBAL const float* gradient = dy + row * out2 * channels + c;
            int o2 = first;
            for (; o2 + 3 <= last; o2 += 4) {
                UNROLL for (int u = 0; u < 4; u++) {
                    const float16 value = load16(from + ((o2 + u) * advance2 + s2) * channels);
                    sum[u] = fma16(value, load16(gradient + (o2 + u) * channels), sum[u]);
                }
            }
            for (; o2 <= last; o2++)
                sum[0] = fma16(
                        load16(from + (o2 * advance2 + s2) * channels), load16(gradient + o2 * channels), sum[0]);
        }
        const float16 one = splat16(1.0f);
        store16(to + c, fma16(one, fma16(one, sum[0], sum[1]), fma16(one, sum[2], sum[3])));
    }
}
