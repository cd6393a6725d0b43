// Winograd's minimal filtering F(4 x 4, 3 x 3) (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2015):
// 16 results of a 3 x 3 kernel from 36 products instead of 144. A tile of 6 x 6 elements of x and the kernel are taken to
// 36 points, multiplied there for all channels, which is a matrix product at each point, and taken back.
//
// A polynomial of degree 5 is known by its values at six points. The points here are 0, +-sqrt(1/2), +-sqrt(2) and
// infinity: powers of theirs stay near 1, so that the rounding errors are about those of summing the products one by one,
// and a fifth of those with the usual points 0, +-1, +-2. Sums run over whole tiles: a NaN or an infinity of x makes all
// 16 results of the tiles that see it NaN, where the sums of one kernel would spoil 9.
//
// V is what is transformed at a time: a number on GPUs, sixteen channels on CPUs.
#ifdef CPU
#define V float16
#define ALL(x) splat16(x)
#define FMA(a, b, c) fma16(a, b, c)
#define ADD(a, b) fma16(a, splat16(1.0f), b)
#define SUB(a, b) fma16(b, splat16(-1.0f), a)
#define MUL(a, b) fma16(a, b, splat16(0.0f))
#else
#define V float
#define ALL(x) (x)
#define FMA(a, b, c) mad(a, b, c)
#define ADD(a, b) ((a) + (b))
#define SUB(a, b) ((a) - (b))
#define MUL(a, b) ((a) * (b))
#endif
#define POINTS 36
#define NEAR 0.70710678f
#define FAR 1.41421356f
// one divided by the product of a point's distances to the other points
#define AT_NEAR (-2.0f / 3.0f)
#define AT_FAR (1.0f / 6.0f)

// Each of these transforms elements that lie s apart, in place. Six elements of x to the six points:
INLINE void from_input(V* d, const int s) {
    const V near = FMA(d[2 * s], ALL(-2.0f), d[4 * s]);
    const V nearOdd = FMA(d[s], ALL(-2.0f), d[3 * s]);
    const V far = FMA(d[2 * s], ALL(-0.5f), d[4 * s]);
    const V farOdd = FMA(d[s], ALL(-0.5f), d[3 * s]);
    d[0] = FMA(d[2 * s], ALL(-2.5f), ADD(d[0], d[4 * s]));
    d[5 * s] = FMA(d[3 * s], ALL(-2.5f), ADD(d[s], d[5 * s]));
    d[s] = FMA(nearOdd, ALL(NEAR), near);
    d[2 * s] = FMA(nearOdd, ALL(-NEAR), near);
    d[3 * s] = FMA(farOdd, ALL(FAR), far);
    d[4 * s] = FMA(farOdd, ALL(-FAR), far);
}

// three taps to the six points
INLINE void from_taps(V* d, const int s) {
    const V near = MUL(FMA(d[2 * s], ALL(0.5f), d[0]), ALL(AT_NEAR));
    const V nearOdd = MUL(d[s], ALL(AT_NEAR * NEAR));
    const V far = MUL(FMA(d[2 * s], ALL(2.0f), d[0]), ALL(AT_FAR));
    const V farOdd = MUL(d[s], ALL(AT_FAR * FAR));
    d[5 * s] = d[2 * s];
    d[s] = ADD(near, nearOdd);
    d[2 * s] = SUB(near, nearOdd);
    d[3 * s] = ADD(far, farOdd);
    d[4 * s] = SUB(far, farOdd);
}

// the products at the six points to four results
INLINE void to_results(V* d, const int s) {
    const V near = ADD(d[s], d[2 * s]);
    const V nearOdd = SUB(d[s], d[2 * s]);
    const V far = ADD(d[3 * s], d[4 * s]);
    const V farOdd = SUB(d[3 * s], d[4 * s]);
    d[0] = ADD(ADD(d[0], near), far);
    d[s] = FMA(nearOdd, ALL(NEAR), MUL(farOdd, ALL(FAR)));
    d[2 * s] = FMA(near, ALL(0.5f), MUL(far, ALL(2.0f)));
    d[3 * s] = FMA(nearOdd, ALL(0.5f * NEAR), FMA(farOdd, ALL(2.0f * FAR), d[5 * s]));
}

