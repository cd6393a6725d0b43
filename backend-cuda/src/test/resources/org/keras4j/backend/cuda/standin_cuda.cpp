// A stand-in for NVIDIA's driver: device memory is host memory, and kernels are host functions. What is queued on a stream
// runs as late as the driver may let it, when somebody waits for it, or goes into the graph if the stream is being
// captured. Calls are refused where NVIDIA's documentation lets the driver refuse them. For tests alone.
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <deque>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "standin_image.h"
#include "standin_memory.h"

typedef int CUresult;
typedef int CUdevice;
typedef uint64_t CUdeviceptr;
enum {
    SUCCESS = 0,
    INVALID_VALUE = 1,
    OUT_OF_MEMORY = 2,
    INVALID_IMAGE = 200,
    INVALID_CONTEXT = 201,
    INVALID_HANDLE = 400,
    ILLEGAL_STATE = 401,
    NOT_FOUND = 500,
    NOT_READY = 600,
    ILLEGAL_ADDRESS = 700,
    MISALIGNED_ADDRESS = 716,
    CAPTURE_UNSUPPORTED = 900,
    CAPTURE_INVALIDATED = 901,
    CAPTURE_WRONG_THREAD = 908
};

typedef std::function<void()> Work;
struct Graph {
    std::vector<Work> nodes;
};
struct Stream {
    std::unique_ptr<Graph> capture;
    bool invalid = false;
    std::deque<Work> waiting;
    uint64_t queued = 0;
};
struct Event {
    Stream* stream = nullptr; // null until it is recorded
    uint64_t place = 0;
};
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
static DeviceMemory memory;
static size_t limit = (size_t) 8 << 30;
static int users = 0, sticky = 0, launches = 0, graph_launches = 0, library_calls = 0, graph_refusal = 0, ran = 0;
static int context, pool;
static std::vector<Stream*> streams;
static thread_local void* current = nullptr;       // the thread's context
static thread_local Stream* capturing = nullptr;   // what it captures: it must not wait or allocate meanwhile
static const size_t MOST_WAITING = 1 << 14;

extern "C" {
// ---- what tests ask of the stand-in
int standin_limit(size_t bytes) {
    limit = bytes;
    return 0;
}
int standin_room(size_t bytes) { // what is left for whoever asks now
    limit = memory.used + bytes;
    return 0;
}
int standin_fail(size_t code) {
    sticky = (int) code;
    return 0;
}
int standin_ran() { return ran; } // of all that was queued
int standin_waiting() { // what is queued and has not run
    Locked l(lock);
    size_t n = 0;
    for (Stream* s : streams) n += s->waiting.size();
    return (int) n;
}
int standin_graph_refusal(size_t code) { // what making a graph answers from now on
    graph_refusal = (int) code;
    return 0;
}
int standin_launches() { return launches; }
int standin_graph_launches() { return graph_launches; }
int standin_library_calls() { return library_calls; } // what the other stand-ins have queued
}

// runs what is queued, up to a place in the queue
static void run_until(Stream* s, uint64_t place) {
    while (!s->waiting.empty() && s->queued - s->waiting.size() < place) {
        Work work = std::move(s->waiting.front());
        s->waiting.pop_front();
        if (!sticky) work();
        ran++;
    }
}
static void wrong(int code, const char* what) {
    fprintf(stderr, "stand-in: %s\n", what);
    if (!sticky) sticky = code;
}
// why the calling thread may not make a call; 0 if it may
static CUresult refusal(bool unsafe_in_capture = false) {
    if (sticky) return sticky;
    if (current != &context || users == 0) return INVALID_CONTEXT;
    if (unsafe_in_capture && capturing) {
        capturing->invalid = true;
        return CAPTURE_UNSUPPORTED;
    }
    return SUCCESS;
}
static CUresult queue(Stream* s, Work work) {
    Locked l(lock);
    if (CUresult refused = refusal()) return refused;
    if (!s) {
        wrong(INVALID_HANDLE, "something is queued on the default stream, which does not wait for ours");
        return INVALID_HANDLE;
    }
    if (s->capture && capturing != s) return CAPTURE_WRONG_THREAD;
    if (s->capture) s->capture->nodes.push_back(std::move(work));
    else {
        s->waiting.push_back(std::move(work));
        s->queued++;
        if (s->waiting.size() > MOST_WAITING) run_until(s, s->queued);
    }
    return SUCCESS;
}

