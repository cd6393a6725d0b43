// Matrix products of floats for CPUs. A work-item computes `chunk` rows and 32 columns of one result: it brings
// PANEL_DEPTH rows of its columns of B together (zeros where there are none), then goes down the rows of A in strips of
// 12, whose 24 sums of float16 stay in registers (12 x 2 is what 32 vector registers hold). A is read where it lies, by
// broadcasts: copying it costs more than the reads from the second level of cache.

// a strip of A is (rows, depth): row r starts at a + r * row_step, columns follow in steps of `step`
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

// The other way round: 16 rows of 16.
INLINE void transpose(float16* v) {
    float16 w[16];
    for (int round = 0; round < 2; round++) {
        UNROLL for (int i = 0; i < 8; i++) {
            w[2 * i] = zip_first16(v[i], v[i + 8]);
            w[2 * i + 1] = zip_last16(v[i], v[i + 8]);
        }
        UNROLL for (int i = 0; i < 8; i++) {
            v[2 * i] = zip_first16(w[i], w[i + 8]);
            v[2 * i + 1] = zip_last16(w[i], w[i + 8]);
        }
    }
}

// B is (k, n), or (n, k) if transposed; b stands at the first row and column that are wanted
INLINE void pack(float16* panel, GLOBAL const float* b, int transposed, int n, int k, int columns, int depth) {
    float* one = (float*) panel;
    if (!transposed && columns == 32) {
        for (int l = 0; l < depth; l++, b += n) {
            panel[2 * l] = load16(b);
            panel[2 * l + 1] = load16(b + 16);
        }
    } else if (!transposed) {
        for (int l = 0; l < depth; l++, b += n) {
            for (int j = 0; j < columns; j++) one[l * 32 + j] = b[j];
        }
    } else {
        int l = 0;
        for (; l + 16 <= depth; l += 16) {
            UNROLL for (int side = 0; side < 2; side++) {
                float16 v[16];
                UNROLL for (int j = 0; j < 16; j++) v[j] = load16(b + (long) min(side * 16 + j, columns - 1) * k + l);
                transpose(v);
                UNROLL for (int i = 0; i < 16; i++) panel[2 * (l + i) + side] = v[i];
            }
        }
        for (; l < depth; l++) {
            for (int j = 0; j < columns; j++) one[l * 32 + j] = b[(long) j * k + l];
        }
    }
}

// a (batch, m, k) or (batch, k, m); b (batch, k, n) or (batch, n, k); bias (n), or (1) if `biased` is 2; c (batch, m, n),
// or, where `reach` is less than k, (splits, batch, m, n) with the sums over `reach` of k
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
        pack(panel, b + ((transposed & 2) ? l0 : (long) l0 * n), transposed & 2, n, k, columns, depth);
        GLOBAL const float* at = a + (long) l0 * step;
        GLOBAL float* to = c;
        int first = l0 == start;
        int left = rows;
        for (; left > 4; left -= 12, at += 12 * row_step, to += 12 * n)
            strip12(at, row_step, step, min(12, left), panel, depth, to, n, columns, first);
        if (left > 1)
            strip4(at, row_step, step, left, panel, depth, to, n, columns, first);
        else if (left == 1)
            strip1(at, row_step, step, 1, panel, depth, to, n, columns, first);
    }
    if (biased || finishing) {
        for (int i = 0; i < rows; i++, c += n) {
            for (int j = 0; j < columns; j++)
                c[j] = finish(biased ? c[j] + bias[biased == 1 ? j0 + j : 0] : c[j], finishing);
        }
    }
}
