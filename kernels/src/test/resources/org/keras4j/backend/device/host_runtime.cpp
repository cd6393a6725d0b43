// What runs kernels of the host dialect: one thread, group after group. Work-items of a group that meets barriers are
// coroutines; from barrier to barrier they run in turn, once from the first to the last and once back, so that a
// missing barrier shows in the results.
#include <ucontext.h>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

extern "C" {
long host_group_id[3], host_local_id[3], host_num_groups[3], host_local_size[3];
void host_barrier();
int host_run(void* function, void (*fresh)(), const long* arguments, const int* grid, int barriers);
}

namespace {
constexpr size_t STACK = 256 << 10;
constexpr size_t ARGUMENTS = 64;

struct Item {
    ucontext_t context;
    std::unique_ptr<char[]> stack{new char[STACK]};
    long id[3];
    bool done;
};

void* function;
const long* arguments;
std::vector<std::unique_ptr<Item>> items;
Item* current;
ucontext_t scheduler;

// All arguments are integers or addresses: each takes a register or eight bytes of the stack, and those that a function
// does not have do no harm.
template <size_t... I> void call(std::index_sequence<I...>) {
    reinterpret_cast<void (*)(decltype(long(I))...)>(function)(arguments[I]...);
}
void call() { call(std::make_index_sequence<ARGUMENTS>()); }

void begin() {
    call();
    current->done = true;
}

void resume(Item* item) {
    current = item;
    for (int axis = 0; axis < 3; axis++) host_local_id[axis] = item->id[axis];
    swapcontext(&scheduler, &item->context);
}

// Returns whether all items came to the end together, or to each barrier.
bool run_group(size_t count) {
    size_t waiting = 0; // items 0 to waiting - 1 stand at a barrier
    size_t first_done = 0;
    for (size_t i = 0; i < count; i++) {
        if (items.size() == waiting) items.push_back(std::make_unique<Item>());
        Item* item = items[waiting].get();
        item->done = false;
        item->id[0] = i % host_local_size[0];
        item->id[1] = i / host_local_size[0] % host_local_size[1];
        item->id[2] = i / host_local_size[0] / host_local_size[1];
        getcontext(&item->context);
        item->context.uc_stack.ss_sp = item->stack.get();
        item->context.uc_stack.ss_size = STACK;
        item->context.uc_link = &scheduler;
        makecontext(&item->context, begin, 0);
        resume(item);
        if (item->done) first_done++;
        else waiting++;
    }
    if (waiting > 0 && first_done > 0) return false;
    for (bool back = true; waiting > 0; back = !back) {
        size_t done = 0;
        for (size_t i = 0; i < count; i++) {
            Item* item = items[back ? count - 1 - i : i].get();
            resume(item);
            if (item->done) done++;
        }
        if (done > 0 && done < count) return false;
        waiting = count - done;
    }
    return true;
}

void run_alone() {
    for (host_local_id[2] = 0; host_local_id[2] < host_local_size[2]; host_local_id[2]++)
        for (host_local_id[1] = 0; host_local_id[1] < host_local_size[1]; host_local_id[1]++)
            for (host_local_id[0] = 0; host_local_id[0] < host_local_size[0]; host_local_id[0]++) call();
}
} // namespace

void host_barrier() { swapcontext(&current->context, &scheduler); }

// Runs a kernel over a grid of groups and sizes x, y, z; `fresh` spoils what the group before left in local memory. Returns
// 1 if a barrier was not reached by all of a group.
int host_run(void* f, void (*fresh)(), const long* a, const int* grid, int barriers) {
    function = f;
    arguments = a;
    for (int axis = 0; axis < 3; axis++) {
        host_num_groups[axis] = grid[axis];
        host_local_size[axis] = grid[3 + axis];
    }
    const size_t count = size_t(grid[3]) * grid[4] * grid[5];
    for (host_group_id[2] = 0; host_group_id[2] < grid[2]; host_group_id[2]++)
        for (host_group_id[1] = 0; host_group_id[1] < grid[1]; host_group_id[1]++)
            for (host_group_id[0] = 0; host_group_id[0] < grid[0]; host_group_id[0]++) {
                fresh();
                if (!barriers) run_alone();
                else if (!run_group(count)) return 1;
            }
    return 0;
}
