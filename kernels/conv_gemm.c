// Convolution of floats for GPUs as matrix products whose left matrix is never made: a group of 256 work-items makes a
// tile of TM x TN results, TK steps at a time; while it multiplies what lies in local memory, the next steps are on
// their way into registers. A work-item has 8 x 4 results.
//
// T, ROUND: see conv.c, as for AXIS. Narrow types round at the end.
#define AXIS(a)                                                                                                       \
    const int out##a, const int in##a, const int taps##a, const int step##a, const int start##a, const int div##a,    \
            const int advance##a
#define ITEMS 256
#define TM 128
#define TN 64
#define TK 16
#define A_ROW (TM + 4)
#define B_ROW (TN + 4)
#define A_EACH (TM * TK / ITEMS)
#define B_EACH (TN * TK / ITEMS)

// the products of one tile in local memory, for the item's rows row + {0..3}, row + 64 + {0..3} and columns column + {0..3}
#define MULTIPLY(a, b)                                                                   \
    UNROLL_BY(UNROLLED) for (int l = 0; l < TK; l++) {                                                \
        T left[8], right[4];                                                             \
        UNROLL for (int r = 0; r < 8; r++) left[r] = a[l * A_ROW + row + r / 4 * 64 + r % 4]; \
        UNROLL for (int q = 0; q < 4; q++) right[q] = b[l * B_ROW + column + q];         \
        UNROLL for (int r = 0; r < 8; r++) {                                             \
            UNROLL for (int q = 0; q < 4; q++) sum[r][q] = mad(left[r], right[q], sum[r][q]); \
        }                                                                                \
    }

