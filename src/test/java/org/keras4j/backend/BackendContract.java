package org.keras4j.backend;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
                LargeContract {
    private Workbench bench;

    /** Opens the backend; called once for the class. A test that cannot run here is to be skipped with a reason. */
    protected abstract Backend open();

    @BeforeAll
    void openBackend() {
        bench = new Workbench(open());
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
