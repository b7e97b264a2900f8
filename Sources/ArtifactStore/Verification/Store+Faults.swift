import ContentAddress
import GRDB
import SystemIO

extension Store {
    /// What a finding means for a blob; nil when it is as it should be.
    func fault(_ digest: Digest, _ finding: BlobFinding, expected: Int64?) throws(StoreError) -> VerifyReport.Fault? {
        switch finding {
        case .unreadable(let error):
            return try fault(.unreadable, digest, error.description)
        case .bytes(let found, let size):
            if let expected, expected != size {
                return try fault(.wrongSize, digest, "\(size) bytes, and the index says \(expected)")
            }
            guard found == digest else {
                return try fault(.wrongBytes, digest, "its \(size) bytes are those of \(found)")
            }
            return nil
        }
    }

    /// A fault of a blob, with the releases and images that it hits.
    func fault(
        _ kind: VerifyReport.Fault.Kind,
        _ digest: Digest,
        _ detail: String
    ) throws(StoreError) -> VerifyReport.Fault {
        let (artifacts, images) = try index.read { db in
            (try ArtifactRows.list(with: digest, in: db), try ImageRows.names(reaching: digest, in: db))
        }
        return .init(
            kind: kind,
            digest: digest,
            path: place(of: digest),
            detail: detail,
            artifacts: artifacts,
            images: images
        )
    }

    /// A fault: a name among the blobs that isn't a blob's.
    func foreign(_ name: String) -> VerifyReport.Fault {
        .init(
            kind: .foreign,
            digest: nil,
            path: paths.blobs + "/" + name,
            detail: "a blob's name is 64 lower-case hexadecimal digits",
            artifacts: [],
            images: []
        )
    }

    /// What is wrong in the index itself, and between the index and its history.
    func indexFaults() throws(StoreError) -> [VerifyReport.Fault] {
        try index.read { db in
            func fault(_ kind: VerifyReport.Fault.Kind, _ detail: String) -> VerifyReport.Fault {
                .init(kind: kind, digest: nil, path: paths.index, detail: detail, artifacts: [], images: [])
            }
            let structure = try String.fetchAll(db, sql: "PRAGMA quick_check(20)").filter { $0 != "ok" }
            let dangling = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").prefix(20).map { row in
                "a row of the table \(row["table"] as String) names a row of \(row["parent"] as String) that isn't there"
            }
            let log = try LogRows.isKept(in: db) ? checkLog(in: db).faults : []
            return structure.map { fault(.index, $0) } + dangling.map { fault(.dangling, $0) }
                + (try History.disagreements(in: db) + log).map { fault(.history, $0) }
        }
    }
}
