import Archive
package import ArtifactStore
package import ContentAddress
import SystemIO

/// Writes archives of releases: the same release, time and recipe give the same bytes.
package struct ArchivePacker {
    /// How contents are compressed: a level that release archives usually have.
    private static let level = 6
    /// What a zip member is compressed by, and a tar archive.
    private static let recipe = CompressionRecipe.gzip(level: level)

    let store: Store
    /// The time that all files get, in seconds since 1970.
    private let epoch: Int64

    /// A packer that takes files out of a store.
    package init(store: Store, epoch: Int64) {
        self.store = store
        self.epoch = epoch
    }

    /// What the bytes depend on beside the release: the profile of the container, and the compressor with its version.
    package func recipe(of archive: ReleaseArchive) -> String {
        let profile =
            switch archive.form {
            case .tarGzip: TarWriter.profile
            case .zip: ZipWriter.profile(modified: epoch)
            case .deb: Self.isPlain(archive) ? TarWriter.profile : TarWriter.profileWithLongNames
            }
        return profile + "+" + Self.recipe.name
    }

    private static func isPlain(_ archive: ReleaseArchive) -> Bool {
        let paths = archive.entries.map(\.path)
        return paths.allSatisfy { TarWriter.isPlain(debianPrefix + $0) }
            && PackedTar.directories(of: paths, prefix: debianPrefix).allSatisfy { TarWriter.isPlain($0 + "/") }
    }

    private static let debianPrefix = "./"

    /// Writes an archive to a file that has no name yet.
    ///
    /// Throws ``PackError``, ``StoreError`` and ``SystemIO/SystemError``. Every file's bytes are checked.
    package func write(
        _ archive: ReleaseArchive,
        to path: String
    ) throws -> (file: PackedFile, digest: Digest, size: Int64) {
        let output = try PackedFile(path)
        switch archive.form {
        case .tarGzip: try writeTar(archive.entries, to: output)
        case .zip: try writeZip(archive.entries, to: output)
        case .deb: try writeDebian(archive, to: output)
        }
        return (output, try output.digest(), output.size)
    }

    private func writeTar(
        _ entries: [ReleaseArchive.Entry],
        isForDebian: Bool = false,
        to output: PackedFile
    ) throws {
        let prefix = isForDebian ? Self.debianPrefix : ""
        var tar = PackedTar(try StreamCompressor(Self.recipe), output, isForDebian: isForDebian)
        // dpkg creates no directory that isn't in the package.
        if isForDebian { try tar.addDirectories(of: entries.map(\.path), prefix: prefix, modified: epoch) }
        for entry in entries {
            let header = TarHeader(
                path: prefix + entry.path,
                kind: .file,
                mode: entry.artifact.mode,
                size: entry.artifact.size,
                modified: epoch
            )
            try tar.add(header)
            try store.readBlob(entry.artifact.digest) { try tar.add($0) }
            try tar.add(TarWriter.padding(after: entry.artifact.size))
        }
        try tar.finish()
    }

    private func writeZip(_ entries: [ReleaseArchive.Entry], to output: PackedFile) throws {
        guard entries.count <= ZipWriter.largestCount else { throw PackError.tooLarge(.zip) }
        var zip = ZipWriter(modified: epoch)
        for entry in entries {
            let start = output.size
            try output.append(zip.header(path: entry.path, nil))
            let contentStart = output.size
            var compressor = try DeflateCompressor(level: Self.level)
            var pending: [UInt8] = []
            try store.readBlob(entry.artifact.digest) { bytes in
                try compressor.add(bytes) { pending += $0 }
                try output.append(pending)
                pending.removeAll(keepingCapacity: true)
            }
            let check = try compressor.finish { pending += $0 }
            try output.append(pending)
            let content = ZipWriter.Content(
                check: check,
                packedSize: output.size - contentStart,
                size: entry.artifact.size
            )
            guard let content, let offset = UInt32(exactly: start) else { throw PackError.tooLarge(.zip) }
            try output.overwrite(zip.header(path: entry.path, content), at: start)
            zip.add(path: entry.path, mode: entry.artifact.mode, content, at: offset)
        }
        guard let start = UInt32(exactly: output.size), let end = zip.end(at: start) else {
            throw PackError.tooLarge(.zip)
        }
        try output.append(end)
    }

    private func writeDebian(_ archive: ReleaseArchive, to output: PackedFile) throws {
        try output.append(ArWriter.magic)
        try member("debian-binary", of: output) { try output.append(Array("2.0\n".utf8)) }
        try member("control.tar.gz", of: output) {
            var tar = PackedTar(try StreamCompressor(Self.recipe), output, isForDebian: true)
            try tar.addDirectories(of: [], prefix: Self.debianPrefix, modified: epoch)
            try tar.add("./control", archive.control?.text ?? "", modified: epoch)
            // What an administrator may change, and an upgrade keeps.
            let settings = archive.entries.map(\.path).filter { $0.hasPrefix("etc/") }
            if !settings.isEmpty {
                try tar.add("./conffiles", settings.map { "/\($0)\n" }.joined(), modified: epoch)
            }
            try tar.finish()
        }
        try member("data.tar.gz", of: output) { try writeTar(archive.entries, isForDebian: true, to: output) }
    }

    // The size is known behind the content: the header is written twice.
    private func member(_ name: String, of output: PackedFile, _ body: () throws -> Void) throws {
        let start = output.size
        try output.append(ArWriter.header(name: name, size: 0, modified: epoch))
        let contentStart = output.size
        try body()
        let size = output.size - contentStart
        guard size < 10_000_000_000 else { throw PackError.tooLarge(.deb) }
        try output.overwrite(ArWriter.header(name: name, size: size, modified: epoch), at: start)
        if size % 2 != 0 { try output.append([UInt8(ascii: "\n")]) }
    }
}
