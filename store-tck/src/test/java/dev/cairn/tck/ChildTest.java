// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.memory.InMemoryStateStore;
import dev.cairn.spi.StateStore;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The clauses that need child processes, on a store that is right, and what is said of children that are not. */
class ChildTest {
    @TestFactory
    Stream<DynamicTest> holdsOnARightStore() {
        return ClauseList.all().clauses().stream()
                .filter(Listed::isTried)
                .filter(clause -> Stream.concat(clause.needs().stream(), clause.alsoNeeds().stream())
                        .anyMatch(need -> need == Need.CHILD || need == Need.SKEW))
                .map(clause -> DynamicTest.dynamicTest(clause.id(), () -> {
                    ClauseResult result = OneClause.on(ChildHarness.create(ChildWrong.NOTHING), clause.id());

                    assertThat(result.report()).isEmpty();
                }));
    }

    /** In a child: it cannot open anything. */
    public static final class Broken implements ChildStore {
        @Override
        public StateStore open(StoreEnv env) {
            throw new IllegalStateException("no such server");
        }
    }

    /** In a child: it dies. */
    public static final class Dies implements ChildStore {
        @Override
        public StateStore open(StoreEnv env) {
            System.err.println("out of everything");
            Runtime.getRuntime().halt(3);
            throw new AssertionError();
        }
    }

    /** In a child: it opens something else. */
    public static final class Elsewhere implements ChildStore {
        @Override
        public StateStore open(StoreEnv env) {
            return InMemoryStateStore.open().reopened(env.options());
        }
    }

    private static ClauseResult on(Class<? extends ChildStore> child) {
        return OneClause.on(ChildHarness.create(ChildWrong.NOTHING).opensInChild(child), "CRASH-06");
    }

    @Test
    void aChildThatCannotOpenTheStorageIsFound() {
        ClauseResult result = on(Broken.class);

        assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(result.reason()).contains("[META-05]").contains("no such server");
    }

    @Test
    void aChildThatDiesIsFound() {
        ClauseResult result = on(Dies.class);

        assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(result.reason()).contains("[META-05]").contains("died").contains("out of everything");
    }

    @Test
    void aChildThatOpensAnotherStorageIsFound() {
        ClauseResult result = on(Elsewhere.class);

        assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(result.reason()).contains("[META-05]").contains("does not see");
    }

    @Test
    void aHarnessWithoutChildrenIsTold() {
        ClauseResult result = OneClause.on(ServedHarness.whole(store -> store), "CRASH-06");

        assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(result.reason()).contains("opensInChild");
    }
}
