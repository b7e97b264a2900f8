internal import Glibc

/// Where the container engine listens: `DOCKER_HOST`, else Docker's usual socket.
enum EngineEndpoint: Equatable {
    /// `unix:///PATH`
    case socket(String)
    /// `tcp://HOST:PORT`
    case port(host: String, port: String)

    static let usual = EngineEndpoint.socket("/var/run/docker.sock")

    /// What the environment says.
    static func fromEnvironment() throws(TransportError) -> EngineEndpoint {
        guard let value = getenv("DOCKER_HOST").map({ String(cString: $0) }), !value.isEmpty else { return usual }
        return try EngineEndpoint(parsing: value)
    }

    init(parsing text: String) throws(TransportError) {
        if text.hasPrefix("unix://"), text.count > 7 {
            self = .socket(String(text.dropFirst(7)))
        } else if text.hasPrefix("tcp://") {
            let parts = text.dropFirst(6).prefix { $0 != "/" }.split(separator: ":")
            guard parts.count == 2 else { throw Self.refuse(text) }
            self = .port(host: String(parts[0]), port: String(parts[1]))
        } else {
            throw Self.refuse(text)
        }
    }

    private static func refuse(_ text: String) -> TransportError {
        .engine(
            place: text,
            reason: "DOCKER_HOST must be unix:///PATH or tcp://HOST:PORT (ssh and TLS are not supported)"
        )
    }
}