extern "C" {
// ---- what the other stand-ins queue
void standin_queue_more(void* stream, Work* work) { // a further part of one call
    Locked l(lock);
    int refused = queue((Stream*) stream, std::move(*work));
    if (refused && !sticky) wrong(refused, "a library was called by a thread without the device's context");
    delete work;
}
void standin_queue(void* stream, Work* work) {
    library_calls++;
    standin_queue_more(stream, work);
}
// says why the calling thread may not do what a library does only outside of captures; 0 if it may
int standin_refusal() {
    Locked l(lock);
    return refusal(true);
}
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
    bool backwards = false; // threads may come to a barrier in any order
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
        for (unsigned n = 0; n < count; n++) {
            unsigned i = backwards ? count - 1 - n : n;
            if (finished[i]) continue;
            running = i;
            place(at, i);
            standin_switch(&scheduler, threads[i]);
            left += !finished[i];
        }
        backwards = !backwards;
    }
}

struct Bound { // a kernel with its parameters, copied when it is launched
    Module* module;
    std::string name;
    void* closure;
    Bound(Function* f, void** parameters) : module(f->module), name(f->name), closure(f->bind(parameters)) {}
    Bound(const Bound&) = delete;
    ~Bound() { ((void (*)(void*)) dlsym(module->library, "standin_drop"))(closure); }
};

static unsigned grids = 0;
static void run_grid(const Bound& b, const unsigned* grid, const unsigned* block) {
    Position* at = (Position*) dlsym(b.module->library, "standin_position");
    bool barriers = *(int*) dlsym(b.module->library, "standin_barriers");
    *(void (**)()) dlsym(b.module->library, "standin_barrier") = barrier;
    *(unsigned char**) dlsym(b.module->library, "standin_memory") = memory.base;
    *(unsigned char**) dlsym(b.module->library, "standin_shadow") = memory.shadow;
    *(size_t*) dlsym(b.module->library, "standin_space") = DeviceMemory::SPACE;
    int* fault = (int*) dlsym(b.module->library, "standin_fault");
    call = (void (*)(void*)) dlsym(b.module->library, "standin_call");
    bound = b.closure;
    bool backwards = grids++ % 2; // blocks may run in any order
    for (int i = 0; i < 3; i++) at->gridSize[i] = grid[i], at->blockSize[i] = block[i];
    for (uint64_t i = 0, count = (uint64_t) grid[0] * grid[1] * grid[2]; i < count; i++) {
        uint64_t n = backwards ? count - 1 - i : i;
        at->block[0] = n % grid[0], at->block[1] = n / grid[0] % grid[1], at->block[2] = n / grid[0] / grid[1];
        run_block(at, block[0] * block[1] * block[2], barriers);
    }
    if (*fault) {
        std::string text = "kernel " + b.name
                + (*fault == MISALIGNED_ADDRESS ? " reads or writes at an address that is not aligned as its type has to be"
                                                : " touches memory that is nobody's");
        wrong(*fault, text.c_str());
        *fault = 0;
    }
}