// Four elements of dy to the six points: in the gradient by the kernel, F(3 x 3, 4 x 4), dy is the filter. Its division by
// the points' distances is left to to_taps, which comes once for many tiles.
INLINE void from_gradient(V* d, const int s) {
    const V near = FMA(d[2 * s], ALL(0.5f), d[0]);
    const V nearOdd = FMA(d[3 * s], ALL(0.5f), d[s]);
    const V far = FMA(d[2 * s], ALL(2.0f), d[0]);
    const V farOdd = FMA(d[3 * s], ALL(2.0f), d[s]);
    d[5 * s] = d[3 * s];
    d[s] = FMA(nearOdd, ALL(NEAR), near);
    d[2 * s] = FMA(nearOdd, ALL(-NEAR), near);
    d[3 * s] = FMA(farOdd, ALL(FAR), far);
    d[4 * s] = FMA(farOdd, ALL(-FAR), far);
}

// the products of from_input and from_gradient at the six points to three taps
INLINE void to_taps(V* d, const int s) {
    const V near = MUL(ADD(d[s], d[2 * s]), ALL(AT_NEAR));
    const V nearOdd = SUB(d[s], d[2 * s]);
    const V far = MUL(ADD(d[3 * s], d[4 * s]), ALL(AT_FAR));
    const V farOdd = SUB(d[3 * s], d[4 * s]);
    d[0] = ADD(ADD(d[0], near), far);
    d[s] = FMA(nearOdd, ALL(AT_NEAR * NEAR), MUL(farOdd, ALL(AT_FAR * FAR)));
    d[2 * s] = FMA(near, ALL(0.5f), FMA(far, ALL(2.0f), d[5 * s]));
}

// along both axes of a tile, whose rows are 6 apart
#define TO_POINTS(transform, d, size)                                     \
    UNROLL for (int line = 0; line < size; line++) transform(d + line, 6); \
    UNROLL for (int line = 0; line < 6; line++) transform(d + line * 6, 1)
#define FROM_POINTS(transform, d, size)                                \
    UNROLL for (int line = 0; line < 6; line++) transform(d + line, 6); \
    UNROLL for (int line = 0; line < size; line++) transform(d + line * 6, 1)

// How the tiles lie, counted over all images: down x across of them on each. `in` are the sizes of the images that are
// read or written; the first tile begins at `start`.
#define TILING                                                                                                        \
    const int across, const int down, const int in1, const int in2, const int start1, const int start2
// how much of a tile of results lies inside
#define HEIGHT(tile, size) min(4, (size) - (tile) / across % down * 4)
#define WIDTH(tile, size) min(4, (size) - (tile) % across * 4)

#ifndef CPU
// How a tile is read: `edge` elements along each axis, which begin at (tile's place * 4 + start).
INLINE void load_tile(V* d, GLOBAL const T* x, const int tile, const int c, const int channels, const int edge, TILING) {
    const int left = tile % across * 4 + start2;
    const int top = tile / across % down * 4 + start1;
    const int image = tile / across / down * in1;
    UNROLL for (int i = 0; i < edge; i++) {
        UNROLL for (int j = 0; j < edge; j++) {
            const int i1 = top + i;
            const int i2 = left + j;
            const int inside = (uint) i1 < (uint) in1 && (uint) i2 < (uint) in2;
            d[i * 6 + j] = inside ? x[((image + i1) * in2 + i2) * channels + c] : (T) 0;
        }
    }
}

// Transforms `count` tiles of x from `first` on: points (36, count, channels).
KERNEL GROUP_SIZE(64, 1, 1) void winograd_input(
        BUFFER(const T, x), BUFFER(float, points), const int first, const int count, const int channels, TILING) {
    OPEN(const T, x);
    OPEN(float, points);
    const int at = (int) get_global_id(0);
    if (at >= count * channels) return;
    V d[POINTS];
    load_tile(d, x, first + at / channels, at % channels, channels, 6, across, down, in1, in2, start1, start2);
    TO_POINTS(from_input, d, 6);
    UNROLL for (int p = 0; p < POINTS; p++) points[(long) p * count * channels + at] = d[p];
}

