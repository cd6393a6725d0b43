// Attention of heads on GPUs (FlashAttention, Dao et al. 2022): a group of 256 work-items does a tile of 64 queries, or of 64
// keys, of one head. The scores of a tile of queries and one of keys are in registers, 4 x 4 for each item, 16 apart; the
// weights made of them go through local memory into the next product. Rows of q and y are heads * size apart, and so on.

#define ITEMS 256
#define TILE 64
#define DEEP 16
#define LINE (TILE + 1)
#define WIDE (16 * C)
#define HIDDEN (-0.7f * 3.402823466e38f)
#define ACROSS ((int) get_local_id(0) % 16)
#define DOWN ((int) get_local_id(0) / 16)

// s (4, 4) = a b^T; a (a_rows, depth) and b (b_rows, depth) with rows at a distance, up to 64 of each; others are zeros
INLINE void multiply_rows(float* s, GLOBAL const float* a, int a_step, int a_rows, GLOBAL const float* b, int b_step,
        int b_rows, int depth, LOCAL_POINTER float* left, LOCAL_POINTER float* right) {
    UNROLL for (int e = 0; e < 16; e++) s[e] = 0;
    for (int d0 = 0; d0 < depth; d0 += DEEP) {
        const int within = d0 + ACROSS < depth;
        BARRIER();
        UNROLL for (int i = 0; i < 4; i++) {
            const int row = DOWN + 16 * i;
            left[row * (DEEP + 1) + ACROSS] = within && row < a_rows ? a[(long) row * a_step + d0 + ACROSS] : 0;
            right[row * (DEEP + 1) + ACROSS] = within && row < b_rows ? b[(long) row * b_step + d0 + ACROSS] : 0;
        }
        BARRIER();
        UNROLL_BY(4) for (int d = 0; d < DEEP; d++) {
            float u[4];
            float w[4];
            UNROLL for (int i = 0; i < 4; i++) u[i] = left[(DOWN + 16 * i) * (DEEP + 1) + d];
            UNROLL for (int j = 0; j < 4; j++) w[j] = right[(ACROSS + 16 * j) * (DEEP + 1) + d];
            UNROLL for (int i = 0; i < 4; i++) {
                UNROLL for (int j = 0; j < 4; j++) s[i * 4 + j] += u[i] * w[j];
            }
        }
    }
}

// sums (4, C) += weights (64, 64) x; the element (row, k) of weights is at row * row_step + k * k_step; x (rows, width)
INLINE void add_products(float* sums, LOCAL_POINTER const float* weights, int row_step, int k_step,
        GLOBAL const float* x, int step, int rows, int width, LOCAL_POINTER float* shared) {
    for (int k0 = 0; k0 < rows; k0 += DEEP) {
        BARRIER();
        UNROLL for (int j = 0; j < C; j++) {
            const int column = ACROSS + 16 * j;
            const int within = k0 + DOWN < rows && column < width;
            shared[DOWN * WIDE + column] = within ? x[(long) (k0 + DOWN) * step + column] : 0;
        }
        BARRIER();
        UNROLL_BY(1) for (int k = 0; k < DEEP; k++) {
            float w[4];
            UNROLL for (int i = 0; i < 4; i++) w[i] = weights[(DOWN + 16 * i) * row_step + (k0 + k) * k_step];
            UNROLL for (int j = 0; j < C; j++) {
                const float value = shared[k * WIDE + ACROSS + 16 * j];
                UNROLL for (int i = 0; i < 4; i++) sums[i * C + j] += w[i] * value;
            }
        }
    }
}

// What the kernels are told of shapes; mask's steps are 0 where it repeats.
#define SHAPES                                                                                                         \
    const int queries, const int keys, const int heads, const int groups, const int size, const int value_size,       \
            const int scale_bits, const int causal, const int masked, const int batch_step, const int head_step,      \
            const int query_step, const int key_step, const int zero_empty

#define IS_HIDDEN(b, head, query, key)                                                                                 \
    ((causal && (key) > (query))                                                                                       \
     || (masked                                                                                                        \
         && mask[(long) (b) * batch_step + (long) (head) * head_step + (long) (query) * query_step                     \
                + (long) (key) * key_step] == 0))

