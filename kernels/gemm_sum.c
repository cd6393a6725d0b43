// What follows a matrix product whose k was split: the partial sums are added in their order, and finished.

DEFINE_FINISHING(finish_sum, T) // DEFINE_FINISH or DEFINE_WRAP

// partial (splits, size); bias (n), or (1) if `biased` is 2; c (size), rows of n
KERNEL GROUP_SIZE(64, 1, 1) void gemm_sum(BUFFER(const T, partial), BUFFER(const FROM, bias), BUFFER(INTO, c), const int size,
        const int n, const int splits, const int biased, const int finishing) {
    OPEN_ALONE(const T, partial);
    OPEN_ALONE(const FROM, bias);
    OPEN_ALONE(INTO, c);
    int i = (int) get_global_id(0);
    if (i < size) {
        T s = partial[i];
        for (int split = 1; split < splits; split++) s += partial[(long) split * size + i];
        c[i] = KEEP(finish_sum(biased ? s + VALUE(bias[biased == 1 ? i % n : 0]) : s, finishing));
    }
}
