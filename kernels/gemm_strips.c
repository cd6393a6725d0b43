// Matrix products of floats for CPUs. A work-item computes `chunk` rows and 32 columns of one result: it brings
// PANEL_DEPTH rows of its columns of B together (zeros where there are none), then goes down the rows of A in strips of
// 12, whose 24 sums of float16 stay in registers. A is read where it lies, by broadcasts: copying it costs more than the
// reads from the second level of cache. 12 x 2 is what 32 vector registers hold; sizes: perf/lab/GemmVariants.

// rows of A: the shape of a strip is (rows, depth), row r starts at a + r * row_step; columns follow in steps of `step`
#define STRIP(R)                                                                                                       \
    INLINE void strip##R(GLOBAL const float* a, int row_step, int step, int rows, const float16* panel, int depth,     \
                         GLOBAL float* c, int n, int columns, int first) {                                             \
        float16 s[R][2];                                                                                               \
        int at[R];                                                                                                     \
        UNROLL for (int r = 0; r < R; r++) {                                                                           \
            at[r] = min(r, rows - 1) * row_step;                                                                       \
            s[r][0] = splat16(0);                                                                                      \
            s[r][1] = splat16(0);                                                                                      \
        }                                                                                                              \
        for (int l = 0; l < depth; l++, a += step) {                                                                   \
            float16 left = panel[2 * l];                                                                               \
            float16 right = panel[2 * l + 1];                                                                          \
            UNROLL for (int r = 0; r < R; r++) {                                                                       \
                float16 x = splat16(a[at[r]]);                                                                         \
                s[r][0] = fma16(x, left, s[r][0]);                                                                     \
                s[r][1] = fma16(x, right, s[r][1]);                                                                    \
            }                                                                                                          \
        }                                                                                                              \
        UNROLL for (int r = 0; r < R; r++) {                                                                           \
            if (r < rows) store_row(s[r][0], s[r][1], c + (long) r * n, columns, first);                               \
        }                                                                                                              \
    }

INLINE void store_row(float16 left, float16 right, GLOBAL float* c, int columns, int first) {
    float16 one = splat16(1);
    if (columns == 32) {
        store16(c, first ? left : fma16(load16(c), one, left));
        store16(c + 16, first ? right : fma16(load16(c + 16), one, right));
    } else {
        float16 row[2];
        row[0] = left;
        row[1] = right;
        const float* v = (const float*) row;
        for (int j = 0; j < columns; j++) c[j] = first ? v[j] : c[j] + v[j];
    }
}

STRIP(12)
STRIP(4)
STRIP(1)

// B is (k, n), or (n, k) if transposed; b stands at row l0 and column j0 of B
INLINE void pack(float* panel, GLOBAL const float* b, int transposed, int n, int k, int columns, int depth) {
    if (!transposed) {
        for (int l = 0; l < depth; l++, b += n) {
            for (int j = 0; j < columns; j++) panel[l * 32 + j] = b[j];
        }
    } else {
        for (int l0 = 0; l0 < depth; l0 += 16) { // 16 at a time: whole lines of B, and of the panel, while they are near
            int l1 = min(depth, l0 + 16);
            for (int j = 0; j < columns; j++) {
                for (int l = l0; l < l1; l++) panel[l * 32 + j] = b[(long) j * k + l];
            }
        }
    }
}

// a (batch, m, k) or (batch, k, m); b (batch, k, n) or (batch, n, k); bias (n); c (batch, m, n), or, where `reach` is less
// than k, (splits, batch, m, n) with the sums over `reach` of k
// transposed: 1 for A, 2 for B; group 0: panel of columns and batch; group 1: chunk of rows; group 2: split
KERNEL GROUP_SIZE(1, 1, 1) void gemm(BUFFER(const float, a), BUFFER(const float, b), BUFFER(const float, bias),
        BUFFER(float, c), const int batches, const int m, const int n, const int k, const int reach, const int biased,
        const int finishing, const int chunk, const int transposed) {
    OPEN_ALONE(const float, a);
    OPEN_ALONE(const float, b);
    OPEN_ALONE(const float, bias);
    OPEN_ALONE(float, c);
    float16 panel[2 * PANEL_DEPTH];
    int panels = (n + 31) / 32;
    int batch = (int) get_group_id(0) / panels;
    int j0 = ((int) get_group_id(0) - batch * panels) * 32;
    int i0 = (int) get_group_id(1) * chunk;
    int columns = min(32, n - j0);
    int rows = min(chunk, m - i0);
    int row_step = (transposed & 1) ? 1 : k;
    int step = (transposed & 1) ? m : 1;
    a += (long) batch * m * k + (long) i0 * row_step;
    b += (long) batch * k * n + ((transposed & 2) ? (long) j0 * k : j0);
    int start = (int) get_group_id(2) * reach;
    int end = min(k, start + reach);
    c += ((long) get_group_id(2) * batches + batch) * m * n + (long) i0 * n + j0;
    for (int l = 0; l < 2 * PANEL_DEPTH && columns < 32; l++) panel[l] = splat16(0);
    for (int l0 = start; l0 < end || l0 == start; l0 += PANEL_DEPTH) {
        int depth = min(PANEL_DEPTH, end - l0);
        pack((float*) panel, b + ((transposed & 2) ? l0 : (long) l0 * n), transposed & 2, n, k, columns, depth);
        GLOBAL const float* at = a + (long) l0 * step;
        int first = l0 == start;
        int i = 0;
        for (; i + 4 < rows; i += 12)
            strip12(at + (long) i * row_step, row_step, step, min(12, rows - i), panel, depth, c + (long) i * n, n, columns, first);
        if (i + 1 < rows)
            strip4(at + (long) i * row_step, row_step, step, rows - i, panel, depth, c + (long) i * n, n, columns, first);
        else if (i < rows)
            strip1(at + (long) i * row_step, row_step, step, 1, panel, depth, c + (long) i * n, n, columns, first);
    }
    if (biased || finishing) {
        for (int i = 0; i < rows; i++, c += n) {
            for (int j = 0; j < columns; j++) c[j] = finish(biased ? c[j] + bias[j0 + j] : c[j], finishing);
        }
    }
}
