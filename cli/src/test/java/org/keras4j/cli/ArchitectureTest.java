package org.keras4j.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Rules about the structure of the whole that no compiler checks. */
class ArchitectureTest {
    private static final Pattern TEST_CODE = Pattern.compile(".*(/test-classes/|/test/org/|-tests\\.jar).*");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.matches(TEST_CODE))
            .importPackages("org.keras4j");

    /** The way of the data, lowest first: a package may use itself and those before it. */
    private static final List<String> UPWARDS = List.of(
            "org.keras4j.op", "org.keras4j.backend", "org.keras4j.graph", "org.keras4j.ops", "org.keras4j.layers");

    /** It has small graphs planned: the parts of what a library refuses, and what must come before a library's kernel. */
    private static final String PLANNING_BACKEND = "org.keras4j.backend.cuda..";

    /** What is there to print: the progress bar, and what callbacks say when they are asked to. */
    private static final DescribedPredicate<JavaClass> PRINTERS = DescribedPredicate.describe(
            "that are made to print",
            type -> List.of("Progbar", "ProgbarLogger", "Messages")
                    .contains(outermost(type).getSimpleName()));

    @Test
    void theScanFindsTheLibrary() {
        assertTrue(CLASSES.size() > 100, () -> "expected more than 100 classes, got " + CLASSES.size());
    }

    @Test
    void packagesAreNullMarked() {
        List<String> unmarked = CLASSES.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(folder -> !folder.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .sorted()
                .toList();
        assertEquals(List.of(), unmarked, "packages without @NullMarked in package-info.java");
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.keras4j.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void lowerPackagesDoNotUseHigherOnes() {
        for (int i = 0; i + 1 < UPWARDS.size(); i++) {
            String[] higher = UPWARDS.subList(i + 1, UPWARDS.size()).stream()
                    .map(name -> name + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(UPWARDS.get(i) + "..")
                    .and()
                    .resideOutsideOfPackage(PLANNING_BACKEND)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(higher)
                    .check(CLASSES);
        }
    }

    @Test
    void onlyTheCpuBackendUsesTheVectorApi() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.keras4j.backend.cpu..", "org.keras4j.perf..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(CLASSES);
    }

    @Test
    void theLibraryDoesNotPrint() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.keras4j.cli..", "org.keras4j.perf..")
                .and(DescribedPredicate.not(PRINTERS))
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .check(CLASSES);
    }

    @Test
    void loggingIsTheSystemLogger() {
        GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CLASSES);
    }

    @Test
    void exceptionsSayWhatTheyAre() {
        GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(CLASSES);
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }
}
