import OCI
import Printable
import SystemIO

extension ImageLocation: CustomStringConvertible {
    /// The written form.
    package var description: String {
        switch self {
        case .dockerArchive(let path, let reference): "docker-archive:\(path)" + Self.suffix(reference)
        case .dockerDaemon(let reference): "docker-daemon:\(reference)"
        case .containersStorage(let reference): "containers-storage:\(reference)"
        case .layout(let path, let tag): "oci:\(path)" + Self.suffix(tag)
        case .layoutArchive(let path, let tag): "oci-archive:\(path)" + Self.suffix(tag)
        case .directory(let path): "dir:\(path)"
        case .rootFileSystem(let path): "rootfs:\(path)"
        case .container(let id): "docker-container:\(id)"
        case .registry(let reference): "docker://\(reference)"
        case .store(let reference): reference
        }
    }

    private static func suffix(_ name: String?) -> String { name.map { ":\($0)" } ?? "" }
}

extension ImageLocation {
    static let transports = [
        "containers-storage", "dir", "docker", "docker-archive", "docker-container", "docker-daemon", "oci",
        "oci-archive", "rootfs",
    ]
    /// Shorter ones are near to many words: `oci` to `ocr`, `dir` to `dirs`.
    private static let shortestGuessed = 8
    private static let archiveSuffixes = [
        ".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".oci", ".zip",
    ]

    /// Throws ``TransportError/reference(_:rule:)`` for what doesn't become a name in the store: what is meant for a file or
    /// for a transport.
    package static func checkIsName(_ text: String) throws(TransportError) {
        try checkTransport(text)
        let isPath = ["/", "./", "../", "~/"].contains { text.hasPrefix($0) }
        guard !isPath, !isArchive(text) else {
            throw .reference(text, rule: "a file is named with its transport, \(choices(text))")
        }
    }

    private static func checkTransport(_ text: String) throws(TransportError) {
        guard let colon = text.firstIndex(of: ":"), !startsWithTransport(text) else { return }
        let word = String(text[..<colon])
        let nearest = NearestName.of(word, in: transports)
        // What follows another word and a colon is a tag, or a port and a name: `mount-monitor:1.2.3`.
        let isMeant = word.count >= shortestGuessed && nearest.map { $0.count >= shortestGuessed } ?? false
        guard isMeant || text[text.index(after: colon)...].hasPrefix("/") else { return }
        let guess = nearest.map { "; did you mean \($0)?" } ?? "."
        throw .reference(
            text,
            rule: "there is no transport '\(word)'\(guess) The transports are \(transports.joined(separator: ", "))"
        )
    }

    // `x.tar` and `x.tar:1`, but not `registry.example/x.tar:1`.
    private static func isArchive(_ text: String) -> Bool {
        guard !text.contains("@"), !startsWithTransport(text) else { return false }
        let last = text.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let name = last.prefix { $0 != ":" }.lowercased()
        guard archiveSuffixes.contains(where: { name.hasSuffix($0) && name != $0 }) else { return false }
        guard let registry = (try? ImageReference(parsing: text))?.registry else { return true }
        return !last.contains(":") && !registry.contains(":")
    }

    private static func startsWithTransport(_ text: String) -> Bool {
        transports.contains { text.hasPrefix($0 + ":") }
    }

    private static func choices(_ path: String) -> String {
        "oci-archive:\(path) or docker-archive:\(path), a directory as oci:\(path)"
    }

    /// What may be meant by a name that the store hasn't got: a file or directory of that name; nil when there is none.
    package static func remark(on name: String) -> String? {
        switch try? FileStatus.of(name).kind {
        case .directory: "a directory is named with its transport, oci:\(name), dir:\(name) or rootfs:\(name)"
        case .file:
            "a file is named with its transport, oci-archive:\(name) or docker-archive:\(name); "
                + "`bindery identify \(name)` says what a program is"
        default: nil
        }
    }
}