extern "C" {
CUresult cuInit(unsigned) { return SUCCESS; }
CUresult cuDriverGetVersion(int* v) {
    *v = 13000;
    return SUCCESS;
}
CUresult cuGetErrorName(CUresult e, const char** s) {
    *s = e == OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : e == ILLEGAL_ADDRESS   ? "CUDA_ERROR_ILLEGAL_ADDRESS"
            : e == MISALIGNED_ADDRESS                ? "CUDA_ERROR_MISALIGNED_ADDRESS"
                                                     : "CUDA_ERROR";
    return SUCCESS;
}
CUresult cuGetErrorString(CUresult e, const char** s) {
    *s = e == OUT_OF_MEMORY ? "out of memory" : e == ILLEGAL_ADDRESS ? "an illegal memory access was encountered"
            : e == MISALIGNED_ADDRESS        ? "misaligned address"
                                             : "an error";
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
    for (Stream* s : streams) s->waiting.clear();
    memory.dropAll();
}
CUresult cuDevicePrimaryCtxRelease_v2(CUdevice) {
    Locked l(lock);
    for (Stream* s : streams) run_until(s, s->queued);
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
CUresult cuCtxSetCurrent(void* c) {
    if (!sticky) current = c;
    return sticky;
}

CUresult cuDeviceGetDefaultMemPool(void** p, CUdevice) {
    *p = &pool;
    return SUCCESS;
}
CUresult cuMemPoolSetAttribute(void*, int, void*) { return SUCCESS; }
CUresult cuMemPoolGetAttribute(void*, int, void* v) {
    *(uint64_t*) v = memory.used;
    return SUCCESS;
}
CUresult cuMemPoolTrimTo(void*, size_t) { return SUCCESS; }
static CUresult allocate(CUdeviceptr* p, size_t n) {
    if (n == 0) return INVALID_VALUE;
    if (memory.used + n > limit) return OUT_OF_MEMORY;
    *p = memory.take(n);
    return *p ? SUCCESS : OUT_OF_MEMORY;
}
CUresult cuMemAlloc_v2(CUdeviceptr* p, size_t n) {
    Locked l(lock);
    CUresult refused = refusal(true);
    return refused ? refused : allocate(p, n);
}
CUresult cuMemAllocAsync(CUdeviceptr* p, size_t n, Stream* s) {
    Locked l(lock);
    CUresult refused = refusal(s->capture != nullptr);
    return refused ? refused : allocate(p, n);
}
CUresult cuMemFree_v2(CUdeviceptr p) {
    Locked l(lock);
    if (CUresult refused = refusal(true)) return refused;
    for (Stream* s : streams) run_until(s, s->queued);
    size_t bytes = memory.give(p);
    if (bytes == 0) return INVALID_VALUE;
    memory.erase(p, bytes);
    return SUCCESS;
}
CUresult cuMemFreeAsync(CUdeviceptr p, Stream* s) {
    Locked l(lock);
    if (CUresult refused = refusal(s->capture != nullptr)) return refused;
    size_t bytes = memory.give(p);
    if (bytes == 0) return INVALID_VALUE;
    return queue(s, [=] { memory.erase(p, bytes); });
}
CUresult cuMemGetInfo_v2(size_t* free, size_t* total) {
    if (CUresult refused = refusal()) return refused;
    *free = limit - memory.used;
    *total = limit;
    return SUCCESS;
}
CUresult cuMemAllocHost_v2(void** p, size_t n) {
    if (CUresult refused = refusal(true)) return refused;
    *p = malloc(n);
    memset(*p, 0xff, n);
    return SUCCESS;
}
CUresult cuMemFreeHost(void* p) {
    if (CUresult refused = refusal(true)) return refused;
    free(p);
    return SUCCESS;
}
CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t n, Stream* s) {
    if (!memory.inside(to, n)) return INVALID_VALUE;
    return queue(s, [=] { memcpy((void*) to, from, n); });
}
CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t n, Stream* s) {
    if (!memory.inside(from, n)) return INVALID_VALUE;
    return queue(s, [=] { memcpy(to, (void*) from, n); });
}
CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t n, Stream* s) {
    if (!memory.inside(to, n) || !memory.inside(from, n)) return INVALID_VALUE;
    return queue(s, [=] { memcpy((void*) to, (void*) from, n); });
}
CUresult cuMemsetD8Async(CUdeviceptr p, unsigned char v, size_t n, Stream* s) {
    if (!memory.inside(p, n)) return INVALID_VALUE;
    return queue(s, [=] { memset((void*) p, v, n); });
}

