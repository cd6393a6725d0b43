// OpenCL C 1.2. What the kernels are written in: OpenCL C's own names for functions, and these words.
#ifdef cl_khr_fp64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif
#define KERNEL __kernel
#define GROUP_SIZE(x, y, z) __attribute__((reqd_work_group_size(x, y, z)))
#define GROUP_SIZE_OFTEN(x, groups) GROUP_SIZE(x, 1, 1)
#define GLOBAL __global
#define LOCAL __local
#define LOCAL_POINTER __local
#define ALIGNED __attribute__((aligned(16)))
#define CONSTANT __constant
#define INLINE static inline
#define RESTRICT restrict
#define UNROLL _Pragma("unroll")
#define PRAGMA(text) _Pragma(#text)
#define UNROLL_BY(n) PRAGMA(unroll n)
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)

// sixteen floats; the address need not be aligned
INLINE float16 load16(GLOBAL const float* p) { return vload16(0, p); }
INLINE void store16(GLOBAL float* p, float16 v) { vstore16(v, 0, p); }
INLINE float lane16(float16 v, int lane) { return ((const float*) &v)[lane]; }
INLINE float16 splat16(float v) { return (float16) v; }
INLINE float16 fma16(float16 a, float16 b, float16 c) { return fma(a, b, c); }
// the first, and the last, eight elements of a and b in turn
INLINE float16 zip_first16(float16 a, float16 b) {
    return (float16)(a.s0, b.s0, a.s1, b.s1, a.s2, b.s2, a.s3, b.s3,
                     a.s4, b.s4, a.s5, b.s5, a.s6, b.s6, a.s7, b.s7);
}
INLINE float16 zip_last16(float16 a, float16 b) {
    return (float16)(a.s8, b.s8, a.s9, b.s9, a.sa, b.sa, a.sb, b.sb,
                     a.sc, b.sc, a.sd, b.sd, a.se, b.se, a.sf, b.sf);
}

// sixteen bytes, for what is only moved
INLINE int4 zero4() { return (int4) 0; }

// before a loop whose passes do not depend on each other: vectors, even where the compiler cannot see that
#ifdef __clang__
#pragma clang diagnostic ignored "-Wpass-failed" // some loops have calls in them
#define VECTORIZE _Pragma("clang loop vectorize(assume_safety) vectorize_width(16)")
#else
#define VECTORIZE
#endif

#ifndef CPU
#define HALF_BY_DEVICE
INLINE float half_to_float(ushort bits) { return vload_half(0, (const half*) &bits); }
INLINE ushort float_to_half(float x) {
    ushort bits;
    vstore_half_rte(x, 0, (half*) &bits);
    return bits;
}
#endif

// four elements at an address that is a multiple of 16 bytes, or of 8 for elements of 2
#define LOAD4(type, to, p)                                  \
    {                                                       \
        const type##4 four = *(GLOBAL const type##4*) (p);  \
        to[0] = four.s0;                                    \
        to[1] = four.s1;                                    \
        to[2] = four.s2;                                    \
        to[3] = four.s3;                                    \
    }
#define STORE4(type, from, p) *(GLOBAL type##4*) (p) = (type##4)(from[0], from[1], from[2], from[3])
