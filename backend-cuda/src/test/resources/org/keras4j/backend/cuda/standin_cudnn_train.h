// Part of the stand-in for cuDNN: what only training needs of images, the normalization of batches and the gradient of
// pooling, as plain loops with sums in double.

static int tied_last = 0; // which of several greatest elements gets a gradient: NVIDIA does not say
static int batch_norms = 0, narrow_batch_norms = 0, pool_gradients = 0; // calls

template <class T>
static void pool_gradient(Pooling p, Tensor X, Tensor Y, T alpha, const T* y, const T* dy, const T* x, T beta, T* dx) {
    int window = 1, axes[3] = {0, 0, 0};
    for (int i = 0; i < p.rank; i++) window *= p.window[i];
    double* sums = new double[count(X)]();
    for (int64_t at = 0; at < count(Y); at++) {
        int64_t rest = at, from = 0, image = 0, valid = 0, best = -1;
        for (int i = p.rank + 1; i >= 0; i--) {
            int place = (int) (rest % Y.sizes[i]);
            rest /= Y.sizes[i];
            from += (int64_t) place * Y.strides[i];
            if (i >= 2) axes[i - 2] = place * p.strides[i - 2] - p.pads[i - 2];
            else image += (int64_t) place * X.strides[i];
        }
        int64_t* places = new int64_t[window];
        for (int t = 0; t < window; t++) {
            int64_t to = image, left = t;
            bool inside = true;
            for (int i = p.rank - 1; i >= 0; i--) {
                int place = axes[i] + (int) (left % p.window[i]);
                left /= p.window[i];
                inside &= place >= 0 && place < X.sizes[i + 2];
                to += (int64_t) place * X.strides[i + 2];
            }
            if (inside) places[valid++] = to;
        }
        bool average = p.mode == 1 || p.mode == 2;
        for (int64_t t = 0; t < valid; t++) {
            if (average) sums[places[t]] += (double) dy[from] / (p.mode == 1 ? window : valid);
            else if (x[places[t]] == y[from] && (best < 0 || tied_last)) best = places[t];
        }
        if (best >= 0) sums[best] += dy[from];
        delete[] places;
    }
    blend(sums, count(X), (double) alpha, (double) beta, dx);
    delete[] sums;
}

struct Statistics {
    bool spatial;
    int64_t channels, places, rows;
    // the statistic that an element belongs to
    int64_t of(const Tensor& x, int64_t n, int64_t c, int64_t place) const { return spatial ? c : c * places + place; }
    Statistics(int mode, const Tensor& x) : spatial(mode != 0), channels(x.sizes[1]) {
        places = count(x) / x.sizes[0] / channels;
        rows = spatial ? x.sizes[0] * places : x.sizes[0];
    }
    int64_t size() const { return spatial ? channels : channels * places; }
};

// calls visit(element, statistic): places are packed and their channels next to each other
template <class F> static void each_element(const Statistics& s, const Tensor& x, F visit) {
    for (int64_t n = 0; n < x.sizes[0]; n++)
        for (int64_t place = 0; place < s.places; place++)
            for (int64_t c = 0; c < s.channels; c++)
                visit(n * x.strides[0] + place * s.channels + c, s.of(x, n, c, place));
}

static bool fits_norm(int mode, const Tensor& x, const Tensor& y, const Tensor& channels) {
    bool fits = mode >= 0 && mode <= 2 && x.rank == y.rank && channels.rank == x.rank && x.type == y.type;
    fits &= known(x.type) && channels.type == (x.type == 1) && channels.sizes[0] == 1 && channels.sizes[1] == x.sizes[1] && x.strides[1] == 1;
    for (int i = 0; fits && i < x.rank; i++) {
        fits &= x.sizes[i] == y.sizes[i] && x.strides[i] == y.strides[i];
        if (i >= 2) fits &= channels.sizes[i] == (mode == 0 ? x.sizes[i] : 1);
    }
    return fits;
}