// Forward, and with BACKWARD the gradient by the input: rows are results of a phase (o % div of each axis, which says
// which taps have a source at all), columns the channels of a group, steps tap * inner + i. Weights as in conv_direct.
// group (rows, columns, phase * groups + group)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void conv_gemm(
        BUFFER(const FROM, x), BUFFER(const FROM, w), BUFFER(const FROM, bias), BUFFER(INTO, y), const int batch, const int channels,
        const int inner, const int columns, const int yChannels, const int groups, const int wTap, const int wInner,
        const int wGroup, const int wResult, const int biased, const int activation, AXIS(0), AXIS(1), AXIS(2)) {
    LOCAL T a[2][TK * A_ROW];
    LOCAL T b[2][TK * B_ROW];
    OPEN(const FROM, x);
    OPEN(const FROM, w);
    OPEN(const FROM, bias);
    OPEN(INTO, y);
    const int group = (int) get_group_id(2) % groups;
    const int phase = (int) get_group_id(2) / groups;
    const int f2 = phase % div2;
    const int f1 = phase / div2 % div1;
    const int f0 = phase / div2 / div1;
    const int count2 = (out2 - f2 + div2 - 1) / div2;
    const int count1 = (out1 - f1 + div1 - 1) / div1;
    const int count0 = (out0 - f0 + div0 - 1) / div0;
    const int total = batch * count0 * count1 * count2;
    if (total == 0) return; // strides beyond the size of an axis leave phases without results
    const int first = (int) get_group_id(0) * TM;
    const int firstColumn = (int) get_group_id(1) * TN;
    const int depth = taps0 * taps1 * taps2 * inner;
    const int id = (int) get_local_id(0);
    const int lane = id % TK; // the step that this item loads of each tile
    x += group * inner;
    w += group * wGroup;

    int image[A_EACH], k0[A_EACH], k1[A_EACH], k2[A_EACH];
    UNROLL for (int e = 0; e < A_EACH; e++) {
        const int q = first + id / TK + e * (ITEMS / TK);
        k2[e] = q % count2 * advance2;
        k1[e] = q / count2 % count1 * advance1;
        k0[e] = q < total ? q / count2 / count1 % count0 * advance0 : -(1 << 30);
        image[e] = q / count2 / count1 / count0 * in0;
    }
    T sum[8][4];
    UNROLL for (int r = 0; r < 8; r++) {
        UNROLL for (int q = 0; q < 4; q++) sum[r][q] = 0;
    }
    const int row = id / 16 * 4;
    const int column = id % 16 * 4;
    int now = 0;
    int pending = 0; // whether local memory has a tile that is not multiplied yet
    for (int l0 = 0; l0 < depth + TK; l0 += TK) { // the last round only multiplies
        // a tile of one tap that has no sources in this phase is passed over; all items see that alike
        const int tapNow = l0 / inner;
        if (l0 < depth && tapNow == (l0 + TK - 1) / inner
            && ((f2 + tapNow % taps2 * step2 + start2) % div2 != 0
                || (f1 + tapNow / taps2 % taps1 * step1 + start1) % div1 != 0
                || (f0 + tapNow / taps2 / taps1 * step0 + start0) % div0 != 0))
            continue;
        T nextA[A_EACH], nextB[B_EACH];
        const int l = l0 + lane;
        const int tap = l / inner;
        const int i = l % inner;
        const int s2 = f2 + tap % taps2 * step2 + start2;
        const int s1 = f1 + tap / taps2 % taps1 * step1 + start1;
        const int s0 = f0 + tap / taps2 / taps1 * step0 + start0;
        const int exists = l < depth && s0 % div0 == 0 && s1 % div1 == 0 && s2 % div2 == 0;
        UNROLL for (int e = 0; e < A_EACH; e++) {
            const int i0 = k0[e] + s0 / div0;
            const int i1 = k1[e] + s1 / div1;
            const int i2 = k2[e] + s2 / div2;
            nextA[e] = 0;
            if (exists && (uint) i0 < (uint) in0 && (uint) i1 < (uint) in1 && (uint) i2 < (uint) in2)
                nextA[e] = VALUE(x[(((image[e] + i0) * in1 + i1) * in2 + i2) * channels + i]);
        }
        UNROLL for (int e = 0; e < B_EACH; e++) {
            nextB[e] = 0;
#ifdef BACKWARD
            const int c = firstColumn + id / TK + e * (ITEMS / TK);
            if (exists && c < columns) nextB[e] = VALUE(w[tap * wTap + i * wInner + c * wResult]);
#else
            const int c = firstColumn + id % TN;
            const int m = l0 + id / TN + e * (ITEMS / TN);
            if (m < depth && c < columns) nextB[e] = VALUE(w[m * wInner + c]); // wTap is inner * wInner, wResult is 1
#endif
        }
        if (pending) { MULTIPLY(a[now], b[now]) }
        now = 1 - now;
        UNROLL for (int e = 0; e < A_EACH; e++) a[now][lane * A_ROW + id / TK + e * (ITEMS / TK)] = nextA[e];
        UNROLL for (int e = 0; e < B_EACH; e++) {
#ifdef BACKWARD
            b[now][lane * B_ROW + id / TK + e * (ITEMS / TK)] = nextB[e];
#else
            b[now][(id / TN + e * (ITEMS / TN)) * B_ROW + id % TN] = nextB[e];
#endif
        }
        pending = 1;
        BARRIER();
    }
    for (int r = 0; r < 8; r++) {
        const int q = first + row + r / 4 * 64 + r % 4;
        if (q >= total) continue;
        const int o2 = q % count2 * div2 + f2;
        const int o1 = q / count2 % count1 * div1 + f1;
        const int o0 = q / count2 / count1 % count0 * div0 + f0;
        const int n = q / count2 / count1 / count0;
        GLOBAL INTO* to = y + (long) (((n * out0 + o0) * out1 + o1) * out2 + o2) * yChannels + group * columns;
        for (int p = 0; p < 4; p++) {
            const int c = firstColumn + column + p;
            if (c < columns) {
                T value = sum[r][p];
                if (biased) value += VALUE(bias[group * columns + c]);
                to[c] = KEEP(ROUND(finish(value, activation)));
            }
        }
    }
}

