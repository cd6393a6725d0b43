// Convolution of x[batch, space..., in] with kernel[space..., in / groups, out] and its gradients, one work-item per
// element of the result, for all element types and geometries. There are three spatial axes; fewer have leading ones.
//
// T is the element type, ROUND(v) the rounding of narrow types; FLOATING is defined for floats.

// How the windows of one axis lie. A result at o takes, under tap t, the source at
//     (o / div) * advance + (o % div + t * step + start) / div
// if the last division leaves no rest. Forward: div 1, advance stride, step dilation, start -low. For the gradient by
// the input, where results are elements of x: div stride, advance 1, step -dilation, start low.
#define AXIS(a)                                                                                                       \
    const int out##a, const int in##a, const int taps##a, const int step##a, const int start##a, const int div##a,    \
            const int advance##a
#define SOURCE(a, o, t) source(o, t, in##a, step##a, start##a, div##a, advance##a)

// Returns the source, or -1 where there is none.
INLINE int source(const int o, const int t, const int in, const int step, const int start, const int div, const int advance) {
    const int shift = o % div + t * step + start;
    if (shift % div != 0) return -1;
    const int i = o / div * advance + shift / div;
    return i < in ? i : -1;
}

#ifdef FLOATING
DEFINE_FINISH(finish_sum, T)
#else
#define finish_sum(v, how) (v)
#endif

// Forward, and the gradient by the input: y = activation(sum of x * w + bias). Each of the perGroup results of a group
// takes sums over inner channels of x; the weight is at tap * wTap + i * wInner + group * wGroup + result * wResult.
KERNEL GROUP_SIZE(64, 1, 1) void conv_direct(
        BUFFER(const FROM, x), BUFFER(const FROM, w), BUFFER(const FROM, bias), BUFFER(INTO, y), const int total,
        const int channels, const int inner, const int perGroup, const int wTap, const int wInner, const int wGroup,
        const int wResult, const int biased, const int activation, AXIS(0), AXIS(1), AXIS(2)) {
    OPEN(const FROM, x);
    OPEN(const FROM, w);
    OPEN(const FROM, bias);
    OPEN(INTO, y);
    const int at = (int) get_global_id(0);
    if (at >= total) return;
    const int c = at % channels;
    int o = at / channels;
    const int o2 = o % out2;
    o /= out2;
    const int o1 = o % out1;
    o /= out1;
    const int o0 = o % out0;
    const int n = o / out0;
    const int group = c / perGroup;
    const int xChannels = channels / perGroup * inner;
    GLOBAL const FROM* weights = w + group * wGroup + c % perGroup * wResult;
    T sum = 0;
    for (int t0 = 0; t0 < taps0; t0++) {
        const int i0 = SOURCE(0, o0, t0);
        if (i0 < 0) continue;
        for (int t1 = 0; t1 < taps1; t1++) {
            const int i1 = SOURCE(1, o1, t1);
            if (i1 < 0) continue;
            for (int t2 = 0; t2 < taps2; t2++) {
                const int i2 = SOURCE(2, o2, t2);
                if (i2 < 0) continue;
                GLOBAL const FROM* from = x + (((n * in0 + i0) * in1 + i1) * in2 + i2) * xChannels + group * inner;
                GLOBAL const FROM* tap = weights + ((t0 * taps1 + t1) * taps2 + t2) * wTap;
                T part = 0;
                for (int i = 0; i < inner; i++) part += VALUE(from[i]) * VALUE(tap[i * wInner]);
                sum += part;
            }
        }
    }
    if (biased) sum += VALUE(bias[c]);
    y[at] = KEEP(ROUND(finish_sum(sum, activation)));
}

// The gradient by the kernel: work-item (e, s) sums element e over rows (a row is all o2 of one n, o0, o1) from
// s * rowsEach on, into part s. With one part that is the result.
KERNEL GROUP_SIZE(64, 1, 1) void conv_kernel_gradient(
        BUFFER(const FROM, x), BUFFER(const FROM, dy), BUFFER(INTO, dw), const int total, const int rows, const int rowsEach,
        const int inner, const int channels, const int perGroup, AXIS(0), AXIS(1), AXIS(2)) {
    OPEN(const FROM, x);
    OPEN(const FROM, dy);
    OPEN(INTO, dw);
    const int at = (int) get_global_id(0);
    if (at >= total) return;
    const int part = (int) get_group_id(1);
    const int c = at % channels;
    int t = at / channels;
    const int i = t % inner;
    t /= inner;
    const int t2 = t % taps2;
    t /= taps2;
    const int t1 = t % taps1;
    const int t0 = t / taps1;
    const int xChannels = channels / perGroup * inner;
    GLOBAL const FROM* from = x + c / perGroup * inner + i;
    const int stop = min(rows, (part + 1) * rowsEach);
    T sum = 0;
    for (int row = part * rowsEach; row < stop; row++) {
        const int i1 = SOURCE(1, row % out1, t1);
        const int i0 = SOURCE(0, row / out1 % out0, t0);
        if (i0 < 0 || i1 < 0) continue;
        const int n = row / out1 / out0;
        GLOBAL const FROM* line = from + ((n * in0 + i0) * in1 + i1) * in2 * xChannels;
        GLOBAL const FROM* gradient = dy + row * out2 * channels + c;
        T rowSum = 0;
        for (int o2 = 0; o2 < out2; o2++) {
            const int i2 = SOURCE(2, o2, t2);
            if (i2 >= 0) rowSum += VALUE(line[i2 * xChannels]) * VALUE(gradient[o2 * channels]);
        }
        sum += rowSum;
    }
    if (get_num_groups(1) == 1) sum = ROUND(sum);
    dw[(long) part * total + at] = KEEP(sum);
}

// Adds up the parts of a result, in their order.
KERNEL GROUP_SIZE(64, 1, 1) void conv_add_parts(BUFFER(const FROM, parts), BUFFER(INTO, y), const int total, const int count) {
    OPEN(const FROM, parts);
    OPEN(INTO, y);
    const int at = (int) get_global_id(0);
    if (at >= total) return;
    T sum = 0;
    for (int part = 0; part < count; part++) sum += VALUE(parts[(long) part * total + at]);
    y[at] = KEEP(ROUND(sum));
}

// Lays weights out anew: to[tap][r][column] for `rows` r and `width` columns is
// from[tap * fTap + r * fRow + column % per * fColumn + column / per * fGroup], and 0 from `columns` on.
KERNEL GROUP_SIZE(64, 1, 1) void conv_lay_weights(
        BUFFER(const T, from), BUFFER(T, to), const int total, const int rows, const int width, const int columns,
        const int fTap, const int fRow, const int per, const int fColumn, const int fGroup) {
    OPEN(const T, from);
    OPEN(T, to);
    const int at = (int) get_global_id(0);
    if (at >= total) return;
    const int column = at % width;
    const int r = at / width % rows;
    const int tap = at / width / rows;
    to[at] = column < columns ? from[tap * fTap + r * fRow + column % per * fColumn + column / per * fGroup] : (T) 0;
}
