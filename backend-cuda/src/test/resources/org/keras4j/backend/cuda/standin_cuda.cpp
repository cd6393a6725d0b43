// A stand-in for NVIDIA's driver: device memory is host memory, kernels are host functions, and everything that is
// queued on a stream runs at once, or goes into the graph if the stream is being captured. For tests alone.
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

typedef int CUresult;
typedef int CUdevice;
typedef uint64_t CUdeviceptr;
enum {
    SUCCESS = 0,
    INVALID_VALUE = 1,
    OUT_OF_MEMORY = 2,
    INVALID_IMAGE = 200,
    NOT_FOUND = 500,
    CAPTURE_UNSUPPORTED = 900,
    CAPTURE_INVALIDATED = 901
};

typedef std::function<void()> Work;
struct Graph {
    std::vector<Work> nodes;
};
struct Stream {
    std::unique_ptr<Graph> capture;
    bool invalid = false;
};
struct Event {};
struct Module {
    void* library;
};
struct Function {
    Module* module;
    std::string name;
    void* (*bind)(void**);
};

static std::recursive_mutex lock;
typedef std::lock_guard<std::recursive_mutex> Locked;
static std::map<CUdeviceptr, size_t> blocks;
static size_t used = 0, limit = (size_t) 8 << 30;
static int users = 0, sticky = 0, launches = 0, graph_launches = 0, library_calls = 0;
static int context, pool;

extern "C" {
// ---- what tests ask of the stand-in
int standin_limit(size_t bytes) {
    limit = bytes;
    return 0;
}
int standin_room(size_t bytes) { // what is left for whoever asks now
    limit = used + bytes;
    return 0;
}
int standin_fail(size_t code) {
    sticky = (int) code;
    return 0;
}
int standin_launches() { return launches; }
int standin_graph_launches() { return graph_launches; }
int standin_library_calls() { return library_calls; } // what the other stand-ins have queued
// ---- what the other stand-ins queue
void standin_queue(void* stream, Work* work) {
    Locked l(lock);
    Stream* s = (Stream*) stream;
    library_calls++;
    if (s && s->capture) s->capture->nodes.push_back(*work);
    else (*work)();
    delete work;
}
}

static CUresult queue(Stream* s, Work work) {
    Locked l(lock);
    if (sticky) return sticky;
    if (s && s->capture) s->capture->nodes.push_back(work);
    else work();
    return SUCCESS;
}

static bool inside(CUdeviceptr p, size_t bytes) {
    auto after = blocks.upper_bound(p);
    if (after == blocks.begin()) return false;
    auto b = std::prev(after);
    return p + bytes <= b->first + b->second;
}

// ---- kernels: all threads of a block in turn; where there are barriers, each thread has a stack of its own

struct Position {
    unsigned thread[3], block[3], blockSize[3], gridSize[3];
};
static const size_t STACK = 128 << 10;
static void* scheduler;
static std::vector<void*> threads; // where the stack of each stands
static std::vector<char*> stacks;
static std::vector<char> finished;
static size_t running;
static void (*call)(void*);
static void* bound;

// keeps the registers that a call must not change, and goes on where the other stack stopped
extern "C" void standin_switch(void** from, void* to);
asm(R"(
    .globl standin_switch
    .hidden standin_switch
    .type standin_switch, @function
standin_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
)");

static void barrier() { standin_switch(&threads[running], scheduler); }
static void run_thread() {
    call(bound);
    finished[running] = 1;
    barrier(); // for good
}
static void place(Position* at, unsigned i) {
    at->thread[0] = i % at->blockSize[0];
    at->thread[1] = i / at->blockSize[0] % at->blockSize[1];
    at->thread[2] = i / at->blockSize[0] / at->blockSize[1];
}
static void run_block(Position* at, unsigned count, bool barriers) {
    if (!barriers) {
        for (unsigned i = 0; i < count; i++) {
            place(at, i);
            call(bound);
        }
        return;
    }
    threads.resize(count);
    finished.assign(count, 0);
    while (stacks.size() < count) stacks.push_back((char*) aligned_alloc(64, STACK));
    for (unsigned i = 0; i < count; i++) {
        void** top = (void**) (stacks[i] + STACK) - 2; // what run_thread returns to is never used
        top[0] = (void*) run_thread;
        top[1] = nullptr;
        for (int r = 1; r <= 6; r++) top[-r] = nullptr;
        threads[i] = top - 6;
    }
    for (unsigned left = count; left;) {
        left = 0;
        for (unsigned i = 0; i < count; i++) {
            if (finished[i]) continue;
            running = i;
            place(at, i);
            standin_switch(&scheduler, threads[i]);
            left += !finished[i];
        }
    }
}

struct Bound { // a kernel with its parameters, copied when it is launched
    Module* module;
    void* closure;
    Bound(Function* f, void** parameters) : module(f->module), closure(f->bind(parameters)) {}
    Bound(const Bound&) = delete;
    ~Bound() { ((void (*)(void*)) dlsym(module->library, "standin_drop"))(closure); }
};