// q (batch, queries, heads, size), k (batch, keys, groups, size), v (batch, keys, groups, value_size), mask;
// y (batch, queries, heads, value_size), logs (batch, queries, heads); a group for each 64 queries of a head
KERNEL GROUP_SIZE(ITEMS, 1, 1) void attention(BUFFER(const float, q), BUFFER(const float, k), BUFFER(const float, v),
        BUFFER(const int, mask), BUFFER(float, y), BUFFER(float, logs), SHAPES) {
    LOCAL float left[TILE * (DEEP + 1)];
    LOCAL float right[TILE * (DEEP + 1)];
    LOCAL float weights[TILE * LINE];
    LOCAL float shared[DEEP * WIDE];
    LOCAL float most[TILE];
    LOCAL float total[TILE];
    LOCAL float change[TILE];
    OPEN(const float, q);
    OPEN(const float, k);
    OPEN(const float, v);
    OPEN(const int, mask);
    OPEN(float, y);
    OPEN(float, logs);
    LOCAL_POINTER float* maxima = left; // which is free while weights are made of scores
    LOCAL_POINTER float* parts = right;
    const float scale = as_float(scale_bits);
    const int id = (int) get_local_id(0);
    const int tiles = (queries + TILE - 1) / TILE;
    const int t0 = (int) get_group_id(0) % tiles * TILE;
    const int head = (int) get_group_id(0) / tiles % heads;
    const int b = (int) get_group_id(0) / tiles / heads;
    const int group = head / (heads / groups);
    const int rows = min(TILE, queries - t0);
    const int last = causal ? min(keys, t0 + TILE) : keys;
    q += ((long) (b * queries + t0) * heads + head) * size;
    k += ((long) b * keys * groups + group) * size;
    v += ((long) b * keys * groups + group) * value_size;
    float sums[4 * C];
    UNROLL for (int e = 0; e < 4 * C; e++) sums[e] = 0;
    if (id < TILE) {
        most[id] = -INFINITY;
        total[id] = 0;
    }
    for (int s0 = 0; s0 < last; s0 += TILE) {
        const int count = min(TILE, keys - s0);
        float s[16];
        multiply_rows(s, q, heads * size, rows, k + (long) s0 * groups * size, groups * size, count, size, left, right);
        for (int e = 0; e < 16; e++) {
            const int row = DOWN + e / 4 * 16;
            const int column = ACROSS + e % 4 * 16;
            const int out = row >= rows || column >= count || IS_HIDDEN(b, head, t0 + row, s0 + column);
            weights[row * LINE + column] = out ? HIDDEN : s[e] * scale;
        }
        BARRIER();
        // four items share a row
        const int own = id / 4;
        const int from = id % 4 * 16;
        float high = most[own];
        for (int j = from; j < from + 16; j++)
            if (weights[own * LINE + j] > high) high = weights[own * LINE + j];
        maxima[id] = high;
        BARRIER();
        for (int p = 0; p < 4; p++)
            if (maxima[own * 4 + p] > high) high = maxima[own * 4 + p];
        float sum = 0;
        for (int j = from; j < from + 16; j++) {
            const float e = j < count ? exp(weights[own * LINE + j] - high) : 0;
            weights[own * LINE + j] = e;
            sum += e;
        }
        parts[id] = sum;
        BARRIER();
        if (id % 4 == 0) {
            change[own] = exp(most[own] - high);
            total[own] = total[own] * change[own] + ((parts[id] + parts[id + 1]) + (parts[id + 2] + parts[id + 3]));
            most[own] = high;
        }
        BARRIER();
        UNROLL for (int e = 0; e < 4 * C; e++) sums[e] *= change[DOWN + e / C * 16];
        add_products(sums, weights, LINE, 1, v + (long) s0 * groups * value_size, groups * value_size, count,
                value_size, shared);
    }
    BARRIER();
    for (int i = 0; i < 4; i++) {
        const int row = DOWN + 16 * i;
        const int empty = most[row] == HIDDEN;
        if (row >= rows) continue;
        UNROLL for (int j = 0; j < C; j++) {
            const int column = ACROSS + 16 * j;
            float result = sums[i * C + j] / total[row];
            if (empty) result = 0;
            if (column < value_size) {
                if (empty && !zero_empty) {
                    for (int key = 0; key < keys; key++) result += v[(long) key * groups * value_size + column];
                    result /= keys;
                }
                y[((long) (b * queries + t0 + row) * heads + head) * value_size + column] = result;
            }
        }
    }
    if (id < rows)
        logs[(long) (b * queries + t0 + id) * heads + head] =
                most[id] == HIDDEN ? INFINITY : most[id] + log(total[id]);
}