// The same of the tiles of 4 x 4 of dy.
KERNEL GROUP_SIZE(64, 1, 1) void winograd_gradient(
        BUFFER(const T, dy), BUFFER(float, points), const int first, const int count, const int channels, TILING) {
    OPEN(const T, dy);
    OPEN(float, points);
    const int at = (int) get_global_id(0);
    if (at >= count * channels) return;
    V d[POINTS];
    load_tile(d, dy, first + at / channels, at % channels, channels, 4, across, down, in1, in2, start1, start2);
    TO_POINTS(from_gradient, d, 4);
    UNROLL for (int p = 0; p < POINTS; p++) points[(long) p * count * channels + at] = d[p];
}

// Transforms a kernel: points (36, inner, columns); a weight is at tap * wTap + i * wInner + c * wColumn.
KERNEL GROUP_SIZE(64, 1, 1) void winograd_kernel(
        BUFFER(const T, w), BUFFER(float, points), const int inner, const int columns, const int wTap, const int wInner,
        const int wColumn) {
    OPEN(const T, w);
    OPEN(float, points);
    const int at = (int) get_global_id(0);
    if (at >= inner * columns) return;
    GLOBAL const T* from = w + at / columns * wInner + at % columns * wColumn;
    V d[POINTS];
    UNROLL for (int i = 0; i < 3; i++) {
        UNROLL for (int j = 0; j < 3; j++) d[i * 6 + j] = from[(i * 3 + j) * wTap];
    }
    TO_POINTS(from_taps, d, 3);
    UNROLL for (int p = 0; p < POINTS; p++) points[(long) p * inner * columns + at] = d[p];
}

// Takes products (36, count, channels) back to the results of `count` tiles from `first` on; `in` are the sizes of y.
KERNEL GROUP_SIZE(64, 1, 1) void winograd_output(
        BUFFER(const float, points), BUFFER(const T, bias), BUFFER(T, y), const int first, const int count,
        const int channels, const int biased, const int activation, TILING) {
    OPEN(const float, points);
    OPEN(const T, bias);
    OPEN(T, y);
    const int at = (int) get_global_id(0);
    if (at >= count * channels) return;
    const int tile = first + at / channels;
    const int c = at % channels;
    V d[POINTS];
    UNROLL for (int p = 0; p < POINTS; p++) d[p] = points[(long) p * count * channels + at];
    FROM_POINTS(to_results, d, 4);
    const V add = biased ? (float) bias[c] : 0.0f;
    const int height = HEIGHT(tile, in1);
    const int width = WIDTH(tile, in2);
    const int image = tile / across / down * in1 + tile / across % down * 4 + start1;
    GLOBAL T* to = y + (image * in2 + tile % across * 4 + start2) * channels + c;
    UNROLL for (int i = 0; i < 4; i++) {
        UNROLL for (int j = 0; j < 4; j++) {
            if (i < height && j < width) to[(i * in2 + j) * channels] = ROUND(finish(d[i * 6 + j] + add, activation));
        }
    }
}

// Adds up `parts` of products (parts, 36, size) in their order, and takes them back to the gradient by the kernel (9, size).
KERNEL GROUP_SIZE(64, 1, 1) void winograd_taps(
        BUFFER(const float, points), BUFFER(T, dw), const int size, const int parts) {
    OPEN(const float, points);
    OPEN(T, dw);
    const int at = (int) get_global_id(0);
    if (at >= size) return;
    V d[POINTS];
    UNROLL for (int p = 0; p < POINTS; p++) d[p] = points[(long) p * size + at];
    for (int part = 1; part < parts; part++) {
        UNROLL for (int p = 0; p < POINTS; p++) d[p] += points[((long) part * POINTS + p) * size + at];
    }
    FROM_POINTS(to_taps, d, 3);
    UNROLL for (int i = 0; i < 3; i++) {
        UNROLL for (int j = 0; j < 3; j++) dw[(long) (i * 3 + j) * size + at] = ROUND(d[i * 6 + j]);
    }
}
#else
#define COLUMNS (16 * VECTORS)
#define STRIP 12

