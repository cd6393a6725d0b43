// Moving elements. T is what is moved at once: short, int, long or int4, whatever the dtype. ZERO is a T of zero bits.
//
// A box of up to six axes goes from strided places of x to strided places of out; axis 0 is the innermost. FROM and TO
// are the strides, in T.
#define AXIS(k) DIVISOR(size##k), const int from##k, const int to##k
#define STEP(k)                               \
    {                                         \
        const int q = QUOTIENT(rest, size##k); \
        const int i = rest - q * size##k;     \
        from += i * from##k;                  \
        to += i * to##k;                      \
        rest = q;                             \
    }
#define BOX const int axes, AXIS(0), AXIS(1), AXIS(2), AXIS(3), AXIS(4), AXIS(5)

// Every work-item moves one element: element 'item' of the box in row-major order.
KERNEL GROUP_SIZE(256, 1, 1) void move_each(BUFFER(const T, x), BUFFER(T, out), const int count, BOX) {
    OPEN(const T, x);
    OPEN(T, out);
    int rest = (int) get_group_id(0) * 256 + (int) get_local_id(0);
    if (rest >= count) return;
    int from = 0, to = 0;
    STEP(0)
    if (axes > 1) STEP(1)
    if (axes > 2) STEP(2)
    if (axes > 3) STEP(3)
    if (axes > 4) STEP(4)
    if (axes > 5) STEP(5)
    out[to] = x[from];
}

// Every work-item moves 'share' elements, row by row.
KERNEL GROUP_SIZE(1, 1, 1) void move_rows(BUFFER(const T, x), BUFFER(T, out), const int count, const int share, BOX) {
    OPEN(const T, x);
    OPEN(T, out);
    const int begin = (int) get_group_id(0) * share;
    const int end = min(count - begin, share) + begin;
    for (int item = begin; item < end;) {
        int from = 0, to = 0;
        int rest = QUOTIENT(item, size0);
        const int first = item - rest * size0;
        const int run = min(size0 - first, end - item);
        if (axes > 1) STEP(1)
        if (axes > 2) STEP(2)
        if (axes > 3) STEP(3)
        if (axes > 4) STEP(4)
        if (axes > 5) STEP(5)
        GLOBAL const T* source = x + from + first * from0;
        GLOBAL T* target = out + to + first * to0;
        if (from0 == 1 && to0 == 1) {
            for (int i = 0; i < run; i++) target[i] = source[i];
        } else {
            for (int i = 0; i < run; i++) target[i * to0] = source[i * from0];
        }
        item += run;
    }
}

// Transposes a x b matrices: x[batch..., b, a] -> out[batch..., a, b], where a has stride 1 in x and b has in out.
// The batch has up to four axes. Both sides are touched in rows: a tile is turned in between.
#define MATRICES const int a, const int to_a, const int b, const int from_b, DIVISOR(tiles_a), DIVISOR(tiles_b)
#define BATCH AXIS(0), AXIS(1), AXIS(2), AXIS(3)
#define FIND_TILE(side)                               \
    int from, to, a0, b0;                             \
    {                                                 \
        int rest = QUOTIENT(tile, tiles_b);           \
        b0 = (tile - rest * tiles_b) * side;          \
        const int q = QUOTIENT(rest, tiles_a);        \
        a0 = (rest - q * tiles_a) * side;             \
        rest = q;                                     \
        from = b0 * from_b + a0;                      \
        to = a0 * to_a + b0;                          \
        STEP(0) STEP(1) STEP(2) STEP(3)               \
    }

// Every group of 32 x 8 work-items turns a tile of 32 x 32; the 33rd column keeps columns in different banks.
KERNEL GROUP_SIZE(256, 1, 1) void transpose_tiles(BUFFER(const T, x), BUFFER(T, out), MATRICES, BATCH) {
    OPEN(const T, x);
    OPEN(T, out);
    LOCAL T turned[32 * 33];
    const int tile = (int) get_group_id(0);
    const int column = (int) get_local_id(0) & 31;
    const int row = (int) get_local_id(0) >> 5;
    FIND_TILE(32)
    UNROLL for (int j = row; j < 32; j += 8)
        if (a0 + column < a && b0 + j < b) turned[j * 33 + column] = x[from + j * from_b + column];
    BARRIER();
    UNROLL for (int i = row; i < 32; i += 8)
        if (b0 + column < b && a0 + i < a) out[to + i * to_a + column] = turned[column * 33 + i];
}

// Every work-item turns 'share' tiles of 16 x 16 of 'count', one after the other.
KERNEL GROUP_SIZE(1, 1, 1)
void transpose_blocks(BUFFER(const T, x), BUFFER(T, out), const int count, const int share, MATRICES, BATCH) {
    OPEN(const T, x);
    OPEN(T, out);
    T turned[256];
    const int begin = (int) get_group_id(0) * share;
    const int end = min(count - begin, share) + begin;
    for (int tile = begin; tile < end; tile++) {
        FIND_TILE(16)
        const int height = min(16, a - a0);
        const int width = min(16, b - b0);
        if (height == 16 && width == 16) {
            for (int j = 0; j < 16; j++)
                for (int i = 0; i < 16; i++) turned[i * 16 + j] = x[from + j * from_b + i];
            for (int i = 0; i < 16; i++)
                for (int j = 0; j < 16; j++) out[to + i * to_a + j] = turned[i * 16 + j];
        } else {
            for (int i = 0; i < height; i++)
                for (int j = 0; j < width; j++) out[to + i * to_a + j] = x[from + j * from_b + i];
        }
    }
}

// Puts x amid zeros: out[low + i] = x[i] along each of four axes, 0 elsewhere; axis 0 is the innermost.
#define PADDED(k) DIVISOR(size##k), const int low##k, const int inside##k, const int from##k
#define PLACE(k)                               \
    {                                          \
        const int q = QUOTIENT(rest, size##k); \
        const int i = rest - q * size##k - low##k; \
        within = within && i >= 0 && i < inside##k; \
        from += i * from##k;                   \
        rest = q;                              \
    }
#define PADDED_AXES PADDED(0), PADDED(1), PADDED(2), PADDED(3)

KERNEL GROUP_SIZE(256, 1, 1) void pad_each(BUFFER(const T, x), BUFFER(T, out), const int count, PADDED_AXES) {
    OPEN(const T, x);
    OPEN(T, out);
    const int item = (int) get_group_id(0) * 256 + (int) get_local_id(0);
    if (item >= count) return;
    int rest = item, from = 0;
    bool within = true;
    PLACE(0) PLACE(1) PLACE(2) PLACE(3)
    T value = ZERO;
    if (within) value = x[from];
    out[item] = value;
}

KERNEL GROUP_SIZE(1, 1, 1)
void pad_rows(BUFFER(const T, x), BUFFER(T, out), const int count, const int share, PADDED_AXES) {
    OPEN(const T, x);
    OPEN(T, out);
    const int begin = (int) get_group_id(0) * share;
    const int end = min(count - begin, share) + begin;
    for (int item = begin; item < end;) {
        int rest = QUOTIENT(item, size0);
        const int first = item - rest * size0;
        const int run = min(size0 - first, end - item);
        int from = 0;
        bool within = true;
        PLACE(1) PLACE(2) PLACE(3)
        // elements left to right of this run come from x, the others are zero
        const int left = within ? min(max(low0 - first, 0), run) : run;
        const int right = within ? min(max(low0 + inside0 - first, left), run) : run;
        GLOBAL T* target = out + item;
        GLOBAL const T* source = x + from + (first - low0);
        for (int i = 0; i < left; i++) target[i] = ZERO;
        for (int i = left; i < right; i++) target[i] = source[i];
        for (int i = right; i < run; i++) target[i] = ZERO;
        item += run;
    }
}

// Joins the rows of four inputs: out[row, to + 0 ...] = a[row, ...], b[row, ...], c[row, ...], d[row, ...]. The lengths
// of a row are end_a, end_b - end_a, ...; a row of out is 'stride' long, and 'length' of it is written.
#define JOINED \
    BUFFER(const T, a), BUFFER(const T, b), BUFFER(const T, c), BUFFER(const T, d), BUFFER(T, out), const int count, \
    DIVISOR(length), const int stride, const int end_a, const int end_b, const int end_c

KERNEL GROUP_SIZE(256, 1, 1) void join_each(JOINED) {
    OPEN(const T, a);
    OPEN(const T, b);
    OPEN(const T, c);
    OPEN(const T, d);
    OPEN(T, out);
    const int item = (int) get_group_id(0) * 256 + (int) get_local_id(0);
    if (item >= count) return;
    const int row = QUOTIENT(item, length);
    const int i = item - row * length;
    T value;
    if (i < end_a) value = a[row * end_a + i];
    else if (i < end_b) value = b[row * (end_b - end_a) + i - end_a];
    else if (i < end_c) value = c[row * (end_c - end_b) + i - end_b];
    else value = d[row * (length - end_c) + i - end_c];
    out[row * stride + i] = value;
}

// Copies the part of input 'name' that lies in elements first to last - 1 of a joined row.
#define JOIN_PART(name, start, end)                                                \
    {                                                                              \
        const int low = max(first, start), high = min(last, end);                  \
        GLOBAL const T* source = name + row * ((end) - (start)) - (start);         \
        for (int i = low; i < high; i++) target[i] = source[i];                    \
    }

KERNEL GROUP_SIZE(1, 1, 1) void join_rows(JOINED, const int share) {
    OPEN(const T, a);
    OPEN(const T, b);
    OPEN(const T, c);
    OPEN(const T, d);
    OPEN(T, out);
    const int begin = (int) get_group_id(0) * share;
    const int stop = min(count - begin, share) + begin;
    for (int item = begin; item < stop;) {
        const int row = QUOTIENT(item, length);
        const int first = item - row * length;
        const int last = min(length, first + stop - item);
        GLOBAL T* target = out + row * stride;
        JOIN_PART(a, 0, end_a)
        JOIN_PART(b, end_a, end_b)
        JOIN_PART(c, end_b, end_c)
        JOIN_PART(d, end_c, length)
        item += last - first;
    }
}
