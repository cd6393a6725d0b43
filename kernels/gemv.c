// Products of a row and a matrix on CPUs: c = a . b for floats, where the matrix is read once, in the order in which it
// lies. Parameters as in gemm_tiles.c, with m = 1; a work-item has `share` columns of one batch, group (columns, split).

DEFINE_FINISHING(finish_sum, T) // DEFINE_FINISH

#define PARAMETERS                                                                                                     \
    BUFFER(const T, a), BUFFER(const T, b), BUFFER(const T, bias), BUFFER(T, c), const int batches, const int m,       \
            const int n, const int k, const int reach, const int biased, const int finishing, const int share
#define OPEN_PARAMETERS                                                    \
    OPEN_ALONE(const T, a);                                                \
    OPEN_ALONE(const T, b);                                                \
    OPEN_ALONE(const T, bias);                                             \
    OPEN_ALONE(T, c);                                                      \
    const int across = (n + share - 1) / share;                            \
    const int batch = (int) get_group_id(0) / across;                      \
    const int first = (int) get_group_id(0) % across * share;              \
    const int last = first + min(share, n - first);                        \
    const int split = (int) get_group_id(1);                               \
    const int start = split * reach;                                       \
    const int end = start + min(reach, k - start);                         \
    a += (long) batch * k;                                                 \
    b += (long) batch * k * n;                                             \
    c += ((long) split * batches + batch) * n;
#define FINISHED(sum, j) finish_sum(biased ? (sum) + bias[biased == 1 ? (j) : 0] : (sum), finishing)

// b (batch, k, n)
KERNEL GROUP_SIZE(1, 1, 1) void gemv(PARAMETERS) {
    OPEN_PARAMETERS
    int j = first;
    for (; j + 64 <= last; j += 64) {
        float16 sum[4];
        UNROLL for (int v = 0; v < 4; v++) sum[v] = splat16(0.0f);
        GLOBAL const T* p = b + (long) start * n + j;
        for (int l = start; l < end; l++, p += n) {
            const float16 x = splat16(a[l]);
            UNROLL for (int v = 0; v < 4; v++) sum[v] = fma16(x, load16(p + 16 * v), sum[v]);
        }
        UNROLL for (int v = 0; v < 4; v++) store16(c + j + 16 * v, sum[v]);
        if (biased || finishing)
            for (int i = j; i < j + 64; i++) c[i] = FINISHED(c[i], i);
    }
    for (; j < last; j++) {
        T sum = 0;
        for (int l = start; l < end; l++) sum += a[l] * b[(long) l * n + j];
        c[j] = FINISHED(sum, j);
    }
}

// b (batch, n, k)
KERNEL GROUP_SIZE(1, 1, 1) void gemv_transposed(PARAMETERS) {
    OPEN_PARAMETERS
    for (int j = first; j < last; j++) {
        GLOBAL const T* row = b + (long) j * k;
        float16 sum[4];
        UNROLL for (int v = 0; v < 4; v++) sum[v] = splat16(0.0f);
        int l = start;
        for (; l + 64 <= end; l += 64) {
            UNROLL for (int v = 0; v < 4; v++) sum[v] = fma16(load16(a + l + 16 * v), load16(row + l + 16 * v), sum[v]);
        }
        for (; l + 16 <= end; l += 16) sum[0] = fma16(load16(a + l), load16(row + l), sum[0]);
        T rest = 0;
        for (; l < end; l++) rest += a[l] * row[l];
        for (int lane = 0; lane < 16; lane++)
            rest += (lane16(sum[0], lane) + lane16(sum[1], lane)) + (lane16(sum[2], lane) + lane16(sum[3], lane));
        c[j] = FINISHED(rest, j);
    }
}
