// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Entry;
import dev.cairn.spi.Message;
import dev.cairn.spi.Received;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** What a process was told of one run, by one thread: what has to be there, and the one thing that may be. */
final class Witness {
    private final String runId;
    private final List<Entry> acknowledged = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private Optional<Entry> asked = Optional.empty();
    private Optional<RunStatus> status = Optional.empty();
    private boolean isOpen = true;

    Witness(String runId) {
        this.runId = runId;
    }

    String runId() {
        return runId;
    }

    List<Entry> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** Whether nobody asked to settle it. */
    boolean isOpen() {
        return isOpen;
    }

    /** From now on it may have been settled. */
    void asksToSettle() {
        isOpen = false;
    }

    /** From now on this entry may be there. */
    void asks(Entry entry) {
        asked = Optional.of(entry);
    }

    /** What it asked for last has to be there. */
    void isWritten() {
        acknowledged.add(asked.orElseThrow());
        asked = Optional.empty();
    }

    void isSignalled(Message message) {
        messages.add(message);
    }

    /** From now on the head has to show this. */
    void isSettled(RunStatus as) {
        status = Optional.of(as);
    }

    /** Fails unless a reader sees all that was acknowledged, whole, and nothing that was not asked for. */
    void check(Trial trial, Instance reader) {
        String run = "acknowledged of run " + runId + ": ";
        Optional<Seen> found = Checks.answered(trial, run + "a run that can be read", () -> reader.find(runId));
        trial.that(found.isPresent(), run + "the run", "no run");
        Seen seen = found.orElseThrow();
        List<Entry> and = new ArrayList<>(acknowledged);
        asked.ifPresent(and::add);
        boolean isThere =
                seen.counting().equals(acknowledged) || seen.counting().equals(and);
        trial.that(
                isThere,
                run + "its " + acknowledged.size() + " entries, and at most the one that was under way",
                seen.counting().size() + " entries"
                        + (seen.counting().containsAll(acknowledged) ? "" : ", not all of those among them"));
        trial.equal(
                run + "the places are",
                LongStream.range(0, seen.length()).boxed().toList(),
                seen.entries().stream().map(Entry::place).toList());
        trial.that(
                seen.messages().stream().map(Received::message).toList().containsAll(messages),
                run + "its " + messages.size() + " messages",
                seen.messages().size() + " messages");
        status.ifPresent(settled ->
                trial.equal(run + "the status is", settled, seen.head().status()));
    }
}
