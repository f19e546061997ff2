// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.error.SchemaTooNewException;
import dev.cairn.error.UnknownFormatException;
import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import dev.cairn.spi.EntryBody;
import dev.cairn.spi.EntryCodec;
import dev.cairn.spi.EntryKind;
import dev.cairn.spi.HeadChange;
import dev.cairn.spi.Lease;
import dev.cairn.spi.RunQuery;
import dev.cairn.spi.Settle;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** SCHEMA: creation, migration, versions. */
interface SchemaClauses extends KitClauses {
    @Clause(
            id = "SCHEMA-01",
            must = "Setup on empty storage MUST work, setup again MUST change nothing, and foreign objects MUST be"
                    + " untouched",
            why = "a second start loses runs, or what else a team keeps in the same database",
            usualFix = "create if absent, touch nothing that is not Cairn's, and never drop")
    default void schema_01_setupAgainChangesNothing(Trial trial) {
        String storage = Storages.freshName();
        Optional<RawStorage> raw = trial.harness().raw();
        StoreEnv env = trial.env(storage);
        raw.ifPresent(planted -> planted.plantForeign(env));

        Instance first = trial.open("first", storage, trial.options().build());
        Lease lease = first.create("r").lease();
        first.steps(lease, 1, 2);
        first.signal("r", Requests.message("m", "approved"));
        Seen before = first.read("r");
        long objects = raw.map(looked -> looked.objects(env)).orElse(0L);
        Instance second = trial.open("second", storage, trial.options().build());

        trial.equal(
                "after setup again the run is", before.all(), second.read("r").all());
        requireAsBefore(trial, env, objects);
        first.close();
        second.close();
        Instance third = trial.open("third", storage, trial.options().build());
        trial.equal(
                "after closing and setup again the run is",
                before.all(),
                third.read("r").all());
        requireAsBefore(trial, env, objects);
        trial.is(Appended.Written.class, "the next step written", third.step(lease, 3, "three"));
        requireForeign(trial, env);
    }

    private static void requireAsBefore(Trial trial, StoreEnv env, long objects) {
        trial.harness()
                .raw()
                .ifPresent(raw -> trial.equal("the number of stored objects is", objects, raw.objects(env)));
        requireForeign(trial, env);
    }

    private static void requireForeign(Trial trial, StoreEnv env) {
        trial.harness()
                .raw()
                .ifPresent(raw -> trial.that(raw.isForeignIntact(env), "what is not Cairn's untouched", "changed"));
    }

