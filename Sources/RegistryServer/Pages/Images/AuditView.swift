import ArtifactStore
import ContentAddress
import ImageAuditor
import Release

/// What a page shows of a recorded audit's report.
struct AuditView: AuditContent, Decodable {
    typealias Kind = AuditRecord.ReportKind

    struct Finding: Decodable {
        let code: String
        let severity: String
        let title: String
        let message: String
        let platform: String?
        let layer: Int?
        let path: String?
    }

    struct Layer: Decodable {
        let digest: Digest
        let diffID: Digest
        let size: Int64
        let uncompressedSize: Int64
        let compression: String
        let entries: Int
    }

    struct Step: Decodable {
        let reason: String
        let path: String
        let identity: String
    }

    struct File: Decodable {
        let path: String
        let digest: Digest?
        let size: Int64
        let layer: Int
        let artifacts: [ArtifactKey]
    }

    struct Platform: Decodable {
        let platform: String
        let manifest: Digest
        let verdict: String?
        let releases: [ReleaseKey]
        let layers: [Layer]
        let entrypoint: [Step]
        let findings: [Finding]
        let fileCount: Int
        let files: [File]
    }

    let findings: [Finding]
    let platforms: [Platform]
}
