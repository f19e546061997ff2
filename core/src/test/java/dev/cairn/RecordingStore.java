// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

import dev.cairn.spi.StateStore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A store that tells which requests it is sent. */
final class RecordingStore extends SeenStore {
    private final Consumer<String> told;

    RecordingStore(StateStore store, Consumer<String> told) {
        super(store);
        this.told = told;
    }

    @Override
    <T> T send(String name, Supplier<T> request) {
        told.accept(name);
        return super.send(name, request);
    }
}
