// Convolution in float32 for CPUs: one work-item makes tiles of PIXELS results (or ROWS weights) by VECTORS x 16 channels
// in registers.
// Weights are read as they lie, [tap][inner][channel], and each value of x is spread over a vector of channels.
//
// AXIS: see conv.c. Results are counted by phase (o % div of each axis, which says which taps have a source at all) and
// within a phase by q = o / div.
#define AXIS(a)                                                                                                       \
    const int out##a, const int in##a, const int taps##a, const int step##a, const int start##a, const int div##a,    \
            const int advance##a
#define COLUMNS (16 * VECTORS)

// Stores lanes from to 15; `count` of them at most.
INLINE void store_lanes(GLOBAL float* to, const float16 v, const int from, const int count) {
    for (int lane = from < 0 ? 0 : from; lane < 16 && lane < count; lane++) to[lane] = lane16(v, lane);
}

// y = activation(sum of x * w + bias); group (block, panel, phase * groups + group). x has `channels` of which a group
// takes `inner`; a group has `columns` results, whose weights lie wRow apart. Where x has no source, `zeros` is read.
KERNEL GROUP_SIZE(1, 1, 1) void conv_tiles(
        BUFFER(const float, x), BUFFER(const float, w), BUFFER(const float, bias), BUFFER(const float, zeros),
        BUFFER(float, y), const int batch, const int channels, const int inner, const int wRow, const int columns,
        const int yChannels, const int groups, const int tilesEach, const int biased, const int activation, AXIS(0),
        AXIS(1), AXIS(2)) {
    OPEN(const float, x);
    OPEN(const float, w);
    OPEN(const float, bias);
    OPEN(const float, zeros);
    OPEN_ALONE(float, y);
    const int group = (int) get_group_id(2) % groups;
    const int phase = (int) get_group_id(2) / groups;
    const int f2 = phase % div2;
    const int f1 = phase / div2 % div1;
    const int f0 = phase / div2 / div1;
    const int count2 = (out2 - f2 + div2 - 1) / div2;
    const int count1 = (out1 - f1 + div1 - 1) / div1;
    const int count0 = (out0 - f0 + div0 - 1) / div0;
    const int total = batch * count0 * count1 * count2;
    // the last panel begins earlier if it would not be full, and stores only what is new
    const int begin = (int) get_group_id(1) * COLUMNS;
    const int column = max(0, min(begin, columns - COLUMNS));
    x += group * inner;
    w += group * columns + column;

    for (int tile = 0; tile < tilesEach; tile++) {
        const int first = ((int) get_group_id(0) * tilesEach + tile) * PIXELS;
        if (first >= total) return;
        int image[PIXELS], k0[PIXELS], k1[PIXELS], k2[PIXELS], to[PIXELS];
        int q2 = first % count2, q1 = first / count2 % count1, q0 = first / count2 / count1 % count0;
        int n = first / count2 / count1 / count0;
        UNROLL for (int p = 0; p < PIXELS; p++) {
            const int exists = first + p < total;
            to[p] = exists ? (((n * out0 + q0 * div0 + f0) * out1 + q1 * div1 + f1) * out2 + q2 * div2 + f2) : -1;
            image[p] = n * in0;
            k0[p] = exists ? q0 * advance0 : -(1 << 30);
            k1[p] = q1 * advance1;
            k2[p] = q2 * advance2;
            if (++q2 == count2) {
                q2 = 0;
                if (++q1 == count1) {
                    q1 = 0;
                    if (++q0 == count0) {
                        q0 = 0;
                        n++;
                    }
                }
            }
        }
        float16 sum[PIXELS][VECTORS];
        UNROLL for (int p = 0; p < PIXELS; p++) {
            UNROLL for (int v = 0; v < VECTORS; v++) sum[p][v] = splat16(0.0f);
        }
        for (int t0 = 0; t0 < taps0; t0++) {
            const int s0 = f0 + t0 * step0 + start0;
            if (s0 % div0 != 0) continue;
            for (int t1 = 0; t1 < taps1; t1++) {
                const int s1 = f1 + t1 * step1 + start1;
                if (s1 % div1 != 0) continue;
                int row[PIXELS];
                UNROLL for (int p = 0; p < PIXELS; p++) {
                    const int i0 = k0[p] + s0 / div0;
                    const int i1 = k1[p] + s1 / div1;
                    row[p] = (uint) i0 < (uint) in0 && (uint) i1 < (uint) in1 ? ((image[p] + i0) * in1 + i1) * in2 : -1;
                }
                for (int t2 = 0; t2 < taps2; t2++) {
                    const int s2 = f2 + t2 * step2 + start2;
                    if (s2 % div2 != 0) continue;
                    GLOBAL const float* from[PIXELS];
                    UNROLL for (int p = 0; p < PIXELS; p++) {
                        const int i2 = k2[p] + s2 / div2;
                        from[p] = row[p] >= 0 && (uint) i2 < (uint) in2 ? x + (row[p] + i2) * channels : zeros;
                    }
                    GLOBAL const float* weights = w + ((t0 * taps1 + t1) * taps2 + t2) * inner * wRow;
                    for (int i = 0; i < inner; i++) {
                        float16 a[VECTORS];
                        UNROLL for (int v = 0; v < VECTORS; v++) a[v] = load16(weights + 16 * v);
                        weights += wRow;
                        UNROLL for (int p = 0; p < PIXELS; p++) {
                            const float16 b = splat16(from[p][i]);
                            UNROLL for (int v = 0; v < VECTORS; v++) sum[p][v] = fma16(b, a[v], sum[p][v]);
                        }
                    }
                }
            }
        }
        UNROLL for (int v = 0; v < VECTORS; v++) {
            const int c = group * columns + column + 16 * v;
            const int isWhole = begin - column <= 16 * v && column + 16 * v + 16 <= columns;
            float16 b = splat16(0.0f);
            if (biased && columns >= COLUMNS) b = load16(bias + c);
            UNROLL for (int p = 0; p < PIXELS; p++) {
                if (to[p] >= 0) {
                    GLOBAL float* target = y + (long) to[p] * yChannels + c;
                    float16 value = fma16(splat16(1.0f), sum[p][v], b);
                    if (isWhole) store16(target, value);
                    else store_lanes(target, value, begin - column - 16 * v, columns - column - 16 * v);
                    if (biased && columns < COLUMNS)
                        for (int lane = 0; lane < columns; lane++) target[lane] += bias[c + lane];
                    if (activation != 0) {
                        const int from = max(0, begin - column - 16 * v);
                        const int stop = min(16, columns - column - 16 * v);
                        for (int lane = from; lane < stop; lane++) target[lane] = finish(target[lane], activation);
                    }
                }
            }
        }
    }
}

