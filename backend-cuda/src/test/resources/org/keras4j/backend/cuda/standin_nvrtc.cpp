// A stand-in for NVRTC: compiles kernels for the host with g++. The "machine code" is a shared library. For tests alone.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

enum { SUCCESS = 0, COMPILATION_ERROR = 6, INTERNAL_ERROR = 11 };

struct Program {
    std::string source, image, log;
};

static std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
}

static void write(const std::string& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary);
    out << text;
}

static bool run(const std::string& command) { return system(command.c_str()) == 0; }

// the names of the functions that are marked KERNEL, in a text that is preprocessed
static std::vector<std::string> kernels(const std::string& text) {
    const std::string mark = "standin_marked_kernel";
    std::vector<std::string> names;
    for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        size_t from = text.find("void", at);
        if (from == std::string::npos) break;
        from = text.find_first_not_of(" \t\n", from + 4);
        names.push_back(text.substr(from, text.find_first_of(" \t\n(", from) - from));
    }
    return names;
}

static int count(const std::string& text, const std::string& word) {
    int n = 0;
    for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) n++;
    return n;
}

static std::string home() {
    Dl_info info;
    dladdr((void*) home, &info);
    std::string path = info.dli_fname;
    return path.substr(0, path.rfind('/'));
}

static int compile(Program* p, const std::string& folder) {
    std::string base = folder + "/kernel";
    write(base + ".cu", p->source);
    std::string log = " 2>" + base + ".log";
    if (!run("g++ -x c++ -E -P -D__global__=standin_marked_kernel " + base + ".cu -o " + base + ".ii" + log)) {
        p->log = read(base + ".log");
        return COMPILATION_ERROR;
    }
    std::string text = read(base + ".ii"), ways;
    for (const std::string& name : kernels(text)) ways += "STANDIN_KERNEL(" + name + ")\n";
    ways += "extern \"C\" { int standin_barriers = " + std::to_string(count(text, "__syncthreads()") > 0) + "; }\n";
    write(base + ".cpp", "#line 1 \"kernels.cu\"\n" + p->source + "\n" + ways);
    if (!run("g++ -std=c++17 -O1 -march=native -w -fPIC -shared -include " + home() + "/standin_device.h " + base
             + ".cpp -o " + base + ".so" + log)) {
        p->log = read(base + ".log");
        return COMPILATION_ERROR;
    }
    std::string library = read(base + ".so");
    unsigned long n = library.size();
    p->image = "STANDIN!" + std::string((char*) &n, 8) + library;
    return SUCCESS;
}

extern "C" {
int nvrtcVersion(int* major, int* minor) {
    *major = 13;
    *minor = 0;
    return SUCCESS;
}
int nvrtcGetNumSupportedArchs(int* n) {
    *n = 2;
    return SUCCESS;
}
int nvrtcGetSupportedArchs(int* a) {
    a[0] = 80;
    a[1] = 90;
    return SUCCESS;
}
int nvrtcCreateProgram(Program** p, const char* source, const char*, int, const char* const*, const char* const*) {
    *p = new Program{source, "", ""};
    return SUCCESS;
}
int nvrtcDestroyProgram(Program** p) {
    delete *p;
    *p = nullptr;
    return SUCCESS;
}
int nvrtcCompileProgram(Program* p, int, const char* const*) {
    char folder[] = "/tmp/standin-nvrtc-XXXXXX";
    if (!mkdtemp(folder)) return INTERNAL_ERROR;
    int result = compile(p, folder);
    run(std::string("rm -rf ") + folder);
    return result;
}
int nvrtcGetProgramLogSize(Program* p, size_t* n) {
    *n = p->log.size() + 1;
    return SUCCESS;
}
int nvrtcGetProgramLog(Program* p, char* to) {
    memcpy(to, p->log.c_str(), p->log.size() + 1);
    return SUCCESS;
}
int nvrtcGetCUBINSize(Program* p, size_t* n) {
    *n = p->image.size();
    return SUCCESS;
}
int nvrtcGetCUBIN(Program* p, char* to) {
    memcpy(to, p->image.data(), p->image.size());
    return SUCCESS;
}
int nvrtcGetPTXSize(Program* p, size_t* n) { return nvrtcGetCUBINSize(p, n); }
int nvrtcGetPTX(Program* p, char* to) { return nvrtcGetCUBIN(p, to); }
}
