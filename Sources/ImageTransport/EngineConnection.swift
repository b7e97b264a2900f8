internal import Glibc
internal import SystemIO

/// One connection to a container engine: its unix socket, or a TCP port without encryption.
final class EngineConnection: BlobReader {
    private let file: File

    init(_ endpoint: EngineEndpoint) throws(TransportError) {
        switch endpoint {
        case .socket(let path): file = try Self.connect(path: path)
        case .port(let host, let port): file = try Self.connect(host: host, port: port)
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        do { return try file.read(into: buffer) } catch { throw .engine(place: file.path, reason: error.reason) }
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
            // Without MSG_NOSIGNAL an engine that goes away would end this process.
            let count = Glibc.send(file.descriptor, rest.baseAddress, rest.count, CInt(MSG_NOSIGNAL))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(file.path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
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
            let file = try socket(candidate.pointee.ai_family, place: host)
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
        return File(adopting: descriptor, path: place)
    }
}

private func failure(_ place: String) -> TransportError {
    .engine(
        place: place,
        reason: SystemError(call: "connect to", path: place).reason + "; is it running, and may you use it?"
    )
}
