internal import ContentAddress
internal import Dispatch
internal import GRDB
internal import Glibc
internal import OCI
internal import Synchronization
internal import SystemIO

extension Store {
    /// Checks that every row has its blob, every blob is what its name says, and the index agrees with its history.
    ///
    /// Every blob is read and hashed, two at a time. `progress` gets the bytes hashed since its last call, from any
    /// thread. Throws only when the store can't be examined at all; what is wrong with it is in the report.
    public func verify(progress: @Sendable (Int64) -> Void = { _ in }) throws(StoreError) -> VerifyReport {
        // Files first: a blob that is put meanwhile has its file before its row, and is no fault then.
        let names = try system { () throws(SystemError) in try Directory.names(in: paths.blobs) }
        let rows = try index.read { try BlobRows.all(in: $0) }
        let present = Set(names.compactMap { try? Digest(hex: $0) })
        var report = VerifyReport()
        for name in names where (try? Digest(hex: name)) == nil {
            report.faults.append(
                .init(
                    kind: .foreign,
                    digest: nil,
                    path: paths.blobs + "/" + name,
                    detail: "a blob's name is 64 lower-case hexadecimal digits",
                    artifacts: []
                )
            )
        }
        for (digest, _) in rows where !present.contains(digest) && (try? FileStatus.of(paths.blob(digest))) == nil {
            report.faults.append(try fault(.missing, digest, "the index names it, and there is no such file"))
        }
        try check(present, rows: rows, into: &report, progress: progress)
        report.faults += try indexFaults()
        report.faults.sort { ($0.path, $0.detail) < ($1.path, $1.detail) }
        report.orphans.sort()
        return report
    }

    private static var threads: Int { 2 }

    private func check(
        _ digests: Set<Digest>,
        rows: [Digest: Int64],
        into report: inout VerifyReport,
        progress: @Sendable (Int64) -> Void
    ) throws(StoreError) {
        let queue = digests.sorted()
        let findings = Mutex<[Digest: Finding]>([:])
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: Self.threads) { _ in
            while true {
                let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard place < queue.count else { return }
                let finding = Finding(paths.blob(queue[place]), progress: progress)
                findings.withLock { $0[queue[place]] = finding }
            }
        }
        for (digest, finding) in findings.withLock(\.self) {
            switch finding {
            case .bytes(let found, let size):
                report.blobs += 1
                report.bytes &+= size
                if let expected = rows[digest], expected != size {
                    report.faults.append(try fault(.wrongSize, digest, "\(size) bytes, and the index says \(expected)"))
                } else if found != digest {
                    report.faults.append(try fault(.wrongBytes, digest, "its \(size) bytes are those of \(found)"))
                } else if rows[digest] == nil {
                    report.orphans.append(digest)
                }
            case .unreadable(let error):
                report.faults.append(try fault(.unreadable, digest, error.description))
            }
        }
    }

    private enum Finding: Sendable {
        case bytes(Digest, size: Int64)
        case unreadable(SystemError)

        init(_ path: String, progress: @Sendable (Int64) -> Void) {
            do throws(SystemError) {
                let file = try File.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
                guard try file.status().kind == .file else {
                    throw SystemError(call: "read", path: path, code: EINVAL, detail: "it is no regular file")
                }
                let buffer = ReadBuffer()
                var hasher = DigestHasher()
                var size: Int64 = 0
                while case let count = try file.read(into: buffer.bytes), count > 0 {
                    hasher.update(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]))
                    size += Int64(count)
                    progress(Int64(count))
                }
                self = .bytes(hasher.finalize(), size: size)
            } catch {
                self = .unreadable(error)
            }
        }
    }

    private func fault(
        _ kind: VerifyReport.Fault.Kind,
        _ digest: Digest,
        _ detail: String
    ) throws(StoreError) -> VerifyReport.Fault {
        .init(
            kind: kind,
            digest: digest,
            path: paths.blob(digest),
            detail: detail,
            artifacts: try artifacts(with: digest)
        )
    }

    private func indexFaults() throws(StoreError) -> [VerifyReport.Fault] {
        try index.read { db in
            func fault(_ kind: VerifyReport.Fault.Kind, _ detail: String) -> VerifyReport.Fault {
                .init(kind: kind, digest: nil, path: paths.index, detail: detail, artifacts: [])
            }
            let structure = try String.fetchAll(db, sql: "PRAGMA quick_check(20)").filter { $0 != "ok" }
            let dangling = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { row in
                "a row of the table \(row["table"] as String) names a row of \(row["parent"] as String) that isn't there"
            }
            return (structure + dangling).map { fault(.index, $0) }
                + (try History.disagreements(in: db)).map { fault(.history, $0) }
        }
    }
}