static void run_grid(const Bound& b, const unsigned* grid, const unsigned* block) {
    Position* at = (Position*) dlsym(b.module->library, "standin_position");
    bool barriers = *(int*) dlsym(b.module->library, "standin_barriers");
    *(void (**)()) dlsym(b.module->library, "standin_barrier") = barrier;
    call = (void (*)(void*)) dlsym(b.module->library, "standin_call");
    bound = b.closure;
    for (int i = 0; i < 3; i++) at->gridSize[i] = grid[i], at->blockSize[i] = block[i];
    for (unsigned z = 0; z < grid[2]; z++)
        for (unsigned y = 0; y < grid[1]; y++)
            for (unsigned x = 0; x < grid[0]; x++) {
                at->block[0] = x, at->block[1] = y, at->block[2] = z;
                run_block(at, block[0] * block[1] * block[2], barriers);
            }
    launches++;
}

extern "C" {
CUresult cuInit(unsigned) { return SUCCESS; }
CUresult cuDriverGetVersion(int* v) {
    *v = 13000;
    return SUCCESS;
}
CUresult cuGetErrorName(CUresult e, const char** s) {
    *s = e == OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : e == 700 ? "CUDA_ERROR_ILLEGAL_ADDRESS" : "CUDA_ERROR";
    return SUCCESS;
}
CUresult cuGetErrorString(CUresult e, const char** s) {
    *s = e == OUT_OF_MEMORY ? "out of memory" : e == 700 ? "an illegal memory access was encountered" : "an error";
    return SUCCESS;
}
CUresult cuDeviceGetCount(int* n) {
    *n = 1;
    return SUCCESS;
}
CUresult cuDeviceGet(CUdevice* d, int ordinal) {
    *d = ordinal;
    return ordinal ? INVALID_VALUE : SUCCESS;
}
CUresult cuDeviceGetName(char* s, int n, CUdevice) {
    std::string cpu = "unknown CPU", line;
    std::ifstream info("/proc/cpuinfo");
    while (std::getline(info, line))
        if (line.rfind("model name", 0) == 0) {
            cpu = line.substr(line.find(':') + 2);
            break;
        }
    snprintf(s, n, "stand-in for a GPU on %s", cpu.c_str());
    return SUCCESS;
}
CUresult cuDeviceTotalMem_v2(size_t* n, CUdevice) {
    *n = limit;
    return SUCCESS;
}
CUresult cuDeviceGetAttribute(int* v, int which, CUdevice) {
    switch (which) {
        case 1: *v = 1024; break;   // threads of a block
        case 8: *v = 49152; break;  // shared memory of a block
        case 16: *v = 4; break;     // multiprocessors
        case 75: *v = 9; break;     // compute capability
        case 76: *v = 0; break;
        case 115: *v = getenv("STANDIN_NO_POOLS") ? 0 : 1; break;
        default: *v = 0;
    }
    return SUCCESS;
}
CUresult cuDevicePrimaryCtxRetain(void** c, CUdevice) {
    Locked l(lock);
    users++;
    *c = &context;
    return SUCCESS;
}
static void drop_memory() {
    for (auto& b : blocks) free((void*) b.first);
    blocks.clear();
    used = 0;
}
CUresult cuDevicePrimaryCtxRelease_v2(CUdevice) {
    Locked l(lock);
    if (--users == 0) drop_memory();
    return SUCCESS;
}
CUresult cuDevicePrimaryCtxReset_v2(CUdevice) {
    Locked l(lock);
    drop_memory();
    users = 0;
    sticky = 0;
    return SUCCESS;
}
CUresult cuCtxSetCurrent(void*) { return sticky; }

CUresult cuDeviceGetDefaultMemPool(void** p, CUdevice) {
    *p = &pool;
    return SUCCESS;
}
CUresult cuMemPoolSetAttribute(void*, int, void*) { return SUCCESS; }
CUresult cuMemPoolGetAttribute(void*, int, void* v) {
    *(uint64_t*) v = used;
    return SUCCESS;
}
CUresult cuMemPoolTrimTo(void*, size_t) { return SUCCESS; }
CUresult cuMemAlloc_v2(CUdeviceptr* p, size_t n) {
    Locked l(lock);
    if (sticky) return sticky;
    if (n == 0) return INVALID_VALUE;
    if (used + n > limit) return OUT_OF_MEMORY;
    size_t whole = (n + 255) / 256 * 256;
    void* m = aligned_alloc(256, whole);
    if (!m) return OUT_OF_MEMORY;
    memset(m, 0xff, whole);
    blocks[(CUdeviceptr) m] = n;
    used += n;
    *p = (CUdeviceptr) m;
    return SUCCESS;
}
CUresult cuMemAllocAsync(CUdeviceptr* p, size_t n, Stream* s) {
    return s->capture ? CAPTURE_UNSUPPORTED : cuMemAlloc_v2(p, n);
}
CUresult cuMemFree_v2(CUdeviceptr p) {
    Locked l(lock);
    if (sticky) return sticky;
    auto b = blocks.find(p);
    if (b == blocks.end()) return INVALID_VALUE;
    used -= b->second;
    memset((void*) p, 0xff, b->second);
    free((void*) p);
    blocks.erase(b);
    return SUCCESS;
}
CUresult cuMemFreeAsync(CUdeviceptr p, Stream*) { return cuMemFree_v2(p); }
CUresult cuMemGetInfo_v2(size_t* free, size_t* total) {
    *free = limit - used;
    *total = limit;
    return SUCCESS;
}
CUresult cuMemAllocHost_v2(void** p, size_t n) {
    *p = malloc(n);
    return SUCCESS;
}
CUresult cuMemFreeHost(void* p) {
    free(p);
    return SUCCESS;
}
CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t n, Stream* s) {
    if (!inside(to, n)) return INVALID_VALUE;
    return queue(s, [=] { memcpy((void*) to, from, n); });
}
CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t n, Stream* s) {
    if (!inside(from, n)) return INVALID_VALUE;
    return queue(s, [=] { memcpy(to, (void*) from, n); });
}
CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t n, Stream* s) {
    if (!inside(to, n) || !inside(from, n)) return INVALID_VALUE;
    return queue(s, [=] { memcpy((void*) to, (void*) from, n); });
}
CUresult cuMemsetD8Async(CUdeviceptr p, unsigned char v, size_t n, Stream* s) {
    if (!inside(p, n)) return INVALID_VALUE;
    return queue(s, [=] { memset((void*) p, v, n); });
}

