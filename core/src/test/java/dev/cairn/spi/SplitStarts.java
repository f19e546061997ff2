// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.RunStatus;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The states in which the parties of an exploration find a run. */
final class SplitStarts {
    static final Incarnation FIRST = SplitScripts.incarnation("first");

    private SplitStarts() {}

    static SplitKnown absent() {
        return new SplitKnown(SplitWorld.empty(SplitScripts.START), Set.of());
    }

    private static SplitKnown created(Consumer<SplitHolder> work) {
        SplitWorld[] world = {SplitWorld.empty(SplitScripts.START)};
        Set<SplitFact> facts = new HashSet<>();
        SplitProtocol store = new SplitProtocol(
                new SplitRequests(request -> {
                    SplitRequest.Outcome outcome = request.on(world[0]);
                    world[0] = outcome.world();
                    return outcome.answer();
                }),
                StoreOptions.defaults());
        Acquire.Target target = new Acquire.Create(SplitScripts.newRun("first", RunStatus.READY));
        Granted granted = (Granted) store.acquire(SplitScripts.acquire("first", target));
        work.accept(new SplitHolder(store, facts::add, "first", granted));
        facts.removeIf(fact -> fact instanceof SplitFact.Granted);
        return new SplitKnown(world[0], facts);
    }

    static SplitKnown ready() {
        return created(SplitStarts::release);
    }

    private static void release(SplitHolder holder) {
        holder.head(HeadChange.ready(Due.now()).build());
    }

    static SplitKnown readyWithStep() {
        return created(holder -> {
            holder.step("first step");
            release(holder);
        });
    }

    static SplitKnown waiting() {
        return created(holder -> holder.suspend(Optional.empty(), SplitScripts.SIGNAL));
    }

    static SplitKnown sleeping() {
        return created(holder -> holder.suspend(Optional.of(SplitScripts.DUE)));
    }

    static SplitKnown failed() {
        return created(holder -> holder.end(RunStatus.FAILED));
    }

    static SplitKnown completed() {
        return created(holder -> holder.end(RunStatus.COMPLETED));
    }

    /** Its holder wrote a step and died. */
    static SplitKnown abandoned() {
        SplitKnown held = created(holder -> holder.step("first step"));
        return new SplitKnown(SplitExplorer.expired(held.world()).orElseThrow(), held.facts());
    }

    /** Its creator died behind the first request. */
    static SplitKnown arriving() {
        Acquire.Create create = new Acquire.Create(SplitScripts.newRun("first", RunStatus.READY));
        SplitUpdate update = new SplitUpdate.Create(SplitScripts.acquire("first", create), create.run());
        return new SplitKnown(
                new SplitRequest.Update(update).on(absent().world()).world(), Set.of());
    }

    static Revision revision(SplitKnown start) {
        return SplitKnown.fold(start.world(), SplitScripts.RUN, FIRST).fold().revision();
    }
}
