// Reading and updating rows by index. T is the type of an element, or for what is only moved a wider one; ZERO is a T
// of zero bits; UPDATE(a, b) is what becomes of element a by update b.

#ifdef FLOATING
// the greater and the smaller; NaN if one is
INLINE T greater_of(T a, T b) { return a != a ? a : b != b ? b : a > b ? a : b; }
INLINE T smaller_of(T a, T b) { return a != a ? a : b != b ? b : a < b ? a : b; }
#endif

// x[outer, n, inner], index[m] -> out[outer, m, inner]; 'count' is the size of out.
#define GATHERED                                                                                              \
    BUFFER(const T, x), BUFFER(const int, index), BUFFER(T, out), BUFFER(int, fault), const int count, const int n, \
    DIVISOR(inner), DIVISOR(m)

KERNEL GROUP_SIZE(256, 1, 1) void gather_each(GATHERED) {
    OPEN(const T, x);
    OPEN(const int, index);
    OPEN(T, out);
    OPEN(int, fault);
    const int item = (int) get_group_id(0) * 256 + (int) get_local_id(0);
    if (item >= count) return;
    const int row = QUOTIENT(item, inner);
    const int i = item - row * inner;
    const int o = QUOTIENT(row, m);
    const int k = row - o * m;
    const int at = index[k];
    T value = ZERO;
    if (at >= 0 && at < n) value = x[(o * n + at) * inner + i];
    else if (i == 0 && o == 0) report_index(fault, at, n, k);
    out[item] = value;
}

KERNEL GROUP_SIZE(1, 1, 1) void gather_rows(GATHERED, const int share) {
    OPEN(const T, x);
    OPEN(const int, index);
    OPEN(T, out);
    OPEN(int, fault);
    const int begin = (int) get_group_id(0) * share;
    const int end = min(count - begin, share) + begin;
    int row = QUOTIENT(begin, inner);
    int first = begin - row * inner;
    int o = QUOTIENT(row, m);
    int k = row - o * m;
    for (int item = begin; item < end;) {
        const int run = min(inner - first, end - item);
        const int at = index[k];
        GLOBAL T* target = out + item;
        if (at >= 0 && at < n) {
            GLOBAL const T* source = x + (o * n + at) * inner + first;
            for (int i = 0; i < run; i++) target[i] = source[i];
        } else {
            if (first == 0 && o == 0) report_index(fault, at, n, k);
            for (int i = 0; i < run; i++) target[i] = ZERO;
        }
        item += run;
        first = 0;
        if (++k == m) {
            k = 0;
            o++;
        }
    }
}

// index[m], updates[m, row] -> out[n, row], in the order of the index. A group owns rows and columns of out: it looks
// through the whole index for them, so that nobody else writes there and the order is kept.
#define SCATTERED                                                                                              \
    BUFFER(const int, index), BUFFER(const T, updates), BUFFER(T, out), const int m, const int n, const int row, \
    const int group_rows, const int group_columns

KERNEL GROUP_SIZE(1, 1, 1) void scatter_alone(SCATTERED) {
    OPEN(const int, index);
    OPEN(const T, updates);
    OPEN(T, out);
    const int r0 = (int) get_group_id(0) * group_rows;
    const int r1 = min(n - r0, group_rows) + r0;
    const int c0 = (int) get_group_id(1) * group_columns;
    const int columns = min(row - c0, group_columns);
    for (int k = 0; k < m; k++) {
        const int r = index[k];
        if (r < r0 || r >= r1) continue;
        GLOBAL T* target = out + r * row + c0;
        GLOBAL const T* update = updates + k * row + c0;
        for (int i = 0; i < columns; i++) target[i] = UPDATE(target[i], update[i]);
    }
}

// group_columns is a power of two up to 256, and each row of a group has as many work-items; 256 / group_columns
// divides group_rows. Work-items keep the element that they update as long as it is the same one.
KERNEL GROUP_SIZE(256, 1, 1) void scatter_together(SCATTERED) {
    OPEN(const int, index);
    OPEN(const T, updates);
    OPEN(T, out);
    LOCAL int sums[256];
    LOCAL int found[256];
    LOCAL int found_row[256];
    LOCAL int any[3]; // one for each chunk in turn, so that one barrier is enough where nothing is found
    const int me = (int) get_local_id(0);
    const int r0 = (int) get_group_id(0) * group_rows;
    const int r1 = min(n - r0, group_rows) + r0;
    const int lanes = 256 / group_columns;
    const int lane = me / group_columns;
    const int column = (int) get_group_id(1) * group_columns + me - lane * group_columns;
    int current = -1;
    T value = ZERO;
    if (me < 3) any[me] = 0;
    BARRIER();
    for (int first = 0, turn = 0; first < m; first += 256, turn = turn == 2 ? 0 : turn + 1) {
        const int r = first + me < m ? index[first + me] : -1;
        const bool mine = r >= r0 && r < r1;
        if (mine) any[turn] = 1;
        BARRIER();
        const bool some = any[turn] != 0;
        if (me == 0) any[turn == 0 ? 2 : turn - 1] = 0;
        if (!some) continue;
        // those found, in order: their places are running sums
        sums[me] = mine ? 1 : 0;
        BARRIER();
        for (int step = 1; step < 256; step *= 2) {
            const int other = me >= step ? sums[me - step] : 0;
            BARRIER();
            sums[me] += other;
            BARRIER();
        }
        if (mine) {
            found[sums[me] - 1] = first + me;
            found_row[sums[me] - 1] = r;
        }
        BARRIER();
        const int total = sums[255];
        for (int j = 0; j < total; j += 4) {
            T update[4];
            bool take[4];
            UNROLL for (int q = 0; q < 4; q++) {
                take[q] = j + q < total && column < row && (found_row[j + q] & (lanes - 1)) == lane;
                if (take[q]) update[q] = updates[found[j + q] * row + column];
            }
            UNROLL for (int q = 0; q < 4; q++) {
                if (!take[q]) continue;
                const int at = found_row[j + q] * row + column;
                if (at != current) {
                    if (current >= 0) out[current] = value;
                    current = at;
                    value = out[at];
                }
                value = UPDATE(value, update[q]);
            }
        }
        BARRIER();
    }
    if (current >= 0) out[current] = value;
}
