import ArtifactStore
import Glibc
import Printable
import SystemIO

/// A file to put, as the command line names it or as a directory has it.
package struct PutSource {
    /// Where it is; `-` is standard input.
    package let path: String
    /// Its path inside the directory that was named; nil for a file that was named itself.
    package let relative: String?

    /// A file that is named itself.
    package init(path: String) { self.init(path: path, relative: nil) }

    private init(path: String, relative: String?) {
        self.path = path
        self.relative = relative
    }

    /// The file itself, or all files of a directory, in the order of their paths' bytes.
    ///
    /// Throws for what is neither: a release has regular files.
    package static func expand(_ path: String) throws -> [PutSource] {
        guard path != "-", (try? FileStatus.of(path))?.kind == .directory else {
            return [PutSource(path: path)]
        }
        var sources: [PutSource] = []
        try add(path, under: "", to: &sources)
        guard !sources.isEmpty else { throw UnusableFiles(description: "the directory \(path) has no files") }
        return sources.sorted { ($0.relative ?? "").utf8.lexicographicallyPrecedes(($1.relative ?? "").utf8) }
    }

    private static func add(_ directory: String, under prefix: String, to sources: inout [PutSource]) throws {
        guard (try? FileStatus.ofLink(StorePaths(root: directory).index)) == nil else {
            throw UnusableFiles(
                description: "\(directory) is a store, whose files are in no release: name another directory"
            )
        }
        for bytes in try Directory.rawNames(of: File.open(directory, O_RDONLY | O_DIRECTORY)) {
            guard let name = String(validating: bytes, as: UTF8.self) else {
                let message: Message = "\(directory) has a file whose name isn't UTF-8: \(bytes: bytes)"
                throw UnusableFiles(description: message.text)
            }
            let path = directory + (directory.hasSuffix("/") ? "" : "/") + name
            switch try FileStatus.ofLink(path).kind {
            case .file: sources.append(PutSource(path: path, relative: prefix + name))
            case .directory: try add(path, under: prefix + name + "/", to: &sources)
            case let kind:
                throw UnusableFiles(
                    description: """
                        \(path) is a \(kind.rawValue), and a release has regular files only
                        Remove it from the directory, or put what it leads to in its place.
                        """
                )
            }
        }
    }
}
