// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import java.util.Set;

/** Opens stores by URL; found through {@link java.util.ServiceLoader}. */
public interface StoreProvider {
    /** The URL schemes it opens, in lower case, without the colon. */
    Set<String> schemes();

    /**
     * Opens a store.
     *
     * @throws IllegalArgumentException naming what is wrong with the URL and the way out; it never shows a password
     * @throws dev.cairn.error.StorageUnusableException if the storage cannot be used as it is
     */
    StateStore open(StoreUrl url);
}