// Transforms a kernel w (9, inner, columns): points (panels of COLUMNS, 36, inner, COLUMNS). The last panel begins earlier if
// it would not be full. Group (inner, panel).
KERNEL GROUP_SIZE(1, 1, 1) void winograd_weights(
        BUFFER(const float, w), BUFFER(float, points), const int inner, const int columns) {
    OPEN(const float, w);
    OPEN_ALONE(float, points);
    const int i = (int) get_group_id(0);
    const int panel = (int) get_group_id(1);
    w += (long) i * columns + min(panel * COLUMNS, columns - COLUMNS);
    points += ((long) panel * POINTS * inner + i) * COLUMNS;
    UNROLL for (int v = 0; v < VECTORS; v++) {
        V d[POINTS];
        UNROLL for (int t = 0; t < 9; t++) d[t / 3 * 6 + t % 3] = load16(w + (long) t * inner * columns + 16 * v);
        TO_POINTS(from_taps, d, 3);
        UNROLL for (int p = 0; p < POINTS; p++) store16(points + (long) p * inner * COLUMNS + 16 * v, d[p]);
    }
}

// Transforms the `edge` x `edge` elements of a tile, 16 channels at a time: the last ones begin earlier if there are fewer.
// Channel c goes to to[point * step + c]; outside of x there is what `zeros` has.
#define DEFINE_TILE(name, transform, edge)                                                                             \
    INLINE void name(GLOBAL const float* x, GLOBAL const float* zeros, const int tile, const int channels,             \
                     GLOBAL float* to, const int step, TILING) {                                                       \
        const int left = tile % across * 4 + start2;                                                                   \
        const int top = tile / across % down * 4 + start1;                                                             \
        const int image = tile / across / down * in1;                                                                  \
        GLOBAL const float* from[edge * edge];                                                                         \
        UNROLL for (int e = 0; e < edge * edge; e++) {                                                                 \
            const int i1 = top + e / edge;                                                                             \
            const int i2 = left + e % edge;                                                                            \
            const int inside = (uint) i1 < (uint) in1 && (uint) i2 < (uint) in2;                                       \
            from[e] = inside ? x + ((image + i1) * in2 + i2) * channels : zeros;                                       \
        }                                                                                                              \
        for (int begin = 0; begin < channels; begin += 16) {                                                           \
            const int c = min(begin, channels - 16);                                                                   \
            V d[POINTS];                                                                                               \
            UNROLL for (int e = 0; e < edge * edge; e++) d[e / edge * 6 + e % edge] = load16(from[e] + c);             \
            TO_POINTS(transform, d, edge);                                                                             \
            UNROLL for (int p = 0; p < POINTS; p++) store16(to + p * step + c, d[p]);                                  \
        }                                                                                                              \
    }
DEFINE_TILE(tile_points, from_input, 6)
DEFINE_TILE(gradient_points, from_gradient, 4)

// m (rows, COLUMNS) = v (rows, depth) . u (depth, COLUMNS), of STRIP rows at most
INLINE void point_products(
        GLOBAL const float* v, const int rows, const int depth, GLOBAL const float* u, GLOBAL float* m) {
    float16 s[STRIP][VECTORS];
    int at[STRIP];
    UNROLL for (int r = 0; r < STRIP; r++) {
        at[r] = min(r, rows - 1) * depth;
        UNROLL for (int q = 0; q < VECTORS; q++) s[r][q] = splat16(0.0f);
    }
    for (int l = 0; l < depth; l++, v++, u += COLUMNS) {
        float16 b[VECTORS];
        UNROLL for (int q = 0; q < VECTORS; q++) b[q] = load16(u + 16 * q);
        UNROLL for (int r = 0; r < STRIP; r++) {
            const float16 a = splat16(v[at[r]]);
            UNROLL for (int q = 0; q < VECTORS; q++) s[r][q] = fma16(a, b[q], s[r][q]);
        }
    }
    UNROLL for (int r = 0; r < STRIP; r++) {
        if (r < rows) {
            UNROLL for (int q = 0; q < VECTORS; q++) store16(m + r * COLUMNS + 16 * q, s[r][q]);
        }
    }
}

