// Pooling of x[batch, space..., channels] over windows, and its gradients, one work-item per element of the result.
// There are three spatial axes; fewer have leading ones.
//
// T is the element type, ROUND(v) the rounding of narrow types, LOWEST what no element is below; FLOATING is defined
// for floats.

#define AXIS(a) const int out##a, const int in##a, const int size##a, const int stride##a, const int step##a, const int low##a

// Says whether a comes before b as the greatest; the first NaN comes before all.
INLINE int is_greater(const T a, const T b) {
#ifdef FLOATING
    return a > b || (a != a && b == b);
#else
    return a > b;
#endif
}

// The greatest element of each window. `places` takes where it stands in its image, counted in pixels, if `placed`;
// -1 where a window has nothing but padding.
KERNEL GROUP_SIZE(64, 1, 1) void pool_max(
        BUFFER(const FROM, x), BUFFER(INTO, y), BUFFER(int, places), const int total, const int channels, const int placed,
        AXIS(0), AXIS(1), AXIS(2)) {
    OPEN(const FROM, x);
    OPEN(INTO, y);
    OPEN(int, places);
    const int at = (int) get_global_id(0);
    if (at >= total) return;
    const int c = at % channels;
    int o = at / channels;
    const int from2 = o % out2 * stride2 - low2;
    o /= out2;
    const int from1 = o % out1 * stride1 - low1;
    o /= out1;
    const int from0 = o % out0 * stride0 - low0;
    GLOBAL const FROM* image = x + o / out0 * in0 * in1 * in2 * channels + c;
    T best = LOWEST;
    int place = -1;
    for (int t0 = 0; t0 < size0; t0++) {
        const int i0 = from0 + t0 * step0;
        if (i0 < 0 || i0 >= in0) continue;
        for (int t1 = 0; t1 < size1; t1++) {
            const int i1 = from1 + t1 * step1;
            if (i1 < 0 || i1 >= in1) continue;
            for (int t2 = 0; t2 < size2; t2++) {
                const int i2 = from2 + t2 * step2;
                if (i2 < 0 || i2 >= in2) continue;
                const int pixel = (i0 * in1 + i1) * in2 + i2;
                const T value = VALUE(image[pixel * channels]);
                if (place < 0 || is_greater(value, best)) {
                    best = value;
                    place = pixel;
                }
            }
        }
    }
    if (placed) places[at] = place;
    else y[at] = KEEP(best);
}

// The sum of each window; rows are added up by themselves, which keeps the error of large windows small.
KERNEL GROUP_SIZE(64, 1, 1) void pool_sum(
        BUFFER(const FROM, x), BUFFER(INTO, y), const int total, const int channels, AXIS(0), AXIS(1), AXIS(2)) {
    OPEN(const FROM, x);
    OPEN(INTO, y);
    const int at = (int) get_global_id(0);
    if (at >= total) return;
    const int c = at % channels;
    int o = at / channels;
    const int from2 = o % out2 * stride2 - low2;
    o /= out2;
    const int from1 = o % out1 * stride1 - low1;
    o /= out1;
    const int from0 = o % out0 * stride0 - low0;
    GLOBAL const FROM* image = x + o / out0 * in0 * in1 * in2 * channels + c;
    T sum = 0;
    for (int t0 = 0; t0 < size0; t0++) {
        const int i0 = from0 + t0 * step0;
        if (i0 < 0 || i0 >= in0) continue;
        for (int t1 = 0; t1 < size1; t1++) {
            const int i1 = from1 + t1 * step1;
            if (i1 < 0 || i1 >= in1) continue;
            GLOBAL const FROM* row = image + (i0 * in1 + i1) * in2 * channels;
            T part = 0;
            for (int t2 = 0; t2 < size2; t2++) {
                const int i2 = from2 + t2 * step2;
                if (i2 >= 0 && i2 < in2) part += VALUE(row[i2 * channels]);
            }
            sum += part;
        }
    }
    y[at] = KEEP(ROUND(sum));
}

// The first and the last window that reach over element i, which is under a tap if their distance is a multiple of step.
INLINE int first_window(const int i, const int size, const int stride, const int step, const int low) {
    const int before = i + low - (size - 1) * step;
    return before <= 0 ? 0 : (before + stride - 1) / stride;
}
INLINE int last_window(const int i, const int out, const int stride, const int low) {
    return min(out - 1, (i + low) / stride);
}
#define IS_TAP(distance, step) ((step) == 1 || (distance) % (step) == 0)

// The gradient by x: each element adds up the gradients of the windows that it is in; if `placed`, of those that name
// it in `places` (from pool_max).
KERNEL GROUP_SIZE(64, 1, 1) void pool_gradient(
        BUFFER(const int, places), BUFFER(const FROM, dy), BUFFER(INTO, dx), const int total, const int channels,
        const int placed, AXIS(0), AXIS(1), AXIS(2)) {
    OPEN(const int, places);
    OPEN(const FROM, dy);
    OPEN(INTO, dx);
    const int at = (int) get_global_id(0);
    if (at >= total) return;
    const int c = at % channels;
    int i = at / channels;
    const int pixel = i % (in0 * in1 * in2);
    const int i2 = i % in2;
    i /= in2;
    const int i1 = i % in1;
    i /= in1;
    const int i0 = i % in0;
    const int image = i / in0 * out0 * out1 * out2 * channels + c;
    const int last0 = last_window(i0, out0, stride0, low0);
    const int last1 = last_window(i1, out1, stride1, low1);
    const int last2 = last_window(i2, out2, stride2, low2);
    T sum = 0;
    for (int o0 = first_window(i0, size0, stride0, step0, low0); o0 <= last0; o0++) {
        if (!IS_TAP(i0 + low0 - o0 * stride0, step0)) continue;
        for (int o1 = first_window(i1, size1, stride1, step1, low1); o1 <= last1; o1++) {
            if (!IS_TAP(i1 + low1 - o1 * stride1, step1)) continue;
            for (int o2 = first_window(i2, size2, stride2, step2, low2); o2 <= last2; o2++) {
                if (!IS_TAP(i2 + low2 - o2 * stride2, step2)) continue;
                const int from = image + ((o0 * out1 + o1) * out2 + o2) * channels;
                if (!placed || places[from] == pixel) sum += VALUE(dy[from]);
            }
        }
    }
    dx[at] = KEEP(ROUND(sum));
}

