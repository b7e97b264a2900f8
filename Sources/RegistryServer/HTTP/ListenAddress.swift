import Glibc
import NIOCore

/// An address to listen at: an IP address, or `localhost`, with a port.
package struct ListenAddress: Sendable {
    let socketAddress: SocketAddress
    /// The socket that listens there already; nil where the server is to open one.
    let descriptor: CInt?

    /// Reads `127.0.0.1:5000`, `[::1]:5000` or `localhost:5000`; port 0 is any that is free.
    ///
    /// Throws ``ServerError/address(_:)``. Other names aren't looked up: what they lead to may change.
    package init(parsing text: String) throws(ServerError) {
        guard let colon = text.lastIndex(of: ":") else { throw .address(text) }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
            throw .address(text)
        }
        var host = String(text[..<colon])
        if host == "localhost" { host = "127.0.0.1" }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = String(host.dropFirst().dropLast()) }
        guard host.contains(":") == isBracketed,
            let address = try? SocketAddress(ipAddress: host, port: Int(port))
        else { throw .address(text) }
        (socketAddress, descriptor) = (address, nil)
    }

    /// Whether only this machine reaches it.
    package var isLoopback: Bool {
        switch socketAddress {
        case .v4: socketAddress.ipAddress?.hasPrefix("127.") ?? false
        case .v6: socketAddress.ipAddress == "::1"
        case .unixDomainSocket: true
        }
    }

    /// An address as part of a URL.
    static func text(_ address: SocketAddress) -> String {
        let host = address.ipAddress ?? ""
        return (host.contains(":") ? "[\(host)]" : host) + ":\(address.port ?? 0)"
    }
}

extension SocketAddress {
    /// Who is counted as one client: an IPv4 address, or the first 64 bits of an IPv6 address, which are one network.
    var client: String {
        guard case .v6 = self, let text = ipAddress?.prefix(while: { $0 != "%" }) else { return ipAddress ?? "" }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, String(text), &bytes) == 1 else { return String(text) }
        // An IPv4 address in the form of the other one.
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10...11].allSatisfy { $0 == 0xFF }
        guard !isMapped else { return bytes[12...].map(String.init).joined(separator: ".") }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }
}
