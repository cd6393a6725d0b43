// Part of the stand-in for cuDNN: LSTM and GRU of one layer and one direction on packed sequences of equal length, as
// plain loops. As NVIDIA documents them: weight matrices are (units, inputs); the gates of LSTM are i, f, g, o, those of GRU
// r, z, n; what the forward direction reserves is changed by the backward one.

struct Dropout {
    bool set = false;
};
struct Rnn {
    int cell = -1, bias, n, u, type;
    int gates() const { return cell == 2 ? 4 : 3; }
    int columns(int id) const { return id < gates() ? n : u; }
    int biases() const { return bias == 0 ? 0 : bias == 2 ? 2 * gates() : gates(); }
};
struct RnnData {
    int layout = -1, type, steps, batch, size;
};

static int rnn_gap = 0; // elements between the parts of the weight space, whose order is nobody's business
static int rnn_calls = 0;

static int64_t matrix_at(const Rnn& r, int id) {
    int64_t at = 0;
    for (int i = 0; i < id; i++) at += (int64_t) r.u * r.columns(i) + rnn_gap;
    return at;
}
static int64_t bias_at(const Rnn& r, int id) {
    if (id >= r.biases()) return -1;
    return matrix_at(r, 2 * r.gates()) + (int64_t) id * (r.u + rnn_gap);
}
static size_t weight_count(const Rnn& r) { return matrix_at(r, 2 * r.gates()) + r.biases() * (r.u + rnn_gap); }
static int rnn_bytes(int type) { return type == 0 ? 4 : 2; }
static size_t weight_bytes(const Rnn& r) { return rnn_bytes(r.type) * weight_count(r); }

// tensors of 16 bits are computed with as floats
static std::vector<float> floats(const void* from, int type, size_t n) {
    std::vector<float> wide(n);
    for (size_t i = 0; from && i < n; i++)
        wide[i] = type == 0 ? ((const float*) from)[i] : type == 2 ? (float) ((const Float16*) from)[i] : (float) ((const BFloat16*) from)[i];
    return wide;
}
static void store(const std::vector<float>& from, void* to, int type) {
    for (size_t i = 0; to && i < from.size(); i++) {
        if (type == 0) ((float*) to)[i] = from[i];
        else if (type == 2) ((Float16*) to)[i] = Float16(from[i]);
        else ((BFloat16*) to)[i] = BFloat16(from[i]);
    }
}
static size_t reserve_bytes(const Rnn& r, const RnnData& x) { return 20 + (size_t) 4 * x.steps * x.batch * r.u * 5; }

// y[j] += sum of w[j, k] x[k], or with its rows and columns swapped
static void add_product(const float* w, int rows, int columns, const double* x, double* y) {
    for (int j = 0; j < rows; j++)
        for (int k = 0; k < columns; k++) y[j] += (double) w[(int64_t) j * columns + k] * x[k];
}
static void add_swapped(const float* w, int rows, int columns, const double* x, double* y) {
    for (int j = 0; j < rows; j++)
        for (int k = 0; k < columns; k++) y[k] += (double) w[(int64_t) j * columns + k] * x[j];
}
static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

// one row of the batch in one step; gates is what is reserved: LSTM i, f, g, o, c; GRU r, z, n, and n's part of h
static void rnn_step(const Rnn& r, const float* w, const float* x, const double* h, double* c, double* next, float* gates) {
    int g = r.gates(), u = r.u;
    double *in = new double[g * u](), *inner = new double[g * u](), *wide = new double[r.n];
    for (int i = 0; i < r.n; i++) wide[i] = x[i];
    for (int k = 0; k < g; k++) {
        for (int j = 0; j < u && bias_at(r, k) >= 0; j++) in[k * u + j] = w[bias_at(r, k) + j];
        for (int j = 0; j < u && bias_at(r, g + k) >= 0; j++) inner[k * u + j] = w[bias_at(r, g + k) + j];
        add_product(w + matrix_at(r, k), u, r.n, wide, in + k * u);
        add_product(w + matrix_at(r, g + k), u, u, h, inner + k * u);
    }
    for (int j = 0; j < u; j++) {
        if (r.cell == 2) {
            double a[4];
            for (int k = 0; k < 4; k++) a[k] = in[k * u + j] + inner[k * u + j];
            double i = sigmoid(a[0]), f = sigmoid(a[1]), q = tanh(a[2]), o = sigmoid(a[3]);
            c[j] = f * c[j] + i * q;
            next[j] = o * tanh(c[j]);
            float kept[5] = {(float) i, (float) f, (float) q, (float) o, (float) c[j]};
            for (int k = 0; k < 5; k++) gates[k * u + j] = kept[k];
        } else {
            double reset = sigmoid(in[j] + inner[j]), z = sigmoid(in[u + j] + inner[u + j]);
            double n = tanh(in[2 * u + j] + reset * inner[2 * u + j]);
            next[j] = (1 - z) * n + z * h[j];
            float kept[4] = {(float) reset, (float) z, (float) n, (float) inner[2 * u + j]};
            for (int k = 0; k < 4; k++) gates[k * u + j] = kept[k];
        }
    }
    delete[] in;
    delete[] inner;
    delete[] wide;
}

