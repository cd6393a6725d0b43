package org.keras4j.cli.conformance;

class ReferenceConformanceTest extends ConformanceTest {
    ReferenceConformanceTest() {
        super("reference");
    }
}
