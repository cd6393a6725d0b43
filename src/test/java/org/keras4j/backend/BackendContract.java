package org.keras4j.backend;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/**
 * What every backend must get right. A backend's own test class only says how to open it:
 *
 * <pre>{@code
 * class CpuBackendTest extends BackendContract {
 *     protected Backend open() {
 *         return new CpuProvider().open();
 *     }
 * }
 * }</pre>
 *
 * <p>Expectations are computed here, in other loops than the reference backend's; {@link LargeContract} alone compares
 * with that one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendContract
        implements MemoryContract,
                UnaryContract,
                BinaryContract,
                ExpressionContract,
                ReduceContract,
                ShapeContract,
                GatherContract,
                DotContract,
                ConvContract,
                PoolContract,
                RandomContract,
                LinearAlgebraContract,
                FusionContract,
                EpilogueContract,
                ControlFlowContract,
                AttentionContract,
                LargeContract {
    private Workbench bench;

    /** Each case of these is an expression of its own, which a device has to compile. */
    private static final Set<String> GENERATED = Set.of("UnaryContract", "BinaryContract", "ExpressionContract");

    /** Opens the backend; called once for the class. A test that cannot run here is to be skipped with a reason. */
    protected abstract Backend open();

    @BeforeAll
    void openBackend() {
        bench = new Workbench(open());
    }

    /**
     * Says whether the device takes minutes to compile over a thousand expressions that another test class shows as well.
     * They are then left out unless system property {@code keras4j.contract.all} is true.
     */
    protected boolean compilesSlowly() {
        return false;
    }

    @BeforeEach
    void leaveOutGeneratedKernels(TestInfo test) {
        Class<?> part = test.getTestMethod().orElseThrow().getDeclaringClass();
        assumeFalse(
                compilesSlowly()
                        && !Boolean.getBoolean("keras4j.contract.all")
                        && GENERATED.contains(part.getSimpleName()),
                "over a thousand programs to compile; asked for with -Dkeras4j.contract.all=true");
    }

    @AfterAll
    void closeBackend() {
        if (bench != null) bench.backend.close();
    }

    @Override
    public final Workbench bench() {
        return bench;
    }
}
