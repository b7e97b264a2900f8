import ContentAddress
import JSON
import SystemIO

/// A context of the docker command: a named engine, in `contexts/meta/SHA-256 OF THE NAME/meta.json` of its directory
/// (docker/cli, cli/context/store).
struct EngineContext {
    let name: String
    private let directory: String

    /// No such file is larger, in bytes.
    private static let largestFile = 4 << 20

    /// The context that `DOCKER_CONTEXT` names, else `currentContext` of config.json; nil for the default one.
    static func current(_ variable: (String) -> String?) throws(TransportError) -> EngineContext? {
        guard let directory = variable("DOCKER_CONFIG") ?? variable("HOME").map({ $0 + "/.docker" }) else { return nil }
        let name: String
        if let named = variable("DOCKER_CONTEXT") {
            name = named
        } else {
            // Credentials stand there, too, and whoever reads those says what is wrong with it.
            guard let bytes = try? File.open(directory + "/config.json").readBytes(limit: largestFile),
                let current = try? JSONDocument(bytes).value["currentContext"]?.string, !current.isEmpty
            else { return nil }
            name = current
        }
        return name == "default" ? nil : EngineContext(name: name, directory: directory)
    }

    /// The engine that it names.
    func endpoint() throws(TransportError) -> EngineEndpoint {
        let path = directory + "/contexts/meta/" + Digest.of(name).hex + "/meta.json"
        let bytes: [UInt8]
        do {
            bytes = try File.open(path).readBytes(limit: Self.largestFile)
        } catch {
            throw .engine(
                place: "docker's context '\(name)'",
                reason: "there is no such context: \(path): \(error.reason)"
            )
        }
        let description = try? JSONDocument(bytes).value
        guard let host = description?["Endpoints"]?["docker"]?["Host"]?.string, !host.isEmpty else {
            throw .engine(place: "docker's context '\(name)'", reason: "\(path) names no engine")
        }
        return try EngineEndpoint(parsing: host, source: "the engine of docker's context '\(name)'")
    }
}
