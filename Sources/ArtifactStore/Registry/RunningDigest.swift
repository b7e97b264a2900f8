import ContentAddress
import Synchronization

/// The hash of what has come of an upload so far.
final class RunningDigest: Sendable {
    private struct State: ~Copyable {
        var hasher: DigestHasher? = DigestHasher()
        var size: Int64 = 0
    }

    /// Bytes that are read before the call returns.
    private struct Lent: @unchecked Sendable {
        let bytes: UnsafeRawBufferPointer
    }

    private let state = Mutex(State())

    /// How many bytes it is of.
    var size: Int64 { state.withLock { $0.size } }

    func update(_ bytes: UnsafeRawBufferPointer) {
        let lent = Lent(bytes: bytes)
        state.withLock { state in
            state.hasher?.update(lent.bytes)
            state.size += Int64(lent.bytes.count)
        }
    }

    /// Ends the hash; nil when it was ended.
    func finalize() -> Digest? {
        state.withLock { $0.hasher.take()?.finalize() }
    }
}
