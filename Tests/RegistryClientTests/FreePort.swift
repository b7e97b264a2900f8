import Glibc

/// Ports of this machine that nobody listens on.
enum FreePort {
    struct Failure: Error {
        let reason: String
    }

    /// One that was free a moment ago.
    static func next() throws -> Int { try withSilentPort { $0 } }

    /// Keeps a port that refuses connections, since nobody listens, while the body runs.
    static func withSilentPort<Result>(_ body: (Int) throws -> Result) throws -> Result {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, length) == 0 ? getsockname(socket, pointer, &length) : -1
            }
        }
        guard status == 0 else { throw Failure(reason: "no port is free") }
        return try body(Int(UInt16(bigEndian: address.sin_port)))
    }

    /// Waits until something listens, or until `isOver`; false in this case.
    static func waitUntilSomethingListens(_ port: Int, unless isOver: () -> Bool) -> Bool {
        while !isOver() {
            let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(socket) }
            var address = loopback(UInt16(port))
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    connect(socket, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if status == 0 { return !isOver() }
            usleep(20_000)
        }
        return false
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        return address
    }
}
