import ArtifactStore
import ContentAddress
import Printable

/// `bindery backup --json` and `bindery restore --json` (docs/cli.md).
struct BackupShape: Encodable {
    struct Fault: Encodable {
        let digest: Digest
        let path: String
        let detail: String
    }

    let directory: String
    let blobs: Int
    let bytes: Int64
    let present: Int
    let removed: Int
    let event: Int64
    let origin: String?
    let faults: [Fault]

    init(_ report: BackupReport, _ directory: String) {
        self.directory = directory
        blobs = report.blobs
        bytes = report.bytes
        present = report.present
        removed = report.removed
        event = report.event
        origin = report.origin
        faults = report.faults.map { Fault(digest: $0.digest, path: $0.path, detail: $0.reason) }
    }
}

extension BackupReport {
    /// Says which blobs couldn't be copied, on standard error, and ends with status 4 when there are any.
    func endWithFaults() throws {
        guard !faults.isEmpty else { return }
        for fault in faults {
            Output.error("\(fault.digest) isn't copied: \(message: fault.reason)")
            Output.line(onError: "  at \(fault.path)")
        }
        throw ExitStatus.integrity
    }
}
