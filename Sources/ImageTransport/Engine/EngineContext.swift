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
    ///
    /// A config.json that is there and can't be read is a warning, as it is to Docker.
    static func current(
        _ variable: (String) -> String?,
        _ warn: (String) -> Void
    ) throws(TransportError) -> EngineContext? {
        guard let directory = variable("DOCKER_CONFIG") ?? variable("HOME").map({ $0 + "/.docker" }) else { return nil }
        let name: String
        if let named = variable("DOCKER_CONTEXT") {
            name = named
        } else {
            let path = directory + "/config.json"
            guard let current = configured(in: path, warn), !current.isEmpty else { return nil }
            name = current
        }
        return name == "default" ? nil : EngineContext(name: name, directory: directory)
    }

    private static func configured(in path: String, _ warn: (String) -> Void) -> String? {
        var reason: String
        do {
            let bytes = try File.open(path).readBytes(limit: largestFile)
            if bytes.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) { return nil }
            return try JSONDocument(bytes).value["currentContext"]?.string
        } catch let error as SystemError {
            if error.isNotFound { return nil }
            reason = error.reason
        } catch {
            reason = "\(error)"
        }
        warn("docker's context isn't known, so the engine of this machine is asked: \(path): \(reason)")
        return nil
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
