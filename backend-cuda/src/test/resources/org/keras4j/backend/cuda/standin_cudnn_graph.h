// Part of the stand-in for cuDNN: its graph interface. A graph is run one operation after the other, with every tensor
// between them in memory. As NVIDIA documents it: descriptors take attributes until they are finalized, and are then only
// read; tensors that are virtual have no address, those by value have one on the host. As the engines for flash attention
// do, it takes heads of 16 bits whose sizes are multiples of 8; of two engines that are suggested the first does not
// compile.
#include <map>
#include <memory>
#include <set>
#include <vector>

struct GraphTensor {
    int64_t id, alignment;
    int type, rank;
    std::vector<int64_t> sizes, strides;
    bool isVirtual = false, byValue = false;
    int64_t count() const {
        int64_t n = 1;
        for (int64_t s : sizes) n *= s;
        return n;
    }
    // the place of element i, counted along the last axis first
    int64_t place(int64_t i) const {
        int64_t at = 0;
        for (int axis = rank - 1; axis >= 0; axis--) at += i % sizes[axis] * strides[axis], i /= sizes[axis];
        return at;
    }
};

struct Attribute {
    int type;
    int64_t count;
    std::vector<char> bytes;
};
struct Descriptor {
    int kind;
    bool finalized = false;
    std::map<int, Attribute> attributes;
    GraphTensor tensor;
    int engine = 0; // of a configuration
    template <class T> T get(int attribute, T otherwise = T()) const {
        auto found = attributes.find(attribute);
        return found == attributes.end() ? otherwise : *(const T*) found->second.bytes.data();
    }
    Descriptor* part(int attribute) const { return get<Descriptor*>(attribute, nullptr); }
};

static int attentions = 0, graph_plans = 0;
static bool no_engines = false;
static char last_error[256] = "";

static int refuse(int status, const char* why) {
    strncpy(last_error, why, sizeof last_error - 1);
    return status;
}

static int bytes_of(int attributeType) {
    switch (attributeType) {
        case 0: case 3: case 5: case 6: case 15: return 8;
        case 1: case 4: case 8: case 14: case 18: case 23: return 4;
        case 2: case 24: return 1;
        default: return 0;
    }
}

// the attributes that a kind must have, with their types
static bool complete(const Descriptor& d) {
    static const std::map<int, std::map<int, int>> needed = {
            {0, {{0, 14}, {1, 1}}},
            {4, {{200, 8}, {201, 15}}},
            {5, {{400, 0}, {401, 15}}},
            {13, {{750, 15}, {751, 15}, {753, 15}}},
            {15, {{800, 0}, {801, 15}}},
            {16, {{1000, 3}, {1001, 6}, {1003, 6}}},
            {17, {{900, 3}, {901, 1}, {902, 3}, {903, 3}, {906, 3}}},
            {18, {{1500, 1}}},
            {19, {{1520, 15}, {1521, 15}, {1522, 15}, {1523, 15}}},
            {21, {{1600, 18}, {1601, 1}}},
            {22, {{1610, 15}, {1611, 15}, {1612, 15}}},
            {31, {{2200, 15}, {2201, 15}}}};
    auto kind = needed.find(d.kind);
    if (kind == needed.end()) return false;
    for (auto& wanted : kind->second) {
        auto found = d.attributes.find(wanted.first);
        if (found == d.attributes.end() || found->second.type != wanted.second) return false;
    }
    for (auto& each : d.attributes)
        for (int64_t i = 0; each.second.type == 15 && i < each.second.count; i++)
            if (!((Descriptor* const*) each.second.bytes.data())[i]->finalized) return false;
    return true;
}

static bool read_tensor(Descriptor& d) {
    const Attribute &sizes = d.attributes[902], &strides = d.attributes[903];
    GraphTensor& t = d.tensor;
    if (sizes.count != strides.count || sizes.count != 4) return false;
    t.id = d.get<int64_t>(906), t.alignment = d.get<int64_t>(900), t.type = d.get<int>(901), t.rank = 4;
    t.isVirtual = d.get<bool>(907), t.byValue = d.get<bool>(908);
    for (int i = 0; i < 4; i++) {
        t.sizes.push_back(((const int64_t*) sizes.bytes.data())[i]);
        t.strides.push_back(((const int64_t*) strides.bytes.data())[i]);
        if (t.sizes[i] < 1) return false;
    }
    return !(t.isVirtual && t.byValue) && (!t.byValue || t.count() == 1);
}

