import ContentAddress
import SystemIO

/// A source whose bytes are in staging.
struct StagedSource: Sendable {
    let request: PutRequest
    let blob: StagedBlob
    /// The permission bits that it had.
    let mode: UInt16
}

// Stage, of the write order (docs/store-format.md).
extension Store {
    /// From this number of sources on they are taken several at a time.
    private static var concurrencyThreshold: Int { 8 }

    /// Takes the bytes of all sources into staging; the result has the order of the requests.
    ///
    /// Throws what is wrong with the first of them, in that order, as far as they were looked at.
    func stage(
        _ requests: [PutRequest],
        progress: @escaping @Sendable (Int64) -> Void
    ) throws(StoreError) -> [StagedSource] {
        let workers = requests.count < Self.concurrencyThreshold ? 1 : Parallel.coreCount
        // One intake for each thread: its buffer is for all small files.
        let makeIntake = { @Sendable [paths, options] in
            BlobIntake(staging: paths.staging, durable: options.durable, progress: progress)
        }
        return try Parallel.map(requests, width: workers, with: makeIntake) { intake, request throws(StoreError) in
            try intake.stage(request)
        }
    }

    /// Takes the bytes that `write` hands to its sink into staging; throws what `write` throws.
    func stage(_ write: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void) throws -> StagedBlob {
        var writer = try StagedBlobWriter(in: paths.staging)
        try write { try writer.write($0) }
        return writer.finish()
    }
}

extension BlobIntake {
    fileprivate func stage(_ request: PutRequest) throws(StoreError) -> StagedSource {
        switch request.source {
        case .path(let path):
            let (blob, mode) = try stage(path: path)
            return StagedSource(request: request, blob: blob, mode: mode)
        case .standardInput:
            let blob = try stage(stream: system { () throws(SystemError) in try StandardStream.input() })
            // What a command that failed left of a pipe.
            guard blob.size > 0 else { throw .emptyInput }
            return StagedSource(request: request, blob: blob, mode: 0o644)
        }
    }
}
