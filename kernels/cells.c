// Steps of recurrent layers on rows of u units, all gates of a step side by side. LANES neighbours share a row on GPUs; on
// CPUs a work-item does `share` rows on its own, in loops that the compiler turns into vectors.

#define FOR_ROWS                                                                                                       \
    for (int row = (int) get_group_id(0) * share + (int) get_local_id(0) / LANES;                                      \
         row < min(rows, ((int) get_group_id(0) + 1) * share); row += ITEMS / LANES)
#define FOR_UNITS for (int j = (int) get_local_id(0) % LANES; j < u; j += LANES)

INLINE T sigmoid(T x) { return 1 / (1 + exp(-x)); }

// x, r (rows, 4u): i, f, g, o; c, h, next (rows, u): next = s(f) c + s(i) tanh(g), h = s(o) tanh(next)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void lstm(BUFFER(const T, x), BUFFER(const T, r), BUFFER(const T, c), BUFFER(T, h),
        BUFFER(T, next), const int rows, const int u, const int share) {
    FOR_ROWS {
        OPEN_ALONE(const T, x);
        OPEN_ALONE(const T, r);
        OPEN_ALONE(const T, c);
        OPEN_ALONE(T, h);
        OPEN_ALONE(T, next);
        x += (long) row * 4 * u;
        r += (long) row * 4 * u;
        c += (long) row * u;
        h += (long) row * u;
        next += (long) row * u;
        FOR_UNITS {
            T input = sigmoid(x[j] + r[j]);
            T forget = sigmoid(x[u + j] + r[u + j]);
            T candidate = tanh(x[2 * u + j] + r[2 * u + j]);
            T output = sigmoid(x[3 * u + j] + r[3 * u + j]);
            T state = forget * c[j] + input * candidate;
            next[j] = ROUND(state);
            h[j] = ROUND(output * tanh(state));
        }
    }
}

// x, r, dz (rows, 4u); c, dh, dnext, dc (rows, u); dz is the gradient of x + r
KERNEL GROUP_SIZE(ITEMS, 1, 1) void lstm_gradient(BUFFER(const T, x), BUFFER(const T, r), BUFFER(const T, c),
        BUFFER(const T, dh), BUFFER(const T, dnext), BUFFER(T, dz), BUFFER(T, dc), const int rows, const int u,
        const int share) {
    FOR_ROWS {
        OPEN_ALONE(const T, x);
        OPEN_ALONE(const T, r);
        OPEN_ALONE(const T, c);
        OPEN_ALONE(const T, dh);
        OPEN_ALONE(const T, dnext);
        OPEN_ALONE(T, dz);
        OPEN_ALONE(T, dc);
        x += (long) row * 4 * u;
        r += (long) row * 4 * u;
        c += (long) row * u;
        dh += (long) row * u;
        dnext += (long) row * u;
        dz += (long) row * 4 * u;
        dc += (long) row * u;
        FOR_UNITS {
            T input = sigmoid(x[j] + r[j]);
            T forget = sigmoid(x[u + j] + r[u + j]);
            T candidate = tanh(x[2 * u + j] + r[2 * u + j]);
            T output = sigmoid(x[3 * u + j] + r[3 * u + j]);
            T shown = tanh(forget * c[j] + input * candidate);
            T dstate = dnext[j] + dh[j] * output * (1 - shown * shown);
            dz[j] = ROUND(dstate * candidate * input * (1 - input));
            dz[u + j] = ROUND(dstate * c[j] * forget * (1 - forget));
            dz[2 * u + j] = ROUND(dstate * input * (1 - candidate * candidate));
            dz[3 * u + j] = ROUND(dh[j] * shown * output * (1 - output));
            dc[j] = ROUND(dstate * forget);
        }
    }
}

// x, r (rows, 3u): z, reset, candidate; h, y (rows, u): y = s(z) h + (1 - s(z)) tanh(x2 + s(reset) r2)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void gru(BUFFER(const T, x), BUFFER(const T, r), BUFFER(const T, h), BUFFER(T, y),
        const int rows, const int u, const int share) {
    FOR_ROWS {
        OPEN_ALONE(const T, x);
        OPEN_ALONE(const T, r);
        OPEN_ALONE(const T, h);
        OPEN_ALONE(T, y);
        x += (long) row * 3 * u;
        r += (long) row * 3 * u;
        h += (long) row * u;
        y += (long) row * u;
        FOR_UNITS {
            T z = sigmoid(x[j] + r[j]);
            T reset = sigmoid(x[u + j] + r[u + j]);
            T candidate = tanh(x[2 * u + j] + reset * r[2 * u + j]);
            y[j] = ROUND(z * h[j] + (1 - z) * candidate);
        }
    }
}

// x, r, dx, dr (rows, 3u); h, dy, dh (rows, u)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void gru_gradient(BUFFER(const T, x), BUFFER(const T, r), BUFFER(const T, h),
        BUFFER(const T, dy), BUFFER(T, dx), BUFFER(T, dr), BUFFER(T, dh), const int rows, const int u,
        const int share) {
    FOR_ROWS {
        OPEN_ALONE(const T, x);
        OPEN_ALONE(const T, r);
        OPEN_ALONE(const T, h);
        OPEN_ALONE(const T, dy);
        OPEN_ALONE(T, dx);
        OPEN_ALONE(T, dr);
        OPEN_ALONE(T, dh);
        x += (long) row * 3 * u;
        r += (long) row * 3 * u;
        h += (long) row * u;
        dy += (long) row * u;
        dx += (long) row * 3 * u;
        dr += (long) row * 3 * u;
        dh += (long) row * u;
        FOR_UNITS {
            T z = sigmoid(x[j] + r[j]);
            T reset = sigmoid(x[u + j] + r[u + j]);
            T candidate = tanh(x[2 * u + j] + reset * r[2 * u + j]);
            T dz = dy[j] * (h[j] - candidate) * z * (1 - z);
            T dcandidate = dy[j] * (1 - z) * (1 - candidate * candidate);
            T dreset = dcandidate * r[2 * u + j] * reset * (1 - reset);
            dx[j] = ROUND(dz);
            dr[j] = ROUND(dz);
            dx[u + j] = ROUND(dreset);
            dr[u + j] = ROUND(dreset);
            dx[2 * u + j] = ROUND(dcandidate);
            dr[2 * u + j] = ROUND(dcandidate * reset);
            dh[j] = ROUND(dy[j] * z);
        }
    }
}
