// Functions of rows, the last axis, on GPUs: x is (rows, n). LANES work-items share a row, neighbours reading neighbours; a
// group has 256 / LANES rows. Items beyond the last row go along with it to the barriers, but write nothing.

#define ITEMS 256
#define FOR_LANE for (int i = (int) get_local_id(0) % LANES; i < n; i += LANES)
#define ROW_OF_ITEM                                                                                                    \
    int own = (int) get_group_id(0) * (ITEMS / LANES) + (int) get_local_id(0) / LANES;                                 \
    int row = min(own, rows - 1);                                                                                      \
    T total = 0;                                                                                                       \
    T lost = 0

// adds, and keeps what the addition loses
#define ADD(value)                                                                                                     \
    {                                                                                                                  \
        T v = value;                                                                                                   \
        T sum = total + v;                                                                                             \
        lost += fabs(total) >= fabs(v) ? (total - sum) + v : (v - sum) + total;                                        \
        total = sum;                                                                                                   \
    }
#define SUM(shared) sum_over(shared, total - total == 0 ? total + lost : total)

INLINE T sum_over(LOCAL_POINTER T* shared, T value) {
    int id = (int) get_local_id(0);
    shared[id] = value;
    for (int half_way = LANES / 2; half_way > 0; half_way /= 2) {
        BARRIER();
        if (id % LANES < half_way) shared[id] += shared[id + half_way];
    }
    BARRIER();
    T sum = shared[id - id % LANES];
    BARRIER();
    return sum;
}

INLINE T highest_over(LOCAL_POINTER T* shared, T value) {
    int id = (int) get_local_id(0);
    shared[id] = value;
    for (int half_way = LANES / 2; half_way > 0; half_way /= 2) {
        BARRIER();
        if (id % LANES < half_way && shared[id + half_way] > shared[id]) shared[id] = shared[id + half_way];
    }
    BARRIER();
    T most = shared[id - id % LANES];
    BARRIER();
    return most;
}

// y = exp(x - max) / sum(exp(x - max)); x, y (rows, n)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void softmax(BUFFER(const FROM, x), BUFFER(INTO, y), const int rows, const int n) {
    LOCAL T shared[ITEMS];
    OPEN_ALONE(const FROM, x);
    OPEN_ALONE(INTO, y);
    ROW_OF_ITEM;
    x += (long) row * n;
    y += (long) row * n;
    T most = -INFINITY;
    FOR_LANE most = VALUE(x[i]) > most ? VALUE(x[i]) : most;
    most = highest_over(shared, most);
    FOR_LANE ADD(exp(VALUE(x[i]) - most));
    T scale = 1 / SUM(shared);
    if (own < rows) {
        FOR_LANE y[i] = KEEP(ROUND(exp(VALUE(x[i]) - most) * scale));
    }
}

// y = x - max - log(sum(exp(x - max))); x, y (rows, n)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void log_softmax(BUFFER(const FROM, x), BUFFER(INTO, y), const int rows, const int n) {
    LOCAL T shared[ITEMS];
    OPEN_ALONE(const FROM, x);
    OPEN_ALONE(INTO, y);
    ROW_OF_ITEM;
    x += (long) row * n;
    y += (long) row * n;
    T most = -INFINITY;
    FOR_LANE most = VALUE(x[i]) > most ? VALUE(x[i]) : most;
    most = highest_over(shared, most);
    FOR_LANE ADD(exp(VALUE(x[i]) - most));
    T logarithm = log(SUM(shared));
    if (own < rows) {
        FOR_LANE y[i] = KEEP(ROUND((VALUE(x[i]) - most) - logarithm));
    }
}

// dx = y * (dy - sum(y * dy)); y, dy, dx (rows, n)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void softmax_gradient(BUFFER(const FROM, y), BUFFER(const FROM, dy), BUFFER(INTO, dx),
        const int rows, const int n) {
    LOCAL T shared[ITEMS];
    OPEN_ALONE(const FROM, y);
    OPEN_ALONE(const FROM, dy);
    OPEN_ALONE(INTO, dx);
    ROW_OF_ITEM;
    y += (long) row * n;
    dy += (long) row * n;
    dx += (long) row * n;
    FOR_LANE ADD(VALUE(y[i]) * VALUE(dy[i]));
    T s = SUM(shared);
    if (own < rows) {
        FOR_LANE dx[i] = KEEP(ROUND(VALUE(y[i]) * (VALUE(dy[i]) - s)));
    }
}

// y = (x - mean) / sqrt(variance + epsilon) * gamma + beta; x, y (rows, n), gamma, beta (n)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void layer_norm(BUFFER(const FROM, x), BUFFER(const FROM, gamma), BUFFER(const FROM, beta),
        BUFFER(INTO, y), const int rows, const int n, const long epsilon) {
    LOCAL T shared[ITEMS];
    OPEN_ALONE(const FROM, x);
    OPEN_ALONE(const FROM, gamma);
    OPEN_ALONE(const FROM, beta);
    OPEN_ALONE(INTO, y);
    ROW_OF_ITEM;
    x += (long) row * n;
    y += (long) row * n;
    FOR_LANE ADD(VALUE(x[i]));
    T mean = SUM(shared) / n;
    total = 0;
    lost = 0;
    FOR_LANE ADD((VALUE(x[i]) - mean) * (VALUE(x[i]) - mean));
    T scale = 1 / sqrt(SUM(shared) / n + NUMBER(epsilon));
    if (own < rows) {
        FOR_LANE y[i] = KEEP(ROUND((VALUE(x[i]) - mean) * scale * VALUE(gamma[i]) + VALUE(beta[i])));
    }
}

