package import ImageTransport
import OCI

/// A registry, or a part of one that has a path: `registry.example`, `localhost:5000`, `registry.example/team`.
package struct RegistryPlace: Hashable, Sendable, CustomStringConvertible {
    /// Host and port as written.
    package let host: String
    /// What stands before the repositories' names, with its slash; empty for all of the registry.
    package let prefix: String

    /// Reads the written form, with or without `docker://`, `https://` or `http://` before it.
    ///
    /// Throws ``TransportError/reference(_:rule:)`` for what names no registry.
    package init(parsing text: String) throws(TransportError) {
        let scheme = ["docker://", "https://", "http://"].first { text.hasPrefix($0) } ?? ""
        let place = String(text.dropFirst(scheme.count))
        let rest = place.hasSuffix("/") ? String(place.dropLast()) : place
        guard !rest.isEmpty, let reference = try? ImageReference(parsing: rest + "/name"),
            let registry = reference.registry, reference.tag == nil, reference.digest == nil
        else {
            throw .reference(text, rule: "a registry is expected: registry.example, localhost:5000, or with a path")
        }
        // Without TLS only this machine's own are reached, or what --insecure names.
        guard scheme != "http://" || WebFiles.isOfThisMachine(registry) else {
            throw .reference(text, rule: "it is reached by https://")
        }
        host = registry
        prefix = String(reference.repository.text.dropLast("name".count))
    }

    package var description: String { prefix.isEmpty ? host : "\(host)/\(prefix.dropLast())" }
}