// Stores a row of a tile of the kernel's gradient from lane `begin` on, or adds it to what is there.
INLINE void store_sum(GLOBAL float* to, float16 v, const int begin, const int adds) {
    if (begin <= 0) {
        if (adds) v = fma16(splat16(1.0f), v, load16(to));
        store16(to, v);
    } else {
        for (int lane = begin; lane < 16; lane++) to[lane] = adds ? to[lane] + lane16(v, lane) : lane16(v, lane);
    }
}

// The gradient by the kernel: group (panel, row of taps, part * groups + group) sums over image rows (all o2 of one n,
// o0, o1) from part * rowsEach on into part `part` of `parts`. The rows are taken in chunks that stay in the cache while
// the tiles of ROWS channels of x by COLUMNS channels of dy pass over them. inner >= ROWS and columns >= COLUMNS.
KERNEL GROUP_SIZE(1, 1, 1) void conv_tiles_kernel_gradient(
        BUFFER(const float, x), BUFFER(const float, dy), BUFFER(float, parts), const int rows, const int rowsEach,
        const int rowsChunk, const int channels, const int inner, const int columns, const int yChannels,
        const int groups, const int size, AXIS(0), AXIS(1), AXIS(2)) {
    OPEN(const float, x);
    OPEN(const float, dy);
    OPEN_ALONE(float, parts);
    const int group = (int) get_group_id(2) % groups;
    const int part = (int) get_group_id(2) / groups;
    const int t1 = (int) get_group_id(1) % taps1;
    const int t0 = (int) get_group_id(1) / taps1;
    const int beginColumn = (int) get_group_id(0) * COLUMNS;
    const int column = min(beginColumn, columns - COLUMNS);
    const int s0 = t0 * step0 + start0, s1 = t1 * step1 + start1;
    const int stop = min(rows, (part + 1) * rowsEach);
    x += group * inner;
    dy += group * columns + column;
    GLOBAL float* to = parts + (long) part * size + group * columns + column;

    for (int chunk = part * rowsEach; chunk < stop; chunk += rowsChunk) {
        const int chunkStop = min(stop, chunk + rowsChunk);
        for (int t2 = 0; t2 < taps2; t2++) {
            const int s2 = t2 * step2 + start2;
            // o2 * advance2 + s2 is inside for o2 from first to last
            const int first = s2 >= 0 ? 0 : (advance2 - 1 - s2) / advance2;
            const int last = in2 - 1 - s2 < 0 ? -1 : min(out2 - 1, (in2 - 1 - s2) / advance2);
            const int xStep = advance2 * channels;
            for (int begin = 0; begin < inner; begin += ROWS) {
                const int c = min(begin, inner - ROWS);
                float16 sum[ROWS][VECTORS];
                UNROLL for (int r = 0; r < ROWS; r++) {
                    UNROLL for (int v = 0; v < VECTORS; v++) sum[r][v] = splat16(0.0f);
                }
                int o1 = chunk % out1, o0 = chunk / out1 % out0, n = chunk / out1 / out0;
                for (int row = chunk; row < chunkStop; row++) {
                    const int i0 = o0 * advance0 + s0, i1 = o1 * advance1 + s1;
                    if ((uint) i0 < (uint) in0 && (uint) i1 < (uint) in1) {
                        GLOBAL const float* from =
                                x + (((n * in0 + i0) * in1 + i1) * in2 + first * advance2 + s2) * channels + c;
                        GLOBAL const float* gradient = dy + (row * out2 + first) * yChannels;
                        for (int o2 = first; o2 <= last; o2++) {
                            float16 g[VECTORS];
                            UNROLL for (int v = 0; v < VECTORS; v++) g[v] = load16(gradient + 16 * v);
                            UNROLL for (int r = 0; r < ROWS; r++) {
                                const float16 b = splat16(from[r]);
                                UNROLL for (int v = 0; v < VECTORS; v++) sum[r][v] = fma16(b, g[v], sum[r][v]);
                            }
                            from += xStep;
                            gradient += yChannels;
                        }
                    }
                    if (++o1 == out1) {
                        o1 = 0;
                        if (++o0 == out0) {
                            o0 = 0;
                            n++;
                        }
                    }
                }
                GLOBAL float* tile = to + (((t0 * taps1 + t1) * taps2 + t2) * inner + c) * yChannels;
                UNROLL for (int r = 0; r < ROWS; r++) {
                    if (c + r >= begin) {
                        UNROLL for (int v = 0; v < VECTORS; v++) {
                            store_sum(
                                    tile + r * yChannels + 16 * v, sum[r][v], beginColumn - column - 16 * v,
                                    chunk > part * rowsEach);
                        }
                    }
                }
            }
        }
    }
}