CUresult cuEventCreate(Event** e, unsigned) {
    *e = new Event;
    return SUCCESS;
}
CUresult cuEventDestroy_v2(Event* e) {
    delete e;
    return SUCCESS;
}
CUresult cuEventRecord(Event*, Stream*) { return sticky; }
CUresult cuEventSynchronize(Event*) { return sticky; }

CUresult cuStreamCreate(Stream** s, unsigned) {
    *s = new Stream;
    return sticky;
}
CUresult cuStreamDestroy_v2(Stream* s) {
    delete s;
    return SUCCESS;
}
CUresult cuStreamSynchronize(Stream* s) {
    if (s->capture) {
        s->invalid = true;
        return CAPTURE_UNSUPPORTED;
    }
    return sticky;
}
CUresult cuStreamBeginCapture_v2(Stream* s, int) {
    if (s->capture) return INVALID_VALUE;
    s->capture.reset(new Graph);
    s->invalid = false;
    return sticky;
}
CUresult cuStreamEndCapture(Stream* s, Graph** g) {
    if (!s->capture) return INVALID_VALUE;
    Graph* made = s->capture.release();
    if (s->invalid) {
        delete made;
        *g = nullptr;
        return CAPTURE_INVALIDATED;
    }
    *g = made;
    return SUCCESS;
}
CUresult cuGraphInstantiateWithFlags(Graph** e, Graph* g, unsigned long long) {
    *e = new Graph(*g);
    return SUCCESS;
}
CUresult cuGraphDestroy(Graph* g) {
    delete g;
    return SUCCESS;
}
CUresult cuGraphExecDestroy(Graph* g) {
    delete g;
    return SUCCESS;
}
CUresult cuGraphLaunch(Graph* g, Stream* s) {
    Locked l(lock);
    graph_launches++;
    for (Work& w : g->nodes) {
        CUresult r = queue(s, w);
        if (r) return r;
    }
    return SUCCESS;
}

CUresult cuModuleLoadData(Module** m, const void* image) {
    // the image: eight bytes of length, then a shared library
    uint64_t n;
    if (memcmp(image, "STANDIN!", 8)) return INVALID_IMAGE;
    memcpy(&n, (const char*) image + 8, 8);
    char path[] = "/tmp/standin-module-XXXXXX";
    int file = mkstemp(path);
    if (file < 0) return INVALID_IMAGE;
    bool whole = write(file, (const char*) image + 16, n) == (ssize_t) n;
    close(file);
    void* library = whole ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
    if (!library) fprintf(stderr, "stand-in: %s\n", dlerror());
    unlink(path);
    if (!library) return INVALID_IMAGE;
    *m = new Module{library};
    return SUCCESS;
}
CUresult cuModuleGetFunction(Function** f, Module* m, const char* name) {
    void* bind = dlsym(m->library, (std::string("standin_bind_") + name).c_str());
    if (!bind) return NOT_FOUND;
    *f = new Function{m, name, (void* (*) (void**) ) bind};
    return SUCCESS;
}
CUresult cuLaunchKernel(
        Function* f,
        unsigned gx,
        unsigned gy,
        unsigned gz,
        unsigned bx,
        unsigned by,
        unsigned bz,
        unsigned,
        Stream* s,
        void** parameters,
        void**) {
    if (!gx || !gy || !gz || gy > 65535 || gz > 65535 || !bx || !by || !bz || bx * by * bz > 1024) return INVALID_VALUE;
    std::shared_ptr<Bound> b(new Bound(f, parameters));
    return queue(s, [=] {
        unsigned grid[] = {gx, gy, gz}, block[] = {bx, by, bz};
        run_grid(*b, grid, block);
    });
}
}
