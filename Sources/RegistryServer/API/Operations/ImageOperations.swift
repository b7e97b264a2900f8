import ArtifactStore
import ContentAddress
import ImageAuditor
import OCI
import Printable
import Release
import Shapes

/// The operations on images of the store, and on audited ones.
enum ImageOperations {
    static let all = [list, show, files, tagHistory]

    /// A platform's image of the latest audit.
    struct Part: Encodable {
        let platform: String
        let manifest: Digest
        let verdict: String?

        init(_ part: AuditSummary.Part) { (platform, manifest, verdict) = (part.platform, part.manifest, part.verdict) }
    }

    private struct Item: Encodable {
        let reference: String
        let digest: Digest
        let movedAt: String
        let verdict: String?
        let auditedAt: String?
        let platforms: [Part]
    }

    private struct Page: Encodable {
        let images: [Item]
        let next: String?
    }

    private static let list = APIOperation(
        path: "/images",
        name: "listImages",
        summary: "Lists the names of images with what they lead to and the latest verdict.",
        parameters: [.words("after", "Go on behind this name.", example: "agent:1.2.3"), .limit],
        content: .json("ImagePage")
    ) { request, context in
        let names = try context.store.imageNames(after: request["after"] ?? "", limit: request.limit + 1)
        let page = names.prefix(request.limit)
        let audits = try context.store.auditSummaries(of: page.map(\.image))
        let items = page.map { name in
            let audit = audits[name.image]
            return Item(
                reference: name.reference,
                digest: name.image,
                movedAt: name.movedAt.rfc3339,
                verdict: audit?.verdict,
                auditedAt: audit?.auditedAt.rfc3339,
                platforms: audit?.platforms.map(Part.init) ?? []
            )
        }
        return try Answer(json: Page(images: items, next: names.count > page.count ? page.last?.reference : nil))
    }

    private struct Detail: Encodable {
        let digest: Digest
        let mediaType: String?
        let addedAt: String?
        let references: [String]
        let size: Int64?
        let releases: [ReleaseKey]
        let audit: AuditShape?
        let platforms: [Part]
    }

    private static let show = APIOperation(
        path: "/images/{digest}",
        name: "showImage",
        summary: "Shows an image by the digest of its index or manifest, with its latest audit.",
        parameters: [.digest],
        content: .json("Image")
    ) { request, context in
        let (digest, store) = (try request.digest("digest"), context.store)
        let image = try store.storedImage(digest)
        let audit = try store.latestAudit(of: digest)
        guard image != nil || audit != nil else { throw APIProblem.unknown("there is no image \(digest)") }
        return try Answer(
            json: Detail(
                digest: digest,
                mediaType: image?.mediaType,
                addedAt: image?.addedAt.rfc3339,
                references: image?.references ?? [],
                size: image?.size,
                releases: store.releases(in: digest),
                audit: audit.map { AuditShape($0) },
                platforms: store.auditSummaries(of: [digest])[digest]?.platforms.map(Part.init) ?? []
            )
        )
    }

    private struct File: Encodable {
        let path: String
        let kind: String
        let digest: Digest?
        let size: Int64
        let mode: String
        let layer: Int
        let identity: String
        let artifacts: [ArtifactKey]

        init(_ file: AuditedFile) {
            path = "\(file.path)"
            kind = file.kind.word
            digest = file.digest
            size = file.size
            mode = FileMode.text(file.mode)
            layer = file.layer
            identity = file.identity.word
            artifacts = file.artifacts.map(\.key)
        }
    }

    private struct FilePage: Encodable {
        let files: [File]
        let next: Int?
    }

    private static let files = APIOperation(
        path: "/manifests/{digest}/files",
        name: "listFiles",
        summary: "Lists the files of an audited platform's image, with what each of them is by the store of now.",
        parameters: [
            .digest,
            APIParameter(
                name: "identity",
                about: "Only files that are of a release, of a known base, or neither.",
                kind: .word(["released", "base", "unknown"])
            ),
            APIParameter(
                name: "after",
                about: "How many files to pass over.",
                kind: .number(0...10_000_000, standard: 0)
            ),
            .limit,
        ],
        content: .json("FilePage")
    ) { request, context in
        let digest = try request.digest("digest")
        guard let recorded = try RecordedFiles(digest, in: context.store) else {
            throw APIProblem.unknown("no audit has recorded the files of \(digest)")
        }
        let wanted = request["identity"]
        let files = recorded.files.filter { wanted == nil || $0.identity.word == wanted }
        let start = min(request["after"].flatMap { Int($0) } ?? 0, files.count)
        let page = files[start...].prefix(request.limit)
        return try Answer(
            json: FilePage(files: page.map(File.init), next: page.endIndex < files.count ? page.endIndex : nil)
        )
    }

    private struct Move: Encodable {
        let sequence: Int64
        let at: String?
        let by: String
        let from: Digest?
        let to: Digest?
        let reason: String?

        init(_ move: TagMove) {
            sequence = move.sequence
            at = move.at?.rfc3339
            by = move.by
            from = move.from
            to = move.to
            reason = move.reason
        }
    }

    private struct History: Encodable {
        let reference: String
        let moves: [Move]
    }

    private static let tagHistory = APIOperation(
        path: "/tags",
        name: "showTagHistory",
        summary: "Lists every move of an image's name: when, by whom, from which image to which.",
        parameters: [
            .words("reference", "The name as the store has it.", example: "agent:1.2.3", isRequired: true), .limit,
        ],
        content: .json("TagHistory")
    ) { request, context in
        let reference = request["reference"] ?? ""
        let moves = try context.store.history(ofTag: reference, limit: request.limit)
        guard !moves.isEmpty else { throw APIProblem.unknown("no image was ever called \(reference, limit: 200)") }
        return try Answer(json: History(reference: reference, moves: moves.map(Move.init)))
    }
}
