import ContentAddress
import Dispatch
import Synchronization
import SystemIO

/// SHA-1 of contents, and MD5 of some, one after the other, on a thread of its own.
///
/// Used by one thread.
final class ContentHasher {
    private enum Step {
        case begin(md5: Bool)
        /// The bytes of the buffer from where the last step ended up to here.
        case bytes(end: Int)
        case finish(@Sendable (ContentRecord.Sums) -> Void)
    }

    private final class Worker: Sendable {
        private struct Hashers: ~Copyable {
            var md5: LegacyHasher?
            var sha1: LegacyHasher?
        }

        private let hashers = Mutex(Hashers())

        func run(_ steps: [Step], on buffer: ReadBuffer) {
            hashers.withLock { hashers in
                var start = 0
                for step in steps {
                    switch step {
                    case .begin(let takesMD5):
                        hashers = Hashers(md5: takesMD5 ? LegacyHasher(.md5) : nil, sha1: LegacyHasher(.sha1))
                    case .bytes(let end):
                        let bytes = UnsafeRawBufferPointer(rebasing: buffer.bytes[start..<end])
                        hashers.md5?.update(bytes)
                        hashers.sha1?.update(bytes)
                        start = end
                    case .finish(let report):
                        let md5 = hashers.md5.take()?.finalize()
                        report(ContentRecord.Sums(md5: md5, sha1: hashers.sha1.take()?.finalize()))
                    }
                }
            }
        }
    }

    private let queue = DispatchQueue(label: "bindery.sums", qos: .userInitiated)
    private let worker = Worker()
    private let buffers: [ReadBuffer]
    private let free: DispatchSemaphore
    private var position = 0
    private var count = 0
    private var steps: [Step] = []

    /// More are handed over at once: small files don't fill a buffer.
    private static let mostSteps = 4096

    init(depth: Int = 4) {
        buffers = (0..<depth).map { _ in ReadBuffer() }
        // One buffer is being filled.
        free = DispatchSemaphore(value: depth - 1)
    }

    /// Begins a content; one that wasn't finished is dropped.
    func begin(md5: Bool) { add(.begin(md5: md5)) }

    func take(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(ReadBuffer.size - count))
            UnsafeMutableRawBufferPointer(rebasing: buffers[position].bytes[count...]).copyMemory(from: piece)
            count += piece.count
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
            add(.bytes(end: count))
        }
    }

    /// Ends the content; `report` is called on the other thread.
    func finish(_ report: @escaping @Sendable (ContentRecord.Sums) -> Void) { add(.finish(report)) }

    /// Waits for all that was finished.
    func close() {
        handOver()
        queue.sync {}
    }

    private func add(_ step: Step) {
        steps.append(step)
        if count == ReadBuffer.size || steps.count == Self.mostSteps { handOver() }
    }

    private func handOver() {
        guard !steps.isEmpty else { return }
        let (buffer, steps) = (buffers[position], steps)
        self.steps.removeAll(keepingCapacity: true)
        count = 0
        position = (position + 1) % buffers.count
        free.wait()
        queue.async { [worker, free] in
            worker.run(steps, on: buffer)
            free.signal()
        }
    }
}
