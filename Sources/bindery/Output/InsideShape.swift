import Archive
import ArtifactStore
import ContentAddress
import ImageAuditor
import ImageTransport
import OCI
import Printable
import Release
import Shapes
import SystemIO

/// What is in an archive that isn't released: which of its files are, and what an image in it is by an audit of which
/// nothing is kept.
struct InsideShape: Encodable {
    private struct Member: Encodable {
        let path: String
        let pathHex: String?
        let digest: Digest
        let size: Int64
        let artifacts: [ArtifactShape]
    }

    private struct Image: Encodable {
        struct Part: Encodable {
            let platform: String
            let verdict: Verdict?
        }

        struct Origin: Hashable, Encodable {
            let name: String
            let version: String
        }

        let verdict: Verdict?
        let platforms: [Part]
        let releases: [Origin]
    }

    private let files: Int
    private let released: [Member]
    private let problem: String?
    private let image: Image?

    /// How long an archive and its image are read, in seconds.
    private static let time: Int64 = 120

    /// Looks into an open file; nil for one that isn't an archive.
    init?(_ file: borrowing File, _ path: [UInt8], _ store: Store) throws {
        let name = String(decoding: path, as: UTF8.self)
        guard let contents = ArchiveContents.read(file, name: name, budget: WorkBudget(seconds: Self.time)) else {
            return nil
        }
        let known = try store.artifacts(withAnyOf: Set(contents.members.map(\.digest)))
        files = contents.members.count
        problem = contents.problem
        released = contents.members.compactMap { member in
            guard let artifacts = known[member.digest] else { return nil }
            let text = String(decoding: member.path, as: UTF8.self)
            return Member(
                path: text,
                pathHex: Array(text.utf8) == member.path ? nil : Hexadecimal.encode(member.path),
                digest: member.digest,
                size: member.size,
                artifacts: artifacts.map(ArtifactShape.init)
            )
        }
        // It is read again by its descriptor: standard input and files without a name have no other place.
        let place = "/proc/self/fd/\(file.descriptor)"
        let names = Set(contents.members.map(\.path))
        if names.contains(Array("oci-layout".utf8)) {
            image = try Self.audit(.layoutArchive(path: place, tag: nil), name, store)
        } else if names.contains(Array("manifest.json".utf8)) {
            image = try Self.audit(.dockerArchive(path: place, reference: nil), name, store)
        } else {
            image = nil
        }
    }

    private static func audit(_ location: ImageLocation, _ name: String, _ store: Store) throws -> Image? {
        let budget = WorkBudget(seconds: time)
        var options = AuditOptions()
        options.budget = budget
        let audit: ImageAudit
        do {
            let source = try ImageSources.open(location, budget: budget)
            audit = try Auditor(store: store, options: options).audit(source)
        } catch let error as TransportError {
            audit = try ImageAudit.unopened(name, error)
        } catch AuditError.transport(let error) {
            audit = try ImageAudit.unopened(name, error)
        } catch is AuditError {
            // An artifact or a bundle: its files are listed.
            return nil
        }
        var releases: [Image.Origin] = []
        for release in audit.platforms.flatMap(\.releases) {
            let item = Image.Origin(name: release.name.text, version: release.version.text)
            if !releases.contains(item) { releases.append(item) }
        }
        return Image(
            verdict: audit.verdict,
            platforms: audit.platforms.map { Image.Part(platform: $0.platform, verdict: $0.verdict) },
            releases: releases
        )
    }

    /// The same for people.
    var lines: [Message] {
        var lines: [Message] = ["\(released.count) of \(ByteCount.counted(files, "file")) in it are released"]
        if let problem { lines.append("it can't be read to its end: \(message: problem)") }
        if let image {
            let verdict = image.verdict?.rawValue ?? "damaged"
            let names = image.releases.map { "\($0.name)@\($0.version)" }.joined(separator: ", ")
            lines.append("as an image: \(verdict)\(names.isEmpty ? "" : ": " + names)")
        }
        return lines
    }
}
