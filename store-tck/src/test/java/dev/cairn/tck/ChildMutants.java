// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import java.util.List;

/** Stores that are wrong only where there is more than one process, or one under other settings. */
final class ChildMutants {
    private ChildMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.child("CRASH-04", "acknowledges before it commits", ChildWrong.BUFFERED),
                Mutant.child("CRASH-04", "a commit is visible to others a while later", ChildWrong.LATE_FOR_OTHERS),
                Mutant.child("CRASH-06", "a lock file stays when its process is killed", ChildWrong.LOCK_FILE),
                Mutant.child("LEASE-03", "counts tokens in its process", ChildWrong.TOKENS_OF_THE_PROCESS),
                Mutant.child("LEASE-12", "a lease ends with its process", ChildWrong.FREED_WITH_ITS_PROCESS),
                Mutant.child("LEASE-12", "a lease of the dead never ends", ChildWrong.KEPT_FOR_THE_DEAD),
                Mutant.child("CLAIM-01", "keeps steps in its process until it gives back", ChildWrong.BUFFERED),
                Mutant.child("RT-07", "stores text in the host's charset", ChildWrong.CHARSET_OF_THE_HOST),
                Mutant.child("LEASE-11", "computes deadlines by the client's clock", ChildWrong.DEADLINE_OF_THE_CLIENT),
                Mutant.child(
                        "LEASE-11", "compares deadlines with the client's clock", ChildWrong.EXPIRED_FOR_THE_CLIENT),
                Mutant.child("RET-02", "computes ages by the client's clock", ChildWrong.AGE_BY_THE_CLIENT),
                Mutant.child("CACHE-03", "computes expiries by the client's clock", ChildWrong.TTL_OF_THE_CLIENT));
    }
}
