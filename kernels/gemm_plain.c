// Matrix products of doubles and integers for CPUs: a work-item computes 4 rows and 16 columns.

DEFINE_FINISHING(finish_sum, T) // DEFINE_FINISH or DEFINE_WRAP

// a (batch, m, k) or (batch, k, m); b (batch, k, n) or (batch, n, k); bias (n), or (1) if `biased` is 2; c (batch, m, n),
// or, where `reach` is less than k, (splits, batch, m, n) with the sums over `reach` of k
// transposed: 1 for A, 2 for B; group 0: 16 columns, 4 rows, batch; group 1: split
KERNEL GROUP_SIZE(1, 1, 1) void gemm(BUFFER(const T, a), BUFFER(const T, b), BUFFER(const T, bias), BUFFER(T, c),
        const int batches, const int m, const int n, const int k, const int reach, const int biased, const int finishing,
        const int transposed) {
    OPEN_ALONE(const T, a);
    OPEN_ALONE(const T, b);
    OPEN_ALONE(const T, bias);
    OPEN_ALONE(T, c);
    T s[4][16];
    int panels = (n + 15) / 16;
    int group = (int) get_group_id(0);
    int j0 = group % panels * 16;
    int i0 = group / panels % ((m + 3) / 4) * 4;
    int batch = group / panels / ((m + 3) / 4);
    int start = (int) get_group_id(1) * reach;
    int end = min(k, start + reach);
    int columns = min(16, n - j0);
    int rows = min(4, m - i0);
    int row_step = (transposed & 1) ? 1 : k;
    int step = (transposed & 1) ? m : 1;
    int column_step = (transposed & 2) ? k : 1;
    int down = (transposed & 2) ? 1 : n;
    a += (long) batch * m * k + (long) i0 * row_step + (long) start * step;
    b += (long) batch * k * n + (long) j0 * column_step + (long) start * down;
    c += ((long) get_group_id(1) * batches + batch) * m * n + (long) i0 * n + j0;
    UNROLL for (int r = 0; r < 4; r++) {
        UNROLL for (int j = 0; j < 16; j++) s[r][j] = 0;
    }
    if (columns == 16 && column_step == 1) {
        for (int l = start; l < end; l++, b += down, a += step) {
            UNROLL for (int r = 0; r < 4; r++) {
                T x = a[min(r, rows - 1) * row_step];
                UNROLL for (int j = 0; j < 16; j++) s[r][j] += x * b[j];
            }
        }
    } else {
        for (int l = start; l < end; l++, b += down, a += step) {
            for (int r = 0; r < rows; r++) {
                T x = a[r * row_step];
                for (int j = 0; j < columns; j++) s[r][j] += x * b[j * column_step];
            }
        }
    }
    for (int r = 0; r < rows; r++, c += n) {
        for (int j = 0; j < columns; j++) {
            T sum = biased ? s[r][j] + bias[biased == 1 ? j0 + j : 0] : s[r][j];
            c[j] = finish_sum(sum, finishing);
        }
    }
}
