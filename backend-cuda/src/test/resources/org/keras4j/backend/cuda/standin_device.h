// What a kernel written for NVRTC finds on the host: CUDA's words and built-in functions, and the way in for the stand-in
// of the driver.
#include <cmath>
#include <cstring>
#include <tuple>
#include <utility>
using namespace std;

struct StandInIndex {
    unsigned x, y, z;
};
struct StandInFault {};
extern "C" {
struct StandInPosition {
    StandInIndex threadIdx, blockIdx, blockDim, gridDim;
} standin_position;
void (*standin_barrier)();
// where the device's memory is, and what may be touched of it
unsigned char *standin_memory, *standin_shadow;
size_t standin_space;
int standin_fault;
// called before each access: the kernels are compiled so
#define STANDIN_UNCHECKED __attribute__((no_sanitize("kernel-address")))
STANDIN_UNCHECKED static inline void standin_access(unsigned long address, size_t bytes) {
    size_t at = address - (unsigned long) standin_memory;
    if (at >= standin_space) return; // shared memory, and the threads' own
    for (size_t end = at + bytes; at < end;) {
        size_t next = (at | 7) + 1 < end ? (at | 7) + 1 : end;
        if (next - (at & ~7ul) > standin_shadow[at >> 3]) standin_fault = 700;
        at = next;
    }
}
#define STANDIN_ACCESS(bytes)                                                                          \
    STANDIN_UNCHECKED void __asan_load##bytes##_noabort(unsigned long a) { standin_access(a, bytes); } \
    STANDIN_UNCHECKED void __asan_store##bytes##_noabort(unsigned long a) { standin_access(a, bytes); }
#pragma GCC visibility push(hidden)
STANDIN_ACCESS(1) STANDIN_ACCESS(2) STANDIN_ACCESS(4) STANDIN_ACCESS(8) STANDIN_ACCESS(16)
STANDIN_UNCHECKED void __asan_loadN_noabort(unsigned long a, size_t n) { standin_access(a, n); }
STANDIN_UNCHECKED void __asan_storeN_noabort(unsigned long a, size_t n) { standin_access(a, n); }
void __asan_handle_no_return() {}
void __ubsan_handle_type_mismatch_v1(void*, unsigned long) {
    standin_fault = 716;
    throw StandInFault(); // the processor would stop here as well
}
#pragma GCC visibility pop
}
#define threadIdx standin_position.threadIdx
#define blockIdx standin_position.blockIdx
#define blockDim standin_position.blockDim
#define gridDim standin_position.gridDim

#define __global__
#define __device__
#define __shared__ static
#define __constant__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#define STANDIN_VECTORS(type, name)                                                                \
    struct __align__(2 * sizeof(type)) name##2 { type x, y; };                                     \
    struct __align__(16) name##4 { type x, y, z, w; };                                             \
    static inline name##2 make_##name##2(type x, type y) { return {x, y}; }                        \
    static inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }
STANDIN_VECTORS(int, int)
STANDIN_VECTORS(unsigned, uint)
STANDIN_VECTORS(float, float)
static inline void __syncthreads() { standin_barrier(); }

template <class To, class From> static inline To standin_bits(From v) {
    static_assert(sizeof(To) == sizeof(From), "size");
    To to;
    memcpy(&to, &v, sizeof to);
    return to;
}
static inline float __int_as_float(int v) { return standin_bits<float>(v); }
static inline float __uint_as_float(unsigned v) { return standin_bits<float>(v); }
static inline int __float_as_int(float v) { return standin_bits<int>(v); }
static inline unsigned __float_as_uint(float v) { return standin_bits<unsigned>(v); }
static inline long long __double_as_longlong(double v) { return standin_bits<long long>(v); }
static inline double __longlong_as_double(long long v) { return standin_bits<double>(v); }
static inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned) (((unsigned long) a * b) >> 32); }
static inline int __mulhi(int a, int b) { return (int) (((long) a * b) >> 32); }
static inline unsigned long __umul64hi(unsigned long a, unsigned long b) {
    return (unsigned long) (((unsigned __int128) a * b) >> 64);
}
static inline int __clz(int v) { return v ? __builtin_clz((unsigned) v) : 32; }
static inline int __popc(unsigned v) { return __builtin_popcount(v); }
static inline float __saturatef(float v) { return v > 0 ? v < 1 ? v : 1 : 0; }
static inline int atomicCAS(int* p, int expected, int wanted) {
    int was = *p;
    if (was == expected) *p = wanted;
    return was;
}
static inline int atomicAdd(int* p, int v) {
    int was = *p;
    *p += v;
    return was;
}
static inline int atomicMax(int* p, int v) {
    int was = *p;
    if (v > was) *p = v;
    return was;
}
static inline int atomicMin(int* p, int v) {
    int was = *p;
    if (v < was) *p = v;
    return was;
}
static inline float rsqrtf(float x) { return 1 / sqrtf(x); }
static inline float rsqrt(float x) { return 1 / sqrtf(x); }
static inline double rsqrt(double x) { return 1 / sqrt(x); }
#define STANDIN_MIN_MAX(type)                                              \
    static inline type min(type a, type b) { return b < a ? b : a; }       \
    static inline type max(type a, type b) { return a < b ? b : a; }
STANDIN_MIN_MAX(int)
STANDIN_MIN_MAX(unsigned)
STANDIN_MIN_MAX(long)
STANDIN_MIN_MAX(unsigned long)
STANDIN_MIN_MAX(long long)
static inline float min(float a, float b) { return fminf(a, b); }
static inline float max(float a, float b) { return fmaxf(a, b); }
static inline double min(double a, double b) { return fmin(a, b); }
static inline double max(double a, double b) { return fmax(a, b); }

struct StandInClosure {
    virtual void run() = 0;
    virtual ~StandInClosure() {}
};
template <class... A> struct StandInCall final : StandInClosure {
    void (*function)(A...);
    tuple<A...> arguments;
    template <size_t... I>
    StandInCall(void (*f)(A...), void** p, index_sequence<I...>) : function(f), arguments(*(A*) p[I]...) {}
    void run() override { apply(function, arguments); }
};
template <class... A> static StandInClosure* standin_closure(void (*f)(A...), void** p) {
    return new StandInCall<A...>(f, p, index_sequence_for<A...>());
}
extern "C" {
void standin_call(void* closure) {
    try {
        ((StandInClosure*) closure)->run();
    } catch (StandInFault) { // the thread has ended; the driver's stand-in asks why
    }
}
void standin_drop(void* closure) { delete (StandInClosure*) closure; }
}
#define STANDIN_KERNEL(name) \
    extern "C" void* standin_bind_##name(void** p) { return standin_closure(name, p); }
