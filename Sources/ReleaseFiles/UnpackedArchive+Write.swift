import ArtifactStore
package import ContentAddress
import Glibc
import Printable
import Release
import SystemIO

extension UnpackedArchive {
    /// A file that was written.
    package struct Written: Encodable {
        package let path: String
        package let digest: Digest
        package let size: Int64
        /// Its permission bits in octal.
        package let mode: String
    }

    /// Writes its files below a directory, under their paths in the archive.
    ///
    /// All places are looked at before the first file is written: throws ``UnusableFiles`` when a path isn't one of a
    /// release, when one file would lie in another, or when a symbolic link stands where a directory is needed; and
    /// ``StandingFile`` for a file of other bytes, unless `replacing`.
    package func write(to directory: String, replacing: Bool) throws -> [Written] {
        let root = directory.hasSuffix("/") ? directory : directory + "/"
        let files = Set(members.map { Array($0.path.utf8) })
        var parents: Set<[UInt8]> = []
        var planned: [Written] = []
        for member in members {
            _ = try ReleasePath(parsing: member.path)
            let parts = member.path.split(separator: "/")
            for count in 1..<max(1, parts.count) {
                let parent = parts[..<count].joined(separator: "/")
                guard parents.insert(Array(parent.utf8)).inserted else { continue }
                if files.contains(Array(parent.utf8)) {
                    throw UnusableFiles(
                        description: "\(member.path) would lie in \(parent), which is a file of the archive, too"
                    )
                }
                try Self.requireDirectory(root + parent)
            }
            let file = try File.open(member.file)
            let status = try file.status()
            let path = directory == "." ? member.path : root + member.path
            let digest = try file.digest()
            if !replacing { try StandingFile.refuse(at: path, unless: digest) }
            planned.append(
                Written(path: path, digest: digest, size: status.size, mode: FileMode.text(status.mode & 0o777))
            )
        }
        try Directory.createWithParents(directory)
        for (member, target) in zip(members, planned) {
            try Directory.createWithParents(Directory.parent(of: target.path))
            let source = try File.open(member.file)
            let file = try AtomicFile.create(target.path, mode: source.status().mode & 0o777)
            try file.file.copyContents(of: source, expectedSize: target.size)
            try file.commit(durable: false)
        }
        try File.open(directory, O_RDONLY | O_DIRECTORY).syncFileSystem()
        return planned
    }

    // A link would lead what is below it to another place.
    private static func requireDirectory(_ path: String) throws {
        guard let kind = (try? FileStatus.ofLink(path))?.kind, kind != .directory else { return }
        throw UnusableFiles(description: "\(path) is a \(kind.rawValue), and files of the archive would lie in it")
    }
}
