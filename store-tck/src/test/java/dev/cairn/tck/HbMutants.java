// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Renewal;
import dev.cairn.spi.Renewed;
import java.util.List;

/** Stores that are wrong about heartbeats. */
final class HbMutants {
    private HbMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.core(
                        "HB-01",
                        "a renewal counts from the deadline that stands",
                        "spi/HeadRules.java",
                        "new LeaseTerm(renewal.lease().id(), now.plus(renewal.ttl()), renewal.ttl())",
                        "new LeaseTerm(renewal.lease().id(), head.lease().orElseThrow().deadline().plus(renewal.ttl()),"
                                + " renewal.ttl())"),
                Mutant.core(
                        "HB-02",
                        "a renewal does not look whose lease stands",
                        "spi/HeadRules.java",
                        "found.filter(head -> head.isHeldBy(renewal.lease()))",
                        "found.filter(head -> head.lease().isPresent())"),
                Mutant.sqlite("HB-02", "deletes: whose lease a renewal extends", "SqliteRuns.java", """
                        HeadRules.renew(renewal, heads.find(session, renewal.lease().runId()), now);""", """
                        heads.find(session, renewal.lease().runId()).map(head -> head.edit().lease(head.lease().map(term ->
                            new dev.cairn.spi.LeaseTerm(term.id(), now.plus(renewal.ttl()), renewal.ttl()))).build());"""),
                Mutant.core(
                        "HB-03",
                        "a heartbeat is a change of the run",
                        "spi/HeadRules.java",
                        ".progress(renewal.progress())",
                        ".progress(renewal.progress()).changed(now)"),
                Mutant.store("HB-04", "a renewal that is repeated is lost", store -> new Wrong(store) {
                    private long calls;

                    @Override
                    public List<Renewed> renew(List<Renewal> leases) {
                        List<Renewed> answers = super.renew(leases);
                        return ++calls == 1 ? answers : List.of(new Renewed.Lost());
                    }
                }));
    }
}
