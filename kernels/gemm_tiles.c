// Matrix products for GPUs. A group of 256 work-items computes a tile of TM x TN results (multiples of 64), TK deep steps
// of A and B at a time: while it multiplies what lies in local memory, the next step is on its way into registers. A
// work-item has 4 x 4 blocks of sums, 16 rows and 32 columns apart: so 32 neighbours (4 x 8 of them) read 16 and 32
// consecutive elements of a step, without bank conflicts, in vectors of 4.

#define ITEMS 256
#define RM (TM / 16)
#define RN (TN / 16)
#define PAD 4

DEFINE_FINISHING(finish_sum, T) // DEFINE_FINISH or DEFINE_WRAP

// W elements at once, which lie at a multiple of W
#if W == 4
#define LOAD(from, to)                                           \
    {                                                            \
        FROM bits[4];                                            \
        LOAD4_OF(FROM, bits, (from));                            \
        UNROLL for (int w = 0; w < 4; w++) (to)[w] = VALUE(bits[w]); \
    }
#define STORE(type, from, to) STORE4_OF(type, (from), (to))
#else
#define LOAD(from, to) (to)[0] = VALUE(*(from))
#define STORE(type, from, to) *(to) = (from)[0]
#endif

// A step of a matrix x (wide, k) where ALONG is 1, of (k, wide) where it is 0: X of `wide` from x0, TK of k from l0.
// Outside of `wide` and of `end` there are zeros. `fetch` brings it into registers, `put` into local memory as (TK, X).
#define DEFINE_STEP(name, X, ALONG)                                                                                    \
    INLINE void fetch_##name(T* to, GLOBAL const FROM* x, int x0, int wide, int l0, int end, int k) {                  \
        int id = (int) get_local_id(0);                                                                                \
        UNROLL for (int e = 0; e < X * TK / ITEMS; e += W) {                                                           \
            int q = e / W * ITEMS + id;                                                                                \
            int i = x0 + (ALONG ? q / (TK / W) : q % (X / W) * W);                                                     \
            int l = l0 + (ALONG ? q % (TK / W) * W : q / (X / W));                                                     \
            if (i < wide && l < end) {                                                                                 \
                LOAD(x + (ALONG ? i * k + l : l * wide + i), to + e);                                                  \
            } else {                                                                                                   \
                UNROLL for (int w = 0; w < W; w++) to[e + w] = 0;                                                      \
            }                                                                                                          \
        }                                                                                                              \
    }                                                                                                                  \
    INLINE void put_##name(LOCAL_POINTER T* to, const T* from) {                                                       \
        int id = (int) get_local_id(0);                                                                                \
        UNROLL for (int e = 0; e < X * TK / ITEMS; e += W) {                                                           \
            int q = e / W * ITEMS + id;                                                                                \
            int i = ALONG ? q / (TK / W) : q % (X / W) * W;                                                            \
            int l = ALONG ? q % (TK / W) * W : q / (X / W);                                                            \
            UNROLL for (int w = 0; w < W; w++) to[(ALONG ? l + w : l) * (X + PAD) + (ALONG ? i : i + w)] = from[e + w]; \
        }                                                                                                              \
    }
DEFINE_STEP(left, TM, (1 - TA))
DEFINE_STEP(right, TN, TB)

