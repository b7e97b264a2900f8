package import ContentAddress
import GRDB
import SystemIO

extension Store {
    /// Checks that every row has its blob, every blob is what its name says, and the index agrees with its history.
    ///
    /// Blobs are read and hashed several at a time, with a low priority of input and output, so that commands beside it
    /// come first. `progress` gets the bytes hashed since its last call, from any thread. May run while anything else does.
    /// Throws only when the store can't be examined at all, or, where the scope says that it resumes,
    /// ``StoreError/readOnly(path:)``; what is wrong with the store is in the report.
    package func verify(
        _ scope: VerifyScope = VerifyScope(),
        progress: @Sendable (Int64) -> Void = { _ in }
    ) throws(StoreError) -> VerifyReport {
        guard !scope.resumes || isWritable else { throw .readOnly(path: paths.root) }
        // Files first: a blob that is put meanwhile has its file before its row, and is not a fault then.
        let names = try listing()
        let rows = try index.read { try BlobRows.all(since: scope.since, in: $0) }
        var report = VerifyReport()
        report.faults += names.unknownFiles.map(foreign)
        let all = try scope.since == nil ? rows : index.read { try BlobRows.all(in: $0) }
        for (digest, _) in rows where !names.digests.contains(digest) {
            guard try !blobs.isThere(digest) else { continue }
            report.faults.append(try fault(.missing, digest, "the index names it, and there is no such file"))
        }
        // What a removal and a collection take meanwhile has gone from the directory, and isn't looked for.
        var queue = names.digests.filter { rows[$0] != nil || (all[$0] == nil && scope.since == nil) }
        if scope.sample < 1 { queue = queue.filter { Self.isSampled($0, scope) } }
        try check(queue.sorted(), rows: rows, scope: scope, into: &report, progress: progress)
        let bad = Set(report.faults.compactMap(\.digest))
        report.unread = try unreadFiles(among: Set(queue).subtracting(bad))
        report.faults += try indexFaults()
        report.faults.sort { ($0.path, $0.detail) < ($1.path, $1.detail) }
        report.orphans.sort()
        return report
    }

    /// Reads one blob again and says what is wrong with it; nil when nothing is.
    package func verify(_ digest: Digest) throws(StoreError) -> VerifyReport.Fault? {
        guard try blobs.isThere(digest) else { return try fault(.missing, digest, "there is no such file") }
        let size = try index.read { try BlobRows.size(of: digest, in: $0) }
        let finding = blobs.read(digest, buffer: ReadBuffer()) { _ in }
        return try fault(digest, finding, expected: size)
    }

    private func listing() throws(StoreError) -> (digests: Set<Digest>, unknownFiles: [String]) {
        var digests: Set<Digest> = []
        var unknownFiles: [String] = []
        try blobs.forEachName { name in
            if let digest = try? Digest(hex: name) { digests.insert(digest) } else { unknownFiles.append(name) }
        }
        return (digests, unknownFiles)
    }

    /// Whether a blob is in the sample: the first 8 bytes of its digest, stirred with the seed, are below a bound.
    private static func isSampled(_ digest: Digest, _ scope: VerifyScope) -> Bool {
        var number = digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // SplitMix64: another seed gives another, independent part.
        number = (number ^ scope.seed) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ (number >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double(number >> 11) / Double(1 << 53) < scope.sample
    }

    private func check(
        _ queue: [Digest],
        rows: [Digest: Int64],
        scope: VerifyScope,
        into report: inout VerifyReport,
        progress: @Sendable (Int64) -> Void
    ) throws(StoreError) {
        var scrub = try scope.resumes ? ScrubRecord.load(self) : nil
        if let scrub {
            // What was wrong in the part that is done is looked at again, and may have been mended.
            for digest in scrub.suspects {
                if let fault = try verify(digest) { report.faults.append(fault) }
            }
        }
        let rest = scrub.map { record in Array(queue.drop { $0 <= record.position }) } ?? queue
        report.isResumed = rest.count < queue.count
        for slice in Self.slices(rest, rows) {
            for (digest, finding) in read(slice, threads: scope.threads, progress: progress) {
                if case .bytes(_, let size) = finding {
                    report.blobs += 1
                    report.bytes &+= size
                }
                if let fault = try fault(digest, finding, expected: rows[digest]) {
                    guard fault.kind == .unreadable else {
                        report.faults.append(fault)
                        continue
                    }
                    // Removed and collected since the directory was listed, and perhaps put again: it is read once more.
                    guard try blobs.isThere(digest), let again = try verify(digest), try blobs.isThere(digest) else {
                        continue
                    }
                    report.faults.append(again)
                } else if rows[digest] == nil {
                    report.orphans.append(digest)
                }
            }
            guard scope.resumes, let last = slice.last else { continue }
            let suspects = report.faults.compactMap(\.digest)
            scrub = ScrubRecord(startedAt: scrub?.startedAt ?? now, position: last, suspects: suspects)
            try scrub?.save(self)
        }
        if scope.resumes { try ScrubRecord.clear(self) }
    }

    /// Parts that are read before it is recorded how far the verification came: some seconds of work each.
    private static func slices(_ queue: [Digest], _ rows: [Digest: Int64]) -> [ArraySlice<Digest>] {
        var slices: [ArraySlice<Digest>] = []
        var start = 0
        var bytes: Int64 = 0
        for (place, digest) in queue.enumerated() {
            bytes &+= rows[digest] ?? 0
            guard bytes > 1 << 30 || place - start >= 8192 || place == queue.count - 1 else { continue }
            slices.append(queue[start...place])
            start = place + 1
            bytes = 0
        }
        return slices
    }

    private func read(
        _ slice: ArraySlice<Digest>,
        threads: Int,
        progress: @Sendable (Int64) -> Void
    ) -> [Digest: BlobFinding] {
        let makeBuffer = { @Sendable in
            Priority.lowerInputAndOutput()
            return ReadBuffer()
        }
        let findings = Parallel.map(Array(slice), width: threads, with: makeBuffer) { [blobs] buffer, digest in
            blobs.read(digest, buffer: buffer, progress: progress)
        }
        return Dictionary(zip(slice, findings)) { first, _ in first }
    }
}
