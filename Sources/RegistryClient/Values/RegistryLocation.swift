import ContentAddress
import HTTP
import OCI

/// What `docker://[host[:port]/]repository[:tag][@digest]` names, with Docker's defaults: the registry `docker.io`, and
/// there `library/` for a name of one part (distribution/reference, normalize.go).
struct RegistryLocation: Equatable, Sendable {
    /// The registry that names without one are looked up in.
    static let dockerHub = "docker.io"

    /// Host and port as written.
    let host: String
    let repository: RepositoryName
    let tag: Tag?
    let digest: Digest?

    init(parsing text: String) throws(RegistryError) {
        do throws(OCIError) {
            let reference = try ImageReference(parsing: text)
            let host = reference.registry ?? Self.dockerHub
            let isHub = host == Self.dockerHub || host == "index.docker.io"
            let isShort = isHub && !reference.repository.text.contains("/")
            self.host = isHub ? Self.dockerHub : host
            repository =
                isShort ? try RepositoryName(parsing: "library/" + reference.repository.text) : reference.repository
            tag = reference.tag
            digest = reference.digest
        } catch {
            throw .reference("docker://\(text)", rule: "\(error)")
        }
        guard Self.isHost(host) else { throw .reference("docker://\(text)", rule: "'\(host)' is not a host") }
    }

    // ImageReference looks for a dot or a colon alone: `..` is not a host, and would be a path to a URL.
    private static func isHost(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-") else { return false }
        return first != UInt8(ascii: ":") && !text.contains("..")
    }

    /// Where the API is: Docker's is at another host than its name says.
    var endpoint: String { host == Self.dockerHub ? "registry-1.docker.io" : host }

    /// The host alone.
    var hostName: String {
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]) }
        return String(host.prefix { $0 != ":" })
    }

    /// The place, for messages.
    var place: String { "\(host)/\(repository)" }

    /// The written form.
    var description: String {
        "docker://\(place)" + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }
}
