// SPDX-License-Identifier: Apache-2.0
package dev.cairn.tck;

import dev.cairn.spi.Ability;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the kit is given of a store. Only {@link #opens} is required; what else is missing and a clause needs makes that
 * clause inconclusive, which fails the build, with the name of the method that would give it. Not thread-safe.
 */
public final class StoreHarness {
    private final String name;
    private @Nullable StoreOpener opener;
    private @Nullable StoreOpener insideTransaction;
    private @Nullable StoreOpener verifyOnly;
    private List<String> created = List.of();
    private boolean sendsDdl = true;
    private boolean takesConnections = true;
    private @Nullable Supplier<? extends StoreServer> server;
    private @Nullable Class<? extends ChildStore> child;
    private Map<String, String> childSettings = Map.of();
    private @Nullable StoreLocks locks;
    private @Nullable RawStorage raw;
    private @Nullable Supplier<? extends StoreStandby> standby;
    private @Nullable StoreClock clock;
    private @Nullable Splitting splitting;
    private Predicate<byte[]> housekeeping = bytes -> false;
    private Set<Ability> abilities = Set.of();

    private StoreHarness(String name) {
        this.name = name;
    }

    /**
     * Names the store, for reports and for the folder of its certificate.
     *
     * @param name 1 to 64 letters, digits, dots, dashes and underscores
     */
    public static StoreHarness named(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException(
                    "a store's name in the kit is 1 to 64 letters, digits, dots, dashes and underscores, was \"" + name
                            + "\"");
        }
        return new StoreHarness(name);
    }

    /** How the store is opened: n opens stand for n processes. */
    public StoreHarness opens(StoreOpener value) {
        opener = value;
        return this;
    }

    /** How the store is opened so that the connections handed to it are inside a transaction, which it must refuse. */
    public StoreHarness insideTransaction(StoreOpener value) {
        insideTransaction = value;
        return this;
    }

    /** Says that nobody can hand a connection to the store: it opens all of them itself, or has none. */
    public StoreHarness takesNoConnections() {
        takesConnections = false;
        return this;
    }

    /**
     * How the store is opened so that it creates nothing and only looks whether all is there.
     *
     * @param objects what it creates otherwise, by name: of an empty storage the error has to name each
     */
    public StoreHarness verifyOnly(StoreOpener value, String... objects) {
        verifyOnly = value;
        created = List.of(objects);
        return this;
    }

    /** Says that the store creates no tables or the like, so that there is nothing to verify. */
    public StoreHarness sendsNoDdl() {
        sendsDdl = false;
        return this;
    }

    /** Starts a server of the kit's own, which is going to be killed and started again; called once at most. */
    public StoreHarness server(Supplier<? extends StoreServer> value) {
        server = value;
        return this;
    }

    /** How a child process opens the same storage, where the environment alone tells it. */
    public StoreHarness opensInChild(Class<? extends ChildStore> value) {
        return opensInChild(value, Map.of());
    }

    /**
     * How a child process opens the same storage.
     *
     * @param settings what it has to know beside its environment; it is told over a pipe, so that a password may be among
     *     them
     */
    public StoreHarness opensInChild(Class<? extends ChildStore> value, Map<String, String> settings) {
        child = value;
        childSettings = Map.copyOf(settings);
        return this;
    }

    /** How the database's own locks are held. */
    public StoreHarness locks(StoreLocks value) {
        locks = value;
        return this;
    }

    /** How to look at what is stored, and to damage it. */
    public StoreHarness raw(RawStorage value) {
        raw = value;
        return this;
    }

    /**
     * Tells, by the first bytes that a client sends after bytes of the server, what is no request of the store's: log-ins,
     * pings of a pool or a driver. Default: nothing is.
     */
    public StoreHarness housekeeping(Predicate<byte[]> value) {
        housekeeping = value;
        return this;
    }

    /** Starts a server and a second one that follows it; called for each clause that needs them. */
    public StoreHarness standby(Supplier<? extends StoreStandby> value) {
        standby = value;
        return this;
    }

    /** The clock of a store in memory; with it the kit moves time instead of waiting. */
    public StoreHarness clock(StoreClock value) {
        clock = value;
        return this;
    }

    /** Which optional abilities it has. A declared one must work, one that is not must be refused. */
    public StoreHarness declares(Ability... values) {
        abilities = values.length == 0 ? Set.of() : EnumSet.of(values[0], values);
        return this;
    }

    StoreHarness splits(Splitting value) {
        splitting = value;
        return this;
    }

    String name() {
        return name;
    }

    StoreOpener opener() {
        if (opener == null) {
            throw new IllegalStateException(
                    "the harness of " + name + " does not say how the store is opened; add opens(env -> …)");
        }
        return opener;
    }

    Optional<StoreOpener> insideTransaction() {
        return Optional.ofNullable(insideTransaction);
    }

    Optional<StoreOpener> verifyOnly() {
        return Optional.ofNullable(verifyOnly);
    }

    /** What is created on an empty storage, by name. */
    List<String> created() {
        return created;
    }

    boolean sendsDdl() {
        return sendsDdl;
    }

    boolean takesConnections() {
        return takesConnections;
    }

    Optional<Class<? extends ChildStore>> child() {
        return Optional.ofNullable(child);
    }

    Map<String, String> childSettings() {
        return childSettings;
    }

    Optional<RawStorage> raw() {
        return Optional.ofNullable(raw);
    }

    Optional<StoreLocks> locks() {
        return Optional.ofNullable(locks);
    }

    Optional<StoreClock> clock() {
        return Optional.ofNullable(clock);
    }

    Optional<Splitting> splitting() {
        return Optional.ofNullable(splitting);
    }

    Optional<Supplier<? extends StoreServer>> server() {
        return Optional.ofNullable(server);
    }

    Optional<Supplier<? extends StoreStandby>> standby() {
        return Optional.ofNullable(standby);
    }

    Predicate<byte[]> housekeeping() {
        return housekeeping;
    }

    Set<Ability> abilities() {
        return abilities;
    }

    /** Whether the harness gives it. */
    boolean gives(Need need) {
        return switch (need) {
            case RAW -> raw != null;
            case CLOCK -> clock != null || raw != null;
            case CONNECTION -> insideTransaction != null;
            case VERIFY -> verifyOnly != null;
            case REFERENCE -> splitting != null;
            case LOCK -> locks != null;
            case CHILD, SKEW -> child != null;
            case SERVER -> server != null;
            case STANDBY -> standby != null;
            case WIRE -> false;
        };
    }

    /** What the harness gives, for the certificate. */
    List<String> hooks() {
        return Stream.of(Need.values())
                .filter(need -> need != Need.CLOCK && need != Need.SKEW && gives(need))
                .map(need -> need.name().toLowerCase(java.util.Locale.ROOT))
                .toList();
    }
}
