import NIOHTTP1

/// Which names a server is asked by.
///
/// A page of another site whose name leads to this machine is of this server's own origin to a browser (DNS rebinding): what
/// tells it apart is the name alone.
package enum HostRule: Sendable {
    /// All: others reach the address by names that nobody here knows.
    case any
    /// IP addresses, `localhost`, and these.
    case only(Set<String>)

    /// The rule for an address, and the registries that the server stands for.
    package init(for address: ListenAddress, hosts: [String]) {
        self = address.isLoopback ? .only(Set(hosts.map { Self.name(in: $0).lowercased() })) : .any
    }

    /// Whether a request may have this field `Host`.
    func allows(_ field: String) -> Bool {
        guard case .only(let names) = self else { return true }
        let name = Self.name(in: field).lowercased()
        return name == "localhost" || name.hasSuffix(".localhost") || Self.isAddress(name) || names.contains(name)
    }

    // Without the port.
    private static func name(in host: String) -> String {
        if host.hasPrefix("[") { return String(host.prefix { $0 != "]" }) + (host.contains("]") ? "]" : "") }
        return String(host.prefix { $0 != ":" })
    }

    private static func isAddress(_ name: String) -> Bool {
        if name.hasPrefix("[") { return name.hasSuffix("]") }
        // No name ends in a number (WHATWG URL, "ends in a number").
        return name.split(separator: ".").count == 4
            && name.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    }
}