static bool fits_rnn(Rnn* r, RnnData* x, RnnData* y, Tensor* h, Tensor* c, size_t weights, size_t reserve, bool training) {
    if (r->cell < 2 || x->type != r->type || y->type != r->type || h->type != r->type) return false;
    if (x->layout != 1 || y->layout != 1 || x->size != r->n || y->size != r->u) return false;
    if (x->steps != y->steps || x->batch != y->batch || h->rank != 3 || (r->cell == 2 && c->rank != 3)) return false;
    if (h->sizes[0] != 1 || h->sizes[1] != x->batch || h->sizes[2] != r->u || h->strides[1] != r->u) return false;
    return weights >= weight_bytes(*r) && (!training || reserve >= reserve_bytes(*r, *x));
}

// turns the kept gates of a row into the gradients of their arguments (GRU's fourth: of n's part of h), and dh, dc into
// those of the step before
static void rnn_back(const Rnn& r, const float* w, const double* h, const double* c, double* dh, double* dc, float* gates,
        float* dx) {
    int u = r.u, g = r.gates();
    double *d = new double[4 * u](), *before = new double[u](), *wide = new double[r.n]();
    for (int j = 0; j < u; j++) {
        double a[5];
        for (int k = 0; k < 5; k++) a[k] = gates[k * u + j];
        if (r.cell == 2) {
            double squashed = tanh(a[4]), all = dc[j] + dh[j] * a[3] * (1 - squashed * squashed);
            d[j] = all * a[2] * a[0] * (1 - a[0]);
            d[u + j] = all * c[j] * a[1] * (1 - a[1]);
            d[2 * u + j] = all * a[0] * (1 - a[2] * a[2]);
            d[3 * u + j] = dh[j] * squashed * a[3] * (1 - a[3]);
            dc[j] = all * a[1];
        } else {
            d[2 * u + j] = dh[j] * (1 - a[1]) * (1 - a[2] * a[2]);
            d[u + j] = dh[j] * (h[j] - a[2]) * a[1] * (1 - a[1]);
            d[j] = d[2 * u + j] * a[3] * a[0] * (1 - a[0]);
            d[3 * u + j] = d[2 * u + j] * a[0];
            before[j] = dh[j] * a[1];
        }
    }
    for (int i = 0; i < 4 * u; i++) gates[i] = (float) d[i];
    for (int k = 0; k < g; k++) {
        add_swapped(w + matrix_at(r, k), u, r.n, d + k * u, wide);
        bool apart = r.cell == 3 && k == 2;
        add_swapped(w + matrix_at(r, g + k), u, u, d + (apart ? 3 : k) * u, before);
    }
    for (int j = 0; j < u; j++) dh[j] = before[j];
    for (int i = 0; i < r.n; i++) dx[i] = (float) wide[i];
    delete[] d;
    delete[] before;
    delete[] wide;
}

static double* widened(const float* x, int n) {
    double* wide = new double[n]();
    for (int i = 0; x && i < n; i++) wide[i] = x[i];
    return wide;
}

