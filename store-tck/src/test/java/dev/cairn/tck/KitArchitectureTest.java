// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                        "javax.sql..",
                        "org.junit.jupiter.api..",
                        "org.opentest4j..",
                        "org.jspecify.annotations.."))
                .check(KIT);
    }

    @Test
    @DisplayName("no clause of the first part reaches the engine, the step cache in core or the reference store")
    void partOne() {
        Map<JavaClass, JavaClass> reached = new LinkedHashMap<>();
        Deque<JavaClass> open = new ArrayDeque<>();
        KIT.get(StoreClauses.class).getAllRawInterfaces().stream()
                .filter(KitArchitectureTest::isOfKit)
                .forEach(type -> {
                    reached.put(type, type);
                    open.add(type);
                });
        List<String> wrong = new ArrayList<>();
        while (!open.isEmpty()) {
            JavaClass type = open.remove();
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (isOfKit(target) && reached.putIfAbsent(target, type) == null) {
                    open.add(target);
                } else if (isBeyondTheSpi(target) && !mayReach(type, target)) {
                    wrong.add(path(type, reached) + " -> " + target.getName());
                }
            }
        }
        assertThat(reached.keySet())
                .hasSizeGreaterThan(
                        KIT.get(StoreClauses.class).getAllRawInterfaces().size());
        assertThat(wrong).isEmpty();
    }

    private static boolean isOfKit(JavaClass type) {
        return type.getPackageName().equals("dev.cairn.tck");
    }

    private static boolean isBeyondTheSpi(JavaClass type) {
        return type.getPackageName().matches("dev\\.cairn(\\.(cache|memory)(\\..*)?)?");
    }

    /**
     * CONC-03 compares a store with the reference, and so does whoever moves a run between two stores; what a move sends to
     * both, or a cancel, a delete, a restore and a purge to one, is core's alone to say.
     */
    private static boolean mayReach(JavaClass type, JavaClass target) {
        boolean isReference = type.getSimpleName().startsWith("LockStep")
                && target.getPackageName().equals("dev.cairn.memory");
        return isReference || Set.of("CoreMove", "CoreOperations").contains(type.getSimpleName());
    }

    private static String path(JavaClass type, Map<JavaClass, JavaClass> reached) {
        JavaClass by = reached.get(type);
        return (by == null || by.equals(type) ? "" : path(by, reached) + " -> ") + type.getSimpleName();
    }

    @Test
    @DisplayName("an adopter's test class gets nothing but clauses: no constants, no nested types")
    void clausesOnly() {
        List<JavaClass> clauses = KIT.stream()
                .filter(type -> type.isInterface() && type.isAssignableTo(KitClauses.class))
                .toList();
        assertThat(clauses).hasSizeGreaterThan(30);
        for (JavaClass type : clauses) {
            assertThat(type.getFields()).as("%s", type).isEmpty();
            assertThat(KIT.stream()
                            .filter(other -> other.isMemberClass()
                                    && other.getEnclosingClass().equals(Optional.of(type))))
                    .as("nested in %s", type)
                    .isEmpty();
        }
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
