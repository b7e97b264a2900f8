/// Where an image is, as written on the command line: a transport and what it needs (the transports' names are
/// skopeo's, containers-transports(5)).
package enum ImageLocation: Hashable, Sendable {
    /// `docker-archive:FILE[:REF]`, what `docker save` writes; `-` is standard input or output, for `oci-archive:` too.
    case dockerArchive(path: String, reference: String?)
    /// `docker-daemon:REF`, an image that a container engine has.
    case dockerDaemon(reference: String)
    /// `containers-storage:REF`, an image that podman, buildah or CRI-O has on this machine.
    case containersStorage(reference: String)
    /// `oci:DIR[:TAG]`, an OCI image layout.
    case layout(path: String, tag: String?)
    /// `oci-archive:FILE[:TAG]`, an OCI image layout in a tar archive.
    case layoutArchive(path: String, tag: String?)
    /// `dir:DIR`, skopeo's directory of one image.
    case directory(path: String)
    /// `rootfs:DIR`, a root file system that lies in a directory.
    case rootFileSystem(path: String)
    /// `docker-container:ID`, what a container of an engine sees.
    case container(id: String)
    /// `docker://REF`, an image in a registry.
    case registry(reference: String)
    /// A bare reference: an image in the store.
    case store(reference: String)

    /// Reads the written form.
    ///
    /// Throws ``TransportError/reference(_:rule:)`` for a transport that isn't known, or one without what it needs.
    package init(parsing text: String) throws(TransportError) {
        try Self.checkIsName(text)
        guard let colon = text.firstIndex(of: ":") else {
            self = .store(reference: text)
            return
        }
        let rest = String(text[text.index(after: colon)...])
        switch text[..<colon] {
        case "docker-archive":
            let (path, reference) = try Self.split(rest, text)
            self = .dockerArchive(path: path, reference: reference)
        case "docker-daemon": self = .dockerDaemon(reference: try Self.needed(rest, text))
        case "containers-storage": self = .containersStorage(reference: try Self.needed(rest, text))
        case "oci":
            let (path, tag) = try Self.split(rest, text)
            self = .layout(path: try Self.directory(path, text), tag: tag)
        case "oci-archive":
            let (path, tag) = try Self.split(rest, text)
            self = .layoutArchive(path: path, tag: tag)
        case "dir": self = .directory(path: try Self.directory(Self.needed(rest, text), text))
        case "rootfs": self = .rootFileSystem(path: try Self.directory(Self.needed(rest, text), text))
        case "docker-container": self = .container(id: try Self.needed(rest, text))
        case "docker":
            guard rest.hasPrefix("//") else { throw .reference(text, rule: "docker: is followed by //") }
            self = .registry(reference: try Self.needed(String(rest.dropFirst(2)), text))
        case "files":
            throw .reference(text, rule: "files: is a place of `bindery publish`; an image is written to oci:DIR")
        default: self = .store(reference: text)
        }
    }

    /// Whether it is standard input or output, `-` as the file of an archive.
    package var isStandardStream: Bool {
        switch self {
        case .dockerArchive(let path, _), .layoutArchive(let path, _): path == "-"
        case .dockerDaemon, .containersStorage, .layout, .directory, .rootFileSystem, .container, .registry, .store:
            false
        }
    }

    private static func needed(_ rest: String, _ text: String) throws(TransportError) -> String {
        guard !rest.isEmpty, !rest.utf8.contains(0) else {
            throw .reference(text, rule: "something must follow '\(text.prefix { $0 != ":" }):'")
        }
        return rest
    }

    private static func directory(_ path: String, _ text: String) throws(TransportError) -> String {
        guard path != "-" else {
            throw .reference(
                text,
                rule: "standard input and output are oci-archive:- and docker-archive:-; a directory called '-' is ./-"
            )
        }
        return path
    }

    // As skopeo splits it: the path ends at the first colon.
    private static func split(_ rest: String, _ text: String) throws(TransportError) -> (String, String?) {
        guard let colon = rest.firstIndex(of: ":") else { return (try needed(rest, text), nil) }
        let path = try needed(String(rest[..<colon]), text)
        let reference = String(rest[rest.index(after: colon)...])
        return (path, reference.isEmpty ? nil : reference)
    }
}
