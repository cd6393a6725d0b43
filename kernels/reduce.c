// Reductions of x[outer][n][inner] along n. T is the element type, REDUCE_SUM, REDUCE_PROD, REDUCE_MAX or REDUCE_MIN the
// function; with ARG the result is the index of the first greatest or least. n is not 0.
//
// A sum of floats is kept as two numbers, the running sum and what its additions have rounded away (Knuth, "The Art of
// Computer Programming", vol. 2, 4.2.2, theorem B); or, with WIDE, as a double.

#ifdef WIDE
#define A double
#else
#define A T
#endif

#if defined(REDUCE_SUM) && defined(FLOATING) && !defined(WIDE)
#define COMPENSATED
#endif

#if defined(REDUCE_SUM)
#ifdef FLOATING
#define MERGED(a, b) ((a) + (b))
#else
#define MERGED(a, b) ((T) ((UT) (a) + (UT) (b)))
#endif
#elif defined(REDUCE_PROD)
#ifdef FLOATING
#define MERGED(a, b) ((a) * (b))
#else
#define MERGED(a, b) ((T) ((UT) (a) * (UT) (b)))
#endif
#else
#ifdef REDUCE_MAX
#define WINS(a, b) ((a) > (b))
#else
#define WINS(a, b) ((a) < (b))
#endif
#ifdef FLOATING
// a NaN wins over all but a NaN
#define BEATS(a, b) (WINS(a, b) | (((a) != (a)) & ((b) == (b))))
#else
#define BEATS(a, b) WINS(a, b)
#endif
#define MERGED(a, b) (BEATS(b, a) ? (b) : (a))
#endif

// What is kept of each lane, in arrays or local memory: value[i], and lost[i] or index[i] where there is such.
// START sets lane i to v, ADD adds v to it, MERGE adds lane k, and RESULT is what comes out. For ARG, `row` is v's.
#if defined(ARG)
#define R int
#define LANES(space, count) \
    space A value[count];   \
    space int index[count];
#define START(i, v, row)  \
    {                     \
        value[i] = v;     \
        index[i] = (row); \
    }
#define ADD(i, v, row)                         \
    {                                          \
        const T added = v;                     \
        const int wins = BEATS(added, value[i]); \
        value[i] = wins ? added : value[i];    \
        index[i] = wins ? (row) : index[i];    \
    }
#define MERGE(i, k)                                                                                               \
    {                                                                                                             \
        const int ties = !BEATS(value[i], value[k]) & (index[k] < index[i]); \
        const int wins = BEATS(value[k], value[i]) | ties; \
        value[i] = wins ? value[k] : value[i];                                                                    \
        index[i] = wins ? index[k] : index[i];                                                                    \
    }
#define RESULT(i) index[i]
#elif defined(COMPENSATED)
#define R INTO
#define LANES(space, count) \
    space A value[count];   \
    space A lost[count];
#define START(i, v, row) \
    {                    \
        value[i] = v;    \
        lost[i] = 0;     \
    }
#define TWO_SUM(i, v, more)                                       \
    {                                                             \
        const T added = v;                                        \
        const T sum = value[i] + added;                           \
        const T part = sum - value[i];                            \
        lost[i] += ((value[i] - (sum - part)) + (added - part)) + more; \
        value[i] = sum;                                           \
    }
#define ADD(i, v, row) TWO_SUM(i, v, 0)
#define MERGE(i, k) TWO_SUM(i, value[k], lost[k])
// an infinite sum has lost a NaN
#define RESULT(i) STORED(value[i] - value[i] == 0 ? value[i] + lost[i] : value[i])
#else
#define R INTO
#define LANES(space, count) space A value[count];
#define START(i, v, row) value[i] = v;
#define ADD(i, v, row)                       \
    {                                        \
        const A added = v;                   \
        value[i] = MERGED(value[i], added);  \
    }
#define MERGE(i, k) value[i] = MERGED(value[i], value[k]);
#define RESULT(i) STORED((T) value[i])
#endif

// a part is merged with others before it is rounded to a narrow type
#ifdef PART
#define STORED(v) (v)
#else
#define STORED(v) ROUND(v)
#endif

#ifdef ARG
#define KEPT(i) RESULT(i)
#else
#define KEPT(i) KEEP(RESULT(i))
#endif

// n is split into pieces of `chunk`; y[outer][splits][inner]. Columns are taken in blocks of `width`. What is one task:
// one block of one split of one outer index.

