import Synchronization
import SystemIO

/// Takes the content of one request into a file that has no name, and is gone with this value.
final class DroppedFile: ContentSink {
    let isSlow = true
    private let file: File
    private let limit: Int64
    private let size = Mutex<Int64>(0)
    private let charge: (@Sendable (Int64) -> Void)?
    private let failure: @Sendable (any Error) -> Answer
    private let end: @Sendable (borrowing File) throws -> Answer
    private let release: @Sendable () -> Void
    private let isOver = Mutex(false)

    /// Begins a file of at most `limit` bytes in a directory; `end` makes the answer of it, and `release` is called once,
    /// when that is made or the content won't come to its end.
    init(
        in directory: String,
        limit: Int64,
        charge: (@Sendable (Int64) -> Void)?,
        failure: @escaping @Sendable (any Error) -> Answer,
        release: @escaping @Sendable () -> Void,
        end: @escaping @Sendable (borrowing File) throws -> Answer
    ) throws(SystemError) {
        file = try File.unnamed(in: directory)
        (self.limit, self.charge, self.failure, self.release, self.end) = (limit, charge, failure, release, end)
    }

    deinit { over() }

    // Before the answer: the client's next file may come at once, and the last reference may be let go later.
    private func over() {
        let isFirst = isOver.withLock { isOver in
            defer { isOver = true }
            return !isOver
        }
        if isFirst { release() }
    }

    /// More has come than may.
    struct TooLarge: Error {}

    func write(_ bytes: UnsafeRawBufferPointer) -> Answer? {
        charge?(Int64(bytes.count))
        let place = size.withLock(\.self)
        guard place <= limit - Int64(bytes.count) else { return failure(TooLarge()) }
        do { try file.write(bytes, at: place) } catch { return failure(error) }
        size.withLock { $0 += Int64(bytes.count) }
        return nil
    }

    func finish() -> Answer {
        defer { over() }
        do { return try end(file) } catch { return failure(error) }
    }

    func abandon() { over() }
}
