// Steps of recurrent layers on rows of u units, all gates of a step side by side. LANES neighbours share a row on GPUs; on
// CPUs a work-item does `share` rows on its own, in loops that the compiler turns into vectors.

#define FOR_ROWS                                                                                                       \
    for (int row = (int) get_group_id(0) * share + (int) get_local_id(0) / LANES;                                      \
         row < min(rows, ((int) get_group_id(0) + 1) * share); row += ITEMS / LANES)
#define FOR_UNITS for (int j = (int) get_local_id(0) % LANES; j < u; j += LANES)

INLINE T sigmoid(T x) { return 1 / (1 + exp(-x)); }

// x, r (rows, 4u): i, f, g, o; c, h, next (rows, u): next = s(f) c + s(i) tanh(g), h = s(o) tanh(next)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void lstm(BUFFER(const FROM, x), BUFFER(const FROM, r), BUFFER(const FROM, c), BUFFER(INTO, h),
        BUFFER(INTO, next), const int rows, const int u, const int share) {
    FOR_ROWS {
        OPEN_ALONE(const FROM, x);
        OPEN_ALONE(const FROM, r);
        OPEN_ALONE(const FROM, c);
        OPEN_ALONE(INTO, h);
        OPEN_ALONE(INTO, next);
        x += (long) row * 4 * u;
        r += (long) row * 4 * u;
        c += (long) row * u;
        h += (long) row * u;
        next += (long) row * u;
        FOR_UNITS {
            T input = sigmoid(VALUE(x[j]) + VALUE(r[j]));
            T forget = sigmoid(VALUE(x[u + j]) + VALUE(r[u + j]));
            T candidate = tanh(VALUE(x[2 * u + j]) + VALUE(r[2 * u + j]));
            T output = sigmoid(VALUE(x[3 * u + j]) + VALUE(r[3 * u + j]));
            T state = forget * VALUE(c[j]) + input * candidate;
            next[j] = KEEP(ROUND(state));
            h[j] = KEEP(ROUND(output * tanh(state)));
        }
    }
}

// x, r, dz (rows, 4u); c, dh, dnext, dc (rows, u); dz is the gradient of x + r
KERNEL GROUP_SIZE(ITEMS, 1, 1) void lstm_gradient(BUFFER(const FROM, x), BUFFER(const FROM, r), BUFFER(const FROM, c),
        BUFFER(const FROM, dh), BUFFER(const FROM, dnext), BUFFER(INTO, dz), BUFFER(INTO, dc), const int rows, const int u,
        const int share) {
    FOR_ROWS {
        OPEN_ALONE(const FROM, x);
        OPEN_ALONE(const FROM, r);
        OPEN_ALONE(const FROM, c);
        OPEN_ALONE(const FROM, dh);
        OPEN_ALONE(const FROM, dnext);
        OPEN_ALONE(INTO, dz);
        OPEN_ALONE(INTO, dc);
        x += (long) row * 4 * u;
        r += (long) row * 4 * u;
        c += (long) row * u;
        dh += (long) row * u;
        dnext += (long) row * u;
        dz += (long) row * 4 * u;
        dc += (long) row * u;
        FOR_UNITS {
            T input = sigmoid(VALUE(x[j]) + VALUE(r[j]));
            T forget = sigmoid(VALUE(x[u + j]) + VALUE(r[u + j]));
            T candidate = tanh(VALUE(x[2 * u + j]) + VALUE(r[2 * u + j]));
            T output = sigmoid(VALUE(x[3 * u + j]) + VALUE(r[3 * u + j]));
            T shown = tanh(forget * VALUE(c[j]) + input * candidate);
            T dstate = VALUE(dnext[j]) + VALUE(dh[j]) * output * (1 - shown * shown);
            dz[j] = KEEP(ROUND(dstate * candidate * input * (1 - input)));
            dz[u + j] = KEEP(ROUND(dstate * VALUE(c[j]) * forget * (1 - forget)));
            dz[2 * u + j] = KEEP(ROUND(dstate * input * (1 - candidate * candidate)));
            dz[3 * u + j] = KEEP(ROUND(VALUE(dh[j]) * shown * output * (1 - output)));
            dc[j] = KEEP(ROUND(dstate * forget));
        }
    }
}

// x, r (rows, 3u): z, reset, candidate; h, y (rows, u): y = s(z) h + (1 - s(z)) tanh(x2 + s(reset) r2)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void gru(BUFFER(const FROM, x), BUFFER(const FROM, r), BUFFER(const FROM, h), BUFFER(INTO, y),
        const int rows, const int u, const int share) {
    FOR_ROWS {
        OPEN_ALONE(const FROM, x);
        OPEN_ALONE(const FROM, r);
        OPEN_ALONE(const FROM, h);
        OPEN_ALONE(INTO, y);
        x += (long) row * 3 * u;
        r += (long) row * 3 * u;
        h += (long) row * u;
        y += (long) row * u;
        FOR_UNITS {
            T z = sigmoid(VALUE(x[j]) + VALUE(r[j]));
            T reset = sigmoid(VALUE(x[u + j]) + VALUE(r[u + j]));
            T candidate = tanh(VALUE(x[2 * u + j]) + reset * VALUE(r[2 * u + j]));
            y[j] = KEEP(ROUND(z * VALUE(h[j]) + (1 - z) * candidate));
        }
    }
}

// x, r, dx, dr (rows, 3u); h, dy, dh (rows, u)
KERNEL GROUP_SIZE(ITEMS, 1, 1) void gru_gradient(BUFFER(const FROM, x), BUFFER(const FROM, r), BUFFER(const FROM, h),
        BUFFER(const FROM, dy), BUFFER(INTO, dx), BUFFER(INTO, dr), BUFFER(INTO, dh), const int rows, const int u,
        const int share) {
    FOR_ROWS {
        OPEN_ALONE(const FROM, x);
        OPEN_ALONE(const FROM, r);
        OPEN_ALONE(const FROM, h);
        OPEN_ALONE(const FROM, dy);
        OPEN_ALONE(INTO, dx);
        OPEN_ALONE(INTO, dr);
        OPEN_ALONE(INTO, dh);
        x += (long) row * 3 * u;
        r += (long) row * 3 * u;
        h += (long) row * u;
        dy += (long) row * u;
        dx += (long) row * 3 * u;
        dr += (long) row * 3 * u;
        dh += (long) row * u;
        FOR_UNITS {
            T z = sigmoid(VALUE(x[j]) + VALUE(r[j]));
            T reset = sigmoid(VALUE(x[u + j]) + VALUE(r[u + j]));
            T candidate = tanh(VALUE(x[2 * u + j]) + reset * VALUE(r[2 * u + j]));
            T dz = VALUE(dy[j]) * (VALUE(h[j]) - candidate) * z * (1 - z);
            T dcandidate = VALUE(dy[j]) * (1 - z) * (1 - candidate * candidate);
            T dreset = dcandidate * VALUE(r[2 * u + j]) * reset * (1 - reset);
            dx[j] = KEEP(ROUND(dz));
            dr[j] = KEEP(ROUND(dz));
            dx[u + j] = KEEP(ROUND(dreset));
            dr[u + j] = KEEP(ROUND(dreset));
            dx[2 * u + j] = KEEP(ROUND(dcandidate));
            dr[2 * u + j] = KEEP(ROUND(dcandidate * reset));
            dh[j] = KEEP(ROUND(VALUE(dy[j]) * z));
        }
    }
}
