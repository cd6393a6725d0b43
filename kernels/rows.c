// Functions of rows, the last axis, on CPUs: x is (rows, n). A work-item does `share` rows, one after the other, in loops
// that the compiler turns into vectors: sums have 16 places side by side, functions are loops of their own.

#define FOR_ROWS                                                                                                       \
    for (int row = (int) get_group_id(0) * share; row < min(rows, ((int) get_group_id(0) + 1) * share); row++)

// blocks of 1024 are added with what the addition loses
#define DEFINE_SUM(name, TERM)                                                                                         \
    INLINE T name(GLOBAL const T* x, GLOBAL const T* y, T mean, int n) {                                               \
        T total = 0;                                                                                                   \
        T lost = 0;                                                                                                    \
        for (int start = 0; start < n; start += 1024) {                                                                \
            T side[16];                                                                                                \
            T rest = 0;                                                                                                \
            int end = min(n, start + 1024);                                                                            \
            int i = start;                                                                                             \
            UNROLL for (int j = 0; j < 16; j++) side[j] = 0;                                                           \
            for (; i + 16 <= end; i += 16) {                                                                           \
                UNROLL for (int j = 0; j < 16; j++) side[j] += TERM(i + j);                                            \
            }                                                                                                          \
            for (; i < end; i++) rest += TERM(i);                                                                      \
            UNROLL for (int j = 0; j < 8; j++) side[j] += side[j + 8];                                                 \
            UNROLL for (int j = 0; j < 4; j++) side[j] += side[j + 4];                                                 \
            T block = (side[0] + side[2]) + (side[1] + side[3]) + rest;                                                \
            T sum = total + block;                                                                                     \
            lost += fabs(total) >= fabs(block) ? (total - sum) + block : (block - sum) + total;                        \
            total = sum;                                                                                               \
        }                                                                                                              \
        return total - total == 0 ? total + lost : total;                                                              \
    }
#define ELEMENT(i) x[i]
#define PRODUCT(i) x[i] * y[i]
#define SQUARE(i) (x[i] - mean) * (x[i] - mean)
DEFINE_SUM(sum_of, ELEMENT)
DEFINE_SUM(sum_of_products, PRODUCT)
DEFINE_SUM(sum_of_squares, SQUARE)

INLINE T highest_of(GLOBAL const T* x, int n) {
    T side[16];
    T most = -INFINITY;
    int i = 0;
    UNROLL for (int j = 0; j < 16; j++) side[j] = -INFINITY;
    for (; i + 16 <= n; i += 16) {
        UNROLL for (int j = 0; j < 16; j++) side[j] = x[i + j] > side[j] ? x[i + j] : side[j];
    }
    for (; i < n; i++) most = x[i] > most ? x[i] : most;
    UNROLL for (int j = 0; j < 16; j++) most = side[j] > most ? side[j] : most;
    return most;
}

// y = exp(x - max) / sum(exp(x - max)); x, y (rows, n)
KERNEL GROUP_SIZE(1, 1, 1) void softmax(BUFFER(const T, x), BUFFER(T, y), const int rows, const int n,
        const int share) {
    FOR_ROWS {
        OPEN_ALONE(const T, x);
        OPEN_ALONE(T, y);
        x += (long) row * n;
        y += (long) row * n;
        T most = highest_of(x, n);
        for (int i = 0; i < n; i++) y[i] = exp(x[i] - most);
        T scale = 1 / sum_of(y, y, 0, n);
        for (int i = 0; i < n; i++) y[i] = ROUND(y[i] * scale);
    }
}

// y = x - max - log(sum(exp(x - max))); x, y (rows, n)
KERNEL GROUP_SIZE(1, 1, 1) void log_softmax(BUFFER(const T, x), BUFFER(T, y), const int rows, const int n,
        const int share) {
    FOR_ROWS {
        OPEN_ALONE(const T, x);
        OPEN_ALONE(T, y);
        x += (long) row * n;
        y += (long) row * n;
        T most = highest_of(x, n);
        for (int i = 0; i < n; i++) y[i] = exp(x[i] - most);
        T total = log(sum_of(y, y, 0, n));
        for (int i = 0; i < n; i++) y[i] = ROUND((x[i] - most) - total);
    }
}

// dx = y * (dy - sum(y * dy)); y, dy, dx (rows, n)
KERNEL GROUP_SIZE(1, 1, 1) void softmax_gradient(BUFFER(const T, y), BUFFER(const T, dy), BUFFER(T, dx), const int rows,
        const int n, const int share) {
    FOR_ROWS {
        OPEN_ALONE(const T, y);
        OPEN_ALONE(const T, dy);
        OPEN_ALONE(T, dx);
        y += (long) row * n;
        dy += (long) row * n;
        dx += (long) row * n;
        T s = sum_of_products(y, dy, 0, n);
        for (int i = 0; i < n; i++) dx[i] = ROUND(y[i] * (dy[i] - s));
    }
}

