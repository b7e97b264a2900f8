package import FoundationEssentials

/// Scheme, host and port: credentials for one are for no other (RFC 6454, section 4).
package struct Origin: Hashable, Sendable, CustomStringConvertible {
    package let scheme: String
    package let host: String
    package let port: Int

    /// The origin of a URL; nil when it isn't HTTP's, names a user, or a port that no address has.
    package init?(of url: URL) {
        guard let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = url.host?.lowercased(), !host.isEmpty, url.user == nil
        else { return nil }
        self.scheme = scheme
        self.host = host
        port = url.port ?? (scheme == "https" ? 443 : 80)
        guard Self.ports.contains(port) else { return nil }
    }

    /// What TCP has (RFC 9293, section 3.1), without the reserved 0.
    package static let ports = 1...65_535

    /// Whether nobody on the way can read or change what is said.
    package var isProtected: Bool { scheme == "https" || Loopback.contains(host) }

    package var description: String { "\(scheme)://\(host):\(port)" }
}

/// This machine's own addresses.
package enum Loopback {
    /// Whether a host's name is `localhost`, `127.…` or `::1`.
    package static func contains(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
