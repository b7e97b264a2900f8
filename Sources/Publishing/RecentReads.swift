import ContentAddress
package import OCI
import Synchronization

/// What was read whole at published places, so that it isn't read at each look.
package final class RecentReads: Sendable {
    private struct Key: Hashable {
        let address: String
        let digest: Digest
        /// What the place says of the state that was read; nothing where a digest is the name.
        let state: String
    }

    private let time: Int64
    private let now: @Sendable () -> Timestamp
    private let reads = Mutex<[Key: Timestamp]>([:])

    /// What is read counts for so many milliseconds.
    package init(for time: Int64, now: @escaping @Sendable () -> Timestamp) { (self.time, self.now) = (time, now) }

    /// Whether these bytes were read there lately.
    func has(_ digest: Digest, at address: String, state: String = "") -> Bool {
        let key = Key(address: address, digest: digest, state: state)
        guard let read = reads.withLock({ $0[key] }) else { return false }
        let age = now().milliseconds - read.milliseconds
        // A clock that was set back makes nothing younger.
        return age >= 0 && age < time
    }

    /// They were read whole, and are what they should be.
    func note(_ digest: Digest, at address: String, state: String = "") {
        let time = now()
        reads.withLock { reads in
            reads = reads.filter { time.milliseconds - $0.value.milliseconds < self.time }
            reads[Key(address: address, digest: digest, state: state)] = time
        }
    }
}
