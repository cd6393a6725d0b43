// A stand-in for cuBLASLt: plain loops over column-major matrices. An algorithm remembers for which alignments it was
// suggested, and refuses others. For tests alone.
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <algorithm>
#include <functional>

#include "standin_half.h"

enum { SUCCESS = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7, NOT_SUPPORTED = 15 };
typedef std::function<void()> Work;
extern "C" void standin_queue(void* stream, Work* work);
extern "C" void standin_queue_more(void* stream, Work* work);
extern "C" int standin_refusal();

struct Descriptor {
    int compute, scale, transposeA = 0, transposeB = 0, epilogue = 1;
    const void* bias = nullptr;
};
struct Layout {
    int type;
    uint64_t rows, columns;
    int64_t leading;
    int batch = 1;
    int64_t stride = 0;
};
struct Preference {
    uint64_t workspace = 0;
    uint32_t alignment[4] = {256, 256, 256, 256};
};
struct Algorithm {
    uint64_t magic, data[7];
};
struct Result {
    Algorithm algorithm;
    size_t workspace;
    int state;
    float waves;
    int reserved[4];
};
static const uint64_t MAGIC = 0x5374616e64496e21;

// the numbers as tensor cores take them: 10 bits after the point
static float tf32(float x) {
    uint32_t b;
    memcpy(&b, &x, 4);
    if ((b & 0x7f800000) != 0x7f800000) b = (b + 0xfff + ((b >> 13) & 1)) & ~0x1fffu;
    memcpy(&x, &b, 4);
    return x;
}

template <class T, class A>
static void multiply(
        const Descriptor& op,
        A alpha,
        const T* a,
        const Layout& la,
        const T* b,
        const Layout& lb,
        A beta,
        const T* c,
        const Layout& lc,
        T* d,
        const Layout& ld) {
    int64_t m = ld.rows, n = ld.columns, k = op.transposeA ? la.rows : la.columns;
    bool fast = op.compute == 77;
    for (int64_t i = 0; i < ld.batch; i++)
        for (int64_t col = 0; col < n; col++)
            for (int64_t row = 0; row < m; row++) {
                double sum = 0;
                for (int64_t j = 0; j < k; j++) {
                    A x = a[i * la.stride + (op.transposeA ? j + row * la.leading : row + j * la.leading)];
                    A y = b[i * lb.stride + (op.transposeB ? col + j * lb.leading : j + col * lb.leading)];
                    sum += fast ? (double) tf32((float) x) * tf32((float) y) : (double) x * y;
                }
                double value = alpha * sum;
                if (beta != 0) value += beta * c[i * lc.stride + row + col * lc.leading];
                if (op.epilogue & 4) value += ((const T*) op.bias)[row];
                if (op.epilogue & 2) value = value > 0 || value != value ? value : 0;
                d[i * ld.stride + row + col * ld.leading] = (T) value;
            }
}

static bool fits(const Layout& l, uint64_t rows, uint64_t columns, int batch) {
    return l.rows == rows && l.columns == columns && l.leading >= (int64_t) rows && l.batch == batch;
}

static bool consistent(const Descriptor& op, const Layout& a, const Layout& b, const Layout& d) {
    uint64_t k = op.transposeA ? a.rows : a.columns;
    bool half = a.type == 2 || a.type == 14; // float16 and bfloat16 are scaled as floats, and summed as such
    bool typed = a.type == b.type && b.type == d.type && (half ? 0 : a.type) == op.scale
            && (half ? op.compute == 68 : (a.type == 0) == (op.compute != 70));
    return typed && fits(a, op.transposeA ? k : d.rows, op.transposeA ? d.rows : k, d.batch)
            && fits(b, op.transposeB ? d.columns : k, op.transposeB ? k : d.columns, d.batch) && d.rows && d.columns && k
            && !(op.epilogue != 1 && d.type == 1);
}

static bool aligned(const void* p, uint64_t bytes) { return bytes && (uint64_t) p % bytes == 0; }

static int calls = 0, known = 2;