// y = (x - mean) / sqrt(variance + epsilon) * gamma + beta; x, y (rows, n), gamma, beta (n)
KERNEL GROUP_SIZE(1, 1, 1) void layer_norm(BUFFER(const T, x), BUFFER(const T, gamma), BUFFER(const T, beta),
        BUFFER(T, y), const int rows, const int n, const int share, const long epsilon) {
    FOR_ROWS {
        OPEN_ALONE(const T, x);
        OPEN_ALONE(const T, gamma);
        OPEN_ALONE(const T, beta);
        OPEN_ALONE(T, y);
        x += (long) row * n;
        y += (long) row * n;
        T mean = sum_of(x, x, 0, n) / n;
        T scale = 1 / sqrt(sum_of_squares(x, x, mean, n) / n + NUMBER(epsilon));
        for (int i = 0; i < n; i++) y[i] = ROUND((x[i] - mean) * scale * gamma[i] + beta[i]);
    }
}

// The sum of exp(x - most), by blocks that are added two by two.
INLINE T sum_of_exponentials(GLOBAL const T* x, T most, int n) {
    T room[256];
    T total = 0;
    for (int start = 0; start < n; start += 256) {
        const int count = min(256, n - start);
        VECTORIZE for (int i = 0; i < count; i++) room[i] = exp(x[start + i] - most);
        for (int live = count; live > 1;) {
            const int kept = (live + 1) / 2;
            const int added = live - kept;
            VECTORIZE for (int i = 0; i < added; i++) room[i] += room[kept + i];
            live = kept;
        }
        total += room[0];
    }
    return total;
}

// What is taken away before exponentials: the maximum, or 0 if that is infinite.
INLINE T finite_or_zero(T most) { return most - most == 0 ? most : 0; }

// Rows p (rows, n) with class numbers label (rows); a number that is no class gives 0.
#define OPEN_CLASSES                                       \
    OPEN_ALONE(const T, p);                                \
    OPEN_ALONE(const int, label);                          \
    p += (long) row * n;                                   \
    const int class_number = label[row];                   \
    const int exists = class_number >= 0 && class_number < n;

// y = log(sum(exp(p))) - p[label]
KERNEL GROUP_SIZE(1, 1, 1) void crossentropy_of_logits(BUFFER(const T, p), BUFFER(const int, label), BUFFER(T, y),
        const int rows, const int n, const int share) {
    FOR_ROWS {
        OPEN_CLASSES
        OPEN_ALONE(T, y);
        T loss = 0;
        if (exists) {
            const T most = finite_or_zero(highest_of(p, n));
            loss = (log(sum_of_exponentials(p, most, n)) + most) - p[class_number];
        }
        y[row] = ROUND(loss);
    }
}

// dp = dy (softmax(p) - [label])
KERNEL GROUP_SIZE(1, 1, 1) void crossentropy_of_logits_gradient(BUFFER(const T, p), BUFFER(const int, label),
        BUFFER(const T, dy), BUFFER(T, dp), const int rows, const int n, const int share) {
    FOR_ROWS {
        OPEN_CLASSES
        OPEN_ALONE(const T, dy);
        OPEN_ALONE(T, dp);
        dp += (long) row * n;
        if (exists) {
            const T most = finite_or_zero(highest_of(p, n));
            for (int i = 0; i < n; i++) dp[i] = exp(p[i] - most);
            const T scale = dy[row] / sum_of(dp, dp, 0, n);
            const T own = dp[class_number] * scale - dy[row];
            for (int i = 0; i < n; i++) dp[i] = ROUND(dp[i] * scale);
            dp[class_number] = ROUND(own);
        } else {
            for (int i = 0; i < n; i++) dp[i] = 0;
        }
    }
}

// y = -log of p[label] / sum(p), which is kept between `least` and `most`
KERNEL GROUP_SIZE(1, 1, 1) void crossentropy_of_shares(BUFFER(const T, p), BUFFER(const int, label), BUFFER(T, y),
        const int rows, const int n, const int share, const long least, const long most) {
    FOR_ROWS {
        OPEN_CLASSES
        OPEN_ALONE(T, y);
        T loss = 0;
        if (exists) {
            const T low = NUMBER(least);
            const T high = NUMBER(most);
            const T part = ROUND(p[class_number] / sum_of(p, p, 0, n));
            loss = -log(ROUND(part < low ? low : part > high ? high : part));
        }
        y[row] = ROUND(loss);
    }
}

// Where the share is at a limit, half of the gradient goes through.
KERNEL GROUP_SIZE(1, 1, 1) void crossentropy_of_shares_gradient(BUFFER(const T, p), BUFFER(const int, label),
        BUFFER(const T, dy), BUFFER(T, dp), const int rows, const int n, const int share, const long least,
        const long most) {
    FOR_ROWS {
        OPEN_CLASSES
        OPEN_ALONE(const T, dy);
        OPEN_ALONE(T, dp);
        dp += (long) row * n;
        T d = 0;
        T part = 0;
        if (exists) {
            const T low = NUMBER(least);
            const T high = NUMBER(most);
            const T sum = sum_of(p, p, 0, n);
            part = ROUND(p[class_number] / sum);
            const T through = part < low || part > high ? (T) 0 : part == low || part == high ? (T) 0.5f : (T) 1;
            d = -dy[row] / (part < low ? low : part > high ? high : part) * through / sum;
        }
        for (int i = 0; i < n; i++) dp[i] = ROUND(-d * part);
        if (exists) dp[class_number] = ROUND(d - d * part);
    }
}
