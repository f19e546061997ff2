// SPDX-License-Identifier: Apache-2.0
package dev.cairn.spi;

import dev.cairn.state.Names;
import java.util.Set;

/**
 * A workflow, and which versions of its runs may be taken.
 *
 * @param version the one that takes them, at least 1; the head keeps it
 * @param accepted those it resumes, itself included
 */
public record WorkflowVersions(String workflow, int version, Set<Integer> accepted) {
    /** Checks the name and copies the versions. */
    public WorkflowVersions {
        Names.check("workflow name", workflow);
        accepted = Set.copyOf(accepted);
        if (version < 1 || !accepted.contains(version)) {
            throw new IllegalArgumentException(
                    "version " + version + " must be at least 1 and among those accepted, " + accepted);
        }
    }
}
