/// The hosts of `NO_PROXY`, as Go and curl read it: names, addresses and ranges of them, separated by commas or blanks.
struct ProxyExceptions: Sendable {
    private enum Rule {
        case everything
        // Subdomains, and the name itself.
        case domain(String, port: Int?)
        case subdomains(of: String, port: Int?)
        case address(IPAddress, port: Int?)
        case range(IPAddress, bits: Int)
    }

    private let rules: [Rule]

    init(_ text: String) {
        rules = text.lowercased().split { $0 == "," || $0.isWhitespace }.compactMap { Self.rule($0) }
    }

    /// Whether an origin is reached without a proxy.
    func cover(_ origin: Origin) -> Bool {
        let host = Self.name(origin.host[...])
        let address = IPAddress(host)
        return rules.contains { rule in
            switch rule {
            case .everything: true
            case .range(let network, let bits): address?.isIn(network, bits) ?? false
            case .address(let other, let port): address == other && (port ?? origin.port) == origin.port
            // An address is in no domain.
            case .domain(let name, let port):
                address == nil && (host == name || host.hasSuffix("." + name)) && (port ?? origin.port) == origin.port
            case .subdomains(let name, let port):
                address == nil && host.hasSuffix("." + name) && (port ?? origin.port) == origin.port
            }
        }
    }

    private static func rule(_ entry: Substring) -> Rule? {
        if entry == "*" { return .everything }
        if let slash = entry.firstIndex(of: "/"), let network = IPAddress(name(entry[..<slash])),
            let bits = UInt8(entry[entry.index(after: slash)...]), Int(bits) <= network.bitCount
        {
            return .range(network, bits: Int(bits))
        }
        var (host, port) = (entry, Int?.none)
        // The colons of an address without brackets are its own.
        if IPAddress(name(entry)) == nil, let colon = entry.lastIndex(of: ":"),
            let number = UInt16(entry[entry.index(after: colon)...])
        {
            (host, port) = (entry[..<colon], Int(number))
        }
        if let address = IPAddress(name(host)) { return .address(address, port: port) }
        if host.hasPrefix("*.") { host = host.dropFirst() }
        if host.hasPrefix(".") {
            let rest = name(host.dropFirst())
            return rest.isEmpty ? nil : .subdomains(of: rest, port: port)
        }
        let whole = name(host)
        return whole.isEmpty ? nil : .domain(whole, port: port)
    }

    // Without the brackets of an address and the dot that ends a full name.
    private static func name(_ text: Substring) -> String {
        if text.hasPrefix("["), text.hasSuffix("]") { return String(text.dropFirst().dropLast()) }
        return String(text.hasSuffix(".") ? text.dropLast() : text)
    }
}