// For CPUs, whose compilers make vectors of the loops over channels.

// The greatest element of each window, one work-item per row of results.
KERNEL GROUP_SIZE(1, 1, 1) void pool_max_rows(
        BUFFER(const T, x), BUFFER(T, y), const int channels, AXIS(0), AXIS(1), AXIS(2)) {
    OPEN(const T, x);
    OPEN(T, y);
    const long row = get_group_id(0);
    const int from1 = (int) (row % out1) * stride1 - low1;
    const int from0 = (int) (row / out1 % out0) * stride0 - low0;
    GLOBAL const T* image = x + row / out1 / out0 * in0 * in1 * in2 * channels;
    for (int o2 = 0; o2 < out2; o2++) {
        GLOBAL T* RESTRICT to = y + (row * out2 + o2) * channels;
        for (int c = 0; c < channels; c++) to[c] = LOWEST;
        for (int t0 = 0; t0 < size0; t0++) {
            const int i0 = from0 + t0 * step0;
            if (i0 < 0 || i0 >= in0) continue;
            for (int t1 = 0; t1 < size1; t1++) {
                const int i1 = from1 + t1 * step1;
                if (i1 < 0 || i1 >= in1) continue;
                for (int t2 = 0; t2 < size2; t2++) {
                    const int i2 = o2 * stride2 - low2 + t2 * step2;
                    if (i2 < 0 || i2 >= in2) continue;
                    GLOBAL const T* RESTRICT from = image + ((long) (i0 * in1 + i1) * in2 + i2) * channels;
                    for (int c = 0; c < channels; c++) to[c] = is_greater(from[c], to[c]) ? from[c] : to[c];
                }
            }
        }
    }
}

#ifdef FLOATING
#define CHANNELS_AT_ONCE 64

// The gradient of the greatest element, one work-item per image: it goes through the windows and adds to dx.
KERNEL GROUP_SIZE(1, 1, 1) void pool_max_gradient_images(
        BUFFER(const T, x), BUFFER(const T, dy), BUFFER(T, dx), const int channels, AXIS(0), AXIS(1), AXIS(2)) {
    OPEN(const T, x);
    OPEN(const T, dy);
    OPEN(T, dx);
    const long elements = (long) in0 * in1 * in2 * channels;
    const long windows = (long) out0 * out1 * out2;
    GLOBAL const T* image = x + get_group_id(0) * elements;
    GLOBAL T* to = dx + get_group_id(0) * elements;
    for (long i = 0; i < elements; i++) to[i] = 0;
    for (long w = 0; w < windows; w++) {
        GLOBAL const T* RESTRICT gradient = dy + (get_group_id(0) * windows + w) * channels;
        const int from2 = (int) (w % out2) * stride2 - low2;
        const int from1 = (int) (w / out2 % out1) * stride1 - low1;
        const int from0 = (int) (w / out2 / out1) * stride0 - low0;
        for (int first = 0; first < channels; first += CHANNELS_AT_ONCE) {
            const int count = min(CHANNELS_AT_ONCE, channels - first);
            T best[CHANNELS_AT_ONCE];
            int place[CHANNELS_AT_ONCE];
            for (int c = 0; c < count; c++) {
                best[c] = LOWEST;
                place[c] = -1;
            }
            for (int write = 0; write < 2; write++) {
                for (int t0 = 0; t0 < size0; t0++) {
                    const int i0 = from0 + t0 * step0;
                    if (i0 < 0 || i0 >= in0) continue;
                    for (int t1 = 0; t1 < size1; t1++) {
                        const int i1 = from1 + t1 * step1;
                        if (i1 < 0 || i1 >= in1) continue;
                        for (int t2 = 0; t2 < size2; t2++) {
                            const int i2 = from2 + t2 * step2;
                            if (i2 < 0 || i2 >= in2) continue;
                            const int pixel = (i0 * in1 + i1) * in2 + i2;
                            const long at = (long) pixel * channels + first;
                            if (write) {
                                GLOBAL T* RESTRICT sums = to + at;
                                for (int c = 0; c < count; c++) sums[c] += place[c] == pixel ? gradient[first + c] : (T) 0;
                            } else {
                                GLOBAL const T* RESTRICT values = image + at;
                                for (int c = 0; c < count; c++) {
                                    const int takes = place[c] < 0 || is_greater(values[c], best[c]);
                                    best[c] = takes ? values[c] : best[c];
                                    place[c] = takes ? pixel : place[c];
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    for (long i = 0; i < elements; i++) to[i] = ROUND(to[i]);
}
#endif
