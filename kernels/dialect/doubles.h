// Elementwise functions of doubles, after math.h; for devices that have the type. The last letter is d for double; those
// with f take floats, and are for what loses too many digits in float arithmetic.

INLINE double sigmoid_d(double x) {
    const double e = exp(-fabs(x));
    return (x < 0 ? e : 1.0) / (1 + e);
}
INLINE double softplus_d(double x) { return (x < 0 ? 0.0 : x) + log1p(exp(-fabs(x))); }
INLINE double asinh_d(double x) {
    const double a = fabs(x);
    const double small = log1p(a + a * a / (1 + sqrt(1 + a * a)));
    return copysign(a > 0x1p28 ? log(a) + 0.693147180559945309417 : small, x);
}
// NaN below 1
INLINE double acosh_d(double x) {
    const double t = x - 1;
    const double small = x < 1 ? (double) NAN_F : log1p(t + sqrt(t * (2 + t)));
    return x > 0x1p28 ? log(x) + 0.693147180559945309417 : small;
}
INLINE double atanh_d(double x) {
    const double a = fabs(x);
    return copysign(0.5 * log1p(2 * a / (1 - a)), x);
}
DIVISIONS(double, d)
INLINE long long_d(double x) {
    const long whole = (long) (x >= -0x1p63 && x < 0x1p63 ? x : 0.0);
    return x >= 0x1p63 ? 0x7fffffffffffffffL : x < -0x1p63 ? -0x7fffffffffffffffL - 1 : whole;
}

#define TWO_OVER_ROOT_PI 1.12837916709551257390
#define PI_D 3.14159265358979323846

// the continued fraction of 1 - erf(x) (Abramowitz and Stegun 7.1.14); 60 levels are enough from 2 on
INLINE double erfc_fraction(double x) {
    double tail = x;
    for (int n = 60; n >= 1; n--) tail = x + 0.5 * n / tail;
    return x > 28 ? 0.0 : exp(-x * x) / (1.77245385090551602730 * tail);
}
// sums 2 / sqrt(pi) e^(-x^2) sum 2^n x^(2n+1) / (2n+1)!!: all terms have one sign
INLINE double erf_d(double x) {
    const double a = fabs(x);
    if (a >= 2) return copysign(1 - erfc_fraction(a), x);
    double term = x;
    double sum = x;
    for (int n = 1; fabs(term) > fabs(sum) * 1e-18; n++) {
        term *= 2 * x * x / (2 * n + 1);
        sum += term;
    }
    return TWO_OVER_ROOT_PI * exp(-x * x) * sum;
}
// starts from Winitzki's closed form, good to 0.4 percent; Halley steps do the rest
INLINE double erfinv_d(double y) {
    const double a = fabs(y);
    if (!(a <= 1)) return (double) NAN_F;
    if (a == 1) return copysign((double) INFINITY_F, y);
    if (a == 0) return y;
    const double w = log((1 - a) * (1 + a));
    const double t = 2 / (PI_D * 0.147) + w / 2;
    double x = a < 0.1 ? a / TWO_OVER_ROOT_PI : sqrt(sqrt(t * t - w / 0.147) - t);
    for (int i = 0; i < 3; i++) {
        const double above = x >= 2 ? erfc_fraction(x) : 1 - erf_d(x);
        const double error = a > 0.5 ? (1 - a) - above : erf_d(x) - a;
        const double step = error / (TWO_OVER_ROOT_PI * exp(-x * x));
        x -= step / (1 + x * step);
    }
    return copysign(x, y);
}

