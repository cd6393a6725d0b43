// Numbers made from nothing. T is the type of the elements, ROUND makes them narrow.

// Philox-4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): the four words that belong to a
// counter below 2^32.
// The rounds are written out, as are other loops over four here, because only then the loop over counters becomes vectors.
#define PHILOX_ROUND(k)                                              \
    {                                                                \
        const uint high0 = mul_hi(0xD2511F53u, c0);                  \
        const uint low0 = 0xD2511F53u * c0;                          \
        const uint high1 = mul_hi(0xCD9E8D57u, c2);                  \
        const uint low1 = 0xCD9E8D57u * c2;                          \
        c0 = high1 ^ c1 ^ (key0 + k##u * 0x9E3779B9u);               \
        c1 = low1;                                                   \
        c2 = high0 ^ c3 ^ (key1 + k##u * 0xBB67AE85u);               \
        c3 = low0;                                                   \
    }
#define PHILOX(counter)    \
    uint c0 = (uint) (counter); \
    uint c1 = 0;           \
    uint c2 = 0;           \
    uint c3 = 0;           \
    PHILOX_ROUND(0)        \
    PHILOX_ROUND(1)        \
    PHILOX_ROUND(2)        \
    PHILOX_ROUND(3)        \
    PHILOX_ROUND(4)        \
    PHILOX_ROUND(5)        \
    PHILOX_ROUND(6)        \
    PHILOX_ROUND(7)        \
    PHILOX_ROUND(8)        \
    PHILOX_ROUND(9)

// NUMBERS sets v0 to v3 from the words c0 to c3.
#if defined(UNIFORM)
// rounding to a narrow type must not make 1 of it
INLINE T uniform(uint word) {
    const T x = (T) (int) (word >> 8) * (T) 0x1p-24f;
    return ROUND(x > (T) LIMIT ? (T) LIMIT : x);
}
#define NUMBERS              \
    const T v0 = uniform(c0); \
    const T v1 = uniform(c1); \
    const T v2 = uniform(c2); \
    const T v3 = uniform(c3);
#elif defined(NORMAL)
#define NUMBERS                        \
    const T r0 = radius(c0);           \
    const T r2 = radius(c2);           \
    const T v0 = ROUND(r0 * cosine(c1)); \
    const T v1 = ROUND(r0 * sine(c1)); \
    const T v2 = ROUND(r2 * cosine(c3)); \
    const T v3 = ROUND(r2 * sine(c3));
#ifdef DOUBLE
INLINE T radius(uint word) { return sqrt(-2 * log((T) (int) ((word >> 8) + 1) * 0x1p-24)); }
INLINE T cosine(uint word) { return cos(6.28318530717958647693 * 0x1p-24 * (T) (int) (word >> 8)); }
INLINE T sine(uint word) { return sin(6.28318530717958647693 * 0x1p-24 * (T) (int) (word >> 8)); }
#else
INLINE float radius(uint word) { return sqrt(-2.0f * log_f((float) (int) ((word >> 8) + 1) * 0x1p-24f)); }
// of a whole turn times word / 2^32 and some quarter turns, by the Taylor series about the nearest quarter
INLINE float turned(uint word, int quarters) {
    const float fours = (float) (int) (word >> 8) * 0x1p-22f;
    const float nearest = floor(fours + 0.5f);
    const float r = (fours - nearest) * 1.57079633f;
    const float s = r * r;
    float a = fma(s, 2.75573192e-6f, -1.98412698e-4f);
    a = fma(s, a, 8.33333333e-3f);
    a = fma(s, a, -0.166666667f);
    a = fma(s * r, a, r);
    float b = fma(s, -2.75573192e-7f, 2.48015873e-5f);
    b = fma(s, b, -1.38888889e-3f);
    b = fma(s, b, 4.16666667e-2f);
    b = fma(s, b, -0.5f);
    b = fma(s, b, 1.0f);
    const int turns = (int) nearest + quarters;
    const float value = (turns & 1) != 0 ? b : a;
    return (turns & 2) != 0 ? -value : value;
}
INLINE float sine(uint word) { return turned(word, 0); }
INLINE float cosine(uint word) { return turned(word, 1); }
#endif
#endif

#ifdef CPU
#define GROUP 1
#else
#define GROUP 256
#endif

#if defined(UNIFORM) || defined(NORMAL)
// Each work-item makes the numbers of `piece` counters, four each.
KERNEL GROUP_SIZE(GROUP, 1, 1)
void random_numbers(BUFFER(const int, seed), BUFFER(INTO, y), const int size, const int piece) {
    OPEN(const int, seed);
    OPEN(INTO, y);
    const uint key0 = (uint) seed[0];
    const uint key1 = (uint) seed[1];
    const int whole = size / 4;
    const int first = (int) get_global_id(0) * piece;
    const int last = min(whole, first + piece);
    VECTORIZE for (int i = first; i < last; i++) {
        PHILOX(i)
        NUMBERS
        y[4 * i] = KEEP(v0);
        y[4 * i + 1] = KEEP(v1);
        y[4 * i + 2] = KEEP(v2);
        y[4 * i + 3] = KEEP(v3);
    }
    if (first <= whole && whole < first + piece) {
        PHILOX(whole)
        NUMBERS
        if (size % 4 > 0) y[4 * whole] = KEEP(v0);
        if (size % 4 > 1) y[4 * whole + 1] = KEEP(v1);
        if (size % 4 > 2) y[4 * whole + 2] = KEEP(v2);
    }
}
#else
// y[outer][n][inner] = the index along n; each work-item makes `piece` neighbours.
KERNEL GROUP_SIZE(GROUP, 1, 1)
void iota(BUFFER(INTO, y), const int size, const int n, const int inner, const int piece) {
    OPEN(INTO, y);
    const long first = get_global_id(0) * piece;
    const int last = (int) min((long) size, first + piece);
    for (int i = (int) first; i < last; i++) y[i] = KEEP(ROUND((T) (i / inner % n)));
}
#endif