extern "C" {
int standin_rnn_gap(size_t floats) {
    rnn_gap = (int) floats;
    return 0;
}
int standin_rnn_calls() { return rnn_calls; }

int cudnnCreateDropoutDescriptor(Dropout** d) {
    *d = new Dropout();
    return SUCCESS;
}
int cudnnDestroyDropoutDescriptor(Dropout* d) {
    delete d;
    return SUCCESS;
}
int cudnnSetDropoutDescriptor(Dropout* d, Handle*, float rate, void*, size_t, unsigned long long) {
    if (rate != 0) return NOT_SUPPORTED;
    d->set = true;
    return SUCCESS;
}
int cudnnCreateRNNDescriptor(Rnn** r) {
    *r = new Rnn();
    return SUCCESS;
}
int cudnnDestroyRNNDescriptor(Rnn* r) {
    delete r;
    return SUCCESS;
}
int cudnnSetRNNDescriptor_v8(Rnn* r, int algorithm, int cell, int bias, int direction, int input, int type, int precision,
        int math, int n, int u, int projected, int layers, Dropout* dropout, unsigned flags) {
    if (n < 1 || u < 1 || !dropout || !dropout->set || projected != u) return BAD_PARAM;
    if (cell < 2 || cell > 3 || direction || input || precision || layers != 1 || flags) return NOT_SUPPORTED;
    if ((type != 0 && type != 2 && type != 9) || (math == 1) != (type != 0)) return NOT_SUPPORTED;
    if (algorithm != 0 || (math != 0 && math != 1 && math != 3) || bias < 0 || bias > 2) return NOT_SUPPORTED;
    r->cell = cell, r->bias = bias, r->n = n, r->u = u, r->type = type;
    return SUCCESS;
}
int cudnnCreateRNNDataDescriptor(RnnData** d) {
    *d = new RnnData();
    return SUCCESS;
}
int cudnnDestroyRNNDataDescriptor(RnnData* d) {
    delete d;
    return SUCCESS;
}
int cudnnSetRNNDataDescriptor(RnnData* d, int type, int layout, int steps, int batch, int size, const int* lengths, void*) {
    if ((type != 0 && type != 2 && type != 9) || layout != 1) return NOT_SUPPORTED;
    if (steps < 1 || batch < 1 || size < 1 || !lengths) return BAD_PARAM;
    for (int i = 0; i < batch; i++)
        if (lengths[i] != steps) return NOT_SUPPORTED;
    d->layout = layout, d->type = type, d->steps = steps, d->batch = batch, d->size = size;
    return SUCCESS;
}
int cudnnGetRNNTempSpaceSizes(Handle*, Rnn* r, int training, RnnData* x, size_t* work, size_t* reserve) {
    *work = 64 + 4 * (size_t) x->batch * r->u * (training + 1);
    if (reserve) *reserve = training ? reserve_bytes(*r, *x) : 0;
    return SUCCESS;
}
int cudnnGetRNNWeightSpaceSize(Handle*, Rnn* r, size_t* bytes) {
    *bytes = weight_bytes(*r);
    return SUCCESS;
}
int cudnnGetRNNWeightParams(Handle*, Rnn* r, int layer, size_t bytes, const void* weights, int id, Tensor* M, void** matrix,
        Tensor* B, void** bias) {
    if (layer != 0 || id < 0 || id >= 2 * r->gates() || bytes < weight_bytes(*r) || !weights) return BAD_PARAM;
    M->type = r->type, M->rank = 3, M->sizes[0] = 1, M->sizes[1] = r->u, M->sizes[2] = r->columns(id);
    *matrix = (char*) weights + rnn_bytes(r->type) * matrix_at(*r, id);
    B->type = r->type, B->rank = bias_at(*r, id) < 0 ? 0 : 3, B->sizes[0] = 1, B->sizes[1] = r->u, B->sizes[2] = 1;
    *bias = bias_at(*r, id) < 0 ? nullptr : (char*) weights + rnn_bytes(r->type) * bias_at(*r, id);
    return SUCCESS;
}
int cudnnRNNForward(Handle* h, Rnn* R, int training, const int*, RnnData* X, const void* x, RnnData* Y, void* y, Tensor* H,
        const void* hx, void* hy, Tensor* C, const void* cx, void* cy, size_t weightBytes, const void* weights,
        size_t workBytes, void* work, size_t reserveBytes, void* reserve) {
    if (!fits_rnn(R, X, Y, H, C, weightBytes, reserveBytes, training)) return BAD_PARAM;
    Rnn r = *R;
    RnnData d = *X;
    rnn_calls++;
    standin_queue(h->stream, new Work([=] {
        memset(work, 0xff, workBytes);
        int u = r.u;
        float* unkept = new float[5 * u];
        size_t rows = (size_t) d.steps * d.batch, states = (size_t) d.batch * u;
        std::vector<float> w = floats(weights, r.type, weight_count(r)), in = floats(x, r.type, rows * r.n);
        std::vector<float> first = floats(hx, r.type, states), firstC = floats(cx, r.type, states);
        std::vector<float> out(rows * u), last(states), lastC(states);
        for (int b = 0; b < d.batch; b++) {
            double *state = widened(&first[b * u], u), *next = new double[u], *c = widened(&firstC[b * u], u);
            for (int t = 0; t < d.steps; t++) {
                int64_t row = (int64_t) t * d.batch + b;
                float* gates = training ? (float*) reserve + row * 5 * u : unkept;
                rnn_step(r, w.data(), &in[row * r.n], state, c, next, gates);
                for (int j = 0; j < u; j++) out[row * u + j] = (float) (state[j] = next[j]);
            }
            for (int j = 0; j < u; j++) last[b * u + j] = (float) state[j], lastC[b * u + j] = (float) c[j];
            delete[] state;
            delete[] next;
            delete[] c;
        }
        store(out, y, r.type);
        store(last, hy, r.type);
        store(lastC, cy, r.type);
        delete[] unkept;
    }));
    return SUCCESS;
}
int cudnnRNNBackwardData_v8(Handle* h, Rnn* R, const int*, RnnData* Y, const void* y, const void* dy, RnnData* X, void* dx,
        Tensor* H, const void* hx, const void* dhy, void* dhx, Tensor* C, const void* cx, const void* dcy, void* dcx,
        size_t weightBytes, const void* weights, size_t workBytes, void* work, size_t reserveBytes, void* reserve) {
    if (!fits_rnn(R, X, Y, H, C, weightBytes, reserveBytes, true)) return BAD_PARAM;
    Rnn r = *R;
    RnnData d = *X;
    rnn_calls++;
    standin_queue(h->stream, new Work([=] {
        memset(work, 0xff, workBytes);
        int u = r.u;
        float* kept = (float*) reserve;
        size_t rows = (size_t) d.steps * d.batch, states = (size_t) d.batch * u;
        std::vector<float> w = floats(weights, r.type, weight_count(r)), out = floats(y, r.type, rows * u);
        std::vector<float> dOut = floats(dy, r.type, rows * u), dIn(rows * r.n), dFirst(states), dFirstC(states);
        std::vector<float> h0 = floats(hx, r.type, states), c0 = floats(cx, r.type, states);
        std::vector<float> dLast = floats(dhy, r.type, states), dLastC = floats(dcy, r.type, states);
        for (int b = 0; b < d.batch; b++) {
            double *dh = widened(&dLast[b * u], u), *dc = widened(&dLastC[b * u], u);
            for (int t = d.steps - 1; t >= 0; t--) {
                int64_t row = (int64_t) t * d.batch + b, last = row - d.batch;
                for (int j = 0; j < u; j++) dh[j] += dOut[row * u + j];
                double* state = widened(t ? &out[last * u] : &h0[b * u], u);
                double* c = widened(t && r.cell == 2 ? kept + last * 5 * u + 4 * u : &c0[b * u], u);
                rnn_back(r, w.data(), state, c, dh, dc, kept + row * 5 * u, &dIn[row * r.n]);
                delete[] state;
                delete[] c;
            }
            for (int j = 0; j < u; j++) dFirst[b * u + j] = (float) dh[j], dFirstC[b * u + j] = (float) dc[j];
            delete[] dh;
            delete[] dc;
        }
        store(dIn, dx, r.type);
        store(dFirst, dhx, r.type);
        store(dFirstC, dcx, r.type);
    }));
    return SUCCESS;
}
int cudnnRNNBackwardWeights_v8(Handle* h, Rnn* R, int set, const int*, RnnData* X, const void* x, Tensor* H, const void* hx,
        RnnData* Y, const void* y, size_t weightBytes, void* weights, size_t workBytes, void* work, size_t reserveBytes,
        void* reserve) {
    if (set || !fits_rnn(R, X, Y, H, H, weightBytes, reserveBytes, true)) return BAD_PARAM;
    Rnn r = *R;
    RnnData d = *X;
    rnn_calls++;
    standin_queue(h->stream, new Work([=] {
        memset(work, 0xff, workBytes);
        int u = r.u, g = r.gates();
        size_t rows = (size_t) d.steps * d.batch;
        std::vector<float> w = floats(weights, r.type, weight_count(r)), in = floats(x, r.type, rows * r.n);
        std::vector<float> out = floats(y, r.type, rows * u), h0 = floats(hx, r.type, (size_t) d.batch * u);
        for (int id = 0; id < 2 * g; id++) {
            int columns = r.columns(id);
            bool apart = r.cell == 3 && id == g + 2;
            for (int j = 0; j < u; j++) {
                double* sums = new double[columns + 1]();
                for (int64_t row = 0; row < (int64_t) d.steps * d.batch; row++) {
                    double a = ((const float*) reserve)[row * 5 * u + (apart ? 3 : id % g) * u + j];
                    const float* from = id < g ? &in[row * r.n] : row < d.batch ? &h0[row * u] : &out[(row - d.batch) * u];
                    for (int k = 0; k < columns; k++) sums[k] += a * from[k];
                    sums[columns] += a;
                }
                for (int k = 0; k < columns; k++) w[matrix_at(r, id) + (int64_t) j * columns + k] += (float) sums[k];
                if (bias_at(r, id) >= 0) w[bias_at(r, id) + j] += (float) sums[columns];
                delete[] sums;
            }
        }
        store(w, weights, r.type);
    }));
    return SUCCESS;
}
}
