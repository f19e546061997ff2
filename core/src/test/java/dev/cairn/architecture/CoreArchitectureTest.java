// SPDX-License-Identifier: Apache-2.0
package dev.cairn.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The rooms of core")
class CoreArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.cairn");

    @Test
    @DisplayName("each room knows only the rooms below it")
    void layers() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("user")
                .definedBy("dev.cairn")
                .layer("memory")
                .definedBy("dev.cairn.memory")
                .layer("cache")
                .definedBy("dev.cairn.cache")
                .layer("spi")
                .definedBy("dev.cairn.spi")
                .layer("internal")
                .definedBy("dev.cairn.internal")
                .layer("state")
                .definedBy("dev.cairn.state")
                .layer("error")
                .definedBy("dev.cairn.error")
                .whereLayer("user")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("memory")
                .mayOnlyBeAccessedByLayers("user")
                .whereLayer("cache")
                .mayOnlyBeAccessedByLayers("user")
                .whereLayer("spi")
                .mayOnlyBeAccessedByLayers("user", "memory", "cache")
                .whereLayer("internal")
                .mayOnlyBeAccessedByLayers("user", "cache", "spi")
                .whereLayer("state")
                .mayOnlyBeAccessedByLayers("user", "memory", "cache", "spi", "internal")
                .check(CORE);
    }

    @Test
    @DisplayName("no package depends on itself through others")
    void noCycles() {
        slices().matching("(dev.cairn..)").should().beFreeOfCycles().check(CORE);
    }

    @Test
    @DisplayName("core needs Jackson, SLF4J and JSpecify, and nothing of a store")
    void dependencies() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "dev.cairn..",
                        "tools.jackson..",
                        "com.fasterxml.jackson..",
                        "org.slf4j..",
                        "org.jspecify..")
                .check(CORE);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.cairn.store..")
                .check(CORE);
    }

    @Test
    @DisplayName("nothing stored makes objects by class name")
    void noDeserialisation() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .orShould()
                .callMethod(Class.class, "forName", String.class)
                .check(CORE);
    }

    @Test
    @DisplayName("no static state changes, no lock is a monitor's, time is passed in")
    void houseRules() {
        noFields().that().areStatic().should().notBeFinal().check(CORE);
        noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED).check(CORE);
        noClasses().should().callMethod(System.class, "currentTimeMillis").check(CORE);
        noClasses().should().callMethod(java.time.Instant.class, "now").check(CORE);
    }
}
