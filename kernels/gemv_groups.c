// Products of a row and a matrix on GPUs: c = a . b, where the matrix is read once, by neighbours that read what lies side by
// side. Parameters as in gemm_tiles.c, with m = 1; a group of 8 x 32 work-items has 32 W columns (gemv) or 8 (gemv_transposed)
// of one batch, group (columns and batch, split).

#define LANES 32
#define SLICES 8
#define ITEMS (LANES * SLICES)

DEFINE_FINISHING(finish_sum, T) // DEFINE_FINISH or DEFINE_WRAP

// W elements at once, which lie at a multiple of W
#if W == 4
#define LOAD(from, to)                                           \
    {                                                            \
        FROM bits[4];                                            \
        LOAD4_OF(FROM, bits, (from));                            \
        UNROLL for (int w = 0; w < 4; w++) (to)[w] = VALUE(bits[w]); \
    }
#else
#define LOAD(from, to) (to)[0] = VALUE(*(from))
#endif

#define PARAMETERS                                                                                                     \
    BUFFER(const FROM, a), BUFFER(const FROM, b), BUFFER(const FROM, bias), BUFFER(INTO, c), const int batches,        \
            const int m, const int n, const int k, const int reach, const int biased, const int finishing
#define OPEN_PARAMETERS(width)                              \
    OPEN_ALONE(const FROM, a);                              \
    OPEN_ALONE(const FROM, b);                              \
    OPEN_ALONE(const FROM, bias);                           \
    OPEN_ALONE(INTO, c);                                    \
    const int across = (n + (width) - 1) / (width);         \
    const int batch = (int) get_group_id(0) / across;       \
    const int first = (int) get_group_id(0) % across * (width); \
    const int split = (int) get_group_id(1);                \
    const int start = split * reach;                        \
    const int end = start + min(reach, k - start);          \
    const int lane = (int) get_local_id(0) % LANES;         \
    const int slice = (int) get_local_id(0) / LANES;        \
    a += (long) batch * k;                                  \
    b += (long) batch * k * n;                              \
    c += ((long) split * batches + batch) * n;
#define FINISHED(sum, j) KEEP(finish_sum(biased ? (sum) + VALUE(bias[biased == 1 ? (j) : 0]) : (sum), finishing))

// b (batch, k, n): each slice of the group sums every eighth row of b
KERNEL GROUP_SIZE(ITEMS, 1, 1) void gemv(PARAMETERS) {
    LOCAL T sums[SLICES][LANES * W];
    OPEN_PARAMETERS(LANES * W)
    const int j = first + lane * W;
    T sum[W];
    UNROLL for (int w = 0; w < W; w++) sum[w] = 0;
    if (j < n) {
        GLOBAL const FROM* p = b + j;
        UNROLL_BY(4) for (int l = start + slice; l < end; l += SLICES) {
            T row[W];
            LOAD(p + (long) l * n, row);
            UNROLL for (int w = 0; w < W; w++) sum[w] += VALUE(a[l]) * row[w];
        }
    }
    UNROLL for (int w = 0; w < W; w++) sums[slice][lane * W + w] = sum[w];
    BARRIER();
    for (int q = (int) get_local_id(0); q < LANES * W && first + q < n; q += ITEMS) {
        T all = sums[0][q];
        UNROLL for (int s = 1; s < SLICES; s++) all += sums[s][q];
        c[first + q] = FINISHED(all, first + q);
    }
}

// b (batch, n, k): each slice of the group has a row of b, whose lanes are added in pairs
KERNEL GROUP_SIZE(ITEMS, 1, 1) void gemv_transposed(PARAMETERS) {
    LOCAL T sums[SLICES][LANES];
    OPEN_PARAMETERS(SLICES)
    const int j = first + slice;
    T sum[W];
    UNROLL for (int w = 0; w < W; w++) sum[w] = 0;
    if (j < n) {
        GLOBAL const FROM* row = b + (long) j * k;
        UNROLL_BY(4) for (int l = start + lane * W; l < end; l += LANES * W) {
            T x[W];
            T y[W];
            LOAD(a + l, x);
            LOAD(row + l, y);
            UNROLL for (int w = 0; w < W; w++) sum[w] += x[w] * y[w];
        }
    }
    UNROLL for (int w = 1; w < W; w++) sum[0] += sum[w];
    sums[slice][lane] = sum[0];
    BARRIER();
    for (int rest = LANES / 2; rest > 0; rest /= 2) {
        if (lane < rest) sums[slice][lane] += sums[slice][lane + rest];
        BARRIER();
    }
    if (lane == 0 && j < n) c[j] = FINISHED(sums[slice][0], j);
}
