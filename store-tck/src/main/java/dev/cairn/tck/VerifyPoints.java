// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.error.SchemaTooNewException;
import dev.cairn.error.StorageUnusableException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.StoreOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/** What is sent by an open that may not write: one that refuses a storage, or only looks whether it is complete. */
final class VerifyPoints {
    /** In words that every SQL database shares; a storage that is asked otherwise shows only what became of it. */
    private static final String DDL = "(create|alter|drop)\\s+(or replace\\s+)?(unique\\s+)?"
            + "(table|index|view|schema|sequence|function|trigger|type|keyspace)\\b";

    private static final Pattern SCHEMA = Pattern.compile("\\b" + DDL, Pattern.CASE_INSENSITIVE);
    private static final Pattern WRITES = Pattern.compile(
            "\\b(" + DDL + "|insert\\s+(or\\s+\\w+\\s+)?into|update\\s+[\\w.\"]+\\s+set|delete\\s+from)\\b",
            Pattern.CASE_INSENSITIVE);

    /** A server takes so many connections more. */
    private static final int AT_ONCE = 8;

    private VerifyPoints() {}

    /** An open that is refused, over a route of its own. */
    @FunctionalInterface
    private interface Opening {
        Instance over(Route route);
    }

    /** Opens at whose requests something happens: as none of them writes, all at the same time. */
    private static void explore(Trial trial, String what, Pattern silent, Opening opening, Class<?> refused) {
        int requests = isRefused(trial, what, silent, opening, 0, Fault.NONE, refused);
        trial.that(requests > 0, what + ": a request that it sends", "none");
        List<Callable<Integer>> cuts = new ArrayList<>();
        for (Fault fault : List.of(Fault.CUT_BEFORE, Fault.CUT_AFTER)) {
            for (int i = 1; i <= requests; i++) {
                int request = i;
                cuts.add(() -> isRefused(trial, what, silent, opening, request, fault, CairnException.class));
            }
        }
        for (int from = 0; from < cuts.size(); from += AT_ONCE) {
            trial.atOnce(cuts.subList(from, Math.min(from + AT_ONCE, cuts.size())));
        }
        trial.tried(what + " cut at " + cuts.size() + " requests", cuts.size());
    }

    private static int isRefused(
            Trial trial, String what, Pattern silent, Opening opening, int request, Fault fault, Class<?> refused) {
        String when = what + (request > 0 ? ", " + fault + " at request " + request : "") + ": ";
        Route route = trial.route();
        route.wire().listen(silent);
        route.wire().arm(request, fault);
        Told told = Told.of(() -> opening.over(route));
        int requests = route.wire().disarm();
        trial.that(told.is(refused), when + refused.getSimpleName(), told);
        trial.equal(
                when + "what it sent that it may not send is",
                List.of(),
                route.wire().heard());
        return requests;
    }

    /** A storage that only a newer reader may read, and an open that is cut at every request (SCHEMA-05). */
    static void refused(Trial trial, String storage) {
        if (!trial.hasWire()) {
            return;
        }
        StoreOptions options = trial.options().build();
        long before = trial.raw().objects(trial.env(storage));
        Opening opening = route -> trial.open("refused", storage, options, route);
        explore(trial, "an open that is refused", WRITES, opening, SchemaTooNewException.class);
        trial.equal(
                "after all of them the number of stored objects is",
                before,
                trial.raw().objects(trial.env(storage)));
        trial.throwing(
                SchemaTooNewException.class,
                "after all of them the storage refused as before",
                () -> trial.open("refused", storage, options));
    }

    /** Verify-only: a complete storage is opened, an empty one refused, and nothing is made (SCHEMA-07). */
    static void verifyOnly(Trial trial) {
        complete(trial);
        String empty = Storages.freshName();
        StoreOptions options = trial.options().build();
        Opening opening = route -> trial.openVerifying("verifying", empty, options, route);
        String what = "a verify-only open of an empty storage";
        explore(trial, what, SCHEMA, opening, StorageUnusableException.class);
        StorageUnusableException refused = trial.throwing(
                StorageUnusableException.class,
                what + " refused after all of them, as before",
                () -> opening.over(trial.route()));
        String message = String.valueOf(refused.getMessage());
        for (String object : trial.harness().created()) {
            trial.that(message.contains(object), "a message that names " + object, message);
        }
        Instance applied = trial.open("applied", empty, options);
        trial.is(Appended.Written.class, "after an open that may create it, a step written", step(trial, applied));
    }

    private static void complete(Trial trial) {
        String storage = Storages.freshName();
        trial.open("first", storage, trial.options().build()).close();
        Route route = trial.route();
        route.wire().listen(SCHEMA);
        StoreOptions options = trial.options().build();
        Told told = Told.of(() -> trial.openVerifying("verifying", storage, options, route));
        Instance verifying = trial.is(Instance.class, "a complete storage opened verify-only", told.how());
        trial.is(
                Appended.Written.class,
                "a step written by a store that was opened verify-only",
                step(trial, verifying));
        trial.equal(
                "the DDL sent by a verify-only open of a complete storage is",
                List.of(),
                route.wire().heard());
    }

    private static Appended step(Trial trial, Instance who) {
        return who.step(who.create(trial.freshRun("verified")).lease(), 1, "one");
    }
}
