// Elementwise functions that the device's own do not have, or not as Keras means them. The last letter is the type:
// f float, d double, i int, l long. Integers wrap around; dividing one by 0 gives 0.
// CPU devices have no fast functions of their own: with CPU defined, the common ones are polynomials without branches,
// which the compiler turns into vector code. They are minimax fits, the same as those of the cpu backend; the reductions
// are the classical ones (Cody and Waite, "Software Manual for the Elementary Functions", 1980).

#define INFINITY_F as_float(0x7f800000)
#define NAN_F as_float(0x7fc00000)

#ifdef CPU
// 2^n e^r with |r| at most half of ln 2; two factors, because 2^n alone would overflow or lose denormal results
INLINE float exp_f(float x) {
    x = x > 89.0f ? 89.0f : x;
    x = x < -105.0f ? -105.0f : x;
    const float shifted = fma(x, 1.44269504f, 0x1.8p23f);
    const float whole = shifted - 0x1.8p23f;
    const float r = fma(whole, -0x1.7f7d1cp-20f, fma(whole, -0x1.62e4p-1f, x));
    float p = fma(0.0013952967710793018f, r, 0.008370322175323963f);
    p = fma(p, r, 0.041666168719530106f);
    p = fma(p, r, 0.16666506230831146f);
    p = fma(p, r, 0.5f);
    p = fma(p, r * r, r) + 1.0f;
    const int n = as_int(shifted) - 0x4b400000;
    const int first = n >> 1;
    return p * as_float((first + 127) << 23) * as_float((n - first + 127) << 23);
}
// splits x into m 2^e with m within a factor of sqrt 2 of 1
INLINE float log_f(float x) {
    const float scaled = x < 0x1p-126f ? x * 0x1p24f : x;
    const int bits = as_int(scaled) - 0x3f3504f3;
    const float f = as_float((bits & 0x7fffff) + 0x3f3504f3) - 1.0f;
    const float e = (float) (bits >> 23) - (x < 0x1p-126f ? 24.0f : 0.0f);
    float p = fma(0.06915290653705597f, f, -0.11789768189191818f);
    p = fma(p, f, 0.11872990429401398f);
    p = fma(p, f, -0.12384355813264847f);
    p = fma(p, f, 0.14218656718730927f);
    p = fma(p, f, -0.16669251024723053f);
    p = fma(p, f, 0.20002226531505585f);
    p = fma(p, f, -0.24999986588954926f);
    p = fma(p, f, 0.3333331048488617f);
    const float square = f * f;
    const float low = fma(e, 0x1.7f7d1cp-20f, p * f * square);
    float y = fma(e, 0x1.62e4p-1f, fma(square, -0.5f, low) + f);
    y = x < 0.0f ? NAN_F : y;
    y = x == 0.0f ? -INFINITY_F : y;
    return x < INFINITY_F ? y : x;
}
INLINE float expm1_f(float x) {
    float p = fma(0.00019991776207461953f, x, 0.0013997494243085384f);
    p = fma(p, x, 0.008333077654242516f);
    p = fma(p, x, 0.04166531562805176f);
    p = fma(p, x, 0.1666666865348816f);
    p = fma(p, x, 0.5f);
    p = fma(p * x, x, x);
    return copysign(fabs(x) > 0.5f ? exp_f(x) - 1.0f : p, x);
}
// adds to the logarithm of the rounded 1 + x what the rounding took, to first order
INLINE float log1p_f(float x) {
    const float sum = x + 1.0f;
    const float lost = (x - (sum - 1.0f)) / sum;
    const float y = log_f(sum) + (fabs(sum) > 0x1p30f || sum == 0.0f ? 0.0f : lost);
    return fabs(x) < 0x1p-25f ? x : y;
}
// an odd polynomial near zero, else 1 - 2 / (e^2x + 1)
INLINE float tanh_f(float x) {
    const float size = fabs(x);
    const float square = x * x;
    float p = fma(-0.005717025604099035f, square, 0.02065056934952736f);
    p = fma(p, square, -0.05374349281191826f);
    p = fma(p, square, 0.13331490755081177f);
    p = fma(p, square, -0.3333328366279602f);
    p = fma(p, square * x, x);
    const float large = 1.0f - 2.0f / (exp_f(size + size) + 1.0f);
    return copysign(size > 0.625f ? large : p, x);
}
#else
INLINE float exp_f(float x) { return exp(x); }
INLINE float log_f(float x) { return log(x); }
INLINE float expm1_f(float x) { return expm1(x); }
INLINE float log1p_f(float x) { return log1p(x); }
INLINE float tanh_f(float x) { return tanh(x); }
#endif

