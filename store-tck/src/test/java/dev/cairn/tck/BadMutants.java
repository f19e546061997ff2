// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Appended;
import dev.cairn.spi.Entry;
import java.util.ArrayList;
import java.util.List;

/** Stores that are wrong about bad input and errors. */
final class BadMutants {
    private BadMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>(arguments());
        all.addAll(errors());
        all.addAll(payloads());
        return all;
    }

    private static List<Mutant> arguments() {
        return List.of(
                Mutant.core(
                        "BAD-01",
                        "takes a lease of no time",
                        "spi/Acquire.java",
                        "ttl.compareTo(Duration.ofMillis(1)) >= 0 && ",
                        ""),
                Mutant.core(
                        "BAD-01",
                        "deletes: the limit of a claim",
                        "spi/Claim.java",
                        "limit < 1 || limit > RunQuery.MAX_LIMIT",
                        "limit < 1"),
                Mutant.core(
                        "BAD-01",
                        "reads pages of no bytes",
                        "spi/Read.java",
                        "if (maxBytes < 1) {",
                        "if (maxBytes < -1) {"),
                Mutant.core(
                        "BAD-01",
                        "reads from a place before the first",
                        "spi/Cursor.java",
                        "if (place < 0 || order < -1) {",
                        "if (order < -1) {"),
                Mutant.core(
                        "BAD-01",
                        "deletes: the check of a run id, in a signal",
                        "spi/Facts.java",
                        "            Names.check(\"run id\", runId);\n",
                        ""),
                Mutant.sqlite(
                        "BAD-01",
                        "keeps a time beyond all as the first of all",
                        "SqliteSession.java",
                        "return Millis.ceil(instant);",
                        "return instant.getEpochSecond() > 1L << 50 ? 0 : Millis.ceil(instant);"));
    }

    private static List<Mutant> errors() {
        return List.of(
                Mutant.store("BAD-02", "throws what its driver throws", store -> new Wrong(store) {
                    @Override
                    public List<Appended> append(List<Entry> entries) {
                        List<Appended> answers = super.append(entries);
                        if (answers.get(0) instanceof Appended.Failed failed) {
                            throw new IllegalStateException("driver", failed.cause());
                        }
                        return answers;
                    }
                }),
                Mutant.sqlite(
                        "BAD-02",
                        "goes on after it was closed",
                        "SqliteConnections.java",
                        "        if (closed.get()) {\n            throw new StoreClosedException",
                        "        if (closed.get() && bound.isNegative()) {\n            throw new StoreClosedException"),
                Mutant.core(
                        "BAD-02",
                        "says nothing typed of what is too large",
                        "spi/Facts.java",
                        "throw new PayloadTooLargeException(what + ",
                        "throw new IllegalStateException(what + "),
                Mutant.sqlite(
                        "BAD-03",
                        "deletes: the checksum of an entry",
                        "SqliteJournal.java",
                        "            return Entry.stored(\n",
                        "            if (place >= 0) return Entry.of(lease,"
                                + " place, EntryKind.ofCode(row.getInt(2)), new"
                                + " CommitId(SqliteHeads.uuid(bytes, 16)),"
                                + " Bytes.adopt(bytes).slice(32, bytes.length));\n            return Entry.stored(\n"),
                Mutant.sqlite(
                        "BAD-03",
                        "says of a damaged entry that it is out of reach for now",
                        "SqliteJournal.java",
                        "        } catch (IllegalArgumentException | NullPointerException e) {\n            throw new CorruptException(\n                    \"run \"",
                        "        } catch (CorruptException e) {\n            throw new"
                                + " dev.cairn.error.StoreUnavailableException(\"out of reach\", e);\n"
                                + "        } catch (IllegalArgumentException | NullPointerException e) {\n"
                                + "            throw new CorruptException(\n                    \"run \""));
    }

    private static List<Mutant> payloads() {
        return List.of(
                Mutant.core(
                        "BAD-04",
                        "shows what is too large",
                        "spi/Facts.java",
                        "throw new PayloadTooLargeException(what + \" of \"",
                        "throw new PayloadTooLargeException(bytes.slice(0, 100).asUtf8() + what + \" of \""),
                Mutant.core(
                        "BAD-04",
                        "shows the bytes of a signal or an entry",
                        "state/Bytes.java",
                        "return \"Bytes[\" + size + \"]\";",
                        "return asUtf8();"),
                Mutant.sqlite(
                        "BAD-04",
                        "prints the signals that it gets",
                        "SqliteStateStore.java",
                        "limits.check(runId, message);",
                        "limits.check(runId, message); System.out.println(message.payload().asUtf8());"));
    }
}
