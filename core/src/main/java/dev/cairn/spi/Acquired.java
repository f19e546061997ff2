// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

/** The answer to an acquire. */
public sealed interface Acquired permits Granted, Refused {}
