import Glibc
import NIOCore

extension ListenAddress {
    /// The socket that systemd opened and hands over (sd_listen_fds(3)): one that listens for TCP.
    ///
    /// `environment` and `process` are those of this process. Throws ``ServerError/noSocket(reason:)``.
    package init(inherited environment: [String: String], process: Int32) throws(ServerError) {
        guard environment["LISTEN_PID"] == "\(process)", let count = environment["LISTEN_FDS"] else {
            throw .noSocket(reason: "it started this process without one")
        }
        guard count == "1" else { throw .noSocket(reason: "it hands over \(count), and one is expected") }
        try self.init(listening: Self.first)
    }

    // SD_LISTEN_FDS_START.
    private static let first: CInt = 3

    /// A socket that is open and listens.
    init(listening descriptor: CInt) throws(ServerError) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        var (isListening, size): (CInt, socklen_t) = (0, socklen_t(MemoryLayout<CInt>.size))
        guard status == 0, getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0,
            isListening != 0
        else { throw .noSocket(reason: "the descriptor \(descriptor) is not a socket that listens") }
        let family = Int32(storage.ss_family)
        let address: SocketAddress? = withUnsafePointer(to: &storage) { pointer in
            switch family {
            case AF_INET: pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee) }
            case AF_INET6: pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { SocketAddress($0.pointee) }
            default: nil
            }
        }
        guard let address else { throw .noSocket(reason: "its socket isn't one of TCP") }
        // What the server starts doesn't get it.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        (socketAddress, self.descriptor) = (address, descriptor)
    }
}
