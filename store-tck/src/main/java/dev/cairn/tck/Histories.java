// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.Read;
import dev.cairn.spi.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/**
 * Many short histories of several processes that are recorded and then looked at: first what holds of every history, then
 * for an order that explains it, run by run. Their leases last, and run out only where somebody lets them, so that the
 * search needs no time.
 */
final class Histories {
    private static final String PROPERTY = "tck.histories";
    private static final int FEWEST_CLIENTS = 4;
    private static final int MOST_CALLS = 500;

    /** Far above what a search takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Trial trial;
    private final List<Client> clients;
    private final Instance reader;
    private long recorded;
    private long calls;
    private long parts;

    /** A process, and what befalls its calls. */
    record Client(String name, StateStore store, Weather weather) {}

    /** What one client does in a history. */
    interface Script {
        /** Before they begin. */
        default void prepare(Instance first, List<String> runs) {}

        /** One thing. */
        void of(Party party, Random random);
    }

    private Histories(Trial trial, List<Client> clients) {
        this.trial = trial;
        this.clients = clients;
        this.reader = trial.open("R");
    }

    /** How many histories a clause records; more, for endurance, by {@code -Dtck.histories=…}. */
    static int asked(int usual) {
        return Math.max(1, usual * Integer.getInteger(PROPERTY, 20) / 20);
    }

    /** Over plain connections. */
    static Histories plain(Trial trial, int most) {
        return new Histories(
                trial,
                IntStream.range(0, most)
                        .mapToObj(i -> new Client("P" + i, trial.open("P" + i).store(), Weather.CALM))
                        .toList());
    }

    /** Over wires that are cut, and slow. */
    static Histories stormy(Trial trial, int most) {
        return new Histories(
                trial,
                IntStream.range(0, most)
                        .mapToObj(i -> {
                            Wired wired = trial.wired("P" + i);
                            Random random = new Random(trial.random().nextLong());
                            return new Client("P" + i, wired.who().store(), new Storm(wired.wire(), random));
                        })
                        .toList());
    }

    List<Client> clients() {
        return clients;
    }

    /** Reads what was made of the runs. */
    Instance reader() {
        return reader;
    }

    /** Histories in which each client does so many things as chance says, of two runs. */
    Histories mixed(int count, int deeds) {
        return record(count, deeds, (party, random) -> party.act());
    }

    /** Histories in which each client does this so often. */
    Histories record(int count, int deeds, Script script) {
        for (int i = 0; i < count; i++) {
            List<String> runs = List.of(trial.freshRun("h"), trial.freshRun("h"));
            int many = FEWEST_CLIENTS + trial.random().nextInt(clients.size() - FEWEST_CLIENTS + 1);
            check(recorded(clients.subList(0, many), runs, deeds, script));
        }
        return this;
    }

    private History recorded(List<Client> who, List<String> runs, int deeds, Script script) {
        History history = new History();
        Instance after = reader.calling(history.recording("R", reader.store()));
        script.prepare(after, runs);
        List<Callable<String>> all = new ArrayList<>();
        for (Client client : who) {
            Random random = new Random(trial.random().nextLong());
            StateStore store = history.recording(client.name(), client.store());
            Party party = new Party(client.name(), store, random, runs, Requests.LASTING, client.weather());
            all.add(() -> {
                for (int i = 0; i < deeds && history.size() < MOST_CALLS - who.size(); i++) {
                    script.of(party, random);
                }
                return client.name();
            });
        }
        trial.atOnce(all);
        runs.forEach(runId -> after.store().read(new Read(runId, new Cursor.Start(), 4 << 20)));
        return history;
    }

    private void check(History history) {
        recorded++;
        calls += history.size();
        for (String runId : history.runs()) {
            Invariants.check(trial, runId, history.callsOf(runId));
            reader.find(runId).ifPresent(seen -> Consumed.check(trial, history, seen));
        }
        for (String runId : history.runs()) {
            parts++;
            isExplained(trial, runId, history.callsOf(runId), PATIENCE);
        }
    }

    /** Fails unless some order explains what a history has of a run; says so where the time was not enough to know. */
    static void isExplained(Trial trial, String runId, List<Call> calls, Duration patience) {
        List<Linear.Op<RunOp>> ops = RunOp.of(runId, calls);
        Linear.Found<RunOp> found = search(ops, patience);
        if (found.verdict() == Linear.Verdict.UNKNOWN) {
            trial.inconclusive("no order of a history was found or excluded within " + patience);
            return;
        }
        Optional<Call> stuck = found.stuck().map(op -> op.what().call());
        trial.that(
                found.verdict() == Linear.Verdict.LINEARIZABLE,
                "an order of the calls that explains every answer",
                stuck.<Object>map(
                                call -> new History.Shown("none for " + call + "\nin run " + runId + ":", shrunk(ops)))
                        .orElse("none"));
    }

    private static Linear.Found<RunOp> search(List<Linear.Op<RunOp>> ops, Duration patience) {
        return Linear.search(new RunModel(ops), ops, System::nanoTime, patience.toNanos());
    }

    /**
     * Fewer calls that no order explains either: none after the point of failure, and none without effect that is not
     * needed for it. Such a call can be left out of every history that some order explains.
     */
    static List<Call> shrunk(List<Linear.Op<RunOp>> ops) {
        List<Linear.Op<RunOp>> left = upToFailure(ops);
        for (Linear.Op<RunOp> op : List.copyOf(left)) {
            if (!op.what().hasEffect()) {
                List<Linear.Op<RunOp>> fewer = new ArrayList<>(left);
                fewer.remove(op);
                left = fails(fewer) ? fewer : left;
            }
        }
        return left.stream().map(op -> op.what().call()).distinct().toList();
    }

    private static List<Linear.Op<RunOp>> upToFailure(List<Linear.Op<RunOp>> ops) {
        List<Long> ends = ops.stream()
                .map(Linear.Op::end)
                .filter(end -> end != Linear.NEVER)
                .sorted()
                .toList();
        int low = 0;
        int high = ends.size() - 1;
        while (low < high) {
            int middle = (low + high) / 2;
            if (fails(until(ops, ends.get(middle)))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return until(ops, ends.get(high));
    }

    /** What was known at a moment: what began before it, and how it ended if it had. */
    private static List<Linear.Op<RunOp>> until(List<Linear.Op<RunOp>> ops, long moment) {
        return ops.stream()
                .filter(op -> op.start() < moment)
                .filter(op -> op.end() <= moment || op.what().hasEffect())
                .map(op -> op.end() <= moment ? op : new Linear.Op<>(op.what().unanswered(), op.start(), Linear.NEVER))
                .toList();
    }

    private static boolean fails(List<Linear.Op<RunOp>> ops) {
        return search(ops, PATIENCE).verdict() == Linear.Verdict.NOT_LINEARIZABLE;
    }

    /** Says what was tried. */
    void done(String what) {
        trial.tried(recorded + " " + what + " with " + calls + " calls, an order found by run", parts);
    }
}
