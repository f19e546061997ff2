// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

/** A process whose requests go over a wire. */
record Wired(Instance who, Wire wire) {}