extern "C" {
// ---- what tests ask of the stand-in
int standin_products() { return calls; }
int standin_algorithms(size_t n) { // how many fit; one that does not is always suggested as well
    known = (int) n;
    return 0;
}

size_t cublasLtGetVersion() { return 130000; }
int cublasLtCreate(void** h) {
    if (standin_refusal()) return NOT_INITIALIZED;
    *h = new int;
    return SUCCESS;
}
int cublasLtDestroy(void* h) {
    delete (int*) h;
    return SUCCESS;
}
int cublasLtMatmulDescCreate(Descriptor** d, int compute, int scale) {
    *d = new Descriptor{compute, scale};
    return SUCCESS;
}
int cublasLtMatmulDescDestroy(Descriptor* d) {
    delete d;
    return SUCCESS;
}
int cublasLtMatmulDescSetAttribute(Descriptor* d, int which, const void* v, size_t n) {
    void* to = which == 3 ? (void*) &d->transposeA
            : which == 4  ? (void*) &d->transposeB
            : which == 7  ? (void*) &d->epilogue
            : which == 8  ? (void*) &d->bias
                          : nullptr;
    if (!to || n != (which == 8 ? 8u : 4u)) return INVALID_VALUE;
    memcpy(to, v, n);
    return SUCCESS;
}
int cublasLtMatrixLayoutCreate(Layout** l, int type, uint64_t rows, uint64_t columns, int64_t leading) {
    *l = new Layout{type, rows, columns, leading};
    return SUCCESS;
}
int cublasLtMatrixLayoutDestroy(Layout* l) {
    delete l;
    return SUCCESS;
}
int cublasLtMatrixLayoutSetAttribute(Layout* l, int which, const void* v, size_t n) {
    if (which == 5 && n == 4) memcpy(&l->batch, v, n);
    else if (which == 6 && n == 8) memcpy(&l->stride, v, n);
    else return INVALID_VALUE;
    return SUCCESS;
}
int cublasLtMatmulPreferenceCreate(Preference** p) {
    *p = new Preference;
    return SUCCESS;
}
int cublasLtMatmulPreferenceDestroy(Preference* p) {
    delete p;
    return SUCCESS;
}
int cublasLtMatmulPreferenceSetAttribute(Preference* p, int which, const void* v, size_t n) {
    if (which == 1 && n == 8) memcpy(&p->workspace, v, n);
    else if (which >= 5 && which <= 8 && n == 4) memcpy(&p->alignment[which - 5], v, n);
    else return INVALID_VALUE;
    return SUCCESS;
}
int cublasLtMatmulAlgoGetHeuristic(
        void*, Descriptor* op, Layout* a, Layout* b, Layout*, Layout* d, Preference* p, int most, Result* r, int* found) {
    *found = 0;
    if (most < 1) return INVALID_VALUE;
    if (!consistent(*op, *a, *b, *d)) return NOT_SUPPORTED;
    for (; *found < most && *found <= known; ++*found) {
        memset(&r[*found], 0, sizeof(Result));
        r[*found].algorithm.magic = *found < known ? MAGIC : 0;
        r[*found].state = *found < known ? SUCCESS : NOT_SUPPORTED;
        for (int i = 0; i < 4; i++) r[*found].algorithm.data[i] = p->alignment[i];
    }
    return SUCCESS;
}
int cublasLtMatmulAlgoCheck(
        void*, Descriptor* op, Layout* a, Layout* b, Layout*, Layout* d, const Algorithm* algorithm, Result* r) {
    if (algorithm->magic != MAGIC || !consistent(*op, *a, *b, *d)) return INVALID_VALUE;
    r->workspace = 0;
    return SUCCESS;
}
int cublasLtMatmul(
        void* handle,
        Descriptor* op,
        const void* alpha,
        const void* a,
        Layout* la,
        const void* b,
        Layout* lb,
        const void* beta,
        const void* c,
        Layout* lc,
        void* d,
        Layout* ld,
        const Algorithm* algorithm,
        void* workspace,
        size_t bytes,
        void* stream) {
    calls++;
    if (!handle || !algorithm || algorithm->magic != MAGIC || !consistent(*op, *la, *lb, *ld)) return INVALID_VALUE;
    const void* matrices[] = {a, b, c, d};
    for (int i = 0; i < 4; i++)
        if (!aligned(matrices[i], algorithm->data[i])) return INVALID_VALUE;
    if (op->epilogue & 4 && !aligned(op->bias, algorithm->data[3])) return INVALID_VALUE;
    if (bytes && !aligned(workspace, 256)) return INVALID_VALUE;
    // an algorithm may use the workspace that it was promised
    standin_queue_more(stream, new Work([=] { memset(workspace, 0xff, std::min(bytes, (size_t) 1 << 16)); }));
    Descriptor o = *op;
    Layout left = *la, right = *lb, old = *lc, result = *ld;
    auto queue = [&](auto one, auto element) {
        typedef decltype(one) A;
        typedef decltype(element) T;
        A x = *(const A*) alpha, y = *(const A*) beta;
        standin_queue(stream, new Work([=] {
            multiply(o, x, (const T*) a, left, (const T*) b, right, y, (const T*) c, old, (T*) d, result);
        }));
    };
    if (result.type == 1) queue(0.0, 0.0);
    else if (result.type == 2) queue(0.0f, Float16());
    else if (result.type == 14) queue(0.0f, BFloat16());
    else queue(0.0f, 0.0f);
    return SUCCESS;
}
}
