import Glibc
import SystemIO

/// One connection to a container engine: its unix socket, or a TCP port without encryption.
///
/// Nothing waits for ever: an answer must begin in a time, and bytes must keep a least pace (``Patience``).
final class EngineConnection: BlobReader {
    private let file: File
    private let patience: Patience
    private var pace: TransferPace
    // When the answer's header must be there; nil while bodies move.
    private var deadline: Double?

    /// How long connecting may take: an engine that hangs takes connections until its queue is full.
    private static let connectTimeout = 15

    init(_ endpoint: EngineEndpoint, patience: Patience = .engine) throws(TransportError) {
        switch endpoint {
        case .socket(let path): file = try Self.connect(path: path)
        case .port(let host, let port): file = try Self.connect(host: host, port: port)
        }
        self.patience = patience
        pace = TransferPace(window: patience.window)
    }

    /// Begins the wait for an answer's header, which ends in ``bodyBegins()``.
    func answerBegins() { deadline = Stopwatch.now() + patience.answer }

    /// What comes now keeps a pace.
    func bodyBegins() {
        deadline = nil
        pace = TransferPace(window: patience.window)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        let start = Stopwatch.now()
        try wait(for: POLLIN, "sends")
        let count: Int
        do { count = try file.read(into: buffer) } catch { throw .engine(place: file.path, reason: error.reason) }
        pace.count(seconds: Stopwatch.now() - start, bytes: count)
        return count
    }

    func send(_ text: String) throws(TransportError) {
        let bytes = Array(text.utf8)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 1)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: bytes)
        try send(UnsafeRawBufferPointer(rebasing: buffer[..<bytes.count]))
    }

    func send(_ bytes: UnsafeRawBufferPointer) throws(TransportError) {
        var rest = bytes
        while !rest.isEmpty {
            let start = Stopwatch.now()
            try wait(for: POLLOUT, "takes")
            // Without MSG_NOSIGNAL an engine that goes away would end this process.
            let flags = CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT)
            let count = Glibc.send(file.descriptor, rest.baseAddress, rest.count, flags)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count >= 0 else { throw failure(file.path) }
            pace.count(seconds: Stopwatch.now() - start, bytes: count)
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    private func wait(for events: CInt, _ verb: String) throws(TransportError) {
        let end = deadline ?? (Stopwatch.now() + pace.rest)
        while true {
            var poller = pollfd(fd: file.descriptor, events: Int16(events), revents: 0)
            let rest = min(max(0, end - Stopwatch.now()), 1e6)
            let status = poll(&poller, 1, CInt((rest * 1000).rounded(.up)))
            if status > 0 { return }
            if status < 0, errno == EINTR { continue }
            guard status < 0 || Stopwatch.now() < end else {
                let silence = "it is silent for \(TransferPace.words(patience.answer))"
                throw .engine(place: file.path, reason: deadline == nil ? pace.description(verb) : silence)
            }
            if status < 0 { throw failure(file.path) }
        }
    }

    private static func connect(path: String) throws(TransportError) -> File {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8) + [0]
        guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else {
            throw .engine(place: path, reason: "the socket's path is longer than the system allows")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let file = try socket(AF_UNIX, place: path)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(file.descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw failure(path) }
        return file
    }

    private static func connect(host: String, port: String) throws(TransportError) -> File {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, port, &hints, &list)
        guard status == 0 else { throw .engine(place: host, reason: String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        var next = list
        while let candidate = next {
            let file = try socket(candidate.pointee.ai_family, place: "\(host):\(port)")
            if Glibc.connect(file.descriptor, candidate.pointee.ai_addr, candidate.pointee.ai_addrlen) == 0 {
                return file
            }
            next = candidate.pointee.ai_next
        }
        throw failure("\(host):\(port)")
    }

    private static func socket(_ family: CInt, place: String) throws(TransportError) -> File {
        let descriptor = Glibc.socket(family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure(place) }
        // Bounds connect, too (socket(7)).
        var limit = timeval(tv_sec: connectTimeout, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return File(adopting: descriptor, path: place)
    }
}

private func failure(_ place: String) -> TransportError {
    let error = SystemError(call: "connect to", path: place)
    let reason = [EAGAIN, EINPROGRESS].contains(error.code) ? "it doesn't answer in time" : error.reason
    return .engine(
        place: place,
        reason: reason + "; is it running, and may you use it? DOCKER_HOST, or a context of docker, names another"
    )
}
