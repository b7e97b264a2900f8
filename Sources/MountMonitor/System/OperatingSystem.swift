#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The one door to the C library: each call this program makes, in Swift's types.
///
/// No more than the calls live here; what they mean for a mount is in `MountCheck`.
enum OperatingSystem {
    /// The clock that only runs forward.
    static func instant() -> Instant {
        let time = now(CLOCK_MONOTONIC)
        return Instant(nanoseconds: time.seconds &* 1_000_000_000 &+ time.nanoseconds)
    }

    /// The calendar's clock.
    static func wallTime() -> WallTime {
        let time = now(CLOCK_REALTIME)
        return WallTime(seconds: time.seconds, nanoseconds: time.nanoseconds)
    }

    private static func now(_ clock: clockid_t) -> (seconds: Int64, nanoseconds: Int64) {
        var time = timespec()
        // It fails only for a clock that doesn't exist.
        _ = clock_gettime(clock, &time)
        return (Int64(time.tv_sec), Int64(time.tv_nsec))
    }

    /// The value of an environment variable; nil when it isn't set or empty, which Kubernetes uses alike.
    static func environment(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// Ends the process at once, without waiting for any thread: one may hang in a read for ever.
    static func exit(_ status: Int32) -> Never { _exit(status) }

    /// Gives the processor away for that long, or until a signal comes.
    static func sleep(_ duration: GoDuration) {
        let nanoseconds = max(0, duration.nanoseconds)
        var time = timespec()
        time.tv_sec = time_t(nanoseconds / 1_000_000_000)
        time.tv_nsec = numericCast(nanoseconds % 1_000_000_000)
        _ = nanosleep(&time, nil)
    }

    /// The `errno` of a port that another program listens on.
    static let addressInUse = EADDRINUSE

    /// The two standard streams for output.
    enum Stream: Int32 {
        case output = 1
        case error = 2
    }

    /// Writes all of it, blocking; gives up silently when the reader has gone, since there is nobody left to tell.
    static func write(_ text: String, to stream: Stream) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Self.writeSome(stream.rawValue, $0) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if count < 0, errno == EAGAIN {
                var waiting = pollfd(fd: stream.rawValue, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, 1000)
            } else if count == 0 || errno != EINTR {
                return
            }
        }
    }

    /// Says on standard error what is wrong with the process.
    static func complain(_ text: String) { write("mount-monitor: \(text)\n", to: .error) }

    static func writeSome(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
        Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}

extension OperatingSystem {
    /// What a path leads to, as far as this program asks.
    struct FileFacts: Equatable, Sendable {
        let isDirectory: Bool
        let isPipe: Bool
        let isRegularFile: Bool
        let isWritableByAll: Bool
        /// Kind and permissions.
        let mode: UInt32
        let fingerprint: Fingerprint

        fileprivate init(_ status: stat) {
            isDirectory = status.st_mode & S_IFMT == S_IFDIR
            isPipe = status.st_mode & S_IFMT == S_IFIFO
            isRegularFile = status.st_mode & S_IFMT == S_IFREG
            isWritableByAll = status.st_mode & S_IWOTH != 0
            mode = UInt32(status.st_mode)
            fingerprint = Fingerprint(status)
        }
    }

    /// What changes when a file is written to or replaced.
    struct Fingerprint: Equatable, Sendable {
        private let numbers: [Int64]

        fileprivate init(_ status: stat) {
            numbers = [
                Int64(truncatingIfNeeded: status.st_dev), Int64(truncatingIfNeeded: status.st_ino),
                Int64(truncatingIfNeeded: status.st_size), Int64(truncatingIfNeeded: status.st_mtim.tv_sec),
                Int64(truncatingIfNeeded: status.st_mtim.tv_nsec), Int64(truncatingIfNeeded: status.st_ctim.tv_sec),
                Int64(truncatingIfNeeded: status.st_ctim.tv_nsec),
            ]
        }
    }