#ifdef CPU
#define MOST 1024
// Each work-item does `piece` tasks. `lanes` rows at a time: where they lie one behind the other (width = inner), more
// than one makes loops long enough for vectors.
KERNEL GROUP_SIZE(1, 1, 1)
void reduce(BUFFER(const FROM, x), BUFFER(R, y), const int tasks, const int piece, const int n, const int inner,
        const int chunk, const int splits, const int width, const int blocks, const int lanes) {
    OPEN(const FROM, x);
    OPEN(R, y);
    LANES(, MOST)
    const int first = (int) get_group_id(0) * piece;
    const int last = first + min(piece, tasks - first);
    for (int task = first; task < last; task++) {
        const int column = task % blocks * width;
        const int split = task / blocks;
        const int columns = min(width, inner - column);
        const int row = split % splits * chunk;
        const int rows = min(chunk, n - row);
        GLOBAL const FROM* from = x + (split / splits * n + row) * inner + column;
        const int used = min(lanes, rows);
        const int step = used * columns;
        VECTORIZE for (int j = 0; j < step; j++) START(j, VALUE(from[j]), 0)
        int k = used;
        for (; k + used <= rows; k += used) {
            GLOBAL const FROM* p = from + k * inner;
            VECTORIZE for (int j = 0; j < step; j++) ADD(j, VALUE(p[j]), k)
        }
        GLOBAL const FROM* p = from + k * inner;
        const int rest = (rows - k) * columns;
        VECTORIZE for (int j = 0; j < rest; j++) ADD(j, VALUE(p[j]), k)
#ifdef ARG
        if (columns == 1) {
            VECTORIZE for (int j = 0; j < used; j++) index[j] += j;
        } else {
            for (int j = 1; j < used; j++)
                VECTORIZE for (int c = 0; c < columns; c++) index[j * columns + c] += j;
        }
#endif
        for (int live = used; live > 1;) {
            const int kept = (live + 1) / 2;
            const int count = (live - kept) * columns;
            const int far = kept * columns;
            VECTORIZE for (int j = 0; j < count; j++) MERGE(j, j + far)
            live = kept;
        }
        GLOBAL R* to = y + split * inner + column;
        VECTORIZE for (int j = 0; j < columns; j++) to[j] = KEPT(j);
    }
}
// For short lines along the last axis: as many lines at a time as there are lanes. Each work-item does `piece` lines.
KERNEL GROUP_SIZE(1, 1, 1)
void reduce_lines(BUFFER(const FROM, x), BUFFER(R, y), const int lines, const int piece, const int n) {
    OPEN(const FROM, x);
    OPEN(R, y);
    LANES(, MOST)
    const int first = (int) get_group_id(0) * piece;
    const int last = first + min(piece, lines - first);
    for (int line = first; line < last; line += MOST) {
        const int count = min(MOST, last - line);
        GLOBAL const FROM* from = x + line * n;
        GLOBAL R* to = y + line;
        VECTORIZE for (int j = 0; j < count; j++) START(j, VALUE(from[j * n]), 0)
        for (int k = 1; k < n; k++) {
            GLOBAL const FROM* p = from + k;
            VECTORIZE for (int j = 0; j < count; j++) ADD(j, VALUE(p[j * n]), k)
        }
        VECTORIZE for (int j = 0; j < count; j++) to[j] = KEPT(j);
    }
}
// For lines of 16 and more: 16 lanes for each line, merged for many lines at a time. Each work-item does `piece` lines.
KERNEL GROUP_SIZE(1, 1, 1)
void reduce_long_lines(BUFFER(const FROM, x), BUFFER(R, y), const int lines, const int piece, const int n) {
    OPEN(const FROM, x);
    OPEN(R, y);
    LANES(, MOST)
    const int first = (int) get_group_id(0) * piece;
    const int last = first + min(piece, lines - first);
    for (int line = first; line < last; line += MOST / 16) {
        const int count = min(MOST / 16, last - line);
        for (int i = 0; i < count; i++) {
            GLOBAL const FROM* from = x + (line + i) * n;
            const int lane = i * 16;
            VECTORIZE for (int j = 0; j < 16; j++) START(lane + j, VALUE(from[j]), j)
            int k = 16;
            for (; k + 16 <= n; k += 16) {
                GLOBAL const FROM* p = from + k;
                VECTORIZE for (int j = 0; j < 16; j++) ADD(lane + j, VALUE(p[j]), k + j)
            }
            for (; k < n; k++) ADD(lane + k % 16, VALUE(from[k]), k)
        }
        GLOBAL R* to = y + line;
        VECTORIZE for (int i = 0; i < count; i++) {
            UNROLL for (int j = 1; j < 16; j++) MERGE(i * 16, i * 16 + j)
            to[i] = KEPT(i * 16);
        }
    }
}
#else
// Each group does the tasks of `outers` outer indices; a task has lanes x width work-items.
KERNEL GROUP_SIZE(256, 1, 1)
void reduce(BUFFER(const FROM, x), BUFFER(R, y), const int outer, const int outers, const int n, const int inner,
        const int chunk, const int splits, const int width, const int blocks, const int lanes) {
    OPEN(const FROM, x);
    OPEN(R, y);
    LANES(LOCAL, 256)
    const int item = (int) get_local_id(0);
    const int lane = item / width % lanes;
    const int group = (int) get_group_id(0);
    const int column = group % blocks * width + item % width;
    const int split = group / blocks % splits;
    const int o = group / blocks / splits * outers + item / width / lanes;
    const int end = min(n, split * chunk + chunk);
    int row = split * chunk + lane;
    const int works = item < width * lanes * outers && o < outer && column < inner && row < end;
    if (works) {
        GLOBAL const FROM* p = x + (o * n + row) * inner + column;
        const int step = lanes * inner;
        START(item, VALUE(p[0]), row)
        row += lanes;
        p += step;
        // four loads are under way at a time
        for (; row + 3 * lanes < end; row += 4 * lanes) {
            const T v0 = VALUE(p[0]);
            const T v1 = VALUE(p[step]);
            const T v2 = VALUE(p[2 * step]);
            const T v3 = VALUE(p[3 * step]);
            ADD(item, v0, row)
            ADD(item, v1, row + lanes)
            ADD(item, v2, row + 2 * lanes)
            ADD(item, v3, row + 3 * lanes)
            p += 4 * step;
        }
        for (; row < end; row += lanes) {
            ADD(item, VALUE(p[0]), row)
            p += step;
        }
    }
    BARRIER();
    const int used = min(lanes, end - split * chunk);
    for (int live = lanes; live > 1;) {
        const int kept = (live + 1) / 2;
        if (works && lane + kept < min(live, used)) MERGE(item, item + kept * width)
        BARRIER();
        live = kept;
    }
    if (works && lane == 0) y[(o * splits + split) * inner + column] = KEPT(item);
}
#endif

