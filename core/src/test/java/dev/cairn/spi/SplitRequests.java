// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A split storage that makes each request a value and hands it to whoever decides what becomes of it. */
final class SplitRequests implements SplitStorage {
    private final Function<SplitRequest, Object> send;

    SplitRequests(Function<SplitRequest, Object> send) {
        this.send = send;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the type of an answer is that of its request
    private <T> T answer(SplitRequest request) {
        return (T) send.apply(request);
    }

    @Override
    public Seen readHead(String runId) {
        return answer(new SplitRequest.ReadHead(runId));
    }

    @Override
    public Optional<Updated> updateHead(SplitUpdate update) {
        return answer(new SplitRequest.Update(update));
    }

    @Override
    public boolean removeHead(Erase.Fences listed, List<Incarnation> named) {
        return this.<Boolean>answer(new SplitRequest.RemoveHead(listed, named));
    }

    @Override
    public boolean insert(Entry entry) {
        return this.<Boolean>answer(new SplitRequest.Insert(entry));
    }

    @Override
    public Entries readEntries(String runId, Incarnation incarnation, long from, int maxBytes) {
        return answer(new SplitRequest.ReadEntries(runId, incarnation, from, maxBytes));
    }

    @Override
    public void strip(String runId, Incarnation incarnation) {
        answer(new SplitRequest.Strip(runId, incarnation));
    }

    @Override
    public void removeEntries(String runId, Incarnation incarnation) {
        answer(new SplitRequest.RemoveEntries(runId, incarnation));
    }

    @Override
    public void putMessage(String runId, Incarnation incarnation, Received received) {
        answer(new SplitRequest.PutMessage(runId, incarnation, received));
    }

    @Override
    public Messages readMessages(String runId, Cursor.After after, int maxBytes) {
        return answer(new SplitRequest.ReadMessages(runId, after, maxBytes));
    }

    @Override
    public void removeMessages(String runId, Incarnation incarnation) {
        answer(new SplitRequest.RemoveMessages(runId, incarnation));
    }
}
