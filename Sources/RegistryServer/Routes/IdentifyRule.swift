import Synchronization

/// Who may ask what a file is, and how that is found out.
package final class IdentifyRule: Sendable {
    /// Whether those may who haven't logged in.
    let isPublic: Bool
    /// The directory for files while they are looked at.
    let directory: String
    /// Looks at a file, in a process of its own, by its path and what it is called.
    ///
    /// Gives JSON as `bindery identify --inside --json` prints it; nil where it took too long.
    let look: @Sendable (_ path: String, _ name: String) throws -> [UInt8]?
    private let busy = Mutex<Set<String>>([])

    /// The largest file, in bytes: images of a few hundred megabytes, since it is copied to a disk first.
    static let largestSize: Int64 = 1 << 30
    /// How many are looked at at one time.
    private static let most = 4

    package init(
        isPublic: Bool,
        directory: String,
        look: @escaping @Sendable (_ path: String, _ name: String) throws -> [UInt8]?
    ) {
        (self.isPublic, self.directory, self.look) = (isPublic, directory, look)
    }

    /// Begins one of a client; false where the client has one already, or there are as many as may be.
    func begin(_ client: String) -> Bool {
        busy.withLock { $0.count < Self.most && $0.insert(client).inserted }
    }

    /// It is over.
    func end(_ client: String) { busy.withLock { _ = $0.remove(client) } }
}
