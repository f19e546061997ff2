// SPDX-License-Identifier: Apache-2.0
package dev.cairn.store.postgres;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The rooms of the PostgreSQL store")
class ArchitectureTest {
    private static final JavaClasses STORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.cairn.store.postgres");

    private static final Set<String> PUBLIC = Set.of("PostgresStateStore", "PostgresStoreProvider", "Builder");

    private static final DescribedPredicate<JavaClass> DRIVER =
            JavaClass.Predicates.resideInAnyPackage("org.postgresql..", "org.jdbi..", "java.sql..");

    @Test
    @DisplayName("the store knows the interface and its values, and nothing of the engine")
    void knowsTheInterfaceOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.cairn", "dev.cairn.memory", "dev.cairn.cache")
                .check(STORE);
    }

    @Test
    @DisplayName("only the store, its builder and its provider are public")
    void publicTypes() {
        classes()
                .that()
                .haveModifier(JavaModifier.PUBLIC)
                .should(new HaveAPublicName())
                .check(STORE);
    }

    @Test
    @DisplayName("no driver type stands in a public signature, but the team's own DataSource")
    void noDriverType() {
        codeUnits()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .arePublic()
                .should(new NameNoDriverType())
                .check(STORE);
    }

    private static final class HaveAPublicName extends ArchCondition<JavaClass> {
        private HaveAPublicName() {
            super("have a name in " + PUBLIC);
        }

        @Override
        public void check(JavaClass type, ConditionEvents events) {
            boolean expected = PUBLIC.contains(type.getSimpleName());
            events.add(new SimpleConditionEvent(type, expected, type.getName() + " is public"));
        }
    }

    private static final class NameNoDriverType extends ArchCondition<JavaCodeUnit> {
        private NameNoDriverType() {
            super("name no driver type");
        }

        @Override
        public void check(JavaCodeUnit unit, ConditionEvents events) {
            boolean names = Stream.concat(unit.getRawParameterTypes().stream(), Stream.of(unit.getRawReturnType()))
                    .anyMatch(DRIVER);
            events.add(new SimpleConditionEvent(unit, !names, unit.getFullName() + " names a driver type"));
        }
    }
}
