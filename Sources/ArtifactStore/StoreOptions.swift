public import OCI

/// How a store is opened.
///
/// Time and names come in as values, so that tests can choose them.
public struct StoreOptions: Sendable {
    /// Makes the store when there is none.
    public var create: Bool
    /// Waits for stable storage as the write order says.
    ///
    /// False only for stores that may be lost with the power.
    public var durable: Bool
    /// Who is written into events, `ci@build-7` for example.
    public var actor: String
    /// The clock.
    public var now: @Sendable () -> Timestamp
    /// How long a change waits for another process's change, in seconds.
    public var busyTimeout: Double

    /// Options for a store.
    public init(
        create: Bool = false,
        durable: Bool = true,
        actor: String,
        now: @escaping @Sendable () -> Timestamp,
        busyTimeout: Double = 30
    ) {
        self.create = create
        self.durable = durable
        self.actor = actor
        self.now = now
        self.busyTimeout = busyTimeout
    }
}
