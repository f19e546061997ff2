// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.CairnException;
import dev.cairn.error.SchemaTooNewException;
import dev.cairn.error.StorageUnusableException;
import dev.cairn.spi.Appended;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What is sent by an open that may not write: one that refuses a storage, or only looks whether it is complete. */
final class VerifyPoints {
    private static final int MOST = 300;

    /** In words that every SQL database shares; a storage that is asked otherwise shows only what became of it. */
    private static final String DDL = "(create|alter|drop)\\s+(or replace\\s+)?(unique\\s+)?"
            + "(table|index|view|schema|sequence|function|trigger|type|keyspace)\\b";

    private static final Pattern SCHEMA = Pattern.compile("\\b" + DDL, Pattern.CASE_INSENSITIVE);
    private static final Pattern WRITES = Pattern.compile(
            "\\b(" + DDL + "|insert\\s+(or\\s+\\w+\\s+)?into|update\\s+[\\w.\"]+\\s+set|delete\\s+from)\\b",
            Pattern.CASE_INSENSITIVE);

    private VerifyPoints() {}

    /** A storage that only a newer reader may read, and an open that is cut at every request (SCHEMA-05). */
    static void refused(Trial trial, String storage) {
        if (!trial.hasWire()) {
            return;
        }
        StoreEnv env = trial.env(storage);
        Supplier<Long> objects = () -> trial.raw().objects(env);
        long before = objects.get();
        int points = 0;
        for (Fault fault : List.of(Fault.CUT_BEFORE, Fault.CUT_AFTER)) {
            int request = 0;
            boolean met = true;
            while (met && request < MOST) {
                request++;
                String when = "an open that is refused, " + fault + " at request " + request + ": ";
                Route route = trial.route();
                route.wire().listen(WRITES);
                route.wire().arm(request, fault);
                Told told = Told.of(() -> trial.open("refused", storage, trial.options().build(), route));
                met = route.wire().disarm() >= request;
                boolean typed = met ? told.is(CairnException.class) : told.is(SchemaTooNewException.class);
                trial.that(typed, when + (met ? "a typed error" : "SchemaTooNewException"), told);
                trial.equal(when + "what it sent that writes is", List.of(), route.wire().heard());
                trial.equal(when + "the number of stored objects is", before, objects.get());
            }
            points += request - 1;
        }
        trial.throwing(
                SchemaTooNewException.class,
                "after all of them the storage refused as before",
                () -> trial.open("refused", storage, trial.options().build()));
        trial.tried("an open that is refused cut at " + points + " requests", points);
    }

    /** Verify-only: a complete storage is opened, an empty one refused, and nothing is made (SCHEMA-07). */
    static void verifyOnly(Trial trial) {
        complete(trial);
        String empty = Storages.freshName();
        int points = 0;
        for (Fault fault : List.of(Fault.CUT_BEFORE, Fault.CUT_AFTER)) {
            int request = 1;
            while (request < MOST && isRefused(trial, empty, fault, request)) {
                request++;
            }
            points += request - 1;
        }
        Instance applied = trial.open("applied", empty, trial.options().build());
        trial.is(Appended.Written.class, "after an open that may create it, a step written", step(trial, applied));
        trial.tried("a verify-only open cut at " + points + " requests", points);
    }

    private static void complete(Trial trial) {
        String storage = Storages.freshName();
        trial.open("first", storage, trial.options().build()).close();
        Route route = trial.route();
        route.wire().listen(SCHEMA);
        Told told = Told.of(
                () -> trial.openVerifying("verifying", storage, trial.options().build(), route));
        Instance verifying = trial.is(Instance.class, "a complete storage opened verify-only", told.how());
        trial.is(Appended.Written.class, "a step written by a store that was opened verify-only", step(trial, verifying));
        trial.equal("the DDL sent by a verify-only open of a complete storage is", List.of(), route.wire().heard());
    }

    private static Appended step(Trial trial, Instance who) {
        return who.step(who.create(trial.freshRun("verified")).lease(), 1, "one");
    }

    private static boolean isRefused(Trial trial, String storage, Fault fault, int request) {
        String when = "a verify-only open of an empty storage, " + fault + " at request " + request + ": ";
        Route route = trial.route();
        route.wire().listen(SCHEMA);
        route.wire().arm(request, fault);
        Told told = Told.of(() -> trial.openVerifying("verifying", storage, trial.options().build(), route));
        boolean met = route.wire().disarm() >= request;
        trial.that(told.is(CairnException.class), when + "a typed error", told);
        trial.equal(when + "the DDL sent is", List.of(), route.wire().heard());
        if (!met) {
            StorageUnusableException refused =
                    trial.is(StorageUnusableException.class, when + "StorageUnusableException", told.how());
            String message = String.valueOf(refused.getMessage());
            for (String object : trial.harness().created()) {
                trial.that(message.contains(object), when + "a message that names " + object, message);
            }
        }
        return met;
    }
}
