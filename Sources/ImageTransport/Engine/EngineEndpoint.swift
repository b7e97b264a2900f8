import Glibc

/// Where a container engine listens.
enum EngineEndpoint: Equatable {
    /// `unix:///PATH`
    case socket(String)
    /// `tcp://HOST:PORT`
    case port(host: String, port: String)

    static let usual = EngineEndpoint.socket("/var/run/docker.sock")

    /// The engine that the docker command would ask: `DOCKER_HOST`, else the context of `DOCKER_CONTEXT` or of its
    /// config.json; else the first socket that is there, of Docker or of podman, with root or without.
    ///
    /// `warn` hears what a person should know though nothing has failed.
    static func fromEnvironment(_ warn: (String) -> Void) throws(TransportError) -> EngineEndpoint {
        try find(
            { getenv($0).map { String(cString: $0) } },
            isThere: { access($0, F_OK) == 0 },
            warn: warn
        )
    }

    /// The same for another environment and file system.
    static func find(
        _ variable: (String) -> String?,
        isThere: (String) -> Bool,
        warn: (String) -> Void = { _ in }
    ) throws(TransportError) -> EngineEndpoint {
        func value(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }
        if let host = value("DOCKER_HOST") {
            let endpoint = try EngineEndpoint(parsing: host, source: "DOCKER_HOST")
            // Docker's command looks whether they are set, whatever they say.
            if case .port = endpoint, let name = ["DOCKER_TLS_VERIFY", "DOCKER_TLS"].first(where: { value($0) != nil })
            {
                throw .engine(place: host, reason: "\(name) asks for TLS, which no engine is spoken to by: \(remedy)")
            }
            return endpoint
        }
        if let context = try EngineContext.current(value, warn) { return try context.endpoint() }
        let runtime = value("XDG_RUNTIME_DIR")
        if isThere("/var/run/docker.sock") { return usual }
        if let path = runtime.map({ $0 + "/docker.sock" }), isThere(path) { return .socket(path) }
        // What podman's own command reads.
        if let host = value("CONTAINER_HOST") { return try EngineEndpoint(parsing: host, source: "CONTAINER_HOST") }
        let podman = [runtime.map { $0 + "/podman/podman.sock" }, "/run/podman/podman.sock"].compactMap(\.self)
        return podman.first(where: isThere).map { .socket($0) } ?? usual
    }

    /// Reads the written form; `source` is where it stands, for messages.
    init(parsing text: String, source: String = "DOCKER_HOST") throws(TransportError) {
        let written = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        // Docker takes what names no scheme for tcp.
        let address = written.contains("://") || written.hasPrefix("/") ? written : "tcp://" + written
        if address.hasPrefix("unix:///"), address.utf8.count > 8 {
            self = .socket(String(address.dropFirst(7)))
        } else if address.hasPrefix("tcp://"), let (host, port) = Self.hostAndPort(address.dropFirst(6)) {
            self = .port(host: host, port: port)
        } else {
            throw .engine(
                place: text,
                reason: "\(source) must be unix:///PATH or tcp://HOST:PORT, without TLS, ssh or a path: \(Self.remedy)"
            )
        }
    }

    /// What helps where an engine can't be asked.
    private static let remedy =
        "name its socket (`ssh -L` forwards one), or take docker-archive:- with what `docker save` writes"

    // An IPv6 address stands in brackets; Docker's port without TLS is 2375, and its host this machine.
    private static func hostAndPort(_ text: Substring) -> (host: String, port: String)? {
        let text = text.hasSuffix("/") ? text.dropLast() : text
        var host = text
        var port: Substring = ":2375"
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            if text.index(after: end) < text.endIndex { port = text[text.index(after: end)...] }
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[colon...]
        }
        guard !text.isEmpty, !text.contains("/"), port.hasPrefix(":"), UInt16(port.dropFirst()) != nil else {
            return nil
        }
        return (host.isEmpty ? "localhost" : String(host), String(port.dropFirst()))
    }
}