    /// Looks at what is at the path, following links; blocks as long as the file system does.
    static func facts(path: String) throws(FileFailure) -> FileFacts {
        guard !path.utf8.contains(0) else { throw FileFailure(call: "stat", path: path, number: EINVAL) }
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileFailure(call: "stat", path: path, number: errno) }
        return FileFacts(status)
    }

    /// A file that is open for reading; `close` it.
    struct OpenFile {
        fileprivate let descriptor: Int32
        let path: String

        func facts() throws(FileFailure) -> FileFacts {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw FileFailure(call: "stat", path: path, number: errno) }
            return FileFacts(status)
        }

        /// Fills the buffer's start with the bytes that come next; 0 at the end of the file.
        func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileFailure) -> Int {
            while true {
                let count = OperatingSystem.readSome(descriptor, buffer)
                if count >= 0 { return count }
                guard errno == EINTR else { throw FileFailure(call: "read", path: path, number: errno) }
            }
        }

        /// Asks the kernel to keep none of the file in its cache, so that the next read asks the file system again.
        func dropCache() { _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) }

        /// Closes it; a file that was only read loses nothing when that fails.
        func close() { OperatingSystem.closeDescriptor(descriptor) }
    }

    /// Opens for reading.
    ///
    /// A pipe without a writer opens too, instead of hanging, unless it is to be waited for.
    static func open(path: String, waitsForWriter: Bool = false) throws(FileFailure) -> OpenFile {
        // The C library would take what stands before a NUL for the path.
        guard !path.utf8.contains(0) else { throw FileFailure(call: "open", path: path, number: EINVAL) }
        var waits = waitsForWriter
        while true {
            let flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (waits ? 0 : O_NONBLOCK)
            let descriptor = openForReading(path, flags)
            if descriptor >= 0 { return OpenFile(descriptor: descriptor, path: path) }
            switch errno {
            case EINTR: continue
            // A file server holds a lease on the file, and gives it up at once when it is asked to (fcntl(2),
            // F_SETLEASE).
            case EWOULDBLOCK where !waits && (try? facts(path: path).isRegularFile) == true: waits = true
            case let number: throw FileFailure(call: "open", path: path, number: number)
            }
        }
    }

    private static func openForReading(_ path: String, _ flags: Int32) -> Int32 {
        #if canImport(Glibc)
        Glibc.open(path, flags)
        #elseif canImport(Musl)
        Musl.open(path, flags)
        #endif
    }

    static func closeDescriptor(_ descriptor: Int32) {
        #if canImport(Glibc)
        _ = Glibc.close(descriptor)
        #elseif canImport(Musl)
        _ = Musl.close(descriptor)
        #endif
    }

    static func readSome(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
        Musl.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }

    /// At most `limit` bytes of a file and what it is; nil bytes where it is longer.
    static func contents(
        path: String,
        limit: Int,
        waitsForWriter: Bool = false
    ) throws(FileFailure) -> (bytes: [UInt8]?, facts: FileFacts) {
        let file = try open(path: path, waitsForWriter: waitsForWriter)
        defer { file.close() }
        let facts = try file.facts()
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try file.read(into: buffer)
            if count == 0 { return (bytes, facts) }
            guard bytes.count + count <= limit else { return (nil, facts) }
            bytes.append(contentsOf: buffer.prefix(count))
        }
    }
}

/// A call on a file that failed.
struct FileFailure: Error, Equatable, CustomStringConvertible {
    let call: String
    let path: String
    /// The `errno` it left.
    let number: Int32

    var description: String { "\(call) \(path): \(OperatingSystem.message(number))" }

    /// Whether there is nothing at the path.
    var isNotFound: Bool { number == ENOENT || number == ENOTDIR }
}

extension OperatingSystem {
    /// The C library's text for an `errno`, in lower case like the rest of our messages: "permission denied".
    static func message(_ number: Int32) -> String {
        guard let text = strerror(number) else { return "error \(number)" }
        let message = String(cString: text)
        return message.prefix(1).lowercased() + message.dropFirst()
    }
}
