import ArtifactStore
import Attestation
import ContentAddress
import OCI
import Printable
import Proofs
import Release
import Shapes

extension PutCommand {
    /// Prints what was put.
    func print(_ results: [PutResult], in store: Store) throws {
        for result in results {
            result.noteDifferences()
            result.noteUnreadMembers()
        }
        let documents =
            try provenance.isEmpty
            ? [:]
            : Dictionary(results.map(\.artifact).map { ($0.digest, try Self.provenance(of: $0, in: store)) }) {
                first,
                _ in
                first
            }
        if options.json {
            return try Output.json(["artifacts": results.map { Shape($0, documents[$0.artifact.digest]) }])
        }
        for result in results {
            let artifact = result.artifact
            let remark =
                result.replaced != nil
                ? "  (replaced)"
                : result.isNew ? "" : result.isAmended ? "  (annotations replaced)" : "  (was there)"
            Output.line("\(artifact.digest)  \(ByteCount.text(artifact.size))  \(artifact.key)\(remark)")
            for (_, checked) in documents[artifact.digest] ?? [] {
                Output.line("  \(checked.provenance.statement.predicateType)  \(checked.words)")
            }
        }
    }

    private static func provenance(
        of artifact: Artifact,
        in store: Store
    ) throws -> [(StoredProvenance, CheckedProvenance)] {
        try CheckedProvenance.all(of: artifact.digest, artifact.key.name, in: store)
    }

    private struct Shape: Encodable {
        let artifact: ArtifactShape
        let new: Bool
        let amended: Bool
        let replaced: Digest?
        let differences: [Difference]
        let archive: ArchiveShape?
        let provenance: [ProvenanceShape]?

        struct Difference: Encodable {
            let subject: String
            let released: String
            let offered: String
        }

        init(_ result: PutResult, _ documents: [(StoredProvenance, CheckedProvenance)]?) {
            provenance = documents?.map { ProvenanceShape($0, $1) }
            artifact = ArtifactShape(result.artifact)
            new = result.isNew
            amended = result.isAmended
            replaced = result.replaced?.digest
            archive = result.archive.map(ArchiveShape.init)
            differences = result.differences.map {
                Difference(subject: $0.subject, released: $0.released, offered: $0.offered)
            }
        }
    }
}
