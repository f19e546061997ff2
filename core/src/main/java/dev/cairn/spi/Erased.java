// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

/** The answer to one erase. */
public enum Erased {
    /** It is gone, now or before. */
    ERASED,
    /** It is not as expected any more, or too young; nothing of it was removed. */
    KEPT
}
