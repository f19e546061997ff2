// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.spi.Facts;
import dev.cairn.spi.Facts.Nature;
import dev.cairn.spi.StateStore;
import dev.cairn.spi.StoreOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** One run of the kit on one store: tries clauses, one after the other, and keeps what became of them. */
final class KitRun implements AutoCloseable {
    /** The test of a clause. */
    @FunctionalInterface
    interface Test {
        void on(Trial trial) throws Throwable;
    }

    private final StoreHarness harness;
    private final Seed seed;
    private final Again again;
    private final Storages storages;
    private final String storage = Storages.freshName();
    private final Facts facts;
    private final Map<String, ClauseResult> results = new ConcurrentHashMap<>();
    private final Map<String, String> musts = new ConcurrentHashMap<>();
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final long started = System.nanoTime();
    private Optional<String> noWire = Optional.empty();
    private boolean isWireKnown;

    /** Opens the store once, to ask what it is, and checks that the harness can be trusted. */
    KitRun(StoreHarness harness, Seed seed, Again again) {
        this.harness = harness;
        this.seed = seed;
        this.again = again;
        this.storages = new Storages(harness);
        this.facts = controlled(storages, storage);
    }

    private static Facts controlled(Storages storages, String storage) {
        try (StateStore store = storages.open(storage, StoreOptions.defaults())) {
            Facts facts = store.facts();
            Controls.check(storages, storage);
            return facts;
        } catch (RuntimeException | Error e) {
            storages.close(); // nobody else can: the run does not begin
            throw e;
        }
    }

    StoreHarness harness() {
        return harness;
    }

    /** How to run a clause again, with the numbers of this run. */
    String again(String clauseId) {
        return again.line(ClauseList.all().clause(clauseId), seed).strip();
    }

    /** The same of all of them. */
    String again() {
        return again.all(seed);
    }

    Seed seed() {
        return seed;
    }

    Facts facts() {
        return facts;
    }

    long millis() {
        return (System.nanoTime() - started) / 1_000_000;
    }

    /** A trial of a clause, for {@link #tryOut}. */
    Trial trial(String id) {
        return new Trial(
                storages, storage, seed.of(id), facts, hasWire(ClauseList.all().clause(id)));
    }

    private boolean hasWire(Listed clause) {
        boolean asked = clause.needs().contains(Need.WIRE) || clause.alsoNeeds().contains(Need.WIRE);
        return asked && fits(Need.WIRE, facts.nature()) && gives(Need.WIRE);
    }

    private boolean gives(Need need) {
        return switch (need) {
            case WIRE -> noWire().isEmpty();
            case SERVER -> harness.gives(need) && storages.servers().problem().isEmpty();
            case CHILD, SKEW ->
                harness.gives(need) && storages.children().problem(need).isEmpty();
            default -> harness.gives(need);
        };
    }

    /** Why the wire cannot be trusted, if so; looked at once, when the first clause asks. */
    private synchronized Optional<String> noWire() {
        if (!isWireKnown) {
            noWire = wireProblem();
            isWireKnown = true;
        }
        return noWire;
    }

    private Optional<String> wireProblem() {
        try {
            return WireControl.problem(storages, storage);
        } catch (CairnException broken) {
            return Optional.of("[META-03] over the kit's proxy the store threw " + Thrown.name(broken));
        }
    }

    /** Why a clause is not tried on this store; empty if it is. */
    Optional<ClauseResult> untried(Listed clause) {
        if (clause.standing().isPresent()) {
            Listed.Standing standing = clause.standing().get();
            return Optional.of(ClauseResult.untried(clause.id(), standing.outcome(), standing.reason()));
        }
        Nature nature = facts.nature();
        Optional<Need> lacking = new TreeSet<>(clause.needs())
                .stream().filter(need -> !fits(need, nature)).findFirst();
        if (lacking.isPresent()) {
            String reason = "needs " + lacking.get().what() + "; " + lacks(lacking.get(), nature);
            return Optional.of(ClauseResult.untried(clause.id(), Outcome.NOT_APPLICABLE, reason));
        }
        return missing(clause.needs())
                .map(need -> ClauseResult.untried(clause.id(), Outcome.INCONCLUSIVE, notGiven(need)));
    }

    private boolean fits(Need need, Nature nature) {
        if (need == Need.REFERENCE) {
            return harness.gives(need);
        }
        if (need == Need.VERIFY && !harness.sendsDdl()) {
            return false;
        }
        boolean handed = need == Need.CONNECTION || (need == Need.WIRE && nature == Nature.EMBEDDED);
        return need.fits(nature) && (!handed || harness.takesConnections());
    }

