internal import FoundationEssentials

/// Which requests go through a proxy, as most programs read it from the environment: `HTTPS_PROXY`, `HTTP_PROXY` and
/// `NO_PROXY`, in lower case, too.
struct ProxySettings: Sendable {
    /// A proxy that is asked to CONNECT, also where no TLS is spoken through it.
    struct Server: Hashable, Sendable {
        let host: String
        let port: Int
        var user: String?
        var password: String?
    }

    private let servers: [String: Server]
    private let exceptions: [Substring]

    /// Throws ``RegistryError/unreachable(place:reason:)`` for a proxy that isn't spoken to by HTTP.
    init(environment: [String: String]) throws(RegistryError) {
        func value(_ name: String) -> String? {
            [name.lowercased(), name].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        var servers: [String: Server] = [:]
        for scheme in ["http", "https"] {
            if let text = value("\(scheme.uppercased())_PROXY") { servers[scheme] = try Self.server(text) }
        }
        self.servers = servers
        exceptions = (value("NO_PROXY") ?? "").split(separator: ",").map(\.trimmingBlanks).filter { !$0.isEmpty }
    }

    /// The proxy for an origin; nil for none, and always for this machine.
    func server(for origin: Origin) -> Server? {
        guard let server = servers[origin.scheme], !Loopback.contains(origin.host) else { return nil }
        return exceptions.contains { Self.covers($0.lowercased(), origin) } ? nil : server
    }

    // `example.org` covers its subdomains, `.example.org` those alone; each may have a port.
    private static func covers(_ exception: String, _ origin: Origin) -> Bool {
        if exception == "*" { return true }
        var name = exception[...]
        if let colon = exception.lastIndex(of: ":"), let port = Int(exception[exception.index(after: colon)...]) {
            guard port == origin.port else { return false }
            name = exception[..<colon]
        }
        if name.hasPrefix("*.") { name = name.dropFirst() }
        if name.hasPrefix(".") { return origin.host.hasSuffix(name) }
        return origin.host == name || origin.host.hasSuffix("." + name)
    }

    private static func server(_ text: String) throws(RegistryError) -> Server {
        let url = URL(string: text.contains("://") ? text : "http://" + text)
        guard let url, url.scheme?.lowercased() == "http", let host = url.host, !host.isEmpty else {
            // It may have a password in it, so it isn't repeated.
            throw .unreachable(place: "the proxy of HTTP_PROXY or HTTPS_PROXY", reason: "http://HOST:PORT is expected")
        }
        return Server(host: host, port: url.port ?? 80, user: url.user, password: url.password)
    }
}
