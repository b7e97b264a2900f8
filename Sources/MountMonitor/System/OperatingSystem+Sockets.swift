import CProcessStart

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension OperatingSystem {
    /// The IPv4 address that an IPv6 address holds (RFC 4291, section 2.5.5.2); nil where it holds none.
    static func ipv4Address(mapped text: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &bytes) == 1, bytes.prefix(10).allSatisfy({ $0 == 0 }),
            bytes[10] == 0xFF, bytes[11] == 0xFF
        else { return nil }
        return bytes.suffix(4).map { String($0) }.joined(separator: ".")
    }

    /// The number of a network interface, by its name or that number itself; nil where there is none.
    static func interfaceNumber(_ name: String) -> UInt32? {
        let number = process_interface_number(name)
        return number > 0 ? number : UInt32(name)
    }

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

    /// Another descriptor of the same socket.
    static func duplicate(_ descriptor: CInt) throws(FileFailure) -> CInt {
        let other = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard other >= 0 else { throw FileFailure(call: "fcntl", path: "the socket", number: errno) }
        return other
    }

    /// How many connections may wait to be taken; it fails only for what isn't a socket that listens.
    static func setBacklog(_ descriptor: CInt, _ count: CInt) { _ = listen(descriptor, count) }

    private static func connect(_ port: Int, _ timeout: GoDuration, isIPv6: Bool) -> CInt {
        let seconds = CInt(clamping: timeout.nanoseconds / 1_000_000_000)
        return process_connect(UInt16(truncatingIfNeeded: port), isIPv6, seconds)
    }
}
