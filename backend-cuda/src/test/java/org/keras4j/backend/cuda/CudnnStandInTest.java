package org.keras4j.backend.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.keras4j.backend.Backend;
import org.keras4j.backend.BackendContract;

/**
 * The parts of the contract that are of cuDNN's business, on the stand-ins: as if measuring had shown that its kernels
 * are the faster ones, with algorithms that it has measured, and only those that always give the same.
 */
class CudnnStandInTest extends BackendContract {
    private static final Set<String> PARTS =
            Set.of("ConvContract", "PoolContract", "FusionContract", "AttentionContract");

    @TempDir
    static Path folder;

    /** What was measured, if cuDNN's kernels had won each time. */
    static final class CudnnWins extends TuningCache {
        int asked;

        CudnnWins(Path folder) {
            super(folder, "stand-in");
        }

        @Override
        Optional<String> get(String problem) {
            if (problem.startsWith("conv ") || problem.startsWith("dot ")) return super.get(problem);
            asked++;
            return Optional.of("cudnn");
        }
    }

    @Override
    protected Backend open() {
        return StandIns.open(new CudaOptions(0, false, true, true, true), new CudnnWins(folder));
    }

    @BeforeEach
    void leaveOutTheRest(TestInfo test) {
        Class<?> part = test.getTestMethod().orElseThrow().getDeclaringClass();
        assumeTrue(PARTS.contains(part.getSimpleName()), "CudaStandInTest shows it");
    }

    @Override
    protected boolean compilesSlowly() {
        return true;
    }
}