// zeta(k) - 1
CONSTANT double ZETA_MINUS_1[] = {
    0.0, 0.0, 0.6449340668482264365, 0.2020569031595942854, 0.08232323371113819152, 0.03692775514336992633,
    0.01734306198444913971, 0.00834927738192282684, 0.004077356197944339379, 0.002008392826082214418,
    0.0009945751278180853371, 0.0004941886041194645587, 0.0002460865533080482986, 0.0001227133475784891468,
    0.00006124813505870482926, 0.00003058823630702049355, 0.00001528225940865187173, 7.637197637899762274e-6,
    3.817293264999839856e-6, 1.908212716553938926e-6, 9.539620338727961132e-7, 4.769329867878064631e-7,
    2.3845050272773299e-7, 1.192199259653110731e-7, 5.960818905125947961e-8, 2.980350351465228019e-8,
    1.490155482836504123e-8, 7.450711789835429492e-9, 3.725334024788457055e-9, 1.862659723513049006e-9,
    9.313274324196681829e-10, 4.656629065033784073e-10, 2.328311833676505492e-10, 1.164155017270051978e-10,
    5.820772087902700889e-11, 2.910385044497099687e-11, 1.455192189104198424e-11, 7.275959835057481015e-12,
    3.63797954737865119e-12, 1.818989650307065948e-12};
// the logarithm of gamma(1 + z) for |z| <= 0.5 (Abramowitz and Stegun 6.1.33)
INLINE double lgamma_near_1(double z) {
    double sum = 0;
    double power = z;
    for (int k = 2; k < 40; k++) {
        power *= -z;
        sum -= ZETA_MINUS_1[k] * power / k;
    }
    return z * (1 - 0.57721566490153286061) - log1p(z) + sum;
}
// x above 0; Stirling's series (Abramowitz and Stegun 6.1.41) from 16 on
INLINE double lgamma_positive(double x) {
    if (x < 0.5) return lgamma_near_1(x) - log(x);
    if (x < 1.5) return lgamma_near_1(x - 1);
    if (x >= 16) {
        const double i = 1 / (x * x);
        const double series = 1.0 / 12 - i * (1.0 / 360 - i * (1.0 / 1260 - i * (1.0 / 1680 - i * (1.0 / 1188))));
        return (x - 0.5) * log(x) - x + 0.918938533204672741780 + series / x;
    }
    double product = 1;
    double t = x;
    while (t >= 2.5) {
        t -= 1;
        product *= t;
    }
    return lgamma_near_1(t - 2) + log1p(t - 2) + log(product);
}
// exact about whole numbers, since x is reduced first
INLINE double sin_pi(double x) {
    const double rest = x - 2 * rint(x / 2);
    const double a = fabs(rest);
    if (a > 0.25 && a < 0.75) return copysign(cos(PI_D * (a - 0.5)), rest);
    return sin(PI_D * (a >= 0.75 ? copysign(1.0, rest) - rest : rest));
}
INLINE double cos_pi(double x) { return sin_pi(x - 2 * rint(x / 2) + 0.5); }
// of |gamma(x)|; infinite at 0 and the negative whole numbers
INLINE double lgamma_d(double x) {
    if (x != x) return x;
    if (fabs(x) == INFINITY_F || (x <= 0 && x == rint(x))) return (double) INFINITY_F;
    if (x < 0) return log(PI_D / fabs(x * sin_pi(x))) - lgamma_positive(-x);
    return lgamma_positive(x);
}
INLINE double digamma_positive(double x) {
    double shift = 0;
    double t = x;
    while (t < 10) {
        shift += 1 / t;
        t += 1;
    }
    const double i = 1 / (t * t);
    double series = 1.0 / 132 - i * (691.0 / 32760 - i / 12);
    series = 1.0 / 12 - i * (1.0 / 120 - i * (1.0 / 252 - i * (1.0 / 240 - i * series)));
    return log(t) - 0.5 / t - i * series - shift;
}
// the derivative of lgamma; NaN at the negative whole numbers
INLINE double digamma_d(double x) {
    if (x == 0) return copysign((double) INFINITY_F, -x);
    if (x < 0 && x == rint(x)) return (double) NAN_F;
    if (x < 0) return digamma_positive(1 - x) - PI_D * cos_pi(x) / sin_pi(x);
    return digamma_positive(x);
}
INLINE float erfinv_f(float x) { return (float) erfinv_d(x); }
INLINE float lgamma_f(float x) { return (float) lgamma_d(x); }
INLINE float digamma_f(float x) { return (float) digamma_d(x); }