    private static String lacks(Need need, Nature nature) {
        return switch (need) {
            case REFERENCE -> "only the reference store can be cut so";
            case CONNECTION -> "this store is never handed one";
            case VERIFY -> nature == Nature.IN_MEMORY ? "an " + nature + " store has none" : "this store sends no DDL";
            case WIRE ->
                nature == Nature.EMBEDDED
                        ? "no connection can be handed to this store"
                        : "an " + nature + " store has none";
            default -> "an " + nature + " store has none";
        };
    }

    private Optional<Need> missing(Set<Need> needs) {
        return new TreeSet<>(needs)
                .stream()
                        .filter(need -> fits(need, facts.nature()) && !gives(need))
                        .findFirst();
    }

    private String notGiven(Need need) {
        if (need == Need.WIRE) {
            return "needs the wire; " + noWire().orElseThrow();
        }
        if (need == Need.SERVER && harness.gives(need)) {
            return "needs a server to end; " + storages.servers().problem().orElseThrow();
        }
        if ((need == Need.CHILD || need == Need.SKEW) && harness.gives(need)) {
            return "needs " + need.what() + "; "
                    + storages.children().problem(need).orElseThrow();
        }
        return "needs " + need.what() + "; give it with StoreHarness." + need.hook();
    }

    /** Keeps what a clause demands, for the certificate. */
    void says(Clause words) {
        musts.put(words.id(), words.must());
    }

    /** What a clause demands; empty if nobody has said so. */
    String must(String id) {
        return musts.getOrDefault(id, "");
    }

    /** Tries a clause and keeps what became of it. */
    ClauseResult tryOut(Listed clause, Clause words, Trial trial, Test test) {
        oneAtATime.lock();
        try {
            says(words);
            long begin = System.nanoTime();
            Optional<Throwable> thrown = thrown(trial, test);
            long millis = (System.nanoTime() - begin) / 1_000_000;
            ClauseResult result = result(clause, words, trial, thrown, millis);
            keep(result);
            if (!trial.tried().isEmpty()) {
                System.out.println("[tck] " + clause.id() + " tried " + String.join(", ", trial.tried()));
            }
            return result;
        } finally {
            oneAtATime.unlock();
        }
    }

    void keep(ClauseResult result) {
        results.put(result.id(), result);
    }

    // Whatever a store throws is what became of the clause; nothing is lost, it is the cause of the report.
    private static Optional<Throwable> thrown(Trial trial, Test test) {
        Throwable first = null;
        try {
            test.on(trial);
        } catch (Throwable t) {
            first = t;
        }
        try {
            trial.close();
        } catch (Throwable t) {
            if (first == null) {
                first = t;
            } else {
                first.addSuppressed(t);
            }
        }
        return Optional.ofNullable(first);
    }

    private ClauseResult result(Listed clause, Clause words, Trial trial, Optional<Throwable> thrown, long millis) {
        long checks = trial.checks();
        Optional<Throwable> failure = thrown.isEmpty() && checks == 0
                ? Optional.of(new IllegalStateException("the clause checked nothing"))
                : thrown;
        if (failure.isPresent()) {
            String report = Report.of(words, harness.name() + " · " + facts.product(), trial.deeds(), failure.get())
                    + again.line(clause, seed);
            return new ClauseResult(
                    clause.id(),
                    Outcome.FAIL,
                    Report.got(failure.get()),
                    report,
                    failure,
                    millis,
                    checks,
                    trial.tried());
        }
        Optional<String> open =
                trial.unknown().or(() -> missing(clause.alsoNeeds()).map(this::notGiven));
        Outcome outcome =
                open.isPresent() ? Outcome.INCONCLUSIVE : trial.isRefusedOk() ? Outcome.REFUSED_OK : Outcome.PASS;
        return new ClauseResult(
                clause.id(), outcome, open.orElse(""), "", Optional.empty(), millis, checks, trial.tried());
    }

    /** Every clause of the list, as far as it came; those that no test tries speak for themselves. */
    List<ClauseResult> results() {
        List<ClauseResult> all = new ArrayList<>();
        for (Listed clause : ClauseList.all().clauses()) {
            ClauseResult result = results.get(clause.id());
            if (result != null) {
                all.add(result);
            } else if (!clause.isTried()) {
                all.add(untried(clause).orElseThrow());
            }
        }
        return all;
    }

    /** Which clauses with a test were not asked for. */
    List<String> filteredOut() {
        return ClauseList.all().clauses().stream()
                .filter(clause -> clause.isTried() && !results.containsKey(clause.id()))
                .map(Listed::id)
                .toList();
    }

    /** Of which clauses nobody knows whether they hold. */
    List<ClauseResult> inconclusive() {
        return results().stream()
                .filter(result -> result.outcome() == Outcome.INCONCLUSIVE)
                .toList();
    }

    Verdict verdict() {
        return Verdict.of(
                results().stream().map(ClauseResult::outcome).toList(),
                !filteredOut().isEmpty());
    }

    @Override
    public void close() {
        storages.close();
    }
}
