// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Acquire;
import dev.cairn.spi.Acquired;
import dev.cairn.spi.Condition;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.Granted;
import dev.cairn.spi.Head;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.Message;
import dev.cairn.spi.Received;
import dev.cairn.spi.Settle;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A run in one of two stores, between which it is moved. */
final class MovedRun {
    private final Instance source;
    private final Instance target;
    private final String runId;

    /** What it is like before. */
    enum Like {
        READY,
        SIGNALLED,
        SLEEPING,
        FAILED
    }

    MovedRun(Instance source, Instance target, String runId) {
        this.source = source;
        this.target = target;
        this.runId = runId;
    }

    /** Makes it in the source, with two steps; what it is. */
    Seen made(Like like) {
        Lease lease = source.create(runId).lease();
        source.steps(lease, 1, 2);
        if (like == Like.SIGNALLED || like == Like.SLEEPING) {
            source.signal(runId, Requests.message("first", "x"));
            source.signal(runId, Requests.message("second", "x"));
        }
        if (like == Like.FAILED) {
            Instance.done(source.end(lease, 3, RunStatus.FAILED));
        } else if (like == Like.SLEEPING) {
            Instance.done(source.suspend(lease, 3, Optional.empty(), 1, "x"));
        } else {
            source.free(lease);
        }
        return source.read(runId);
    }

    /** Where somebody who asks for it, open as it is, would get it; it is given back. */
    List<String> claimable() {
        List<String> where = new ArrayList<>();
        for (Instance one : List.of(source, target)) {
            Acquired answer = one.acquire(runId, Condition.open().build());
            if (answer instanceof Granted granted) {
                where.add(one.toString());
                one.store().settle(Settle.of(granted.lease(), HeadChange.freed().build()));
            }
        }
        return where;
    }

    /** Lets the leases of whoever died have run out, in both stores. */
    void letLeasesRunOut() {
        for (Instance one : List.of(source, target)) {
            one.find(runId).flatMap(seen -> seen.head().standing()).ifPresent(one::expire);
        }
    }

    /** Whether all of it is in one of the two. */
    boolean isWhole(Seen before) {
        return List.of(source, target).stream()
                .anyMatch(one -> one.find(runId)
                        .filter(seen -> seen.texts().containsAll(steps(before)))
                        .isPresent());
    }

    private static List<String> steps(Seen seen) {
        return seen.counting().stream()
                .filter(entry -> entry.kind() == EntryKind.PLAIN)
                .map(entry -> entry.body().asUtf8())
                .toList();
    }

    /** How a create of its id in the target is answered; empty where nothing of it is there yet. */
    Optional<Acquired> createdInTarget() {
        return target.find(runId)
                .map(there -> target.store().acquire(Requests.acquire(runId, new Acquire.Create(Requests.newRun()))));
    }

    /** A process that moves it. */
    CoreMove mover() {
        return new CoreMove(source, target, runId);
    }

    boolean isInSource() {
        return source.find(runId).isPresent();
    }

    Seen inTarget() {
        return target.read(runId);
    }

    /** What of a run does not depend on its store. */
    static List<Object> content(Seen seen) {
        Head head = seen.head();
        List<Object> bodies = new ArrayList<>();
        List<Message> messages = new ArrayList<>();
        for (Entry entry : seen.counting()) {
            if (isCarried(entry)) {
                ((EntryBody.Carried) EntryCodec.decode(entry))
                        .messages()
                        .forEach(received -> messages.add(received.message()));
            } else {
                bodies.add(entry.kind());
                bodies.add(entry.kind() == EntryKind.SUSPENSION ? unseen(EntryCodec.suspension(entry)) : entry.body());
            }
        }
        seen.messages().stream().map(Received::message).forEach(messages::add);
        return List.of(
                head.workflow(),
                head.version(),
                head.status(),
                head.labels(),
                head.progress(),
                head.awaits(),
                origin(seen),
                bodies,
                messages);
    }

    /** The scope of its idempotency keys, and its input. */
    static List<Object> origin(Seen seen) {
        EntryBody.Grant first =
                (EntryBody.Grant) EntryCodec.decode(seen.entries().get(0));
        EntryBody.Origin origin = first.origin().orElseThrow();
        return List.of(origin.scope(), origin.input());
    }

    private static boolean isCarried(Entry entry) {
        return entry.kind() == EntryKind.PLAIN
                && entry.body().asUtf8().startsWith("{\"cairn\":1,\"type\":\"messages\"");
    }

    /** The number of signals seen belongs to the inbox of one store. */
    private static EntryBody unseen(EntryBody.Suspension body) {
        return EntryBody.Suspension.of(body.awaits(), body.due(), 0);
    }
}