    @Clause(
            id = "SCHEMA-02",
            must = "N instances starting at once on empty storage MUST all succeed",
            why = "the first deployment of several workers fails at random",
            usualFix = "create under a lock or if absent, and take \"exists already\" for success")
    default void schema_02_manyStartAtOnce(Trial trial) {
        for (int round = 0; round < 2; round++) {
            String storage = Storages.freshName();
            List<Callable<Object>> openers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String name = "opener " + i;
                openers.add(() -> opened(trial, name, storage));
            }

            List<Object> opened = trial.atOnce(openers);

            for (int i = 0; i < opened.size(); i++) {
                Instance each = trial.is(Instance.class, "every start to succeed", opened.get(i));
                each.create("run " + i);
            }
            for (Object each : opened) {
                Instance who = (Instance) each;
                trial.equal(
                        "the number of runs that each sees is",
                        opened.size(),
                        who.store().list(RunQuery.all().build()).runs().size());
                who.close();
            }
        }
        SchemaPoints.together(trial);
    }

    /** The instance, or the name of what opening it threw. */
    private static Object opened(Trial trial, String name, String storage) {
        try {
            return trial.open(name, storage, trial.options().build());
        } catch (RuntimeException e) {
            return Thrown.name(e);
        }
    }

    @Clause(
            id = "SCHEMA-05",
            must = "Storage whose minimum reader version is newer MUST be refused (SchemaTooNew) with nothing written;"
                    + " storage that is newer but still readable MUST work, so that a rolling upgrade does not stop old"
                    + " nodes",
            why = "an old worker reads new data wrongly, or a rolling upgrade stops every old worker at once",
            usualFix = "keep two numbers, the schema's version and the least reader, and compare only the second")
    default void schema_05_newerIsRefusedUnlessReadable(Trial trial) {
        String storage = Storages.freshName();
        StoreEnv env = trial.env(storage);
        Instance first = trial.open("first", storage, trial.options().build());
        Lease lease = first.create("r").lease();
        first.steps(lease, 1, 1);
        first.close();
        trial.raw().plantForeign(env);
        trial.raw().markNewer(env);

        Instance old =
                trial.is(Instance.class, "a newer storage that is readable opened", opened(trial, "old", storage));
        trial.equal(
                "a newer storage that is readable shows",
                1,
                old.read("r").texts().size());
        trial.is(Appended.Written.class, "and takes a step", old.step(lease, 2, "two"));
        old.create("other");
        old.close();
        Instance again = trial.open("again", storage, trial.options().build());
        trial.equal("opened again it shows", 2, again.read("r").texts().size());
        again.close();

        trial.raw().markUnreadable(env);
        long objects = trial.raw().objects(env);
        for (int i = 0; i < 2; i++) {
            trial.throwing(
                    SchemaTooNewException.class,
                    "a storage that only a newer reader may read refused",
                    () -> trial.open("refused", storage, trial.options().build()));
            trial.equal("the number of stored objects is", objects, trial.raw().objects(env));
            trial.that(trial.raw().isForeignIntact(env), "what is not Cairn's untouched", "changed");
        }
        VerifyPoints.refused(trial, storage);
    }

    @Clause(
            id = "SCHEMA-06",
            must =
                    "A record with an unknown format/codec version MUST raise a typed error for that record, never a default"
                            + " or partial value",
            why = "an old worker takes half of a new record for all of it, and goes on from there",
            usualFix = "keep bodies as bytes and hand them over whole; the codec refuses what it does not know")
    default void schema_06_unknownFormatIsTyped(Trial trial) {
        List<String> unknown = List.of(
                "{\"cairn\":2,\"type\":\"steps\",\"steps\":[]}",
                "{\"cairn\":2000000000,\"type\":\"forget\",\"keys\":[]}",
                "{\"cairn\":0,\"type\":\"steps\",\"steps\":[]}",
                "{\"type\":\"steps\",\"steps\":[]}",
                "{\"cairn\":1,\"type\":\"later\",\"steps\":[]}",
                "{\"cairn\":1,\"steps\":[]}");
        Instance a = trial.open("A");
        Lease lease = a.create("r").lease();
        for (int i = 0; i < unknown.size(); i++) {
            Entry entry = Requests.entry(lease, i + 1L, EntryKind.PLAIN, Bytes.utf8(unknown.get(i)));
            trial.is(Appended.Written.class, "a body that is opaque to the store written", a.append(entry));
        }
        Entry end = Requests.entry(
                lease,
                unknown.size() + 1L,
                EntryKind.END,
                Bytes.utf8("{\"cairn\":2,\"type\":\"end\",\"status\":\"COMPLETED\"}"));
        Instance.done(a.store()
                .settle(Settle.of(end, HeadChange.ended(RunStatus.COMPLETED).build())));

        for (Instance who : trial.sameOtherReopened(a)) {
            Seen seen = who.read("r");
            trial.equal(
                    "the number of entries is",
                    unknown.size() + 1,
                    seen.counting().size());
            for (int i = 0; i < unknown.size(); i++) {
                Entry entry = seen.counting().get(i);
                trial.that(entry.body().asUtf8().equals(unknown.get(i)), "the body as it was written", entry);
                trial.throwing(
                        UnknownFormatException.class, "an unknown format refused", () -> EntryCodec.decode(entry));
            }
            Entry ended = seen.counting().get(unknown.size());
            trial.throwing(UnknownFormatException.class, "an unknown end refused", () -> EntryCodec.endStatus(ended));
            trial.is(
                    EntryBody.Grant.class,
                    "the record beside them readable",
                    EntryCodec.decode(seen.entries().get(0)));
        }
    }
}
