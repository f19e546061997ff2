// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.RunStatus;
import java.util.Optional;

/** Storages whose requests leave one condition of the protocol out. */
final class SplitAblations {
    private SplitAblations() {}

    private static Optional<SplitUpdate> update(SplitRequest request) {
        return request instanceof SplitRequest.Update update ? Optional.of(update.update()) : Optional.empty();
    }

    private static SplitRequest.Outcome made(SplitWorld world, Optional<Head> made) {
        return made.isPresent()
                ? new SplitRequest.Outcome(
                        Optional.of(new SplitStorage.Updated(made.get(), world.now())), world.with(made))
                : new SplitRequest.Outcome(Optional.empty(), world);
    }

    static SplitRequest.Outcome withoutToken(SplitRequest request, SplitWorld world) {
        Head head = world.head().orElse(null);
        if (head == null
                || head.lease().isEmpty()
                || !(update(request).orElse(null) instanceof SplitUpdate.Change change)
                || !head.lease().get().id().equals(change.lease().id())
                || !head.incarnation().equals(change.lease().incarnation())) {
            return request.on(world);
        }
        Lease any = head.standing().orElseThrow();
        return new SplitRequest.Update(new SplitUpdate.Change(any, change.change())).on(world);
    }

    static SplitRequest.Outcome clearing(SplitRequest request, SplitWorld world) {
        SplitRequest.Outcome outcome = request.on(world);
        boolean expires = update(request).orElse(null) instanceof SplitUpdate.Change change
                && change.change().hold() == HeadChange.Hold.EXPIRE
                && !outcome.world().equals(world);
        return expires
                ? made(
                        world,
                        outcome.world()
                                .head()
                                .map(head -> head.edit().lease(Optional.empty()).build()))
                : outcome;
    }

    /** The update, on a head that shows as many signals as the change has seen. */
    private static SplitRequest.Outcome blind(SplitUpdate.Change change, SplitWorld world) {
        long signals = world.head().map(Head::signals).orElse(0L);
        Optional<Head> seen = world.head()
                .map(head -> head.edit().signals(change.change().signalsSeen()).build());
        return made(
                world,
                change.apply(seen, world.now())
                        .map(head -> head.edit().signals(signals).build()));
    }

    static SplitRequest.Outcome withoutSame(SplitRequest request, SplitWorld world) {
        return update(request).orElse(null) instanceof SplitUpdate.Change change
                        && change.change().signals() == HeadChange.Signals.SAME
                ? blind(change, world)
                : request.on(world);
    }

    static SplitRequest.Outcome sleepingThroughSignals(SplitRequest request, SplitWorld world) {
        return update(request).orElse(null) instanceof SplitUpdate.Change change
                        && change.change().signals() == HeadChange.Signals.WAKE_IF_MORE
                ? blind(change, world)
                : request.on(world);
    }

    static SplitRequest.Outcome signallingAnything(SplitRequest request, SplitWorld world) {
        return update(request).orElse(null) instanceof SplitUpdate.Signal signal
                ? made(world, world.head().map(head -> HeadRules.signalled(head, signal.name(), true, world.now())))
                : request.on(world);
    }

    static SplitRequest.Outcome creatingAgain(SplitRequest request, SplitWorld world) {
        if (!(update(request).orElse(null) instanceof SplitUpdate.Create create)) {
            return request.on(world);
        }
        Optional<Head> unnamed = world.head().map(head -> {
            HeadBuilder next = head.edit().incarnation(SplitScripts.incarnation("none"));
            head.beside().keySet().forEach(next::notBeside);
            return next.build();
        });
        return made(world, create.apply(unnamed, world.now()));
    }

    static SplitRequest.Outcome keepingIncarnation(SplitRequest request, SplitWorld world) {
        SplitRequest.Outcome outcome = request.on(world);
        Head before = world.head().orElse(null);
        boolean takesOver = update(request).orElse(null) instanceof SplitUpdate.Create
                && before != null
                && before.status() == RunStatus.ARRIVING
                && !outcome.world().equals(world);
        return takesOver
                ? made(
                        world,
                        outcome.world()
                                .head()
                                .map(head -> head.edit()
                                        .incarnation(before.incarnation())
                                        .notBeside(before.incarnation())
                                        .build()))
                : outcome;
    }

    static SplitRequest.Outcome confirmingAnything(SplitRequest request, SplitWorld world) {
        SplitRequest.Outcome outcome = request.on(world);
        if (!(update(request).orElse(null) instanceof SplitUpdate.Confirm confirm)
                || !outcome.answer().equals(Optional.empty())) {
            return outcome;
        }
        LeaseTerm term = new LeaseTerm(confirm.lease().id(), world.now(), SplitScripts.TTL);
        Head shown = world.head()
                .orElseThrow()
                .edit()
                .incarnation(confirm.lease().incarnation())
                .lease(Optional.of(term))
                .build();
        return new SplitRequest.Outcome(Optional.of(new SplitStorage.Updated(shown, world.now())), world);
    }

    private static SplitWorld unleased(SplitWorld world) {
        return world.with(
                world.head().map(head -> head.edit().lease(Optional.empty()).build()));
    }

    static SplitRequest.Outcome sweepingUnderLeases(SplitRequest request, SplitWorld world) {
        return request instanceof SplitRequest.ReadHead
                ? new SplitRequest.Outcome(request.on(unleased(world)).answer(), world)
                : request.on(world);
    }

    static SplitRequest.Outcome purgingUnderLeases(SplitRequest request, SplitWorld world) {
        return update(request).orElse(null) instanceof SplitUpdate.EraseEnded erase
                ? made(world, HeadRules.erase(erase.erase(), world.head(), world.now()))
                : request.on(world);
    }

    static SplitRequest.Outcome insertingGrantsAnywhere(SplitRequest request, SplitWorld world) {
        if (!(request instanceof SplitRequest.Insert insert)
                || !insert.entry().kind().isGrant()) {
            return request.on(world);
        }
        long end = world.places(insert.entry().lease().incarnation()).size();
        SplitRequest.Outcome outcome = new SplitRequest.Insert(
                        insert.entry().at(Math.max(end, insert.entry().place())))
                .on(world);
        return new SplitRequest.Outcome(true, outcome.world());
    }

    static SplitRequest.Outcome removingInsteadOfStripping(SplitRequest request, SplitWorld world) {
        return request instanceof SplitRequest.Strip strip
                ? new SplitRequest.RemoveEntries(strip.runId(), strip.incarnation()).on(world)
                : request.on(world);
    }

    static SplitRequest.Outcome creatingOverUnstripped(SplitRequest request, SplitWorld world) {
        boolean creates = request instanceof SplitRequest.Strip
                && world.head()
                        .filter(head -> head.status() == RunStatus.ARRIVING)
                        .isPresent();
        return creates ? new SplitRequest.Outcome(true, world) : request.on(world);
    }
}
