// OpenCL C 1.2. What the kernels are written in: OpenCL C's own names for functions, and these words.
#ifdef cl_khr_fp64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif
#define KERNEL __kernel
#define GROUP_SIZE(x, y, z) __attribute__((reqd_work_group_size(x, y, z)))
#define GLOBAL __global
#define LOCAL __local
#define CONSTANT __constant
#define INLINE static inline
#define RESTRICT restrict
#define UNROLL _Pragma("unroll")
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)

// sixteen floats; the address need not be aligned
INLINE float16 load16(GLOBAL const float* p) { return vload16(0, p); }
INLINE void store16(GLOBAL float* p, float16 v) { vstore16(v, 0, p); }
INLINE float16 splat16(float v) { return (float16) v; }
INLINE float16 fma16(float16 a, float16 b, float16 c) { return fma(a, b, c); }

// sixteen bytes, for what is only moved
INLINE int4 zero4() { return (int4) 0; }
