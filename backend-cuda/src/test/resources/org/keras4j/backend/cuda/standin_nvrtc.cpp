// A stand-in for NVRTC: compiles kernels for the host with g++. The "machine code" is a shared library. For tests alone.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "standin_image.h"

enum { SUCCESS = 0, INVALID_OPTION = 5, COMPILATION_ERROR = 6, INTERNAL_ERROR = 11 };
static const int ARCHITECTURES[] = {80, 90};

struct Program {
    std::string source, image, log;
    bool machine_code = false;
};

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

static int compile(Program* p, const std::string& folder) {
    std::string base = folder + "/kernel";
    write(base + ".cu", p->source);
    std::string log = " 2>" + base + ".log";
    if (!run("g++ -x c++ -E -P -D__global__=standin_marked_kernel " + base + ".cu -o " + base + ".ii" + log)) {
        p->log = standin_read(base + ".log");
        return COMPILATION_ERROR;
    }
    std::string text = standin_read(base + ".ii"), ways;
    for (const std::string& name : kernels(text)) ways += "STANDIN_KERNEL(" + name + ")\n";
    ways += "extern \"C\" { int standin_barriers = " + std::to_string(count(text, "__syncthreads()") > 0) + "; }\n";
    write(base + ".cpp", "#line 1 \"kernels.cu\"\n" + p->source + "\n" + ways);
    if (!run("g++ @" + standin_home() + "/standin_device.options -shared -include " + standin_home() + "/standin_device.h " + base
             + ".cpp -o " + base + ".so" + log)) {
        p->log = standin_read(base + ".log");
        return COMPILATION_ERROR;
    }
    std::string library = standin_read(base + ".so");
    unsigned long n = library.size();
    p->image = standin_mark() + std::string((char*) &n, 8) + library;
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
    for (int i = 0; i < 2; i++) a[i] = ARCHITECTURES[i];
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
int nvrtcCompileProgram(Program* p, int n, const char* const* options) {
    bool known = false;
    for (int i = 0; i < n; i++) {
        std::string option = options[i];
        bool target = false;
        for (int a : ARCHITECTURES) {
            bool code = option == "--gpu-architecture=sm_" + std::to_string(a);
            target |= code || option == "--gpu-architecture=compute_" + std::to_string(a);
            p->machine_code |= code;
        }
        if (!target && option != "--std=c++17") return INVALID_OPTION;
        known |= target;
    }
    if (!known) return INVALID_OPTION;
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
    *n = p->machine_code ? p->image.size() : 0;
    return SUCCESS;
}
int nvrtcGetCUBIN(Program* p, char* to) {
    memcpy(to, p->image.data(), p->machine_code ? p->image.size() : 0);
    return SUCCESS;
}
int nvrtcGetPTXSize(Program* p, size_t* n) {
    *n = p->image.size();
    return SUCCESS;
}
int nvrtcGetPTX(Program* p, char* to) {
    memcpy(to, p->image.data(), p->image.size());
    return SUCCESS;
}
}