// The gradient by the kernel: rows are tap * inner + i, columns the channels of a group, steps the pixels of dy from
// part * pixelsEach on. group (rows, columns, part * groups + group)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void conv_gemm_kernel_gradient(
        BUFFER(const FROM, x), BUFFER(const FROM, dy), BUFFER(INTO, parts), const int pixels, const int pixelsEach,
        const int channels, const int inner, const int columns, const int yChannels, const int groups, const int size,
        const int isWhole, AXIS(0), AXIS(1), AXIS(2)) {
    LOCAL T a[2][TK * A_ROW];
    LOCAL T b[2][TK * B_ROW];
    LOCAL int place[2][TK][4]; // of a step's pixel: n * in0 and the window's first source on each axis
    OPEN(const FROM, x);
    OPEN(const FROM, dy);
    OPEN(INTO, parts);
    const int group = (int) get_group_id(2) % groups;
    const int part = (int) get_group_id(2) / groups;
    const int height = taps0 * taps1 * taps2 * inner;
    const int first = (int) get_group_id(0) * TM;
    const int firstColumn = (int) get_group_id(1) * TN;
    const int begin = part * pixelsEach;
    const int stop = min(pixels, begin + pixelsEach);
    const int id = (int) get_local_id(0);
    // the row that this item loads of each tile
    const int m = first + id % TM;
    const int tap = m / inner;
    const int s2 = tap % taps2 * step2 + start2;
    const int s1 = tap / taps2 % taps1 * step1 + start1;
    const int s0 = tap / taps2 / taps1 * step0 + start0;
    x += group * inner + m % inner;
    dy += group * columns;

    T sum[8][4];
    UNROLL for (int r = 0; r < 8; r++) {
        UNROLL for (int q = 0; q < 4; q++) sum[r][q] = 0;
    }
    const int row = id / 16 * 4;
    const int column = id % 16 * 4;
    int now = 0;
    for (int l0 = begin - TK; l0 < stop; l0 += TK) { // the first round only prepares the places of the first tile
        const int next = l0 + TK;
        if (id < TK) {
            const int q = next + id;
            place[1 - now][id][0] = q < stop ? q / out2 / out1 / out0 * in0 : -1;
            place[1 - now][id][1] = q / out2 / out1 % out0 * advance0;
            place[1 - now][id][2] = q / out2 % out1 * advance1;
            place[1 - now][id][3] = q % out2 * advance2;
        }
        BARRIER();
        T nextA[A_EACH], nextB[B_EACH];
        UNROLL for (int e = 0; e < A_EACH; e++) {
            const int l = id / TM + e * (ITEMS / TM);
            const int image = place[1 - now][l][0];
            const int i0 = place[1 - now][l][1] + s0;
            const int i1 = place[1 - now][l][2] + s1;
            const int i2 = place[1 - now][l][3] + s2;
            nextA[e] = 0;
            if (m < height && image >= 0 && (uint) i0 < (uint) in0 && (uint) i1 < (uint) in1 && (uint) i2 < (uint) in2)
                nextA[e] = VALUE(x[(((image + i0) * in1 + i1) * in2 + i2) * channels]);
        }
        UNROLL for (int e = 0; e < B_EACH; e++) {
            const int q = next + id / TN + e * (ITEMS / TN);
            const int c = firstColumn + id % TN;
            nextB[e] = q < stop && c < columns ? VALUE(dy[q * yChannels + c]) : (T) 0;
        }
        if (l0 >= begin) { MULTIPLY(a[now], b[now]) }
        now = 1 - now;
        UNROLL for (int e = 0; e < A_EACH; e++) a[now][(id / TM + e * (ITEMS / TM)) * A_ROW + id % TM] = nextA[e];
        UNROLL for (int e = 0; e < B_EACH; e++) b[now][(id / TN + e * (ITEMS / TN)) * B_ROW + id % TN] = nextB[e];
        BARRIER();
    }

    GLOBAL INTO* to = parts + (long) part * size + group * columns;
    for (int r = 0; r < 8; r++) {
        const int at = first + row + r / 4 * 64 + r % 4;
        if (at >= height) continue;
        for (int p = 0; p < 4; p++) {
            const int c = firstColumn + column + p;
            if (c < columns) to[(long) at * yChannels + c] = KEEP(isWhole ? ROUND(sum[r][p]) : sum[r][p]);
        }
    }
}