// sizes that stand for each other: equal ones, one for all, or one for each group
static bool repeats(const GraphTensor& small, const GraphTensor& large) {
    for (int i = 0; i < 4; i++)
        if (large.sizes[i] % small.sizes[i]) return false;
    return true;
}
static bool same(const GraphTensor& a, const GraphTensor& b) { return a.sizes == b.sizes; }

static bool fits(const Descriptor& o) {
    if (o.kind == 13) {
        const GraphTensor &x = o.part(751)->tensor, &y = o.part(753)->tensor;
        int mode = o.part(750)->get<int>(0);
        bool two = mode == 0 || mode == 1 || mode == 6 || mode == 9 || mode == 303;
        if (!same(x, y) || (two || mode == 601) != (o.part(752) != nullptr) || (mode == 601) != (o.part(758) != nullptr)) return false;
        if (!two && mode != 13 && mode != 15 && mode != 21 && mode != 501 && mode != 601) return false;
        for (int b : {752, 758})
            for (int i = 0; o.part(b) && i < 4; i++)
                if (o.part(b)->tensor.sizes[i] != 1 && o.part(b)->tensor.sizes[i] != y.sizes[i]) return false;
        return true;
    }
    if (o.kind == 19) {
        const GraphTensor &a = o.part(1520)->tensor, &b = o.part(1521)->tensor, &c = o.part(1522)->tensor;
        for (int i = 0; i < 2; i++)
            if (a.sizes[i] != c.sizes[i] || c.sizes[i] % b.sizes[i]) return false;
        return a.sizes[2] == c.sizes[2] && b.sizes[3] == c.sizes[3] && a.sizes[3] == b.sizes[2];
    }
    if (o.kind == 22) return repeats(o.part(1611)->tensor, o.part(1610)->tensor);
    return o.part(2200)->tensor.count() == o.part(2201)->tensor.count();
}

typedef std::vector<double> Values;

// element i of a tensor of some shape, in one whose axes repeat along it
static int64_t repeated(int64_t i, const GraphTensor& shape, const GraphTensor& small) {
    int64_t at = 0, step = 1;
    for (int axis = 3; axis >= 0; axis--) {
        int64_t index = i % shape.sizes[axis];
        i /= shape.sizes[axis];
        at += index * small.sizes[axis] / shape.sizes[axis] * step;
        step *= small.sizes[axis];
    }
    return at;
}

static double rounded(int type, double v) {
    return type == 0 ? (float) v : type == 2 ? (float) Float16(v) : type == 9 ? (float) BFloat16(v) : v;
}
static double loaded(int type, const void* base, int64_t at) {
    return type == 0 ? ((const float*) base)[at] : type == 2 ? (float) ((const Float16*) base)[at] : (float) ((const BFloat16*) base)[at];
}
static void stored(int type, void* base, int64_t at, double v) {
    if (type == 0) ((float*) base)[at] = (float) v;
    else if (type == 2) ((Float16*) base)[at] = Float16(v);
    else ((BFloat16*) base)[at] = BFloat16(v);
}

struct GraphRun {
    std::map<int64_t, void*> places;
    std::map<int64_t, Values> values;

    const Values& of(const GraphTensor& t) {
        auto known = values.find(t.id);
        if (known != values.end()) return known->second;
        Values& read = values[t.id];
        for (int64_t i = 0; i < t.count(); i++) read.push_back(loaded(t.type, places.at(t.id), t.place(i)));
        return read;
    }
    // a tensor may be another view of what has a number already: K and its transpose
    Values& fresh(const GraphTensor& t) { return values[t.id] = Values(t.count()); }
    void finish(const GraphTensor& t) {
        Values& v = values[t.id];
        for (double& x : v) x = rounded(t.type, x);
        if (!t.isVirtual)
            for (int64_t i = 0; i < t.count(); i++) stored(t.type, places.at(t.id), t.place(i), v[i]);
    }

