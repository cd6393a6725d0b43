// The stand-in's device memory. For tests alone: no place is given out twice, fresh memory is full of NaNs, and a shadow says
// of each eight bytes how many of them are somebody's, so that a kernel that touches others is caught.
#pragma once
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <map>

struct DeviceMemory {
    static const size_t SPACE = (size_t) 1 << 40, APART = 256;
    unsigned char* base = (unsigned char*) reserve(SPACE);
    unsigned char* shadow = (unsigned char*) reserve(SPACE / 8);
    std::map<uint64_t, size_t> blocks;
    size_t top = 0, used = 0;

    static void* reserve(size_t bytes) {
        return mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    }
    // aligned on 256 bytes and on no more, with room between blocks
    uint64_t take(size_t bytes) {
        size_t at = (top + 511) / 512 * 512 + 256;
        if (at + bytes + APART > SPACE) return 0;
        top = at + bytes + APART;
        memset(base + at, 0xff, bytes);
        memset(shadow + at / 8, 8, bytes / 8);
        if (bytes % 8) shadow[(at + bytes) / 8] = bytes % 8;
        blocks[(uint64_t) base + at] = bytes;
        used += bytes;
        return (uint64_t) base + at;
    }
    // forgets a block; what is in it goes with erase, when the stream has come so far
    size_t give(uint64_t address) {
        auto b = blocks.find(address);
        if (b == blocks.end()) return 0;
        size_t bytes = b->second;
        used -= bytes;
        blocks.erase(b);
        return bytes;
    }
    void erase(uint64_t address, size_t bytes) {
        size_t at = address - (uint64_t) base;
        memset(shadow + at / 8, 0, (bytes + 7) / 8);
        uint64_t first = (address + 4095) / 4096 * 4096, end = (address + bytes) / 4096 * 4096;
        if (end > first) madvise((void*) first, end - first, MADV_DONTNEED);
        memset((void*) address, 0xff, (first < end ? first : address + bytes) - address);
    }
    void dropAll() {
        while (!blocks.empty()) {
            auto b = *blocks.begin();
            give(b.first);
            erase(b.first, b.second);
        }
    }
    bool inside(uint64_t p, size_t bytes) const {
        auto after = blocks.upper_bound(p);
        if (after == blocks.begin()) return false;
        auto b = std::prev(after);
        return p + bytes <= b->first + b->second;
    }
};
