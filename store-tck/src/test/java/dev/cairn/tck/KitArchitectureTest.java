// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KitArchitectureTest {
    /** What adopters use. Whatever else is public would be promised to them too. */
    private static final Set<String> PUBLIC = Set.of(
            "StateStoreTck",
            "StoreClauses",
            "EngineClauses",
            "StoreHarness",
            "StoreEnv",
            "StoreOpener",
            "StoreServer",
            "StoreStandby",
            "StoreLocks",
            "StoreClock",
            "ChildStore",
            "RawStorage");

    private static final JavaClasses KIT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.cairn.tck");

    @Test
    @DisplayName("nothing is public but what an adopter needs")
    void publicTypes() {
        assertThat(KIT.stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(type ->
                                type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrderElementsOf(PUBLIC);
    }

    @Test
    @DisplayName("the kit brings no library along")
    void dependencies() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.cairn..",
                        "java..",
                        "org.junit.jupiter.api..",
                        "org.opentest4j..",
                        "org.jspecify.annotations.."))
                .check(KIT);
    }

    @Test
    @DisplayName("the first part of the contract needs nothing of core but the SPI and its values")
    void partOne() {
        DescribedPredicate<JavaClass> engine = DescribedPredicate.describe(
                "the engine's clauses and what they use",
                type -> type.getName().matches("dev\\.cairn\\.tck\\.(Engine|Run|Conc|Model|Counting|Splitting).*"));
        noClasses()
                .that(not(engine))
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.cairn..")
                        .and(resideOutsideOfPackages(
                                "dev.cairn.tck..", "dev.cairn.spi..", "dev.cairn.state..", "dev.cairn.error..")))
                .check(KIT);
    }

    @Test
    @DisplayName("no clause can be skipped by itself")
    void noAssumptions() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Assumptions.class)
                .check(KIT);
        noMethods().should().beAnnotatedWith(Disabled.class).check(KIT);
    }

    @Test
    @DisplayName("clauses change nothing outside of the trial: no static state")
    void noStaticState() {
        com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields()
                .that()
                .areStatic()
                .should()
                .beFinal()
                .check(KIT);
    }
}