// Takes the products of a tile, `step` apart, back to 16 channels of its results.
INLINE void tile_results(GLOBAL const float* m, const int step, const float16 add, GLOBAL float* y,
                         const int height, const int width, const int row, const int channels, const int activation) {
    V d[POINTS];
    UNROLL for (int p = 0; p < POINTS; p++) d[p] = load16(m + p * step);
    FROM_POINTS(to_results, d, 4);
    UNROLL for (int i = 0; i < 4; i++) {
        UNROLL for (int j = 0; j < 4; j++) {
            if (i < height && j < width) store16(y + (i * row + j) * channels, ADD(d[i * 6 + j], add));
        }
    }
    if (activation == 0) return;
    for (int i = 0; i < height; i++) {
        for (int j = 0; j < width; j++) {
            GLOBAL float* to = y + (i * row + j) * channels;
            if (activation == 1) {
                VECTORIZE for (int lane = 0; lane < 16; lane++) to[lane] = to[lane] < 0 ? 0 : to[lane];
            } else {
                for (int lane = 0; lane < 16; lane++) to[lane] = finish(to[lane], activation);
            }
        }
    }
}

// A group goes through every so many-th block of `atOnce` tiles: transforms it to its own slab, multiplies and takes back
// one panel of columns after the other. u as winograd_weights makes it; `out` are the sizes of y, `in` those of x.
KERNEL GROUP_SIZE(1, 1, 1) void winograd_tiles(
        BUFFER(const float, x), BUFFER(const float, u), BUFFER(const float, bias), BUFFER(const float, zeros),
        BUFFER(float, slabs), BUFFER(float, y), const int tiles, const int atOnce, const int inner, const int columns,
        const int biased, const int activation, const int out1, const int out2, TILING) {
    OPEN(const float, x);
    OPEN(const float, u);
    OPEN(const float, bias);
    OPEN(const float, zeros);
    OPEN(float, slabs);
    OPEN(float, y);
    const int group = (int) get_group_id(0);
    GLOBAL float* v = slabs + (long) group * POINTS * atOnce * (inner + COLUMNS);
    GLOBAL float* m = v + (long) POINTS * atOnce * inner;
    for (int first = group * atOnce; first < tiles; first += (int) get_num_groups(0) * atOnce) {
        const int count = min(atOnce, tiles - first);
        for (int t = 0; t < count; t++)
            tile_points(x, zeros, first + t, inner, v + t * inner, count * inner, across, down, in1, in2, start1, start2);
        for (int begin = 0; begin < columns; begin += COLUMNS) {
            const int column = min(begin, columns - COLUMNS);
            for (int p = 0; p < POINTS; p++) {
                GLOBAL const float* b = u + ((long) begin / COLUMNS * POINTS + p) * inner * COLUMNS;
                for (int row = 0; row < count; row += STRIP)
                    point_products(
                            v + (p * count + row) * inner, min(STRIP, count - row), inner, b,
                            m + (p * count + row) * COLUMNS);
            }
            for (int t = 0; t < count; t++) {
                const int tile = first + t;
                const int top = tile / across / down * out1 + tile / across % down * 4;
                GLOBAL float* to = y + (long) (top * out2 + tile % across * 4) * columns + column;
                UNROLL for (int q = 0; q < VECTORS; q++)
                    tile_results(
                            m + t * COLUMNS + 16 * q, count * COLUMNS,
                            biased ? load16(bias + column + 16 * q) : splat16(0.0f), to + 16 * q, HEIGHT(tile, out1),
                            WIDTH(tile, out2), out2, columns, activation);
            }
        }
    }
}

