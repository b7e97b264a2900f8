package import ImageTransport
package import OCI

/// A place that a release or an image is published to.
package enum PublishTarget: Hashable, Sendable, CustomStringConvertible {
    /// `docker://REF`, `oci:DIR:TAG` or `oci-archive:FILE:TAG`: places that keep an image's digest.
    case image(ImageLocation)
    /// `files:DIR`: the files of a release page in a directory.
    case files(directory: String)
    /// `https://HOST/PATH/`: the files of a release page below an address that takes PUT.
    case web(String)
    /// `github:OWNER/NAME@TAG`, `gitlab:GROUP/NAME@TAG`: a release page that something else writes.
    case page(ForgePage)

    /// Reads the written form.
    ///
    /// A relative path is below `directory`; a name without a tag gets the tag. Throws ``PublishError/place(_:rule:)``, and
    /// ``ImageTransport/TransportError`` for what is not a reference.
    package init(parsing text: String, tag: Tag?, in directory: String) throws {
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
            guard text.count > scheme.count, !text.contains("?"), !text.contains("#") else {
                throw PublishError.place(
                    text,
                    rule: "it has no query and no fragment: the name of a file is added to it"
                )
            }
            self = .web(text.hasSuffix("/") ? text : text + "/")
            return
        }
        if let page = try ForgePage(parsing: text) {
            self = .page(page)
            return
        }
        if text.hasPrefix(Self.filesPrefix) {
            let path = String(text.dropFirst(Self.filesPrefix.count))
            guard !path.isEmpty, path != "-", !path.utf8.contains(0) else {
                throw PublishError.place(text, rule: "a directory is expected")
            }
            self = .files(directory: Self.absolute(path, in: directory))
            return
        }
        let location = try ImageLocation(parsing: text)
        guard !location.isStandardStream else { throw PublishError.place(text, rule: "a file is expected") }
        switch location {
        case .registry(let reference):
            let name = try ImageReference(parsing: reference)
            guard name.digest == nil else { throw PublishError.place(text, rule: "a tag is expected, not a digest") }
            let suffix = name.tag == nil ? tag.map { ":\($0)" } ?? "" : ""
            self = .image(.registry(reference: reference + suffix))
        case .layout(let path, let name):
            self = .image(.layout(path: Self.absolute(path, in: directory), tag: name ?? tag?.text))
        case .layoutArchive(let path, let name):
            self = .image(.layoutArchive(path: Self.absolute(path, in: directory), tag: name ?? tag?.text))
        case .dockerArchive, .dockerDaemon, .containersStorage, .directory, .rootFileSystem, .container, .store:
            throw PublishError.place(
                text,
                rule: "docker://REF, oci:DIR, oci-archive:FILE, files:DIR or https://… is expected"
            )
        }
    }

    private static let filesPrefix = "files:"

    private static func absolute(_ path: String, in directory: String) -> String {
        let whole = path.hasPrefix("/") ? path : directory + "/" + path
        let parts = whole.split(separator: "/").filter { $0 != "." }
        return "/" + parts.joined(separator: "/")
    }

    /// The written form, by which it is recorded.
    package var description: String {
        switch self {
        case .image(let location): location.description
        case .files(let directory): Self.filesPrefix + directory
        case .web(let address): address
        case .page(let page): page.description
        }
    }
}