// What both gradients begin with: the weights p and the gradients ds of the scores, s0 and t0 being where the tiles begin.
// A query that sees nothing has the logarithm infinity: its weights are `blind`, and its scores have no gradient.
#define WEIGHTS_AND_GRADIENTS(blind)                                                                                   \
    float p[16];                                                                                                       \
    float ds[16];                                                                                                      \
    multiply_rows(p, q_rows, heads * size, rows, k_rows, groups * size, count, size, left, right);                     \
    multiply_rows(ds, dy_rows, heads * value_size, rows, v_rows, groups * value_size, count, value_size, left, right); \
    for (int e = 0; e < 16; e++) {                                                                                     \
        const int row = DOWN + e / 4 * 16;                                                                             \
        const int column = ACROSS + e % 4 * 16;                                                                        \
        if (row >= rows || column >= count) {                                                                          \
            p[e] = 0;                                                                                                  \
            ds[e] = 0;                                                                                                 \
        } else {                                                                                                       \
            const long at = (long) (b * queries + t0 + row) * heads + head;                                            \
            const int hidden = IS_HIDDEN(b, head, t0 + row, s0 + column);                                              \
            const int empty = logs[at] == INFINITY;                                                                    \
            p[e] = empty ? (blind) : hidden ? 0 : exp(p[e] * scale - logs[at]);                                        \
            ds[e] = empty || hidden ? 0 : p[e] * (ds[e] - products[at]);                                               \
        }                                                                                                              \
    }

// dq (batch, queries, heads, size) of dy (batch, queries, heads, value_size), logs and products = sum(y dy)
// (batch, queries, heads); a group for each 64 queries of a head
KERNEL GROUP_SIZE(ITEMS, 1, 1) void attention_queries(BUFFER(const float, q), BUFFER(const float, k),
        BUFFER(const float, v), BUFFER(const int, mask), BUFFER(const float, logs), BUFFER(const float, dy),
        BUFFER(const float, products), BUFFER(float, dq), SHAPES) {
    LOCAL float left[TILE * (DEEP + 1)];
    LOCAL float right[TILE * (DEEP + 1)];
    LOCAL float weights[TILE * LINE];
    LOCAL float shared[DEEP * WIDE];
    OPEN(const float, q);
    OPEN(const float, k);
    OPEN(const float, v);
    OPEN(const int, mask);
    OPEN(const float, logs);
    OPEN(const float, dy);
    OPEN(const float, products);
    OPEN(float, dq);
    const float scale = as_float(scale_bits);
    const int tiles = (queries + TILE - 1) / TILE;
    const int t0 = (int) get_group_id(0) % tiles * TILE;
    const int head = (int) get_group_id(0) / tiles % heads;
    const int b = (int) get_group_id(0) / tiles / heads;
    const int group = head / (heads / groups);
    const int rows = min(TILE, queries - t0);
    const int last = causal ? min(keys, t0 + TILE) : keys;
    GLOBAL const float* q_rows = q + ((long) (b * queries + t0) * heads + head) * size;
    GLOBAL const float* dy_rows = dy + ((long) (b * queries + t0) * heads + head) * value_size;
    float sums[4 * C];
    UNROLL for (int e = 0; e < 4 * C; e++) sums[e] = 0;
    for (int s0 = 0; s0 < last; s0 += TILE) {
        const int count = min(TILE, keys - s0);
        GLOBAL const float* k_rows = k + ((long) (b * keys + s0) * groups + group) * size;
        GLOBAL const float* v_rows = v + ((long) (b * keys + s0) * groups + group) * value_size;
        WEIGHTS_AND_GRADIENTS(0)
        for (int e = 0; e < 16; e++) weights[(DOWN + e / 4 * 16) * LINE + ACROSS + e % 4 * 16] = ds[e];
        add_products(sums, weights, LINE, 1, k_rows, groups * size, count, size, shared);
    }
    for (int i = 0; i < 4; i++) {
        const int row = DOWN + 16 * i;
        UNROLL for (int j = 0; j < C; j++) {
            const int column = ACROSS + 16 * j;
            if (row < rows && column < size)
                dq[((long) (b * queries + t0 + row) * heads + head) * size + column] = sums[i * C + j] * scale;
        }
    }
}

