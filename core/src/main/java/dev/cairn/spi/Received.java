// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

/**
 * A message in an inbox.
 *
 * @param order the number of signals the run had before it; ties stand in order of their ids, by UTF-8 bytes
 */
public record Received(Message message, long order) {}
