import Archive
import ArtifactStore
import ContentAddress
import Glibc
import ImageTransport
import Printable
import RegistryClient
import Release
import SystemIO

/// What the files of a release page are to the release: its own bytes, archives with them, or other bytes under its names.
struct AssetCheck {
    /// What one file is.
    enum Result: Hashable {
        /// A file of the release, or one that is made of it: an archive, checksums, a bill of materials, a statement.
        case released
        /// An archive that holds files of the release, and none of other bytes under the name of one.
        case holds(Int)
        /// Nothing of the release, and not called like it.
        case other
        /// Other bytes under the name of a file of the release; what and where.
        case differs(String)
    }

    /// Larger files are read by nobody: more than a release has.
    private static let largestAsset: Int64 = 8 << 30

    private let digests: Set<Digest>
    private let files: Set<Digest>
    private let names: Set<String>

    /// `page` are the files that `publish` would write.
    init(_ artifacts: [Artifact], page: [PageFile]) {
        files = Set(artifacts.map(\.digest))
        digests = files.union(page.map(\.digest))
        names = Set(
            artifacts.flatMap { [$0.fileName, $0.key.file.text.split(separator: "/").last.map(String.init) ?? ""] }
        )
    }

    /// Reads a file of the page; gives its digest, too.
    func read(_ asset: ForgeAsset, _ web: WebFiles) throws -> (result: Result, file: PublishedPlace.File) {
        let file = try Self.unnamed()
        var hasher = DigestHasher()
        var size: Int64 = 0
        let limit = min(asset.size ?? Self.largestAsset, Self.largestAsset)
        try web.open(asset.address).forEachPiece { piece throws(TransportError) in
            size += Int64(piece.count)
            guard size <= limit else { throw .size(what: asset.name, expected: limit, found: nil) }
            hasher.update(piece)
            do throws(SystemError) { try file.write(piece) } catch { throw .system(error) }
        }
        if let announced = asset.size, announced != size {
            throw TransportError.size(what: asset.name, expected: announced, found: size)
        }
        let digest = hasher.finalize()
        return (result(digest, file, asset.name), .init(name: asset.name, digest: digest, size: size))
    }

    private static func unnamed() throws(TransportError) -> File {
        do { return try File.unnamed(in: Directory.temporary) } catch { throw .system(error) }
    }

    private func result(_ digest: Digest, _ file: borrowing File, _ name: String) -> Result {
        if digests.contains(digest) { return .released }
        if names.contains(name) { return .differs("\(name) has other bytes than the release: \(digest)") }
        guard let contents = ArchiveContents.read(file, name: name, budget: WorkBudget()) else { return .other }
        for member in contents.members where !files.contains(member.digest) {
            guard let last = member.path.split(separator: UInt8(ascii: "/")).last,
                names.contains(String(decoding: last, as: UTF8.self))
            else { continue }
            return .differs(
                "\(name) holds \(printable(member.path)) with other bytes than the release: \(member.digest)"
            )
        }
        if let problem = contents.problem, ArchiveFormat.isNamed(name) {
            return .differs("\(name) can't be read to its end: \(problem)")
        }
        let count = contents.members.count { files.contains($0.digest) }
        return count > 0 ? .holds(count) : .other
    }
}
