// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.Cairn;
import dev.cairn.ResumeState;
import dev.cairn.RunExistsException;
import dev.cairn.Workflow;
import dev.cairn.WorkflowBody;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Settle;
import dev.cairn.spi.StateStore;
import dev.cairn.state.RunStatus;
import dev.cairn.state.StepRecord;
import dev.cairn.tck.Operation.Prepared;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * The operations that core derives from the methods of a store, by core itself: what it sends, no store's method says. A
 * repeat is by somebody who does not know how far the first came, and whom its lease does not stand in the way of any more.
 */
final class CoreOperations {
    private static final List<String> KEYS = List.of("charge", "reserve", "book");

    private CoreOperations() {}

    static List<Operation> all() {
        return List.of(cancel(), delete(), replace(), forget());
    }

    static Operation cancel() {
        return new Operation("cancel", (by, id) -> {
            interrupted(by, id, "book");
            return prepared(id, (cairn, there) -> cairn.runs().cancel(id), RunStatus.CANCELLED::equals);
        });
    }

    static Operation delete() {
        return new Operation("delete", (by, id) -> {
            interrupted(by, id, "book");
            return prepared(id, (cairn, there) -> cairn.runs().delete(id), Boolean.class::isInstance);
        });
    }

    /** What was saved of an earlier run of this id is put in the place of it. */
    static Operation replace() {
        return new Operation("restore", (by, id) -> {
            ResumeState saved = interrupted(by, id, "book");
            letLeaseRunOut(by, id);
            try (Cairn cairn = cairn(by.store())) {
                cairn.runs().delete(id);
            }
            interrupted(by, id, "reserve");
            return prepared(
                    id,
                    (cairn, there) -> {
                        if (!steps(there).contains("reserve")) {
                            cairn.runs().replace(saved, there.orElseThrow());
                        }
                        return "restored";
                    },
                    "restored"::equals);
        });
    }

    /** What was saved of an earlier run of this id is taken in as a new one. */
    static Operation save() {
        return new Operation("restore of a run that is not there", (by, id) -> {
            ResumeState saved = interrupted(by, id, "book");
            letLeaseRunOut(by, id);
            try (Cairn cairn = cairn(by.store())) {
                cairn.runs().delete(id);
            }
            return prepared(
                    id,
                    (cairn, there) -> {
                        if (there.isEmpty()) {
                            cairn.runs().save(saved);
                        }
                        return "restored";
                    },
                    "restored"::equals);
        });
    }

    /** The same where there is another one, which nobody asked to replace. */
    static Operation saveOver() {
        return new Operation("restore over a run that is there", (by, id) -> {
            ResumeState saved = interrupted(by, id, "book");
            letLeaseRunOut(by, id);
            try (Cairn cairn = cairn(by.store())) {
                cairn.runs().delete(id);
            }
            interrupted(by, id, "reserve");
            return prepared(id, (cairn, there) -> isRefused(cairn, saved), "refused"::equals);
        });
    }

    private static Object isRefused(Cairn cairn, ResumeState saved) {
        try {
            cairn.runs().save(saved);
            return "overwritten";
        } catch (RunExistsException refused) {
            return "refused";
        }
    }

    static Operation forget() {
        return new Operation("forget", (by, id) -> {
            interrupted(by, id, "book");
            return prepared(
                    id,
                    (cairn, there) -> {
                        if (steps(there).contains("charge")) {
                            cairn.runs().forget(id, "charge");
                        }
                        return "forgotten";
                    },
                    "forgotten"::equals);
        });
    }

    static Operation purge(Trial trial) {
        return new Operation("purge", (by, id) -> {
            try (Cairn cairn = cairn(by.store())) {
                cairn.execute(whole(), id, "order");
            }
            trial.pass(Duration.ofMillis(3));
            return prepared(id, (cairn, there) -> cairn.runs().purge(Duration.ofMillis(1), 1000), answer -> true);
        });
    }

    /** A run whose first execution ended at this step. */
    private static ResumeState interrupted(Instance by, String id, String key) {
        try (Cairn cairn = cairn(by.store())) {
            cairn.execute(
                    workflow((run, order) -> {
                        for (String step : KEYS) {
                            run.step(step, String.class, s -> {
                                if (step.equals(key)) {
                                    throw new IOException("again");
                                }
                                return step;
                            });
                        }
                        return "done";
                    }),
                    id,
                    "order");
            return cairn.runs().read(id).orElseThrow();
        }
    }

    private static Workflow<String, String> whole() {
        return workflow((run, order) -> {
            KEYS.forEach(step -> run.step(step, String.class, s -> step));
            return "done";
        });
    }

    private static Workflow<String, String> workflow(WorkflowBody<String, String> body) {
        return Workflow.named(Requests.WORKFLOW)
                .input(String.class)
                .output(String.class)
                .define(body);
    }

    private static Cairn cairn(StateStore store) {
        return Cairn.builder(store)
                .lease(Requests.LASTING)
                .patience(Duration.ZERO)
                .build();
    }

    private static Prepared prepared(
            String id, BiFunction<Cairn, Optional<ResumeState>, Object> does, Predicate<Object> done) {
        return new Prepared(
                who -> {
                    letLeaseRunOut(who, id);
                    try (Cairn cairn = cairn(who.store())) {
                        return does.apply(cairn, cairn.runs().read(id));
                    }
                },
                done,
                reader -> view(reader, id));
    }

    private static void letLeaseRunOut(Instance who, String id) {
        who.find(id)
                .flatMap(seen -> seen.head().standing())
                .ifPresent(lease ->
                        who.store().settle(Settle.of(lease, HeadChange.expired().build())));
    }

    /** What core reads of it: nothing, or its status and its steps. */
    private static List<?> view(Instance reader, String id) {
        try (Cairn cairn = Cairn.using(reader.store())) {
            return cairn.runs()
                    .read(id)
                    .<List<?>>map(state -> List.of(state.status().isTerminal(), keys(state)))
                    .orElse(List.of("no run"));
        }
    }

    private static List<String> keys(ResumeState state) {
        return state.steps().stream().map(StepRecord::key).toList();
    }

    private static List<String> steps(Optional<ResumeState> state) {
        return state.map(CoreOperations::keys).orElse(List.of());
    }
}
