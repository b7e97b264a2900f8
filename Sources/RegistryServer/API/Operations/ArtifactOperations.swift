import ArtifactStore
import ContentAddress
import ELF
import NIOHTTP1
import OCI
import Printable
import Shapes

/// The operations on the bytes of released files.
enum ArtifactOperations {
    static let all = [show, content]

    private struct Shape: Encodable {
        let digest: Digest
        let artifacts: [ArtifactShape]
        let removed: [TombstoneShape]
        let revocations: [RevocationShape]
        let elf: ELFFile?
        let attestations: [Attestation]
    }

    private struct Attestation: Encodable {
        let predicateType: String
        let key: Digest
        let addedAt: String
        let addedBy: String

        init(_ stored: StoredAttestation) {
            predicateType = stored.predicateType
            key = stored.key
            addedAt = stored.addedAt.rfc3339
            addedBy = stored.addedBy
        }
    }

    private static let show = APIOperation(
        path: "/artifacts/{digest}",
        name: "showArtifact",
        summary: "Says of which releases some bytes are, and what they say of themselves.",
        parameters: [.digest],
        content: .json("Artifact")
    ) { request, context in
        let (digest, store) = (try request.digest("digest"), context.store)
        let artifacts = try store.artifacts(with: digest)
        let tombstones = try store.withdrawn([digest])[digest] ?? []
        let revocations = try store.revocations(of: .bytes(digest))
        guard !artifacts.isEmpty || !tombstones.isEmpty || !revocations.isEmpty else {
            throw APIProblem.unknown("no release has a file with \(digest)")
        }
        return try Answer(
            json: Shape(
                digest: digest,
                artifacts: artifacts.map(ArtifactShape.init),
                removed: tombstones.map(TombstoneShape.init),
                revocations: revocations.map(RevocationShape.init),
                elf: store.binaryFacts(of: digest)?.elf,
                attestations: store.attestations(about: digest).map(Attestation.init)
            )
        )
    }

    private static let content = APIOperation(
        path: "/artifacts/{digest}/content",
        name: "downloadArtifact",
        summary: "Sends the bytes of a released file, or a range of them.",
        parameters: [.digest],
        content: .bytes,
        isOfHistory: false
    ) { request, context in
        let digest = try request.digest("digest")
        guard let artifact = try context.store.artifacts(with: digest).first else {
            throw APIProblem.unknown("no release has a file with \(digest)")
        }
        guard try request.head.method != .HEAD || context.blobs.isThere(digest) else {
            throw APIProblem.unknown("the bytes of \(digest) aren't in the store any more")
        }
        var answer = try BlobAnswer(opener: context.blobs)
            .answer(.stored(size: artifact.size), digest, request.head)
        answer.headers.add(name: "Content-Disposition", value: "attachment; filename=\"\(fileName(of: artifact))\"")
        return answer
    }

    // A name of any characters goes into a quoted text of a header field.
    private static func fileName(of artifact: Artifact) -> String {
        String(
            String.UnicodeScalarView(
                artifact.fileName.unicodeScalars.map { scalar in
                    let isPlain = scalar.isASCII && scalar.value > 0x20 && scalar.value < 0x7F
                    return isPlain && scalar != "\"" && scalar != "\\" && scalar != "/" ? scalar : "_"
                }
            )
        )
    }
}
