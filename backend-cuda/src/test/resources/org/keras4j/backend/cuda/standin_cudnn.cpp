// A stand-in for cuDNN: convolutions as plain loops over strided tensors of up to three spatial axes. For tests alone.
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <functional>
#include <type_traits>
#include <vector>

#include "standin_half.h"

enum { SUCCESS = 0, BAD_PARAM = 2000, NOT_SUPPORTED = 3000 };
typedef std::function<void()> Work;
extern "C" void standin_queue(void* stream, Work* work);
extern "C" void standin_queue_more(void* stream, Work* work);

struct Handle {
    void* stream = nullptr;
};
struct Tensor {
    int type, rank, sizes[5], strides[5];
};
struct Filter {
    int type, format, rank, sizes[5], strides[5];
};
struct Convolution {
    int rank, pads[3], strides[3], dilations[3], mode, type, math = 0, groups = 1;
};
struct Pooling {
    int mode, nans, rank, window[3], pads[3], strides[3];
};
struct Activation {
    int mode = -1, nans = -1;
};
struct Algorithm {
    int algorithm, status;
    float time;
    size_t memory;
    int determinism, math, reserved[3];
};

static int output(const Convolution& c, const Tensor& x, const Filter& w, int axis) {
    int reach = (w.sizes[axis + 2] - 1) * c.dilations[axis] + 1;
    return (x.sizes[axis + 2] + 2 * c.pads[axis] - reach) / c.strides[axis] + 1;
}

// float, double, float16, bfloat16; sums of all but doubles are floats
static bool known(int type) { return type == 0 || type == 1 || type == 2 || type == 9; }

static bool consistent(const Convolution& c, const Tensor& x, const Filter& w, const Tensor& y) {
    if (x.rank != c.rank + 2 || w.rank != x.rank || y.rank != x.rank || c.mode != 1) return false;
    if (x.type != w.type || w.type != y.type || !known(x.type) || c.type != (x.type == 1)) return false;
    if (w.sizes[1] * c.groups != x.sizes[1] || w.sizes[0] != y.sizes[1] || w.sizes[0] % c.groups) return false;
    if (x.sizes[0] != y.sizes[0]) return false;
    for (int i = 0; i < c.rank; i++)
        if (output(c, x, w, i) != y.sizes[i + 2] || y.sizes[i + 2] < 1) return false;
    return true;
}

// calls visit(place in x, place in w, place in y) for each product of the correlation
template <class F>
static void each(const Convolution& c, const Tensor& x, const Filter& w, const Tensor& y, F visit) {
    int n[3] = {1, 1, 1}, k[3] = {1, 1, 1}, in[3] = {1, 1, 1}, s[3] = {1, 1, 1}, d[3] = {1, 1, 1}, p[3] = {0, 0, 0};
    int64_t xs[3] = {0, 0, 0}, ws[3] = {0, 0, 0}, ys[3] = {0, 0, 0};
    for (int i = 0; i < c.rank; i++) {
        n[i] = y.sizes[i + 2], k[i] = w.sizes[i + 2], in[i] = x.sizes[i + 2];
        s[i] = c.strides[i], d[i] = c.dilations[i], p[i] = c.pads[i];
        xs[i] = x.strides[i + 2], ws[i] = w.strides[i + 2], ys[i] = y.strides[i + 2];
    }
    int outGroup = w.sizes[0] / c.groups;
    for (int b = 0; b < x.sizes[0]; b++)
        for (int o = 0; o < w.sizes[0]; o++)
            for (int64_t a0 = 0; a0 < n[0]; a0++)
                for (int64_t a1 = 0; a1 < n[1]; a1++)
                    for (int64_t a2 = 0; a2 < n[2]; a2++)
                        for (int64_t k0 = 0; k0 < k[0]; k0++)
                            for (int64_t k1 = 0; k1 < k[1]; k1++)
                                for (int64_t k2 = 0; k2 < k[2]; k2++) {
                                    int64_t i0 = a0 * s[0] + k0 * d[0] - p[0], i1 = a1 * s[1] + k1 * d[1] - p[1],
                                            i2 = a2 * s[2] + k2 * d[2] - p[2];
                                    if (i0 < 0 || i0 >= in[0] || i1 < 0 || i1 >= in[1] || i2 < 0 || i2 >= in[2]) continue;
                                    for (int ch = 0; ch < w.sizes[1]; ch++) {
                                        int64_t channel = (int64_t) (o / outGroup) * w.sizes[1] + ch;
                                        visit(b * (int64_t) x.strides[0] + channel * x.strides[1] + i0 * xs[0]
                                                      + i1 * xs[1] + i2 * xs[2],
                                              o * (int64_t) w.strides[0] + ch * (int64_t) w.strides[1] + k0 * ws[0]
                                                      + k1 * ws[1] + k2 * ws[2],
                                              b * (int64_t) y.strides[0] + o * (int64_t) y.strides[1] + a0 * ys[0]
                                                      + a1 * ys[1] + a2 * ys[2]);
                                    }
                                }
}