#ifndef ARG
// Running results along n, from the end if `reverse`; without the element itself if `exclusive`. IDENTITY is what they
// start with.
#ifdef CPU
KERNEL GROUP_SIZE(1, 1, 1)
void cumulative(BUFFER(const FROM, x), BUFFER(R, y), const int tasks, const int piece, const int n, const int inner,
        const int width, const int blocks, const int exclusive, const int reverse) {
    OPEN(const FROM, x);
    OPEN(R, y);
    LANES(, MOST)
    const int first = (int) get_group_id(0) * piece;
    const int last = first + min(piece, tasks - first);
    for (int task = first; task < last; task++) {
        const int column = task % blocks * width;
        const int columns = min(width, inner - column);
        const int base = task / blocks * n * inner + column;
        if (inner == 1) {
            LANES(, 1) // in a register
            START(0, IDENTITY, 0)
            for (int k = 0; k < n; k++) {
                const int at = base + (reverse ? n - 1 - k : k);
                const T before = RESULT(0);
                ADD(0, VALUE(x[at]), 0)
                y[at] = KEEP(exclusive ? before : RESULT(0));
            }
            continue;
        }
        for (int j = 0; j < columns; j++) START(j, IDENTITY, 0)
        for (int k = 0; k < n; k++) {
            const int at = base + (reverse ? n - 1 - k : k) * inner;
            GLOBAL const FROM* p = x + at;
            GLOBAL R* q = y + at;
            VECTORIZE for (int j = 0; j < columns; j++) {
                const T before = RESULT(j);
                ADD(j, VALUE(p[j]), 0)
                q[j] = KEEP(exclusive ? before : RESULT(j));
            }
        }
    }
}
#else
// Each group does the columns of `outers` outer indices; a task has lanes x width work-items, and `lanes` rows at a time
// are scanned in log2(lanes) steps (Hillis and Steele, "Data parallel algorithms", 1986), which go to and fro between two
// halves of local memory.
#define CARRY 512
#define MINE 768
#ifdef COMPENSATED
#define COPY(i, k)           \
    {                        \
        value[i] = value[k]; \
        lost[i] = lost[k];   \
    }
#else
#define COPY(i, k) value[i] = value[k];
#endif
KERNEL GROUP_SIZE(256, 1, 1)
void cumulative(BUFFER(const FROM, x), BUFFER(R, y), const int outer, const int outers, const int n, const int inner,
        const int width, const int blocks, const int lanes, const int exclusive, const int reverse) {
    OPEN(const FROM, x);
    OPEN(R, y);
    LANES(LOCAL, 1024)
    const int item = (int) get_local_id(0);
    const int lane = item / width % lanes;
    const int task = item / width / lanes; // the last few items may have none
    const int carry = CARRY + task * width + item % width;
    const int mine = MINE + item;
    const int group = (int) get_group_id(0);
    const int column = group % blocks * width + item % width;
    const int o = group / blocks * outers + task;
    const int base = o * n * inner + column;
    const int works = task < outers && o < outer && column < inner;
    if (lane == 0) START(carry, IDENTITY, 0)
    for (int done = 0; done < n; done += lanes) {
        const int k = done + lane;
        const int at = base + (reverse ? n - 1 - k : k) * inner;
        const int inside = works && k < n;
        START(item, inside ? VALUE(x[at]) : (T) IDENTITY, 0)
        BARRIER();
        int slot = item;
        for (int far = 1; far < lanes; far *= 2) {
            const int next = slot < 256 ? slot + 256 : slot - 256;
            COPY(next, slot)
            if (lane >= far) MERGE(next, slot - far * width)
            BARRIER();
            slot = next;
        }
        COPY(mine, carry)
        if (!exclusive) MERGE(mine, slot)
        else if (lane > 0) MERGE(mine, slot - width)
        if (inside) y[at] = KEPT(mine);
        BARRIER();
        if (lane == lanes - 1) MERGE(carry, slot)
    }
}
#endif
#endif