// dk (batch, keys, groups, size), dv (batch, keys, groups, value_size); a group for each 64 keys that heads share
KERNEL GROUP_SIZE(ITEMS, 1, 1) void attention_keys(BUFFER(const float, q), BUFFER(const float, k),
        BUFFER(const float, v), BUFFER(const int, mask), BUFFER(const float, logs), BUFFER(const float, dy),
        BUFFER(const float, products), BUFFER(float, dk), BUFFER(float, dv), SHAPES) {
    LOCAL float left[TILE * (DEEP + 1)];
    LOCAL float right[TILE * (DEEP + 1)];
    LOCAL float weights[TILE * LINE];
    LOCAL float shared[DEEP * WIDE];
    OPEN(const float, q);
    OPEN(const float, k);
    OPEN(const float, v);
    OPEN(const int, mask);
    OPEN(const float, logs);
    OPEN(const float, dy);
    OPEN(const float, products);
    OPEN(float, dk);
    OPEN(float, dv);
    const float scale = as_float(scale_bits);
    const int tiles = (keys + TILE - 1) / TILE;
    const int s0 = (int) get_group_id(0) % tiles * TILE;
    const int group = (int) get_group_id(0) / tiles % groups;
    const int b = (int) get_group_id(0) / tiles / groups;
    const int count = min(TILE, keys - s0);
    const int sharing = heads / groups;
    const float blind = zero_empty ? 0 : 1 / (float) keys;
    // queries that see nothing give something to all values, those of later keys too
    const int first = causal && !(masked && !zero_empty) ? s0 : 0;
    GLOBAL const float* k_rows = k + ((long) (b * keys + s0) * groups + group) * size;
    GLOBAL const float* v_rows = v + ((long) (b * keys + s0) * groups + group) * value_size;
    float key_sums[4 * C];
    float value_sums[4 * C];
    UNROLL for (int e = 0; e < 4 * C; e++) key_sums[e] = 0;
    UNROLL for (int e = 0; e < 4 * C; e++) value_sums[e] = 0;
    for (int head = group * sharing; head < (group + 1) * sharing; head++) {
        for (int t0 = first; t0 < queries; t0 += TILE) {
            const int rows = min(TILE, queries - t0);
            GLOBAL const float* q_rows = q + ((long) (b * queries + t0) * heads + head) * size;
            GLOBAL const float* dy_rows = dy + ((long) (b * queries + t0) * heads + head) * value_size;
            WEIGHTS_AND_GRADIENTS(blind)
            for (int e = 0; e < 16; e++) weights[(DOWN + e / 4 * 16) * LINE + ACROSS + e % 4 * 16] = p[e];
            add_products(value_sums, weights, 1, LINE, dy_rows, heads * value_size, rows, value_size, shared);
            BARRIER();
            for (int e = 0; e < 16; e++) weights[(DOWN + e / 4 * 16) * LINE + ACROSS + e % 4 * 16] = ds[e];
            add_products(key_sums, weights, 1, LINE, q_rows, heads * size, rows, size, shared);
        }
    }
    for (int i = 0; i < 4; i++) {
        const int row = DOWN + 16 * i;
        UNROLL for (int j = 0; j < C; j++) {
            const int column = ACROSS + 16 * j;
            const long at = (long) (b * keys + s0 + row) * groups + group;
            if (row < count && column < size) dk[at * size + column] = key_sums[i * C + j] * scale;
            if (row < count && column < value_size) dv[at * value_size + column] = value_sums[i * C + j];
        }
    }
}
