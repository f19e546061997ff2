// SPDX-License-Identifier: Apache-2.0
package dev.cairn;

/**
 * What a purge did.
 *
 * @param count how many runs it removed
 * @param more whether runs that are old enough remain
 */
public record Purged(int count, boolean more) {}