    void pointwise(const Descriptor& o) {
        const GraphTensor &X = o.part(751)->tensor, &Y = o.part(753)->tensor;
        const Values x = of(X), none(1), b = o.part(752) ? of(o.part(752)->tensor) : none,
                     c = o.part(758) ? of(o.part(758)->tensor) : none;
        const GraphTensor &B = o.part(752) ? o.part(752)->tensor : Y, &C = o.part(758) ? o.part(758)->tensor : Y;
        int mode = o.part(750)->get<int>(0);
        int64_t axis = o.part(750)->get<int64_t>(9, -1);
        Values& y = fresh(Y);
        for (int64_t i = 0; i < Y.count(); i++) {
            double u = x[i], v = o.part(752) ? b[repeated(i, Y, B)] : 0;
            switch (mode) {
                case 0: y[i] = u + v; break;
                case 1: y[i] = u * v; break;
                case 6: y[i] = u / v; break;
                case 9: y[i] = u - v; break;
                case 13: y[i] = exp(u); break;
                case 15: y[i] = log(u); break;
                case 21: y[i] = u; break;
                case 303: y[i] = u >= v; break;
                case 501: {
                    int64_t step = 1;
                    for (int a = 3; a > axis; a--) step *= Y.sizes[a];
                    y[i] = (double) (i / step % Y.sizes[axis]);
                    break;
                }
                default: y[i] = c[repeated(i, Y, C)] != 0 ? u : v;
            }
        }
        finish(Y);
    }
    void product(const Descriptor& o) {
        const GraphTensor &A = o.part(1520)->tensor, &B = o.part(1521)->tensor, &C = o.part(1522)->tensor;
        const Values a = of(A), b = of(B);
        Values& c = fresh(C);
        int64_t m = C.sizes[2], n = C.sizes[3], k = A.sizes[3];
        for (int64_t i = 0; i < C.sizes[0]; i++)
            for (int64_t j = 0; j < C.sizes[1]; j++) {
                const double* left = &a[(i * C.sizes[1] + j) * m * k];
                int64_t other = i * B.sizes[0] / C.sizes[0] * B.sizes[1] + j * B.sizes[1] / C.sizes[1];
                const double* right = &b[other * k * n];
                double* to = &c[(i * C.sizes[1] + j) * m * n];
                for (int64_t r = 0; r < m; r++)
                    for (int64_t s = 0; s < k; s++)
                        for (int64_t t = 0; t < n; t++) to[r * n + t] += left[r * k + s] * right[s * n + t];
            }
        finish(C);
    }
    void reduction(const Descriptor& o) {
        const GraphTensor &X = o.part(1610)->tensor, &Y = o.part(1611)->tensor;
        const Values x = of(X);
        Values& y = fresh(Y);
        bool max = o.part(1612)->get<int>(1600) == 3;
        if (max) std::fill(y.begin(), y.end(), -INFINITY);
        for (int64_t i = 0; i < X.count(); i++) {
            double& to = y[repeated(i, X, Y)];
            to = max ? fmax(to, x[i]) : to + x[i];
        }
        finish(Y);
    }
    void view(const Descriptor& o) {
        const GraphTensor &X = o.part(2200)->tensor, &Y = o.part(2201)->tensor;
        const Values x = of(X);
        std::map<int64_t, double> memory;
        for (int64_t i = 0; i < X.count(); i++) memory[X.place(i)] = x[i];
        Values& y = fresh(Y);
        for (int64_t i = 0; i < Y.count(); i++) y[i] = memory.at(Y.place(i));
        finish(Y);
    }
    void run(const Descriptor& o) {
        if (o.kind == 13) pointwise(o);
        else if (o.kind == 19) product(o);
        else if (o.kind == 22) reduction(o);
        else view(o);
    }
};

static std::vector<Descriptor*> operations(const Descriptor& graph) {
    const Attribute& all = graph.attributes.at(801);
    auto first = (Descriptor* const*) all.bytes.data();
    return std::vector<Descriptor*>(first, first + all.count);
}
static std::vector<const GraphTensor*> tensors(const Descriptor& graph) {
    std::vector<const GraphTensor*> all;
    for (Descriptor* o : operations(graph))
        for (int a : {751, 752, 753, 758, 1520, 1521, 1522, 1610, 1611, 2200, 2201})
            if (o->part(a) && o->part(a)->kind == 17) all.push_back(&o->part(a)->tensor);
    return all;
}

// two products are attention, five its gradient
static bool has_engine(const Descriptor& graph) {
    int products = 0;
    for (Descriptor* o : operations(graph)) {
        if (o->kind != 19) continue;
        products++;
        for (int side : {1520, 1521}) {
            const GraphTensor& t = o->part(side)->tensor;
            if (t.type != 2 && t.type != 9 && !(products > 4 && side == 1520)) return false;
        }
        const GraphTensor &a = o->part(1520)->tensor, &b = o->part(1521)->tensor;
        int64_t head = a.isVirtual ? b.sizes[3] : a.sizes[3];
        if (head % 8 || head > 256) return false;
    }
    return !no_engines && (products == 2 || products == 5);
}