template <class S> static int64_t count(const S& t) {
    int64_t n = 1;
    for (int i = 0; i < t.rank; i++) n *= t.sizes[i];
    return n;
}

// heuristics know two algorithms for the descriptor's way to multiply; measuring tries each in the default way as well
static int suggest(bool good, int math, bool measured, int most, int* found, Algorithm* results) {
    *found = 0;
    if (!good) return NOT_SUPPORTED;
    for (; *found < most && *found < (measured ? 4 : 2); ++*found) {
        Algorithm& a = results[*found];
        memset(&a, 0, sizeof a);
        a.algorithm = *found % 2; // the first does not say that it is deterministic
        a.determinism = a.algorithm;
        a.memory = 1024 * (a.algorithm + 1);
        a.math = measured && *found < 2 ? 0 : math;
    }
    return SUCCESS;
}

// all tensors that are used here are packed, so that the places are 0 to count - 1; sums are kept in double
template <class T> static void blend(const double* sums, int64_t n, double alpha, double beta, T* to) {
    for (int64_t i = 0; i < n; i++) to[i] = (T) (alpha * sums[i] + (beta != 0 ? beta * (double) to[i] : 0));
}
template <class A, class T>
static void forward(Convolution c, Tensor X, Filter W, Tensor Y, A a, const T* x, const T* w, A b, T* y) {
    double* sums = new double[count(Y)]();
    each(c, X, W, Y, [&](int64_t i, int64_t j, int64_t k) { sums[k] += (double) x[i] * (double) w[j]; });
    blend(sums, count(Y), a, b, y);
    delete[] sums;
}
template <class A, class T>
static void data(Convolution c, Tensor X, Filter W, Tensor Y, A a, const T* w, const T* dy, A b, T* dx) {
    double* sums = new double[count(X)]();
    each(c, X, W, Y, [&](int64_t i, int64_t j, int64_t k) { sums[i] += (double) dy[k] * (double) w[j]; });
    blend(sums, count(X), a, b, dx);
    delete[] sums;
}
template <class A, class T>
static void filter(Convolution c, Tensor X, Filter W, Tensor Y, A a, const T* x, const T* dy, A b, T* dw) {
    double* sums = new double[count(W)]();
    each(c, X, W, Y, [&](int64_t i, int64_t j, int64_t k) { sums[j] += (double) dy[k] * (double) x[i]; });
    blend(sums, count(W), a, b, dw);
    delete[] sums;
}

// queues work(alpha, beta, an element): factors are double for tensors of double, float for all others; work(alpha, beta)
// is for tensors of floats and doubles
template <class F> static int queue(Handle* h, int type, const void* alpha, const void* beta, F work) {
    if constexpr (std::is_invocable_v<F, float, float>) {
        if (type > 1) return NOT_SUPPORTED;
        return queue(h, type, alpha, beta, [=](auto a, auto b, auto element) {
            if constexpr (std::is_same_v<decltype(a), decltype(element)>) work(a, b);
        });
    } else {
        if (!known(type)) return BAD_PARAM;
        if (type == 1) {
            double a = *(const double*) alpha, b = *(const double*) beta;
            standin_queue(h->stream, new Work([=] { work(a, b, 0.0); }));
            return SUCCESS;
        }
        float a = *(const float*) alpha, b = *(const float*) beta;
        if (type == 0) standin_queue(h->stream, new Work([=] { work(a, b, 0.0f); }));
        else if (type == 2) standin_queue(h->stream, new Work([=] { work(a, b, Float16()); }));
        else standin_queue(h->stream, new Work([=] { work(a, b, BFloat16()); }));
        return SUCCESS;
    }
}

