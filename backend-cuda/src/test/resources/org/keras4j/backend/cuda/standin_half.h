// The 16-bit types of the stand-ins. For tests alone.
#pragma once
#include <math.h>
#include <stdint.h>

// float16 and bfloat16 as they lie in memory; a number is rounded to the nearest, ties to even, when it becomes one
template <int EXPONENT_BITS> struct Half {
    uint16_t bits;
    static const int FRACTION_BITS = 15 - EXPONENT_BITS, BIAS = (1 << (EXPONENT_BITS - 1)) - 1;
    Half() = default;
    Half(double v) {
        int sign = signbit(v) ? 0x8000 : 0, infinity = ((1 << EXPONENT_BITS) - 1) << FRACTION_BITS, exponent;
        if (v != v) bits = (uint16_t) (sign | infinity | 1 << (FRACTION_BITS - 1));
        else if (isinf(v)) bits = (uint16_t) (sign | infinity);
        else {
            frexp(v, &exponent);
            if (exponent < 2 - BIAS || v == 0) exponent = 2 - BIAS; // subnormal numbers have the spacing of the least others
            long units = (long) nearbyint(fabs(ldexp(v, FRACTION_BITS + 1 - exponent)));
            long place = ((long) (exponent - 2 + BIAS) << FRACTION_BITS) + units;
            bits = (uint16_t) (sign | (place > infinity ? infinity : place));
        }
    }
    operator float() const {
        int exponent = (bits & 0x7fff) >> FRACTION_BITS, fraction = bits & ((1 << FRACTION_BITS) - 1);
        float value = exponent == (1 << EXPONENT_BITS) - 1 ? (fraction ? NAN : INFINITY)
                : exponent == 0 ? ldexpf((float) fraction, 1 - BIAS - FRACTION_BITS)
                                : ldexpf((float) (fraction | 1 << FRACTION_BITS), exponent - BIAS - FRACTION_BITS);
        return bits & 0x8000 ? -value : value;
    }
};
typedef Half<5> Float16;
typedef Half<8> BFloat16;