extern "C" {
int standin_attentions() { return attentions; }
int standin_graph_plans() { return graph_plans; }
int standin_no_engines(size_t none) {
    no_engines = none;
    return 0;
}
void cudnnGetLastErrorString(char* message, size_t size) {
    strncpy(message, last_error, size - 1);
    message[size - 1] = 0;
}
int cudnnBackendCreateDescriptor(int kind, Descriptor** d) {
    *d = new Descriptor();
    (*d)->kind = kind;
    return SUCCESS;
}
int cudnnBackendDestroyDescriptor(Descriptor* d) {
    delete d;
    return SUCCESS;
}
int cudnnBackendSetAttribute(Descriptor* d, int name, int type, int64_t count, const void* values) {
    if (d->finalized || !bytes_of(type) || count < 1 || !values) return refuse(BAD_PARAM, "an attribute");
    auto from = (const char*) values;
    d->attributes[name] = Attribute{type, count, std::vector<char>(from, from + count * bytes_of(type))};
    return SUCCESS;
}
int cudnnBackendFinalize(Descriptor* d) {
    if (d->kind == 3) return refuse(NOT_SUPPORTED, "a configuration of one's own");
    if (d->finalized || !complete(*d)) return refuse(BAD_PARAM, "an attribute is missing");
    if (d->kind == 17 && !read_tensor(*d)) return refuse(BAD_PARAM, "a tensor's sizes");
    if ((d->kind == 13 || d->kind == 19 || d->kind == 22 || d->kind == 31) && !fits(*d)) return refuse(BAD_PARAM, "sizes");
    if (d->kind == 5) {
        if (d->part(401)->engine == 0) return refuse(NOT_SUPPORTED, "this engine does not compile");
        graph_plans++;
    }
    d->finalized = true;
    return SUCCESS;
}
int cudnnBackendGetAttribute(Descriptor* d, int name, int type, int64_t most, int64_t* count, void* values) {
    if (!d->finalized) return refuse(BAD_PARAM, "not finalized");
    if (d->kind == 4 && name == 202 && type == 15) {
        *count = has_engine(*d->part(201)) ? 2 : 0;
        for (int64_t i = 0; i < *count && i < most; i++) {
            Descriptor* c = ((Descriptor**) values)[i];
            if (c->kind != 3) return refuse(BAD_PARAM, "not a configuration");
            c->engine = (int) i, c->finalized = true;
            c->attributes[201] = d->attributes[201];
        }
        return SUCCESS;
    }
    if (d->kind == 5 && name == 402 && type == 3 && most == 1) {
        *(int64_t*) values = 4096;
        *count = 1;
        return SUCCESS;
    }
    return refuse(NOT_SUPPORTED, "an attribute");
}
int cudnnBackendExecute(Handle* h, Descriptor* plan, Descriptor* pack) {
    if (plan->kind != 5 || pack->kind != 16 || !plan->finalized || !pack->finalized) return BAD_PARAM;
    if (plan->get<Handle*>(400) != h) return refuse(BAD_PARAM, "another handle");
    Descriptor* graph = plan->part(401)->part(201);
    GraphRun run;
    const Attribute &ids = pack->attributes[1000], &pointers = pack->attributes[1001];
    if (ids.count != pointers.count) return BAD_PARAM;
    for (int64_t i = 0; i < ids.count; i++)
        run.places[((const int64_t*) ids.bytes.data())[i]] = ((void* const*) pointers.bytes.data())[i];
    for (const GraphTensor* t : tensors(*graph)) {
        if (t->isVirtual) continue;
        auto place = run.places.find(t->id);
        if (place == run.places.end() || (size_t) place->second % t->alignment) return refuse(BAD_PARAM, "an address");
        if (t->byValue) run.values[t->id] = Values(1, *(const float*) place->second); // the host's are read at once
    }
    attentions++;
    void* work = pack->get<void*>(1003);
    // a graph that is replayed runs it when the descriptors may be gone, as far as the library is concerned
    auto copies = std::make_shared<std::vector<Descriptor>>();
    auto parts = std::make_shared<std::map<Descriptor*, std::shared_ptr<Descriptor>>>();
    for (Descriptor* o : operations(*graph)) {
        copies->push_back(*o);
        for (auto& each : copies->back().attributes) {
            if (each.second.type != 15) continue;
            auto& slot = *(Descriptor**) each.second.bytes.data();
            auto& copy = (*parts)[slot];
            if (!copy) copy = std::make_shared<Descriptor>(*slot);
            slot = copy.get();
        }
    }
    standin_queue(h->stream, new Work([run, copies, parts, work] {
        GraphRun fresh = run;
        memset(work, 0xff, 4096);
        for (const Descriptor& o : *copies) fresh.run(o);
    }));
    return SUCCESS;
}
}