// what an algorithm writes to its workspace
static void scribble(Handle* h, void* workspace, size_t bytes) {
    standin_queue_more(h->stream, new Work([=] { memset(workspace, 0xff, bytes); }));
}

template <class A, class T> static void pool(Pooling p, Tensor X, Tensor Y, A alpha, const T* x, A beta, T* y) {
    int window = 1, axes[3] = {0, 0, 0};
    for (int i = 0; i < p.rank; i++) window *= p.window[i];
    for (int64_t at = 0; at < count(Y); at++) {
        int64_t rest = at, to = 0, image = 0, valid = 0;
        for (int i = p.rank + 1; i >= 0; i--) {
            int place = (int) (rest % Y.sizes[i]);
            rest /= Y.sizes[i];
            to += (int64_t) place * Y.strides[i];
            if (i >= 2) axes[i - 2] = place * p.strides[i - 2] - p.pads[i - 2];
            else image += (int64_t) place * X.strides[i];
        }
        double sum = 0, best = 0;
        for (int t = 0; t < window; t++) {
            int64_t from = image, left = t;
            bool inside = true;
            for (int i = p.rank - 1; i >= 0; i--) {
                int place = axes[i] + (int) (left % p.window[i]);
                left /= p.window[i];
                inside &= place >= 0 && place < X.sizes[i + 2];
                from += (int64_t) place * X.strides[i + 2];
            }
            if (!inside) continue;
            double value = x[from];
            bool nan = value != value;
            if (valid == 0 || value > best || (nan && p.nans)) best = value;
            sum += value;
            valid++;
        }
        double value = p.mode == 1 ? sum / window : p.mode == 2 ? sum / valid : best;
        y[to] = (T) (alpha * value + (beta != 0 ? beta * (double) y[to] : 0));
    }
}

static bool same_rows(const Tensor& a, const Tensor& b) {
    bool same = a.rank == b.rank && a.type == b.type;
    for (int i = 0; i < a.rank; i++) same &= a.sizes[i] == b.sizes[i] && a.strides[i] == b.strides[i];
    return same && a.strides[0] == count(a) / a.sizes[0];
}
template <class A, class T> static void softmax(int algorithm, int64_t n, A alpha, const T* x, A beta, T* y) {
    double most = x[0], sum = 0;
    for (int64_t i = 1; i < n; i++) most = fmax(most, (double) x[i]);
    if (algorithm == 0) most = 0;
    for (int64_t i = 0; i < n; i++) sum += exp(x[i] - most);
    for (int64_t i = 0; i < n; i++) {
        double value = algorithm == 2 ? (double) x[i] - most - log(sum) : exp(x[i] - most) / sum;
        y[i] = (T) (alpha * value + (beta != 0 ? beta * (double) y[i] : 0));
    }
}

