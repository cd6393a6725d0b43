// Sorting of x[outer, n, inner] along n, stable, NaN last: places become what goes where. K is int or long, the bits of
// an element or an integer; line and element e lie at line_start + e * inner.

// What orders elements: an integer that grows as they do, or falls if 'descending'; greatest for NaN. Zeros are equal.
INLINE K key_of(K bits, int floating, int descending) {
    K key = bits;
    if (floating) {
        if ((bits & ABSOLUTE) > INFINITE) return ABSOLUTE;
        if ((bits & ABSOLUTE) == 0) key = 0;
        if (key < 0) key ^= ABSOLUTE;
    }
    return descending ? ~key : key;
}

#define LINES                                                                                                      \
    BUFFER(const K, x), BUFFER(int, places), BUFFER(int, spare), const int n, DIVISOR(inner), const int floating, \
    const int descending
#define FIND_LINE(line)                                     \
    const int line_outer = QUOTIENT(line, inner);           \
    const int start = line_outer * n * inner + (line - line_outer * inner);
#define KEY(place) key_of(x[start + (place) * inner], floating, descending)

// Sorts runs of BLOCK elements. One group sorts one run in local memory: a bitonic network whose comparisons all put the
// smaller first, so that those with elements beyond the end are left out. Equal keys go by place.
KERNEL GROUP_SIZE(256, 1, 1) void sort_blocks_together(LINES, DIVISOR(blocks), const int width) {
    OPEN(const K, x);
    OPEN(int, places);
    LOCAL K keys[BLOCK];
    LOCAL int held[BLOCK];
    const int me = (int) get_local_id(0);
    const int line = QUOTIENT((int) get_group_id(0), blocks);
    const int first = ((int) get_group_id(0) - line * blocks) * BLOCK;
    const int count = min(BLOCK, n - first);
    FIND_LINE(line)
    for (int e = me; e < count; e += 256) {
        keys[e] = KEY(first + e);
        held[e] = first + e;
    }
    BARRIER();
    for (int size = 2; size <= width; size *= 2)
        for (int step = size / 2; step > 0; step /= 2) {
            for (int pair = me; pair < width / 2; pair += 256) {
                const int within = pair & (step - 1);
                const int low = 2 * pair - within;
                const int high = step == size / 2 ? low + 2 * (step - within) - 1 : low + step;
                if (high < count) {
                    const K a = keys[low], b = keys[high];
                    const int p = held[low], q = held[high];
                    if (b < a || (b == a && q < p)) {
                        keys[low] = b;
                        keys[high] = a;
                        held[low] = q;
                        held[high] = p;
                    }
                }
            }
            BARRIER();
        }
    for (int e = me; e < count; e += 256) places[start + (first + e) * inner] = held[e];
}

// The same by one work-item: runs of 8 by insertion, then merges from one array into the other and back.
KERNEL GROUP_SIZE(1, 1, 1) void sort_blocks_alone(LINES, DIVISOR(blocks), const int count_all) {
    OPEN(const K, x);
    OPEN(int, places);
    K keys[2 * BLOCK];
    int held[2 * BLOCK];
    for (int block = (int) get_group_id(0); block < count_all; block += (int) get_num_groups(0)) {
        const int line = QUOTIENT(block, blocks);
        const int first = (block - line * blocks) * BLOCK;
        const int count = min(BLOCK, n - first);
        FIND_LINE(line)
        for (int e = 0; e < count; e++) {
            const K key = KEY(first + e);
            int at = e;
            for (; (at & 7) != 0 && key < keys[at - 1]; at--) {
                keys[at] = keys[at - 1];
                held[at] = held[at - 1];
            }
            keys[at] = key;
            held[at] = first + e;
        }
        int from = 0, to = BLOCK;
        for (int width = 8; width < count; width *= 2) {
            for (int low = 0; low < count; low += 2 * width) {
                const int middle = min(low + width, count), end = min(low + 2 * width, count);
                int a = low, b = middle;
                for (int e = low; e < end; e++) {
                    const bool second = a == middle || (b < end && keys[from + b] < keys[from + a]);
                    const int take = second ? b++ : a++;
                    keys[to + e] = keys[from + take];
                    held[to + e] = held[from + take];
                }
            }
            const int swapped = from;
            from = to;
            to = swapped;
        }
        for (int e = 0; e < count; e++) places[start + (first + e) * inner] = held[from + e];
    }
}

// Merges pairs of sorted runs of half of 2^levels elements from 'source' into 'target' (the places, or the spare room). Each work-item
// finds by bisection where its 'share' elements of the result begin in the two runs.
KERNEL GROUP_SIZE(GROUP, 1, 1)
void sort_merge(LINES, DIVISOR(pieces), const int levels, const int share, const int count_all, const int back) {
    OPEN(const K, x);
    OPEN(int, places);
    OPEN(int, spare);
    const int item = (int) get_group_id(0) * GROUP + (int) get_local_id(0);
    if (item >= count_all) return;
    const int line = QUOTIENT(item, pieces);
    const int begin = (item - line * pieces) * share;
    const int end = min(share, n - begin) + begin;
    const int width = 1 << (levels - 1);
    FIND_LINE(line)
    GLOBAL const int* source = (back ? spare : places) + start;
    GLOBAL int* target = (back ? places : spare) + start;
    for (int e = begin; e < end;) {
        // without sums beyond n: that may be near 2^31
        const int low = e >> levels << levels;
        const int middle = n - low < width ? n : low + width;
        const int stop = n - middle < width ? n : middle + width;
        // of the first e - low elements, a - low come from the first run: as many as possible by the order
        int least = max(0, e - low - (stop - middle)), most = min(e - low, middle - low);
        while (least < most) {
            const int half_way = (least + most) / 2;
            const int other = e - low - half_way - 1;
            if (KEY(source[(middle + other) * inner]) < KEY(source[(low + half_way) * inner])) most = half_way;
            else least = half_way + 1;
        }
        int a = low + least, b = middle + (e - low - least);
        const int last = min(end, stop);
        for (; e < last; e++) {
            const bool second =
                a == middle || (b < stop && KEY(source[b * inner]) < KEY(source[a * inner]));
            target[e * inner] = source[(second ? b : a) * inner];
            if (second) b++;
            else a++;
        }
    }
}

// values = x[places]; 'count' elements.
KERNEL GROUP_SIZE(GROUP, 1, 1)
void sort_values(LINES, BUFFER(K, values), DIVISOR(length), const int count, const int share) {
    OPEN(const K, x);
    OPEN(const int, places);
    OPEN(K, values);
    const int begin = ((int) get_group_id(0) * GROUP + (int) get_local_id(0)) * share;
    const int end = min(count - begin, share) + begin;
    for (int e = begin; e < end; e++) {
        // the element's line starts where it would be with index 0
        const int outer = QUOTIENT(e, length);
        const int within = e - outer * length;
        const int i = within - QUOTIENT(within, inner) * inner;
        values[e] = x[outer * length + i + places[e] * inner];
    }
}