// c (STRIP, columns) = or += v (depth, channels)^T . g (depth, columns), of STRIP channels and COLUMNS columns; the first
// `skip` of the channels are left out.
INLINE void point_sums(GLOBAL const float* v, const int channels, GLOBAL const float* g, const int columns,
                       const int depth, GLOBAL float* c, const int skip, const int adds) {
    float16 s[STRIP][VECTORS];
    UNROLL for (int r = 0; r < STRIP; r++) {
        UNROLL for (int q = 0; q < VECTORS; q++) s[r][q] = splat16(0.0f);
    }
    for (int l = 0; l < depth; l++, v += channels, g += columns) {
        float16 b[VECTORS];
        UNROLL for (int q = 0; q < VECTORS; q++) b[q] = load16(g + 16 * q);
        UNROLL for (int r = 0; r < STRIP; r++) {
            const float16 a = splat16(v[r]);
            UNROLL for (int q = 0; q < VECTORS; q++) s[r][q] = fma16(a, b[q], s[r][q]);
        }
    }
    UNROLL for (int r = 0; r < STRIP; r++) {
        if (r >= skip) {
            UNROLL for (int q = 0; q < VECTORS; q++) {
                GLOBAL float* to = c + r * columns + 16 * q;
                store16(to, adds ? ADD(s[r][q], load16(to)) : s[r][q]);
            }
        }
    }
}

// The gradient by the kernel: group `part` goes through `tilesEach` tiles, `atOnce` at a time, and sums the products of
// their points into sums (parts, 36, inner, columns); columns is a multiple of COLUMNS. `in` are the sizes of x.
KERNEL GROUP_SIZE(1, 1, 1) void winograd_sums(
        BUFFER(const float, x), BUFFER(const float, dy), BUFFER(const float, zeros), BUFFER(float, slabs),
        BUFFER(float, sums), const int tiles, const int tilesEach, const int atOnce, const int inner, const int columns,
        const int out1, const int out2, TILING) {
    OPEN(const float, x);
    OPEN(const float, dy);
    OPEN(const float, zeros);
    OPEN(float, slabs);
    OPEN(float, sums);
    const int part = (int) get_group_id(0);
    const int stop = min(tiles, (part + 1) * tilesEach);
    GLOBAL float* v = slabs + (long) part * POINTS * atOnce * (inner + columns);
    GLOBAL float* g = v + (long) POINTS * atOnce * inner;
    sums += (long) part * POINTS * inner * columns;
    for (int first = part * tilesEach; first < stop; first += atOnce) {
        const int count = min(atOnce, stop - first);
        for (int t = 0; t < count; t++) {
            tile_points(x, zeros, first + t, inner, v + t * inner, count * inner, across, down, in1, in2, start1, start2);
            gradient_points(dy, zeros, first + t, columns, g + t * columns, count * columns, across, down, out1, out2, 0, 0);
        }
        for (int p = 0; p < POINTS; p++) {
            for (int begin = 0; begin < columns; begin += COLUMNS) {
                for (int row = 0; row < inner; row += STRIP) {
                    const int c = min(row, inner - STRIP);
                    point_sums(
                            v + p * count * inner + c, inner, g + p * count * columns + begin, columns, count,
                            sums + (long) (p * inner + c) * columns + begin, row - c, first > part * tilesEach);
                }
            }
        }
    }
}

// Adds up the parts of sums (parts, 36, size) in their order and takes them back to the gradient by the kernel (9, size);
// a group has 16 elements.
KERNEL GROUP_SIZE(1, 1, 1) void winograd_add_taps(
        BUFFER(const float, sums), BUFFER(float, dw), const int size, const int parts) {
    OPEN(const float, sums);
    OPEN(float, dw);
    const int at = (int) get_group_id(0) * 16;
    V d[POINTS];
    UNROLL for (int p = 0; p < POINTS; p++) d[p] = load16(sums + (long) p * size + at);
    for (int part = 1; part < parts; part++) {
        UNROLL for (int p = 0; p < POINTS; p++) d[p] = ADD(d[p], load16(sums + ((long) part * POINTS + p) * size + at));
    }
    FROM_POINTS(to_taps, d, 3);
    UNROLL for (int t = 0; t < 9; t++) store16(dw + (long) t * size + at, d[t / 3 * 6 + t % 3]);
}
#endif