CUresult cuEventCreate(Event** e, unsigned) {
    if (CUresult refused = refusal()) return refused;
    *e = new Event;
    return SUCCESS;
}
CUresult cuEventDestroy_v2(Event* e) {
    delete e;
    return SUCCESS;
}
CUresult cuEventRecord(Event* e, Stream* s) {
    Locked l(lock);
    if (CUresult refused = refusal(s->capture != nullptr)) return refused;
    e->stream = s;
    e->place = s->queued;
    return SUCCESS;
}
CUresult cuEventSynchronize(Event* e) {
    Locked l(lock);
    if (CUresult refused = refusal(true)) return refused;
    if (e->stream) run_until(e->stream, e->place);
    return sticky;
}
CUresult cuEventQuery(Event* e) {
    Locked l(lock);
    if (CUresult refused = refusal(true)) return refused;
    return e->stream && e->stream->queued - e->stream->waiting.size() < e->place ? NOT_READY : SUCCESS;
}
CUresult cuStreamWaitEvent(Stream* s, Event* e, unsigned) {
    Locked l(lock);
    if (!e->stream) return SUCCESS;
    return queue(s, [from = e->stream, place = e->place] { run_until(from, place); });
}

CUresult cuStreamCreate(Stream** s, unsigned flags) {
    Locked l(lock);
    if (CUresult refused = refusal()) return refused;
    if (flags != 1) return INVALID_VALUE; // others wait for the default stream
    streams.push_back(*s = new Stream);
    return SUCCESS;
}
CUresult cuStreamDestroy_v2(Stream* s) {
    Locked l(lock);
    run_until(s, s->queued);
    for (size_t i = 0; i < streams.size(); i++)
        if (streams[i] == s) streams.erase(streams.begin() + i--);
    s->capture.reset(); // events may still name it
    return SUCCESS;
}
CUresult cuStreamSynchronize(Stream* s) {
    Locked l(lock);
    if (CUresult refused = refusal(true)) return refused;
    if (s->capture) {
        s->invalid = true;
        return CAPTURE_UNSUPPORTED;
    }
    run_until(s, s->queued);
    return sticky;
}
CUresult cuStreamBeginCapture_v2(Stream* s, int mode) {
    Locked l(lock);
    if (CUresult refused = refusal()) return refused;
    if (s->capture) return ILLEGAL_STATE;
    if (mode != 1) return INVALID_VALUE; // 0 forbids other threads to allocate, 2 lets this one do what spoils a graph
    s->capture.reset(new Graph);
    s->invalid = false;
    capturing = s;
    return SUCCESS;
}
CUresult cuStreamEndCapture(Stream* s, Graph** g) {
    Locked l(lock);
    if (!s->capture) return ILLEGAL_STATE;
    if (capturing != s) return CAPTURE_WRONG_THREAD;
    capturing = nullptr;
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
    if (CUresult refused = refusal()) return refused;
    if (graph_refusal) return graph_refusal;
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
    // the image: the mark, eight bytes of length, then a shared library
    uint64_t n;
    if (CUresult refused = refusal(true)) return refused;
    if (memcmp(image, standin_mark().data(), 16)) return INVALID_IMAGE;
    memcpy(&n, (const char*) image + 16, 8);
    char path[] = "/tmp/standin-module-XXXXXX";
    int file = mkstemp(path);
    if (file < 0) return INVALID_IMAGE;
    bool whole = write(file, (const char*) image + 24, n) == (ssize_t) n;
    close(file);
    void* library = whole ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
    if (!library) fprintf(stderr, "stand-in: %s\n", dlerror());
    unlink(path);
    if (!library) return INVALID_IMAGE;
    *m = new Module{library};
    return SUCCESS;
}
CUresult cuModuleGetFunction(Function** f, Module* m, const char* name) {
    if (CUresult refused = refusal(true)) return refused; // loads the function, where modules are loaded lazily
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
    if (s && !s->capture) launches++;
    return queue(s, [=] {
        unsigned grid[] = {gx, gy, gz}, block[] = {bx, by, bz};
        run_grid(*b, grid, block);
    });
}
}
