package org.keras4j.cli.conformance;

class CpuConformanceTest extends ConformanceTest {
    CpuConformanceTest() {
        super("cpu");
    }
}
