// Words that are the same in every dialect.

// A parameter that is a place in memory: the buffer and an offset in elements. OPEN makes it a pointer; OPEN_ALONE
// also promises that nothing else that the kernel touches overlaps what is written.
#define BUFFER(type, name) GLOBAL type* name##_memory, const long name##_at
#define OPEN(type, name) GLOBAL type* name = name##_memory + name##_at
#define OPEN_ALONE(type, name) GLOBAL type* RESTRICT name = name##_memory + name##_at

// Reports that the index at a position is outside 0 to size - 1; the host says so when it next reads a result.
#define FAULT_INTS 4
INLINE void report_index(GLOBAL int* fault, int index, int size, int position) {
    if (atomic_cmpxchg(fault, 0, 1) == 0) {
        fault[1] = index;
        fault[2] = size;
        fault[3] = position;
    }
}

// n / d for 0 <= n < 2^31, without a division: what d becomes is in Divisor.java.
#define DIVISOR(name) const int name, const int name##_magic, const int name##_shift
#define QUOTIENT(n, name) quotient(n, name##_magic, name##_shift)
INLINE int quotient(int n, int magic, int shift) {
    return (int) ((mul_hi((uint) magic, (uint) n) + (uint) n) >> shift);
}

// The rounding of float16 and bfloat16, which are kept in floats: to nearest, ties to even.
INLINE float round_bfloat16(float x) {
    uint bits = as_uint(x);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return as_float((int) ((bits | 0x00400000u) & 0xffff0000u));
    bits += 0x7fffu + ((bits >> 16) & 1u);
    return as_float((int) (bits & 0xffff0000u));
}
INLINE float round_float16(float x) {
    uint bits = as_uint(x);
    uint magnitude = bits & 0x7fffffffu;
    if (magnitude >= 0x7f800000u) return x;
    if (magnitude >= 0x477ff000u) return as_float((int) ((bits & 0x80000000u) | 0x7f800000u)); // rounds beyond 65504
    if (magnitude < 0x38800000u) {
        // below 2^-14 the spacing is 2^-24: adding and taking away 0.5 (spacing 2^-24) rounds
        float a = as_float((int) magnitude) + 0.5f;
        a = a - 0.5f;
        return as_float((int) (as_uint(a) | (bits & 0x80000000u)));
    }
    uint odd = (bits >> 13) & 1u;
    return as_float((int) ((bits + 0xfffu + odd) & 0xffffe000u));
}

// The 16 bits of a float16 or a bfloat16 in memory, and the float that is computed with. Numbers are rounded when they
// become bits.
INLINE float bfloat_to_float(ushort bits) { return as_float((int) ((uint) bits << 16)); }
INLINE ushort float_to_bfloat(float x) { return (ushort) (as_uint(round_bfloat16(x)) >> 16); }
#ifndef HALF_BY_DEVICE
// without branches, so that compilers make vectors of loops; subnormal numbers by an addition, as above
INLINE float half_to_float(ushort bits) {
    const uint magnitude = (uint) (bits & 0x7fffu) << 13;
    const uint normal = magnitude + (magnitude >= 0x0f800000u ? 0x70000000u : 0x38000000u);
    const uint subnormal = as_uint(as_float((int) (magnitude + 0x38800000u)) - 0x1p-14f);
    return as_float((int) ((magnitude < 0x00800000u ? subnormal : normal) | (uint) (bits & 0x8000u) << 16));
}
INLINE ushort float_to_half(float x) {
    const uint bits = as_uint(x);
    const uint magnitude = bits & 0x7fffffffu;
    const uint normal = (magnitude + 0xfffu + ((bits >> 13) & 1u) - 0x38000000u) >> 13;
    const uint subnormal = as_uint(as_float((int) magnitude) + 0.5f) - 0x3f000000u;
    const uint infinite = magnitude > 0x7f800000u ? 0x7e00u : 0x7c00u;
    const uint half_bits = magnitude >= 0x477ff000u ? infinite : magnitude < 0x38800000u ? subnormal : normal;
    return (ushort) (half_bits | (bits >> 16 & 0x8000u));
}
#endif

// How elements lie in memory where that is not as T: inputs of type FROM, whose VALUE is a T, and results of type INTO,
// which a T is made by KEEP.
#ifndef FROM
#define FROM T
#define VALUE(bits) (bits)
#endif
#ifndef INTO
#define INTO T
#define KEEP(value) (value)
#endif
#define LOAD4_OF(type, to, p) LOAD4(type, to, p)
#define STORE4_OF(type, from, p) STORE4(type, from, p)

// What a contraction does to its sums before it stores them: an activation (0 none, 1 relu, 2 sigmoid, 3 tanh) and 4
// times a rounding (0 none, 1 float16, 2 bfloat16).
#define DEFINE_FINISH(name, type)                                                                                      \
    INLINE type name(type x, int how) {                                                                                \
        int activation = how & 3;                                                                                      \
        type y = x;                                                                                                    \
        if (activation == 1) y = x < 0 ? 0 : x;                                                                        \
        if (activation == 2) y = 1 / (1 + exp(-x));                                                                    \
        if (activation == 3) y = tanh(x);                                                                              \
        return how < 4 ? y : how < 8 ? round_float16((float) y) : round_bfloat16((float) y);                           \
    }
DEFINE_FINISH(finish, float)

// The same for integers: how many bits the narrower type has, negative where it is signed; 0 for none.
#define DEFINE_WRAP(name, type)                                                                                        \
    INLINE type name(type x, int how) {                                                                                \
        int spare = (int) sizeof(type) * 8 + how;                                                                      \
        return how == 0 ? x : how > 0 ? x & (((type) 1 << how) - 1) : x << spare >> spare;                             \
    }