extern "C" {
int standin_pool_ties(size_t last) {
    tied_last = (int) last;
    return 0;
}
int standin_batch_norms() { return batch_norms; }
int standin_narrow_batch_norms() { return narrow_batch_norms; }
int standin_pool_gradients() { return pool_gradients; }

int cudnnPoolingBackward(
        Handle* h,
        Pooling* P,
        const void* alpha,
        Tensor* Y,
        const void* y,
        Tensor* DY,
        const void* dy,
        Tensor* X,
        const void* x,
        const void* beta,
        Tensor* DX,
        void* dx) {
    Pooling p = *P;
    Tensor tx = *X, ty = *Y;
    if (tx.rank != p.rank + 2 || ty.rank != tx.rank || tx.type != ty.type || !y || !dy || !x || !dx) return BAD_PARAM;
    for (int i = 0; i < tx.rank; i++)
        if (DX->sizes[i] != tx.sizes[i] || DY->sizes[i] != ty.sizes[i] || DX->strides[i] != tx.strides[i]) return BAD_PARAM;
    for (int i = 0; i < p.rank; i++)
        if (ty.sizes[i + 2] != (tx.sizes[i + 2] + 2 * p.pads[i] - p.window[i]) / p.strides[i] + 1) return BAD_PARAM;
    pool_gradients++;
    return queue(h, tx.type, alpha, beta, [=](auto a, auto b) {
        typedef decltype(a) T;
        pool_gradient(p, tx, ty, a, (const T*) y, (const T*) dy, (const T*) x, b, (T*) dx);
    });
}

int cudnnBatchNormalizationForwardTraining(
        Handle* h,
        int mode,
        const void* alpha,
        const void* beta,
        Tensor* X,
        const void* x,
        Tensor* Y,
        void* y,
        Tensor* C,
        const void* scale,
        const void* bias,
        double factor,
        void* runningMean,
        void* runningVariance,
        double epsilon,
        void* savedMean,
        void* savedDeviation) {
    if (!fits_norm(mode, *X, *Y, *C) || epsilon < 0 || !scale || !bias) return BAD_PARAM;
    if (!runningMean != !runningVariance || !savedMean != !savedDeviation) return BAD_PARAM;
    batch_norms++;
    narrow_batch_norms += X->type > 1;
    Tensor tx = *X;
    return queue(h, tx.type, alpha, beta, [=](auto a, auto b, auto element) {
        typedef decltype(element) T; // of images
        typedef decltype(a) S;       // of statistics
        Statistics s(mode, tx);
        int64_t n = s.size();
        double *mean = new double[n](), *variance = new double[n]();
        each_element(s, tx, [&](int64_t i, int64_t c) { mean[c] += (double) ((const T*) x)[i] / s.rows; });
        each_element(s, tx, [&](int64_t i, int64_t c) {
            double apart = (double) ((const T*) x)[i] - mean[c];
            variance[c] += apart * apart / s.rows;
        });
        each_element(s, tx, [&](int64_t i, int64_t c) {
            double z = ((double) ((const T*) x)[i] - mean[c]) / sqrt(variance[c] + epsilon);
            T* to = (T*) y + i;
            *to = (T) (a * (z * ((const S*) scale)[c] + ((const S*) bias)[c]) + (b != 0 ? b * (double) *to : 0));
        });
        for (int64_t c = 0; c < n; c++) {
            if (savedMean) ((S*) savedMean)[c] = (S) mean[c];
            if (savedDeviation) ((S*) savedDeviation)[c] = (S) (1 / sqrt(variance[c] + epsilon));
            if (!runningMean) continue;
            S *m = (S*) runningMean + c, *v = (S*) runningVariance + c;
            *m = (S) (*m * (1 - factor) + mean[c] * factor);
            *v = (S) (*v * (1 - factor) + variance[c] * s.rows / (s.rows - 1.0) * factor);
        }
        delete[] mean;
        delete[] variance;
    });
}

int cudnnBatchNormalizationBackward(
        Handle* h,
        int mode,
        const void* alpha,
        const void* beta,
        const void* alphaParameters,
        const void* betaParameters,
        Tensor* X,
        const void* x,
        Tensor* DY,
        const void* dy,
        Tensor* DX,
        void* dx,
        Tensor* C,
        const void* scale,
        void* dScale,
        void* dBias,
        double epsilon,
        const void* savedMean,
        const void* savedDeviation) {
    if (!fits_norm(mode, *X, *DY, *C) || !fits_norm(mode, *X, *DX, *C) || epsilon < 0) return BAD_PARAM;
    if (!savedMean || !savedDeviation) return NOT_SUPPORTED; // it would compute them again
    double ap = X->type == 1 ? *(const double*) alphaParameters : *(const float*) alphaParameters;
    double bp = X->type == 1 ? *(const double*) betaParameters : *(const float*) betaParameters;
    batch_norms++;
    narrow_batch_norms += X->type > 1;
    Tensor tx = *X;
    return queue(h, tx.type, alpha, beta, [=](auto a, auto b, auto element) {
        typedef decltype(element) T; // of images
        typedef decltype(a) S;       // of statistics
        const T *from = (const T*) x, *d = (const T*) dy;
        const S *mean = (const S*) savedMean, *dev = (const S*) savedDeviation;
        Statistics s(mode, tx);
        int64_t n = s.size();
        double *sum = new double[n](), *turned = new double[n]();
        each_element(s, tx, [&](int64_t i, int64_t c) {
            sum[c] += (double) d[i];
            turned[c] += (double) d[i] * ((double) from[i] - mean[c]) * dev[c];
        });
        each_element(s, tx, [&](int64_t i, int64_t c) {
            double z = ((double) from[i] - mean[c]) * dev[c];
            double value = ((const S*) scale)[c] * dev[c] * ((double) d[i] - sum[c] / s.rows - z * turned[c] / s.rows);
            ((T*) dx)[i] = (T) (a * value + (b != 0 ? b * (double) ((T*) dx)[i] : 0));
        });
        S *gamma = (S*) dScale, *shift = (S*) dBias;
        for (int64_t c = 0; c < n; c++) {
            gamma[c] = (S) (ap * turned[c] + (bp != 0 ? bp * gamma[c] : 0));
            shift[c] = (S) (ap * sum[c] + (bp != 0 ? bp * shift[c] : 0));
        }
        delete[] sum;
        delete[] turned;
    });
}
}