// an odd polynomial up to 1, then 1 - e^-q(x)
INLINE float erf_f(float x) {
    const float square = x * x;
    float p = fma(7.889115030063529e-05f, square, -0.000802083993191841f);
    p = fma(p, square, 0.005189535188054022f);
    p = fma(p, square, -0.026854444513663586f);
    p = fma(p, square, 0.11283600174428113f);
    p = fma(p, square, -0.3761262713580911f);
    p = fma(p, square, 0.1283791659137279f);
    const float small = fma(p, x, x);
    const float size = fabs(x) > 4.0f ? 4.0f : fabs(x);
    float q = fma(2.1496209228644148e-05f, size, -0.0004391074471641332f);
    q = fma(q, size, 0.004193616099655628f);
    q = fma(q, size, -0.025178980082273483f);
    q = fma(q, size, 0.10837249457836151f);
    q = fma(q, size, 0.633262574672699f);
    q = fma(q, size, 1.1295568943023682f);
    q = fma(q, size, -0.000183445677976124f);
    return size > 1.0f ? copysign(1.0f - exp_f(-q), x) : small;
}
// from e^-|x|, which cannot overflow
INLINE float sigmoid_f(float x) {
    const float e = exp_f(-fabs(x));
    return (x < 0.0f ? e : 1.0f) / (1.0f + e);
}
INLINE float softplus_f(float x) { return (x < 0.0f ? 0.0f : x) + log1p_f(exp_f(-fabs(x))); }
INLINE float asinh_f(float x) {
    const float a = fabs(x);
    const float small = log1p_f(a + a * a / (1.0f + sqrt(1.0f + a * a)));
    return copysign(a > 0x1p14f ? log_f(a) + 0.69314718f : small, x);
}
// NaN below 1
INLINE float acosh_f(float x) {
    const float t = x - 1.0f;
    const float small = x < 1.0f ? NAN_F : log1p_f(t + sqrt(t * (2.0f + t)));
    return x > 0x1p14f ? log_f(x) + 0.69314718f : small;
}
INLINE float atanh_f(float x) {
    const float a = fabs(x);
    return copysign(0.5f * log1p_f(2.0f * a / (1.0f - a)), x);
}
// the next value of a narrow type after a, which is not b; ties of magnitude are the callers'
INLINE float next_float16(float a, float b) {
    const int away = a == 0.0f || (a < b) == (a > 0.0f);
    const float size = fabs(a);
    float next = as_float(as_int(size) + (away ? 0x2000 : -0x2000));
    if (size < 0x1p-14f || (size == 0x1p-14f && !away)) next = size + (away ? 0x1p-24f : -0x1p-24f);
    if (size == INFINITY_F) next = 65504.0f;
    if (next > 65504.0f) next = INFINITY_F;
    return a == b ? b : a != a || b != b ? NAN_F : copysign(next, a == 0.0f ? b : a);
}
INLINE float next_bfloat16(float a, float b) {
    const int away = a == 0.0f || (a < b) == (a > 0.0f);
    const float next = as_float(as_int(fabs(a)) + (away ? 0x10000 : -0x10000));
    return a == b ? b : a != a || b != b ? NAN_F : copysign(next, a == 0.0f ? b : a);
}

// Python's a % b and a // b; the first has the sign of the divisor, also where it is zero
#define DIVISIONS(type, s)                                                              \
    INLINE type mod_##s(type a, type b) {                                               \
        const type rest = fmod(a, b);                                                   \
        const type moved = (rest < 0) != (b < 0) ? rest + b : rest;                     \
        return rest == 0 ? copysign((type) 0, b) : moved;                               \
    }                                                                                   \
    INLINE type floor_div_##s(type a, type b) {                                         \
        const type rest = fmod(a, b);                                                   \
        type quotient = (a - rest) / b;                                                 \
        if (rest != 0 && (b < 0) != (rest < 0)) quotient -= 1;                          \
        const type whole = floor(quotient);                                             \
        const type result = quotient - whole > (type) 0.5 ? whole + 1 : whole;          \
        return b == 0 ? a / b : quotient == 0 ? copysign((type) 0, a / b) : result;     \
    }
DIVISIONS(float, f)

// Casts to the unsigned type and back make what overflows wrap around, which C leaves open for signed types.
#define INTEGERS(type, utype, bits, s)                                                  \
    INLINE type add_##s(type a, type b) { return (type) ((utype) a + (utype) b); }      \
    INLINE type sub_##s(type a, type b) { return (type) ((utype) a - (utype) b); }      \
    INLINE type mul_##s(type a, type b) { return (type) ((utype) a * (utype) b); }      \
    INLINE type neg_##s(type a) { return (type) (0 - (utype) a); }                      \
    INLINE type abs_##s(type a) { return a < 0 ? neg_##s(a) : a; }                      \
    /* dividing the least number by -1 traps, as dividing by 0 does */                  \
    INLINE type div_##s(type a, type b) {                                               \
        const type quotient = a / (b == 0 || b == -1 ? 1 : b);                          \
        return b == 0 ? 0 : b == -1 ? neg_##s(a) : quotient;                            \
    }                                                                                   \
    INLINE type mod_##s(type a, type b) {                                               \
        const type rest = a % (b == 0 || b == -1 ? 1 : b);                              \
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;                    \
    }                                                                                   \
    INLINE type floor_div_##s(type a, type b) {                                         \
        const type quotient = div_##s(a, b);                                            \
        return mod_##s(a, b) != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;      \
    }                                                                                   \
    INLINE type pow_##s(type a, type b) {                                               \
        if (b < 0) return a == 1 ? 1 : a == -1 ? ((b & 1) == 0 ? 1 : -1) : 0;           \
        utype power = 1;                                                                \
        utype square = (utype) a;                                                       \
        for (type rest = b; rest > 0; rest >>= 1) {                                     \
            if ((rest & 1) == 1) power *= square;                                       \
            square *= square;                                                           \
        }                                                                               \
        return (type) power;                                                            \
    }                                                                                   \
    INLINE type shift_right_##s(type a, type b) {                                       \
        return a >> (b < 0 || b > bits - 1 ? bits - 1 : b);                             \
    }                                                                                   \
    INLINE type shift_left_##s(type a, type b, int width) {                             \
        const int outside = b < 0 || b >= width;                                        \
        return outside ? 0 : (type) ((utype) a << (outside ? 0 : b));                   \
    }
INTEGERS(int, uint, 32, i)
INTEGERS(long, ulong, 64, l)

// towards zero; what is too large becomes the greatest or least long, NaN becomes 0
INLINE long long_f(float x) {
    const long whole = (long) (x >= -0x1p63f && x < 0x1p63f ? x : 0.0f);
    return x >= 0x1p63f ? 0x7fffffffffffffffL : x < -0x1p63f ? -0x7fffffffffffffffL - 1 : whole;
}
