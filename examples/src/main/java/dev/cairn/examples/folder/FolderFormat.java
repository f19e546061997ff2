// SPDX-License-Identifier: Apache-2.0
package dev.cairn.examples.folder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.error.CorruptException;
import dev.cairn.spi.*;
import dev.cairn.state.Bytes;
import dev.cairn.state.RunStatus;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.*;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** What stands in a file: one line, the CRC-32C in hex of all behind it and words in URL encoding; then a body as it is. */
final class FolderFormat {
    static final byte[] STRIPPED = file(List.of(EntryKind.STRIPPED.code()), Bytes.empty());

    private final Iterator<String> words;
    private final Bytes body;

    private FolderFormat(byte[] file) {
        int end = new String(file, ISO_8859_1).indexOf('\n');
        String line = new String(file, 0, Math.max(end, 0), ISO_8859_1);
        if (!line.startsWith(crc(file))) {
            throw new IllegalArgumentException("the checksum does not fit");
        }
        words = Arrays.stream(line.split(" ", -1))
                .skip(1)
                .map(word -> URLDecoder.decode(word, UTF_8))
                .iterator();
        body = Bytes.adopt(file).slice(end + 1, file.length);
    }

    private static byte[] file(List<?> words, Bytes body) {
        String line = words.stream()
                .map(word -> URLEncoder.encode(word.toString(), UTF_8))
                .collect(Collectors.joining(" ", "checksum ", "\n"));
        ByteBuffer file = ByteBuffer.allocate(line.length() + body.size());
        file.put(line.getBytes(ISO_8859_1)).put(body.asBuffer());
        return file.put(0, crc(file.array()).getBytes(ISO_8859_1)).array();
    }

    private static String crc(byte[] file) {
        CRC32C crc = new CRC32C();
        crc.update(file, Math.min(9, file.length), Math.max(0, file.length - 9));
        return String.format("%08x ", crc.getValue());
    }

    private static <T> T read(Path path, byte[] file, Function<FolderFormat, T> meaning) {
        try {
            return meaning.apply(new FolderFormat(file));
        } catch (IllegalArgumentException | NoSuchElementException | DateTimeException e) {
            throw new CorruptException(path + " is not as it was written; restore the folder from a backup", e);
        }
    }

    static byte[] of(Entry entry) {
        Lease lease = entry.lease();
        return file(
                List.of(entry.kind().code(), lease.token(), lease.id(), entry.commitId(), entry.checksum()),
                entry.body());
    }

    static Entry entry(Path path, byte[] file, String runId, Incarnation incarnation, long place) {
        return read(path, file, in -> {
            EntryKind kind = EntryKind.ofCode(in.number());
            if (kind == EntryKind.STRIPPED) {
                return Entry.stripped(runId, incarnation, place);
            }
            long token = Long.parseLong(in.words.next());
            Lease lease = new Lease(runId, incarnation, new LeaseId(in.id()), token);
            return Entry.stored(lease, place, kind, new CommitId(in.id()), in.body, in.number());
        });
    }

    static byte[] of(Received received) {
        Message message = received.message();
        return file(List.of(received.order(), message.id(), message.name()), message.payload());
    }

    static Received received(Path path, byte[] file) {
        return read(path, file, in -> {
            long order = Long.parseLong(in.words.next());
            return new Received(new Message(in.words.next(), in.words.next(), in.body), order);
        });
    }

    static byte[] of(Head head) {
        List<Object> words = new ArrayList<>();
        Collections.addAll(words, head.runId(), head.workflow(), head.version(), head.status(), head.incarnation());
        words.add(head.token());
        addAll(words, head.lease().stream().map(lease -> List.of(lease.id(), lease.deadline(), lease.ttl())));
        addAll(words, head.due().stream().map(List::of));
        addAll(words, head.awaits().stream().map(List::of));
        words.add(head.signals());
        addAll(words, head.labels().all().entrySet().stream().map(label -> List.of(label.getKey(), label.getValue())));
        Collections.addAll(words, head.progress(), head.reason());
        addAll(words, head.beside().entrySet().stream().map(other -> List.of(other.getKey(), other.getValue())));
        Collections.addAll(words, head.sourceToken(), head.created(), head.changed());
        return file(words, Bytes.empty());
    }

    static Head head(Path path, byte[] file) {
        return read(
                path,
                file,
                in -> new Head(
                        in.words.next(),
                        in.words.next(),
                        in.number(),
                        RunStatus.valueOf(in.words.next()),
                        new Incarnation(in.id()),
                        Long.parseLong(in.words.next()),
                        in
                                .all(() ->
                                        new LeaseTerm(new LeaseId(in.id()), in.time(), Duration.parse(in.words.next())))
                                .stream()
                                .findFirst(),
                        in.all(in::time).stream().findFirst(),
                        new TreeSet<>(in.all(in.words::next)),
                        Long.parseLong(in.words.next()),
                        Labels.of(map(in.all(() -> Map.entry(in.words.next(), in.words.next())))),
                        in.words.next(),
                        in.words.next(),
                        map(in.all(() -> Map.entry(new Incarnation(in.id()), in.time()))),
                        Long.parseLong(in.words.next()),
                        in.time(),
                        in.time()));
    }

    /** Adds how many there are, and then the words of each. */
    private static void addAll(List<Object> words, Stream<? extends List<?>> items) {
        List<? extends List<?>> all = items.toList();
        words.add(all.size());
        all.forEach(words::addAll);
    }

    private <T> List<T> all(Supplier<T> one) {
        return IntStream.range(0, number()).mapToObj(i -> one.get()).toList();
    }

    private static <K, V> Map<K, V> map(List<Map.Entry<K, V>> entries) {
        return entries.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private int number() {
        return Integer.parseInt(words.next());
    }

    private UUID id() {
        return UUID.fromString(words.next());
    }

    private Instant time() {
        return Instant.parse(words.next());
    }
}
