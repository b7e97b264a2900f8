import FoundationEssentials

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

    private let servers: [String: Result<Server, HTTPFailure>]
    private let exceptions: ProxyExceptions

    init(environment: [String: String]) {
        func value(_ name: String) -> (name: String, text: String)? {
            for name in [name.lowercased(), name] {
                if let text = environment[name], !text.isEmpty { return (name, text) }
            }
            return nil
        }
        var servers: [String: Result<Server, HTTPFailure>] = [:]
        for scheme in ["http", "https"] {
            if let (name, text) = value("\(scheme.uppercased())_PROXY") { servers[scheme] = Self.server(text, name) }
        }
        self.servers = servers
        exceptions = ProxyExceptions(value("NO_PROXY")?.text ?? "")
    }

    /// The proxy for an origin; nil for none, and always for this machine.
    ///
    /// Throws for one that isn't spoken to by HTTP.
    func server(for origin: Origin) throws(HTTPFailure) -> Server? {
        guard let server = servers[origin.scheme], !Loopback.contains(origin.host), !exceptions.cover(origin) else {
            return nil
        }
        return try server.get()
    }

    private static func server(_ text: String, _ name: String) -> Result<Server, HTTPFailure> {
        let url = URL(string: text.contains("://") ? text : "http://" + text)
        let scheme = text.contains("://") ? text.prefix { $0 != ":" }.lowercased() : "http"
        let port = url?.port ?? 80
        guard let url, scheme == "http", let host = url.host, !host.isEmpty, Origin.ports.contains(port) else {
            // It may have a password in it, so no more of it is repeated.
            let kind =
                switch scheme {
                case "https": "a proxy that is spoken to by TLS"
                case "socks", "socks4", "socks4a", "socks5", "socks5h": "a SOCKS proxy"
                default: "no proxy that is known"
                }
            return .failure(.request("\(name) names \(kind): http://HOST:PORT is expected, or the host in NO_PROXY"))
        }
        return .success(
            Server(
                host: host,
                port: port,
                user: url.user(percentEncoded: false),
                password: url.password(percentEncoded: false)
            )
        )
    }
}
