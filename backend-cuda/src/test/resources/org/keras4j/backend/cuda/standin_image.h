// How the stand-ins' "machine code" begins, which says how it was compiled: what is cached on disk for others is refused.
#pragma once
#include <dlfcn.h>

#include <fstream>
#include <functional>
#include <sstream>
#include <string>

static std::string standin_home() {
    Dl_info info;
    dladdr((void*) standin_home, &info);
    std::string path = info.dli_fname;
    return path.substr(0, path.rfind('/'));
}
static std::string standin_read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
}
// sixteen bytes
static const std::string& standin_mark() {
    static const std::string mark = [] {
        std::string how = standin_read(standin_home() + "/standin_device.h") + standin_read(standin_home() + "/standin_device.options");
        size_t hash = std::hash<std::string>()(how);
        return "STANDIN " + std::string((char*) &hash, 8);
    }();
    return mark;
}