extern "C" {
size_t cudnnGetVersion() { return 92400; }
const char* cudnnGetErrorString(int s) { return s == NOT_SUPPORTED ? "CUDNN_STATUS_NOT_SUPPORTED" : "CUDNN_STATUS"; }
int cudnnCreate(Handle** h) {
    *h = new Handle;
    return SUCCESS;
}
int cudnnDestroy(Handle* h) {
    delete h;
    return SUCCESS;
}
int cudnnSetStream(Handle* h, void* s) {
    h->stream = s;
    return SUCCESS;
}
int cudnnCreateTensorDescriptor(Tensor** t) {
    *t = new Tensor();
    return SUCCESS;
}
int cudnnDestroyTensorDescriptor(Tensor* t) {
    delete t;
    return SUCCESS;
}
int cudnnSetTensorNdDescriptor(Tensor* t, int type, int rank, const int* sizes, const int* strides) {
    if (rank < 3 || rank > 5) return NOT_SUPPORTED;
    t->type = type, t->rank = rank;
    for (int i = 0; i < rank; i++) t->sizes[i] = sizes[i], t->strides[i] = strides[i];
    return SUCCESS;
}
int cudnnCreateFilterDescriptor(Filter** f) {
    *f = new Filter();
    return SUCCESS;
}
int cudnnDestroyFilterDescriptor(Filter* f) {
    delete f;
    return SUCCESS;
}
int cudnnSetFilterNdDescriptor(Filter* f, int type, int format, int rank, const int* sizes) {
    if (rank < 4 || rank > 5 || format > 1) return NOT_SUPPORTED;
    f->type = type, f->format = format, f->rank = rank;
    for (int i = 0; i < rank; i++) f->sizes[i] = sizes[i];
    int stride = 1; // NHWC: output, space, input; NCHW: output, input, space
    if (format == 1) f->strides[1] = 1, stride = sizes[1];
    for (int i = rank - 1; i >= 2; i--) f->strides[i] = stride, stride *= sizes[i];
    if (format == 0) f->strides[1] = stride, stride *= sizes[1];
    f->strides[0] = stride;
    return SUCCESS;
}
int cudnnCreateConvolutionDescriptor(Convolution** c) {
    *c = new Convolution();
    return SUCCESS;
}
int cudnnDestroyConvolutionDescriptor(Convolution* c) {
    delete c;
    return SUCCESS;
}
int cudnnSetConvolutionNdDescriptor(
        Convolution* c, int rank, const int* pads, const int* strides, const int* dilations, int mode, int type) {
    if (rank < 2 || rank > 3) return NOT_SUPPORTED;
    c->rank = rank, c->mode = mode, c->type = type;
    for (int i = 0; i < rank; i++) c->pads[i] = pads[i], c->strides[i] = strides[i], c->dilations[i] = dilations[i];
    return SUCCESS;
}
int cudnnSetConvolutionMathType(Convolution* c, int math) {
    c->math = math;
    return SUCCESS;
}
int cudnnSetConvolutionGroupCount(Convolution* c, int groups) {
    c->groups = groups;
    return SUCCESS;
}

int cudnnGetConvolutionForwardAlgorithm_v7(
        Handle*, Tensor* x, Filter* w, Convolution* c, Tensor* y, int most, int* found, Algorithm* results) {
    return suggest(consistent(*c, *x, *w, *y), c->math, false, most, found, results);
}
int cudnnFindConvolutionForwardAlgorithm(
        Handle*, Tensor* x, Filter* w, Convolution* c, Tensor* y, int most, int* found, Algorithm* results) {
    return suggest(consistent(*c, *x, *w, *y), c->math, true, most, found, results);
}
int cudnnGetConvolutionBackwardDataAlgorithm_v7(
        Handle*, Filter* w, Tensor* dy, Convolution* c, Tensor* dx, int most, int* found, Algorithm* results) {
    return suggest(consistent(*c, *dx, *w, *dy), c->math, false, most, found, results);
}
int cudnnFindConvolutionBackwardDataAlgorithm(
        Handle*, Filter* w, Tensor* dy, Convolution* c, Tensor* dx, int most, int* found, Algorithm* results) {
    return suggest(consistent(*c, *dx, *w, *dy), c->math, true, most, found, results);
}
int cudnnGetConvolutionBackwardFilterAlgorithm_v7(
        Handle*, Tensor* x, Tensor* dy, Convolution* c, Filter* dw, int most, int* found, Algorithm* results) {
    return suggest(consistent(*c, *x, *dw, *dy), c->math, false, most, found, results);
}
int cudnnFindConvolutionBackwardFilterAlgorithm(
        Handle*, Tensor* x, Tensor* dy, Convolution* c, Filter* dw, int most, int* found, Algorithm* results) {
    return suggest(consistent(*c, *x, *dw, *dy), c->math, true, most, found, results);
}
int cudnnConvolutionForward(
        Handle* h,
        const void* alpha,
        Tensor* X,
        const void* x,
        Filter* W,
        const void* w,
        Convolution* C,
        int,
        void* workspace,
        size_t bytes,
        const void* beta,
        Tensor* Y,
        void* y) {
    if (!consistent(*C, *X, *W, *Y) || (bytes && !workspace)) return BAD_PARAM;
    if (bytes) scribble(h, workspace, bytes);
    Convolution c = *C;
    Tensor tx = *X, ty = *Y;
    Filter f = *W;
    return queue(h, tx.type, alpha, beta, [=](auto a, auto b, auto element) {
        typedef decltype(element) T;
        forward(c, tx, f, ty, a, (const T*) x, (const T*) w, b, (T*) y);
    });
}
int cudnnConvolutionBiasActivationForward(
        Handle* h,
        const void* alpha1,
        Tensor* X,
        const void* x,
        Filter* W,
        const void* w,
        Convolution* C,
        int algorithm,
        void* workspace,
        size_t bytes,
        const void* alpha2,
        Tensor* Z,
        const void* z,
        Tensor* B,
        const void* bias,
        Activation* activation,
        Tensor* Y,
        void* y) {
    if (!consistent(*C, *X, *W, *Y) || (bytes && !workspace)) return BAD_PARAM;
    for (int i = 0; i < Y->rank; i++)
        if (Z->sizes[i] != Y->sizes[i] || B->sizes[i] != (i == 1 ? Y->sizes[1] : 1)) return BAD_PARAM;
    bool relu = activation->mode == 1;
    if (Y->type == 1 || B->type != Y->type || B->strides[1] != 1 || activation->nans != 0) return NOT_SUPPORTED;
    if (!relu && (activation->mode != 5 || algorithm != 1)) return NOT_SUPPORTED;
    if (bytes) scribble(h, workspace, bytes);
    Convolution c = *C;
    Tensor tx = *X, ty = *Y;
    Filter f = *W;
    return queue(h, ty.type, alpha1, alpha2, [=](auto a, auto b, auto element) {
        typedef decltype(element) T;
        T* to = (T*) y;
        int64_t n = count(ty);
        double* sums = new double[n](); // z may be y; nothing is rounded in between
        each(c, tx, f, ty, [&](int64_t i, int64_t j, int64_t k) {
            sums[k] += (double) ((const T*) x)[i] * (double) ((const T*) w)[j];
        });
        for (int64_t i = 0; i < n; i++) {
            double value = a * sums[i] + (b != 0 ? b * (double) ((const T*) z)[i] : 0)
                    + (double) ((const T*) bias)[i % ty.sizes[1]];
            to[i] = (T) (relu && !(value > 0) ? 0 : value);
        }
        delete[] sums;
    });
}
int cudnnConvolutionBackwardData(
        Handle* h,
        const void* alpha,
        Filter* W,
        const void* w,
        Tensor* DY,
        const void* dy,
        Convolution* C,
        int,
        void* workspace,
        size_t bytes,
        const void* beta,
        Tensor* DX,
        void* dx) {
    if (!consistent(*C, *DX, *W, *DY) || (bytes && !workspace)) return BAD_PARAM;
    Convolution c = *C;
    Tensor tx = *DX, ty = *DY;
    Filter f = *W;
    return queue(h, tx.type, alpha, beta, [=](auto a, auto b, auto element) {
        typedef decltype(element) T;
        data(c, tx, f, ty, a, (const T*) w, (const T*) dy, b, (T*) dx);
    });
}
int cudnnConvolutionBackwardFilter(
        Handle* h,
        const void* alpha,
        Tensor* X,
        const void* x,
        Tensor* DY,
        const void* dy,
        Convolution* C,
        int,
        void* workspace,
        size_t bytes,
        const void* beta,
        Filter* DW,
        void* dw) {
    if (!consistent(*C, *X, *DW, *DY) || (bytes && !workspace)) return BAD_PARAM;
    Convolution c = *C;
    Tensor tx = *X, ty = *DY;
    Filter f = *DW;
    return queue(h, tx.type, alpha, beta, [=](auto a, auto b, auto element) {
        typedef decltype(element) T;
        filter(c, tx, f, ty, a, (const T*) x, (const T*) dy, b, (T*) dw);
    });
}
int cudnnCreateActivationDescriptor(Activation** a) {
    *a = new Activation();
    return SUCCESS;
}
int cudnnDestroyActivationDescriptor(Activation* a) {
    delete a;
    return SUCCESS;
}
int cudnnSetActivationDescriptor(Activation* a, int mode, int nans, double) {
    a->mode = mode, a->nans = nans;
    return SUCCESS;
}
int cudnnCreatePoolingDescriptor(Pooling** p) {
    *p = new Pooling();
    return SUCCESS;
}
int cudnnDestroyPoolingDescriptor(Pooling* p) {
    delete p;
    return SUCCESS;
}
int cudnnSetPoolingNdDescriptor(
        Pooling* p, int mode, int nans, int rank, const int* window, const int* pads, const int* strides) {
    if (rank < 2 || rank > 3 || mode < 0 || mode > 3) return NOT_SUPPORTED;
    p->mode = mode, p->nans = nans, p->rank = rank;
    for (int i = 0; i < rank; i++) {
        if (window[i] < 1 || strides[i] < 1 || pads[i] < 0 || pads[i] >= window[i]) return BAD_PARAM;
        p->window[i] = window[i], p->pads[i] = pads[i], p->strides[i] = strides[i];
    }
    return SUCCESS;
}
int cudnnPoolingForward(
        Handle* h,
        Pooling* P,
        const void* alpha,
        Tensor* X,
        const void* x,
        const void* beta,
        Tensor* Y,
        void* y) {
    Pooling p = *P;
    Tensor tx = *X, ty = *Y;
    if (tx.rank != p.rank + 2 || ty.rank != tx.rank || tx.type != ty.type) return BAD_PARAM;
    if (tx.sizes[0] != ty.sizes[0] || tx.sizes[1] != ty.sizes[1]) return BAD_PARAM;
    for (int i = 0; i < p.rank; i++)
        if (ty.sizes[i + 2] != (tx.sizes[i + 2] + 2 * p.pads[i] - p.window[i]) / p.strides[i] + 1) return BAD_PARAM;
    return queue(h, tx.type, alpha, beta, [=](auto a, auto b, auto element) {
        typedef decltype(element) T;
        pool(p, tx, ty, a, (const T*) x, b, (T*) y);
    });
}
int cudnnSoftmaxForward(
        Handle* h,
        int algorithm,
        int mode,
        const void* alpha,
        Tensor* X,
        const void* x,
        const void* beta,
        Tensor* Y,
        void* y) {
    if (mode != 0 || algorithm < 0 || algorithm > 2 || !same_rows(*X, *Y)) return BAD_PARAM;
    int64_t rows = X->sizes[0], n = count(*X) / rows;
    return queue(h, X->type, alpha, beta, [=](auto a, auto b, auto element) {
        typedef decltype(element) T;
        for (int64_t r = 0; r < rows; r++) softmax(algorithm, n, a, (const T*) x + r * n, b, (T*) y + r * n);
    });
}
int cudnnSoftmaxBackward(
        Handle* h,
        int algorithm,
        int mode,
        const void* alpha,
        Tensor* Y,
        const void* y,
        Tensor* DY,
        const void* dy,
        const void* beta,
        Tensor* DX,
        void* dx) {
    if (mode != 0 || algorithm < 0 || algorithm > 1 || !same_rows(*Y, *DY) || !same_rows(*Y, *DX)) return BAD_PARAM;
    int64_t rows = Y->sizes[0], n = count(*Y) / rows;
    return queue(h, Y->type, alpha, beta, [=](auto a, auto b, auto element) {
        typedef decltype(element) T;
        for (int64_t r = 0; r < rows * n; r += n) {
            const T *p = (const T*) y + r, *d = (const T*) dy + r;
            T* to = (T*) dx + r;
            double dot = 0;
            for (int64_t i = 0; i < n; i++) dot += (double) p[i] * (double) d[i];
            for (int64_t i = 0; i < n; i++) to[i] = (T) (a * (double) p[i] * ((double) d[i] - dot) + (b != 0 ? b * (double) to[i] : 0));
        }
    });
}
}
#include "standin_cudnn_train.h"
#include "standin_cudnn_rnn.h"
#include "standin_cudnn_graph.h"
