// C++ for the host's own compiler (GCC, Clang): one thread runs all work-items. The runtime that calls the kernels
// defines the positions and host_barrier.
#include <cmath>
#include <cstring>
using namespace std;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef unsigned char uchar;
typedef unsigned short ushort;

extern "C" {
extern long host_group_id[3], host_local_id[3], host_num_groups[3], host_local_size[3];
void host_barrier();

// Local memory is a section of its own, which the runtime fills with NaN before each group.
extern char __start_local_memory[] __attribute__((weak, visibility("hidden")));
extern char __stop_local_memory[] __attribute__((weak, visibility("hidden")));
void host_fresh_local_memory() { memset(__start_local_memory, -1, __stop_local_memory - __start_local_memory); }
}

#define KERNEL extern "C"
#define GROUP_SIZE(x, y, z)
#define GROUP_SIZE_OFTEN(x, groups)
#define GLOBAL
#define LOCAL static __attribute__((section("local_memory")))
#define LOCAL_POINTER
#define ALIGNED __attribute__((aligned(16)))
#define CONSTANT static const
#define INLINE static inline
#define RESTRICT __restrict__
#define UNROLL
#define UNROLL_BY(n)
#define BARRIER() host_barrier()

INLINE long get_group_id(int axis) { return host_group_id[axis]; }
INLINE long get_local_id(int axis) { return host_local_id[axis]; }
INLINE long get_num_groups(int axis) { return host_num_groups[axis]; }
INLINE long get_local_size(int axis) { return host_local_size[axis]; }
INLINE long get_global_id(int axis) { return host_group_id[axis] * host_local_size[axis] + host_local_id[axis]; }
INLINE long get_global_size(int axis) { return host_num_groups[axis] * host_local_size[axis]; }

template <class To, class From> INLINE To host_bits(From v) {
    To to;
    memcpy(&to, &v, sizeof to);
    return to;
}
INLINE float as_float(int v) { return host_bits<float>(v); }
INLINE int as_int(float v) { return host_bits<int>(v); }
INLINE uint as_uint(float v) { return host_bits<uint>(v); }
INLINE long as_long(double v) { return host_bits<long>(v); }
INLINE double as_double(long v) { return host_bits<double>(v); }
INLINE uint mul_hi(uint a, uint b) { return (uint) (((ulong) a * b) >> 32); }
INLINE float mad(float a, float b, float c) { return fma(a, b, c); }
INLINE double mad(double a, double b, double c) { return fma(a, b, c); }
INLINE float rsqrt(float x) { return 1 / sqrt(x); }
INLINE double rsqrt(double x) { return 1 / sqrt(x); }
INLINE int min(int a, int b) { return a < b ? a : b; }
INLINE int max(int a, int b) { return a > b ? a : b; }
INLINE long min(long a, long b) { return a < b ? a : b; }
INLINE long max(long a, long b) { return a > b ? a : b; }
INLINE int atomic_cmpxchg(volatile int* p, int expected, int wanted) {
    int was = *p;
    if (was == expected) *p = wanted;
    return was;
}

typedef float float16 __attribute__((vector_size(64), aligned(4)));
INLINE float16 load16(const float* p) {
    float16 v;
    memcpy(&v, p, sizeof v);
    return v;
}
INLINE void store16(float* p, float16 v) { memcpy(p, &v, sizeof v); }
INLINE float lane16(float16 v, int lane) { return v[lane]; }
INLINE float16 splat16(float x) { return float16{} + x; }
INLINE float16 fma16(float16 a, float16 b, float16 c) { return a * b + c; }
INLINE float16 zip_first16(float16 a, float16 b) {
    float16 v;
    for (int i = 0; i < 16; i++) v[i] = i % 2 == 0 ? a[i / 2] : b[i / 2];
    return v;
}
INLINE float16 zip_last16(float16 a, float16 b) {
    float16 v;
    for (int i = 0; i < 16; i++) v[i] = i % 2 == 0 ? a[8 + i / 2] : b[8 + i / 2];
    return v;
}

// sixteen bytes, for what is only moved
struct alignas(16) int4 {
    int x, y, z, w;
};
INLINE int4 zero4() { return int4{}; }

#define VECTORIZE _Pragma("GCC ivdep")

// four elements at an address that is a multiple of 16 bytes, or of 8 for elements of 2
#define LOAD4(type, to, p) memcpy(to, p, 4 * sizeof(type))
#define STORE4(type, from, p) memcpy(p, from, 4 * sizeof(type))
