package org.keras4j.cli.conformance;

class OpenClConformanceTest extends ConformanceTest {
    OpenClConformanceTest() {
        super("opencl");
    }
}