// What is taken away before exponentials: the maximum, or 0 if that is infinite.
INLINE T finite_or_zero(T most) { return most - most == 0 ? most : 0; }

// Rows p (rows, n) with class numbers label (rows); a number that is no class gives 0.
#define OPEN_CLASSES                      \
    LOCAL T shared[ITEMS];                \
    OPEN_ALONE(const FROM, p);               \
    OPEN_ALONE(const int, label);         \
    ROW_OF_ITEM;                          \
    p += (long) row * n;                  \
    const int class_number = label[row];  \
    const int exists = class_number >= 0 && class_number < n;
#define IS_FIRST ((int) get_local_id(0) % LANES == 0)

// y = log(sum(exp(p))) - p[label]
KERNEL GROUP_SIZE(ITEMS, 1, 1) void crossentropy_of_logits(BUFFER(const FROM, p), BUFFER(const int, label), BUFFER(INTO, y),
        const int rows, const int n) {
    OPEN_CLASSES
    OPEN_ALONE(INTO, y);
    T most = -INFINITY;
    FOR_LANE most = VALUE(p[i]) > most ? VALUE(p[i]) : most;
    most = finite_or_zero(highest_over(shared, most));
    FOR_LANE ADD(exp(VALUE(p[i]) - most));
    const T logarithm = log(SUM(shared));
    if (own < rows && IS_FIRST) {
        T loss = 0;
        if (exists) loss = (logarithm + most) - VALUE(p[class_number]);
        y[row] = KEEP(ROUND(loss));
    }
}

// dp = dy (softmax(p) - [label])
KERNEL GROUP_SIZE(ITEMS, 1, 1) void crossentropy_of_logits_gradient(BUFFER(const FROM, p), BUFFER(const int, label),
        BUFFER(const FROM, dy), BUFFER(INTO, dp), const int rows, const int n) {
    OPEN_CLASSES
    OPEN_ALONE(const FROM, dy);
    OPEN_ALONE(INTO, dp);
    dp += (long) row * n;
    T most = -INFINITY;
    FOR_LANE most = VALUE(p[i]) > most ? VALUE(p[i]) : most;
    most = finite_or_zero(highest_over(shared, most));
    FOR_LANE ADD(exp(VALUE(p[i]) - most));
    const T scale = VALUE(dy[row]) / SUM(shared);
    if (own < rows) {
        const T given = VALUE(dy[row]);
        FOR_LANE dp[i] = KEEP(
                exists ? ROUND(exp(VALUE(p[i]) - most) * scale - (i == class_number ? given : (T) 0)) : (T) 0);
    }
}

// y = -log of p[label] / sum(p), which is kept between `least` and `most`
KERNEL GROUP_SIZE(ITEMS, 1, 1) void crossentropy_of_shares(BUFFER(const FROM, p), BUFFER(const int, label), BUFFER(INTO, y),
        const int rows, const int n, const long least, const long most) {
    OPEN_CLASSES
    OPEN_ALONE(INTO, y);
    FOR_LANE ADD(VALUE(p[i]));
    const T sum = SUM(shared);
    if (own < rows && IS_FIRST) {
        const T low = NUMBER(least);
        const T high = NUMBER(most);
        T loss = 0;
        if (exists) {
            const T part = ROUND(VALUE(p[class_number]) / sum);
            loss = -log(ROUND(part < low ? low : part > high ? high : part));
        }
        y[row] = KEEP(ROUND(loss));
    }
}

// Where the share is at a limit, half of the gradient goes through.
KERNEL GROUP_SIZE(ITEMS, 1, 1) void crossentropy_of_shares_gradient(BUFFER(const FROM, p), BUFFER(const int, label),
        BUFFER(const FROM, dy), BUFFER(INTO, dp), const int rows, const int n, const long least, const long most) {
    OPEN_CLASSES
    OPEN_ALONE(const FROM, dy);
    OPEN_ALONE(INTO, dp);
    dp += (long) row * n;
    FOR_LANE ADD(VALUE(p[i]));
    const T sum = SUM(shared);
    if (own < rows) {
        const T low = NUMBER(least);
        const T high = NUMBER(most);
        T d = 0;
        T part = 0;
        if (exists) {
            part = ROUND(VALUE(p[class_number]) / sum);
            const T through = part < low || part > high ? (T) 0 : part == low || part == high ? (T) 0.5f : (T) 1;
            d = -VALUE(dy[row]) / (part < low ? low : part > high ? high : part) * through / sum;
        }
        FOR_LANE dp[i] = KEEP(ROUND((i == class_number ? d : (T) 0) - d * part));
    }
}
