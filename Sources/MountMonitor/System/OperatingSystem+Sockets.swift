#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension OperatingSystem {
    /// Sends the bytes to a port of this machine and gives back what comes until the other side closes, at most `limit`
    /// bytes; tries IPv4 first, then IPv6.
    ///
    /// Blocks, no longer than the time-out for each call.
    static func exchange(
        _ bytes: [UInt8],
        port: Int,
        timeout: GoDuration,
        limit: Int
    ) throws(FileFailure) -> [UInt8] {
        let place = "localhost:\(port)"
        var descriptor = connect(port, timeout, isIPv6: false)
        if descriptor < 0 { descriptor = connect(port, timeout, isIPv6: true) }
        guard descriptor >= 0 else { throw FileFailure(call: "connect", path: place, number: errno) }
        defer { closeDescriptor(descriptor) }
        guard bytes.withUnsafeBytes({ writeSome(descriptor, $0) }) == bytes.count else {
            throw FileFailure(call: "write", path: place, number: errno)
        }
        var answer: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * 1024, alignment: 16)
        defer { buffer.deallocate() }
        while answer.count < limit {
            let count = readSome(descriptor, buffer)
            if count == 0 { break }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw FileFailure(call: "read", path: place, number: errno == EAGAIN ? ETIMEDOUT : errno)
            }
            answer.append(contentsOf: buffer.prefix(count))
        }
        return answer
    }

    private static func connect(_ port: Int, _ timeout: GoDuration, isIPv6: Bool) -> CInt {
        #if canImport(Glibc)
        let stream = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        #elseif canImport(Musl)
        let stream = SOCK_STREAM | SOCK_CLOEXEC
        #endif
        let descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, stream, 0)
        guard descriptor >= 0 else { return -1 }
        var time = timeval()
        time.tv_sec = time_t(timeout.nanoseconds / 1_000_000_000)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
        let number = in_port_t(truncatingIfNeeded: port).bigEndian
        let result: CInt
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = number
            address.sin6_addr = in6addr_loopback
            result = connect(descriptor, &address)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = number
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            result = connect(descriptor, &address)
        }
        if result == 0 { return descriptor }
        let failure = errno
        closeDescriptor(descriptor)
        errno = failure
        return -1
    }

    private static func connect<Address>(_ descriptor: CInt, _ address: inout Address) -> CInt {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                #if canImport(Glibc)
                Glibc.connect(descriptor, address, socklen_t(MemoryLayout<Address>.size))
                #elseif canImport(Musl)
                Musl.connect(descriptor, address, socklen_t(MemoryLayout<Address>.size))
                #endif
            }
        }
    }
}
