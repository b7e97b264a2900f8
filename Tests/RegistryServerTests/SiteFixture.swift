import ArtifactStore
import ContentAddress
import Foundation
import Printable

@testable import RegistryServer

/// What audits would have recorded, without one.
struct AuditSample {
    /// A report in the form that the auditor writes.
    private struct Report: AuditContent, Encodable {
        typealias Kind = AuditRecord.ReportKind

        struct File: Encodable {
            let path: String
            let kind = "file"
            let digest: Digest
            let size = 1
            let mode = "0755"
            let layer = 0
            let identity = "released"
            let artifacts: [[String: String]]
        }

        struct Layer: Encodable {
            let digest: Digest
            let diffID: Digest
            let size = 10
            let uncompressedSize = 20
            let compression = "gzip"
            let entries = 3
        }

        struct Finding: Encodable {
            let code = "BND014"
            let severity = "warning"
            let title: String
            let message: String
            let path: String
        }

        struct Part: Encodable {
            let platform: String
            let manifest: Digest
            let verdict: String
            let releases: [[String: String]]
            let layers: [Layer]
            let entrypoint: [[String: String]]
            let findings: [Finding]
            let fileCount = 2
            let files: [File]
        }

        let reference: String
        let findings: [Finding] = []
        let platforms: [Part]
    }

    private struct Facts: AuditContent, Encodable {
        typealias Kind = AuditRecord.FactsKind
        let isPlatformKnown = true
        let layers: [String] = []
        let findings: [String] = []
    }

    var reference = "agent:1"
    var image = Digest.of("index")
    var manifest = Digest.of("manifest")
    var platform = "linux/amd64"
    var verdict = "contains"
    /// What stands in it, beside a file that nobody knows.
    var released: (name: String, version: String, digest: Digest)?
    var unknownPath = "/etc/other"
    var message = "a finding"

    func record(in store: Store) throws {
        let key = released.map { ["name": $0.name, "version": $0.version, "platform": platform] }
        let path = "/" + (released?.name ?? "none")
        let finding = Report.Finding(title: message, message: message, path: unknownPath)
        let report = Report(
            reference: reference,
            platforms: [
                Report.Part(
                    platform: platform,
                    manifest: manifest,
                    verdict: verdict,
                    releases: released.map { [["name": $0.name, "version": $0.version]] } ?? [],
                    layers: [Report.Layer(digest: Digest.of("layer"), diffID: Digest.of("diff"))],
                    entrypoint: [["reason": "entrypoint", "name": path, "path": path, "identity": "released"]],
                    findings: [finding],
                    files: released.map { [Report.File(path: path, digest: $0.digest, artifacts: [key ?? [:]])] } ?? []
                )
            ]
        )
        let known = released.map {
            AuditRecord.File(path: Array(path.utf8), digest: $0.digest, size: 1, mode: 0o755, layer: 0)
        }
        let unknown = AuditRecord.File(
            path: Array(unknownPath.utf8),
            digest: Digest.of("unknown"),
            size: 3,
            mode: 0o755,
            layer: 0,
            programNames: [Array((unknownPath.split(separator: "/").last ?? "").utf8)]
        )
        try store.recordAudit(
            AuditRecord(
                reference: reference,
                image: image,
                verdict: verdict,
                report: AuditDocument(report),
                manifests: [
                    AuditRecord.Manifest(
                        digest: manifest,
                        config: Digest.of("config"),
                        platform: platform,
                        verdict: verdict,
                        files: [known, unknown].compactMap(\.self),
                        facts: AuditDocument(Facts())
                    )
                ]
            )
        )
    }
}

extension Answer {
    /// The members of a JSON object.
    var object: [String: Any] {
        get throws { try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:] }
    }
}
