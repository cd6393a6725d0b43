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
KERNEL GROUP_SIZE(ITEMS, 1, 1) void softmax(BUFFER(const T, x), BUFFER(T, y), const int rows, const int n) {
    LOCAL T shared[ITEMS];
    OPEN_ALONE(const T, x);
    OPEN_ALONE(T, y);
    ROW_OF_ITEM;
    x += (long) row * n;
    y += (long) row * n;
    T most = -INFINITY;
    FOR_LANE most = x[i] > most ? x[i] : most;
    most = highest_over(shared, most);
    FOR_LANE ADD(exp(x[i] - most));
    T scale = 1 / SUM(shared);
    if (own < rows) {
        FOR_LANE y[i] = ROUND(exp(x[i] - most) * scale);
    }
}

// y = x - max - log(sum(exp(x - max))); x, y (rows, n)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void log_softmax(BUFFER(const T, x), BUFFER(T, y), const int rows, const int n) {
    LOCAL T shared[ITEMS];
    OPEN_ALONE(const T, x);
    OPEN_ALONE(T, y);
    ROW_OF_ITEM;
    x += (long) row * n;
    y += (long) row * n;
    T most = -INFINITY;
    FOR_LANE most = x[i] > most ? x[i] : most;
    most = highest_over(shared, most);
    FOR_LANE ADD(exp(x[i] - most));
    T logarithm = log(SUM(shared));
    if (own < rows) {
        FOR_LANE y[i] = ROUND((x[i] - most) - logarithm);
    }
}

// dx = y * (dy - sum(y * dy)); y, dy, dx (rows, n)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void softmax_gradient(BUFFER(const T, y), BUFFER(const T, dy), BUFFER(T, dx),
        const int rows, const int n) {
    LOCAL T shared[ITEMS];
    OPEN_ALONE(const T, y);
    OPEN_ALONE(const T, dy);
    OPEN_ALONE(T, dx);
    ROW_OF_ITEM;
    y += (long) row * n;
    dy += (long) row * n;
    dx += (long) row * n;
    FOR_LANE ADD(y[i] * dy[i]);
    T s = SUM(shared);
    if (own < rows) {
        FOR_LANE dx[i] = ROUND(y[i] * (dy[i] - s));
    }
}

// y = (x - mean) / sqrt(variance + epsilon) * gamma + beta; x, y (rows, n), gamma, beta (n)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void layer_norm(BUFFER(const T, x), BUFFER(const T, gamma), BUFFER(const T, beta),
        BUFFER(T, y), const int rows, const int n, const long epsilon) {
    LOCAL T shared[ITEMS];
    OPEN_ALONE(const T, x);
    OPEN_ALONE(const T, gamma);
    OPEN_ALONE(const T, beta);
    OPEN_ALONE(T, y);
    ROW_OF_ITEM;
    x += (long) row * n;
    y += (long) row * n;
    FOR_LANE ADD(x[i]);
    T mean = SUM(shared) / n;
    total = 0;
    lost = 0;
    FOR_LANE ADD((x[i] - mean) * (x[i] - mean));
    T scale = 1 / sqrt(SUM(shared) / n + NUMBER(epsilon));
    if (own < rows) {
        FOR_LANE y[i] = ROUND((x[i] - mean) * scale * gamma[i] + beta[i]);
    }
}

// What is taken away before exponentials: the maximum, or 0 if that is infinite.
INLINE T finite_or_zero(T most) { return most - most == 0 ? most : 0; }

// Rows p (rows, n) with class numbers label (rows); a number that is no class gives 0.
#define OPEN_CLASSES                      \
    LOCAL T shared[ITEMS];                \
    OPEN_ALONE(const T, p);               \
    OPEN_ALONE(const int, label);         \
    ROW_OF_ITEM;                          \
    p += (long) row * n;                  \
    const int class_number = label[row];  \
    const int exists = class_number >= 0 && class_number < n;
#define IS_FIRST ((int) get_local_id(0) % LANES == 0)

// y = log(sum(exp(p))) - p[label]
KERNEL GROUP_SIZE(ITEMS, 1, 1) void crossentropy_of_logits(BUFFER(const T, p), BUFFER(const int, label), BUFFER(T, y),
        const int rows, const int n) {
    OPEN_CLASSES
    OPEN_ALONE(T, y);
    T most = -INFINITY;
    FOR_LANE most = p[i] > most ? p[i] : most;
    most = finite_or_zero(highest_over(shared, most));
    FOR_LANE ADD(exp(p[i] - most));
    const T logarithm = log(SUM(shared));
    if (own < rows && IS_FIRST) {
        T loss = 0;
        if (exists) loss = (logarithm + most) - p[class_number];
        y[row] = ROUND(loss);
    }
}

// dp = dy (softmax(p) - [label])
KERNEL GROUP_SIZE(ITEMS, 1, 1) void crossentropy_of_logits_gradient(BUFFER(const T, p), BUFFER(const int, label),
        BUFFER(const T, dy), BUFFER(T, dp), const int rows, const int n) {
    OPEN_CLASSES
    OPEN_ALONE(const T, dy);
    OPEN_ALONE(T, dp);
    dp += (long) row * n;
    T most = -INFINITY;
    FOR_LANE most = p[i] > most ? p[i] : most;
    most = finite_or_zero(highest_over(shared, most));
    FOR_LANE ADD(exp(p[i] - most));
    const T scale = dy[row] / SUM(shared);
    if (own < rows) {
        FOR_LANE dp[i] = exists ? ROUND(exp(p[i] - most) * scale - (i == class_number ? dy[row] : (T) 0)) : (T) 0;
    }
}

// y = -log of p[label] / sum(p), which is kept between `least` and `most`
KERNEL GROUP_SIZE(ITEMS, 1, 1) void crossentropy_of_shares(BUFFER(const T, p), BUFFER(const int, label), BUFFER(T, y),
        const int rows, const int n, const long least, const long most) {
    OPEN_CLASSES
    OPEN_ALONE(T, y);
    FOR_LANE ADD(p[i]);
    const T sum = SUM(shared);
    if (own < rows && IS_FIRST) {
        const T low = NUMBER(least);
        const T high = NUMBER(most);
        T loss = 0;
        if (exists) {
            const T part = ROUND(p[class_number] / sum);
            loss = -log(ROUND(part < low ? low : part > high ? high : part));
        }
        y[row] = ROUND(loss);
    }
}

// Where the share is at a limit, half of the gradient goes through.
KERNEL GROUP_SIZE(ITEMS, 1, 1) void crossentropy_of_shares_gradient(BUFFER(const T, p), BUFFER(const int, label),
        BUFFER(const T, dy), BUFFER(T, dp), const int rows, const int n, const long least, const long most) {
    OPEN_CLASSES
    OPEN_ALONE(const T, dy);
    OPEN_ALONE(T, dp);
    dp += (long) row * n;
    FOR_LANE ADD(p[i]);
    const T sum = SUM(shared);
    if (own < rows) {
        const T low = NUMBER(least);
        const T high = NUMBER(most);
        T d = 0;
        T part = 0;
        if (exists) {
            part = ROUND(p[class_number] / sum);
            const T through = part < low || part > high ? (T) 0 : part == low || part == high ? (T) 0.5f : (T) 1;
            d = -dy[row] / (part < low ? low : part > high ? high : part) * through / sum;
        }
        FOR_LANE dp[i] = ROUND((i == class_number ? d : (T) 0) - d * part);
    }
}