// a (batch, m, k) or (batch, k, m) if TA; b (batch, k, n) or (batch, n, k) if TB; bias (n), or (1) if `biased` is 2;
// c (batch, m, n), or, where `reach` is less than k, (splits, batch, m, n) with the sums over `reach` of k, a multiple of TK
// group 0: tile of columns, tile of rows, batch; group 1: split
KERNEL GROUP_SIZE_OFTEN(ITEMS, 2) void gemm(BUFFER(const FROM, a), BUFFER(const FROM, b), BUFFER(const FROM, bias), BUFFER(INTO, c),
        const int batches, const int m, const int n, const int k, const int reach, const int biased,
        const int finishing) {
    LOCAL T left[2 * TK * (TM + PAD)] ALIGNED;
    LOCAL T right[2 * TK * (TN + PAD)] ALIGNED;
    OPEN_ALONE(const FROM, a);
    OPEN_ALONE(const FROM, b);
    OPEN_ALONE(const FROM, bias);
    OPEN_ALONE(INTO, c);
    int group = (int) get_group_id(0);
    int across = (n + TN - 1) / TN;
    int down = (m + TM - 1) / TM;
    int j0 = group % across * TN;
    int i0 = group / across % down * TM;
    int batch = group / across / down;
    int split = (int) get_group_id(1);
    int start = split * reach;
    int end = min(k, start + reach);
    a += (long) batch * m * k;
    b += (long) batch * k * n;
    c += ((long) split * batches + batch) * m * n;

    T s[RM][RN];
    UNROLL for (int r = 0; r < RM; r++) {
        UNROLL for (int q = 0; q < RN; q++) s[r][q] = 0;
    }
    int id = (int) get_local_id(0);
    int row = id / 64 * (TM / 4) + id % 32 / 8 * 4;
    int column = id / 32 % 2 * (TN / 2) + id % 8 * 4;
    T next_left[TM * TK / ITEMS];
    T next_right[TN * TK / ITEMS];
    fetch_left(next_left, a, i0, m, start, end, k);
    fetch_right(next_right, b, j0, n, start, end, k);
    put_left(left, next_left);
    put_right(right, next_right);
    BARRIER();
    int now = 0;
    for (int l0 = start; l0 < end; l0 += TK) {
        fetch_left(next_left, a, i0, m, l0 + TK, end, k);
        fetch_right(next_right, b, j0, n, l0 + TK, end, k);
        UNROLL_BY(UNROLLED) for (int l = 0; l < TK; l++) {
            T x[RM];
            T y[RN];
            UNROLL for (int r = 0; r < RM; r++)
                x[r] = left[(now * TK + l) * (TM + PAD) + row + r / 4 * 16 + r % 4];
            UNROLL for (int q = 0; q < RN; q++)
                y[q] = right[(now * TK + l) * (TN + PAD) + column + q / 4 * 32 + q % 4];
            UNROLL for (int r = 0; r < RM; r++) {
                UNROLL for (int q = 0; q < RN; q++) s[r][q] += x[r] * y[q];
            }
        }
        now = 1 - now;
        put_left(left + now * TK * (TM + PAD), next_left);
        put_right(right + now * TK * (TN + PAD), next_right);
        BARRIER();
    }

#ifdef NARROW
    // sums are finished before they lose bits: from local memory, which is free by now, as registers have no index. Each
    // item reads what it has written itself.
    UNROLL for (int r = 0; r < RM; r++) {
        int i = i0 + row + r / 4 * 16 + r % 4;
        UNROLL for (int q = 0; q < RN; q++) left[q * ITEMS + id] = s[r][q];
        for (int q = 0; q < RN && i < m; q += W) {
            int j = j0 + column + q / 4 * 32 + q % 4;
            if (j >= n) continue;
            INTO bits[W];
            UNROLL for (int w = 0; w < W; w++) {
                T sum = left[(q + w) * ITEMS + id];
                if (biased) sum += VALUE(bias[biased == 1 ? j + w : 0]);
                bits[w] = KEEP(finish_sum(sum, finishing));
            }
            STORE(INTO, bits, c + (long) i * n + j);
        }
    }
#else
    UNROLL for (int r = 0; r < RM; r++) {
        int i = i0 + row + r / 4 * 16 + r % 4;
        UNROLL for (int q = 0; q < RN; q += W) {
            int j = j0 + column + q / 4 * 32 + q % 4;
            if (i < m && j < n) {
                STORE(T, s[r] + q, c + (long) i * n + j);
            }
        }
    }
    if (biased || finishing) { // each item what it has written: unrolled above, these would be 64 times the code
        for (int e = 0; e < RM * RN; e++) {
            int r = e / RN;
            int q = e % RN;
            int i = i0 + row + r / 4 * 16 + r % 4;
            int j = j0 + column + q / 4 * 32 + q % 4;
            if (i < m && j < n) {
                GLOBAL INTO* at = c + (long) i * n + j;
                *at = finish_sum(biased ? *at + VALUE(bias[biased == 1 ? j : 0]) : *at, finishing);
            }
        }
    }
#endif
}
