package import Logging
package import OCI

/// How a store is opened.
///
/// Time and names come in as values, so that tests can choose them.
package struct StoreOptions: Sendable {
    /// Makes the store when there is none.
    package var create: Bool
    /// Who may write to a store that is made.
    package var sharing: Sharing
    /// How the index of a store that is made keeps itself whole; nil for what its file system can do.
    package var journal: JournalMode?
    /// Waits for stable storage as the write order says.
    ///
    /// False only for stores that may be lost with the power.
    package var durable: Bool
    /// What the store is opened for.
    package var access: Access
    /// For how long a blob that was hashed counts as known, while no system call changes its file, in milliseconds; 0
    /// for not at all.
    package var trust: Int64 = 86_400_000
    /// Gets the steps of changes, at debug; the default keeps them to itself.
    package var logger = Logger(label: "bindery.store") { _ in SwiftLogNoOpLogHandler() }
    /// Hears of each file under a blob's name that wasn't the blob, and was replaced.
    package var replaced: @Sendable (Replacement) -> Void = { _ in }
    private let actorName: @Sendable () -> String
    /// The clock.
    package var now: @Sendable () -> Timestamp
    /// How long a change waits for another process's change, in seconds.
    package var busyTimeout: Double

    /// What a store is opened for.
    package enum Access: Sendable {
        /// Reading, and nothing is written but what SQLite needs beside the index while it is open.
        case reading
        /// Reading and, where user and file system allow it, writing.
        case writing
        /// Reading, and recording what was found where there is room for it.
        case recording
        /// Writing in order to make room: on a full disk the store's reserve is given up for it.
        case freeing
    }

    /// Who is written into events, `ci@build-7` for example; asked for only by changes.
    package var actor: String { actorName() }

    /// Who may write to a store.
    package enum Sharing: String, Sendable, CaseIterable {
        /// Its owner, and whom the umask lets.
        case umask
        /// All members of its directory's group, whatever their umask.
        case group
    }

    /// Options for a store.
    package init(
        create: Bool = false,
        sharing: Sharing = .umask,
        access: Access = .writing,
        durable: Bool = true,
        actor: @escaping @autoclosure @Sendable () -> String,
        now: @escaping @Sendable () -> Timestamp,
        busyTimeout: Double = 30
    ) {
        self.create = create
        self.sharing = sharing
        self.durable = durable
        self.access = access
        actorName = actor
        self.now = now
        self.busyTimeout = busyTimeout
    }
}
