// CUDA C++ as NVRTC compiles it, without any header.
typedef unsigned int uint;
typedef unsigned long ulong;
typedef unsigned char uchar;
typedef unsigned short ushort;

#define KERNEL extern "C" __global__
#define GROUP_SIZE(x, y, z) __launch_bounds__((x) * (y) * (z))
// with registers for so many groups on a multiprocessor
#define GROUP_SIZE_OFTEN(x, groups) __launch_bounds__(x, groups)
#define GLOBAL
#define LOCAL __shared__
#define LOCAL_POINTER
#define ALIGNED __attribute__((aligned(16)))
#define CONSTANT __constant__ const
#define INLINE static __device__ __forceinline__
#define RESTRICT __restrict__
#define UNROLL _Pragma("unroll")
#define PRAGMA(text) _Pragma(#text)
#define UNROLL_BY(n) PRAGMA(unroll n)
#define BARRIER() __syncthreads()

INLINE long get_group_id(int axis) { return axis == 0 ? blockIdx.x : axis == 1 ? blockIdx.y : blockIdx.z; }
INLINE long get_local_id(int axis) { return axis == 0 ? threadIdx.x : axis == 1 ? threadIdx.y : threadIdx.z; }
INLINE long get_num_groups(int axis) { return axis == 0 ? gridDim.x : axis == 1 ? gridDim.y : gridDim.z; }
INLINE long get_local_size(int axis) { return axis == 0 ? blockDim.x : axis == 1 ? blockDim.y : blockDim.z; }
INLINE long get_global_id(int axis) { return get_group_id(axis) * get_local_size(axis) + get_local_id(axis); }
INLINE long get_global_size(int axis) { return get_num_groups(axis) * get_local_size(axis); }

#define INFINITY __int_as_float(0x7f800000)
INLINE float as_float(int v) { return __int_as_float(v); }
INLINE int as_int(float v) { return __float_as_int(v); }
INLINE uint as_uint(float v) { return __float_as_uint(v); }
INLINE long as_long(double v) { return __double_as_longlong(v); }
INLINE double as_double(long v) { return __longlong_as_double(v); }
INLINE uint mul_hi(uint a, uint b) { return __umulhi(a, b); }
INLINE float mad(float a, float b, float c) { return fmaf(a, b, c); }
INLINE double mad(double a, double b, double c) { return fma(a, b, c); }
INLINE int atomic_cmpxchg(volatile int* p, int expected, int wanted) { return atomicCAS((int*) p, expected, wanted); }

struct float16 {
    float s[16];
};
INLINE float16 load16(const float* p) {
    float16 v;
    UNROLL for (int i = 0; i < 16; i++) v.s[i] = p[i];
    return v;
}
INLINE void store16(float* p, float16 v) { UNROLL for (int i = 0; i < 16; i++) p[i] = v.s[i]; }
INLINE float lane16(float16 v, int lane) { return v.s[lane]; }
INLINE float16 splat16(float x) {
    float16 v;
    UNROLL for (int i = 0; i < 16; i++) v.s[i] = x;
    return v;
}
INLINE float16 fma16(float16 a, float16 b, float16 c) {
    UNROLL for (int i = 0; i < 16; i++) c.s[i] = fmaf(a.s[i], b.s[i], c.s[i]);
    return c;
}
INLINE float16 zip_first16(float16 a, float16 b) {
    float16 v;
    UNROLL for (int i = 0; i < 16; i++) v.s[i] = i % 2 == 0 ? a.s[i / 2] : b.s[i / 2];
    return v;
}
INLINE float16 zip_last16(float16 a, float16 b) {
    float16 v;
    UNROLL for (int i = 0; i < 16; i++) v.s[i] = i % 2 == 0 ? a.s[8 + i / 2] : b.s[8 + i / 2];
    return v;
}

// sixteen bytes, for what is only moved
INLINE int4 zero4() { return make_int4(0, 0, 0, 0); }

#define VECTORIZE

#ifdef __CUDA_ARCH__
#define HALF_BY_DEVICE
INLINE float half_to_float(ushort bits) {
    float x;
    asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"(bits));
    return x;
}
INLINE ushort float_to_half(float x) {
    ushort bits;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(x));
    return bits;
}
#endif

// four elements at an address that is a multiple of 16 bytes, or of 8 for elements of 2
template <class Element> struct __align__(sizeof(Element) == 2 ? 8 : 16) Four {
    Element s[4];
};
#define LOAD4(type, to, p)                              \
    {                                                   \
        const Four<type> four = *(const Four<type>*) (p); \
        UNROLL for (int f = 0; f < 4; f++) to[f] = four.s[f]; \
    }
#define STORE4(type, from, p)                           \
    {                                                   \
        Four<type> four;                                \
        UNROLL for (int f = 0; f < 4; f++) four.s[f] = from[f]; \
        *(Four<type>*) (p) = four;                      \
    }
