// Numbers made from nothing. T is the type of the elements, ROUND makes them narrow.

// Philox-4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): the four words that belong to a
// counter below 2^32.
INLINE void philox(uint counter, uint key0, uint key1, uint* words) {
    uint c0 = counter;
    uint c1 = 0;
    uint c2 = 0;
    uint c3 = 0;
    UNROLL for (int round = 0; round < 10; round++) {
        const uint high0 = mul_hi(0xD2511F53u, c0);
        const uint low0 = 0xD2511F53u * c0;
        const uint high1 = mul_hi(0xCD9E8D57u, c2);
        const uint low1 = 0xCD9E8D57u * c2;
        c0 = high1 ^ c1 ^ key0;
        c1 = low1;
        c2 = high0 ^ c3 ^ key1;
        c3 = low0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
}

#if defined(UNIFORM)
#define NUMBER(word) ROUND(below_limit((T) (int) ((word) >> 8) * (T) 0x1p-24f))
// rounding to a narrow type must not make 1 of it
INLINE T below_limit(T x) { return x > (T) LIMIT ? (T) LIMIT : x; }
INLINE void numbers(uint* words, T* v) {
    for (int k = 0; k < 4; k++) v[k] = NUMBER(words[k]);
}
#elif defined(NORMAL)
#ifdef DOUBLE
INLINE void two_normals(uint left, uint right, T* v) {
    const T radius = sqrt(-2 * log((T) (int) ((left >> 8) + 1) * (T) 0x1p-24f));
    const T angle = 6.28318530717958647693 * ((T) (int) (right >> 8) * (T) 0x1p-24f);
    v[0] = radius * cos(angle);
    v[1] = radius * sin(angle);
}
#else
// the logarithm of math.h, and sine and cosine by their Taylor series about the nearest quarter turn
INLINE void two_normals(uint left, uint right, T* v) {
    const float radius = sqrt(-2.0f * log_f((float) (int) ((left >> 8) + 1) * 0x1p-24f));
    const float fours = (float) (int) (right >> 8) * 0x1p-22f;
    const float quarters = floor(fours + 0.5f);
    const float r = (fours - quarters) * 1.57079633f;
    const float s = r * r;
    float sine = fma(s, 2.75573192e-6f, -1.98412698e-4f);
    sine = fma(s, sine, 8.33333333e-3f);
    sine = fma(s, sine, -0.166666667f);
    sine = fma(s * r, sine, r);
    float cosine = fma(s, -2.75573192e-7f, 2.48015873e-5f);
    cosine = fma(s, cosine, -1.38888889e-3f);
    cosine = fma(s, cosine, 4.16666667e-2f);
    cosine = fma(s, cosine, -0.5f);
    cosine = fma(s, cosine, 1.0f);
    const int turns = (int) quarters;
    const float a = (turns & 1) != 0 ? sine : cosine;
    const float b = (turns & 1) != 0 ? cosine : sine;
    v[0] = ROUND(radius * (((turns + 1) & 2) != 0 ? -a : a));
    v[1] = ROUND(radius * ((turns & 2) != 0 ? -b : b));
}
#endif
INLINE void numbers(uint* words, T* v) {
    two_normals(words[0], words[1], v);
    two_normals(words[2], words[3], v + 2);
}
#endif

#ifdef CPU
#define GROUP 1
#else
#define GROUP 256
#endif

#if defined(UNIFORM) || defined(NORMAL)
// Each work-item makes the numbers of `piece` counters, four each.
KERNEL GROUP_SIZE(GROUP, 1, 1)
void random_numbers(BUFFER(const int, seed), BUFFER(T, y), const int size, const int piece) {
    OPEN(const int, seed);
    OPEN(T, y);
    const uint key0 = (uint) seed[0];
    const uint key1 = (uint) seed[1];
    const int whole = size / 4;
    const int first = (int) get_global_id(0) * piece;
    const int last = min(whole, first + piece);
    VECTORIZE for (int i = first; i < last; i++) {
        uint words[4];
        T v[4];
        philox((uint) i, key0, key1, words);
        numbers(words, v);
        y[4 * i] = v[0];
        y[4 * i + 1] = v[1];
        y[4 * i + 2] = v[2];
        y[4 * i + 3] = v[3];
    }
    if (first <= whole && whole < first + piece) {
        uint words[4];
        T v[4];
        philox((uint) whole, key0, key1, words);
        numbers(words, v);
        for (int k = 0; k < size % 4; k++) y[4 * whole + k] = v[k];
    }
}
#else
// y[outer][n][inner] = the index along n; each work-item makes `piece` neighbours.
KERNEL GROUP_SIZE(GROUP, 1, 1)
void iota(BUFFER(T, y), const int size, const int n, const int inner, const int piece) {
    OPEN(T, y);
    const long first = get_global_id(0) * piece;
    const int last = (int) min((long) size, first + piece);
    for (int i = (int) first; i < last; i++) y[i] = ROUND((T) (i / inner % n));
}
#endif
