import ArtifactStore
import ContentAddress
import ImageAuditor
import NIOHTTP1
import Printable
import Release
import Shapes

/// The operations on audits and what they saw.
enum AuditOperations {
    static let all = [list, show, imagesOfBytes, imagesOfRelease]

    private struct Item: Encodable {
        let number: Int64
        let audit: AuditShape

        func encode(to encoder: any Encoder) throws {
            try audit.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(number, forKey: .number)
        }

        private enum CodingKeys: CodingKey {
            case number
        }
    }

    private struct Page: Encodable {
        let audits: [Item]
        let next: Int64?
    }

    static let verdicts = Verdict.allCases.map(\.rawValue) + ["damaged"]

    private static let list = APIOperation(
        path: "/audits",
        name: "listAudits",
        summary: "Lists audits, the latest first.",
        parameters: [
            APIParameter(name: "verdict", about: "Only this verdict.", kind: .word(verdicts)),
            APIParameter(
                name: "before",
                about: "Go on before this audit, by its number.",
                kind: .number(1...Int64(Int32.max), standard: nil)
            ),
            .limit,
        ],
        content: .json("AuditPage")
    ) { request, context in
        let audits = try context.store.audits(
            before: request["before"].flatMap { Int64($0) },
            verdict: request["verdict"],
            limit: request.limit + 1
        )
        let page = audits.prefix(request.limit)
        return try Answer(
            json: Page(
                audits: page.map { Item(number: $0.number, audit: AuditShape($0.audit)) },
                next: audits.count > page.count ? page.last?.number : nil
            )
        )
    }

    private static let show = APIOperation(
        path: "/audits/{digest}",
        name: "showAudit",
        summary: "Shows the report of the latest audit of an image, by the digest of its index or manifest.",
        parameters: [.digest],
        content: .json("AuditReport")
    ) { request, context in
        let digest = try request.digest("digest")
        guard let audit = try context.store.latestAudit(of: digest) else {
            throw APIProblem.unknown("no image \(digest) was audited")
        }
        return Answer(jsonBytes: Array(audit.report.description.utf8))
    }

    private struct Found: Encodable {
        let found: [OccurrenceShape]
        /// Whether there are more than are listed.
        let isCut: Bool
        let auditedImages: Int
        let unauditedImages: Int
    }

    private static let imagesOfBytes = APIOperation(
        path: "/artifacts/{digest}/images",
        name: "findImagesWithBytes",
        summary: "Lists the audited images that hold some bytes, whoever built them.",
        parameters: [.digest, .limit],
        content: .json("Occurrences")
    ) { request, context in
        try found([request.digest("digest")], request, context)
    }

    private static let imagesOfRelease = APIOperation(
        path: "/release/images",
        name: "findImagesWithRelease",
        summary: "Lists the audited images that hold a file of a release, whoever built them.",
        parameters: [.release("release", "The release, name@version.", isRequired: true), .limit],
        content: .json("Occurrences")
    ) { request, context in
        try found(Set(context.store.artifacts(of: request.release("release")).map(\.digest)), request, context)
    }

    private static func found(
        _ digests: Set<Digest>,
        _ request: APIRequest,
        _ context: SiteContext
    ) throws -> Answer {
        let store = context.store
        let found = try store.images(holding: digests)
        return try Answer(
            json: Found(
                found: found.prefix(request.limit).map(OccurrenceShape.init),
                isCut: found.count > request.limit,
                auditedImages: store.auditedImageCount(),
                unauditedImages: store.unauditedImageCount()
            )
        )
    }
}
