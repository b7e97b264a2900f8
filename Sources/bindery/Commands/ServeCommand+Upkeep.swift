import ArgumentParser
import ArtifactStore
import Attestation
import ContentAddress
import ImageTransport
import OCI
import Printable
import Proofs
import RegistryServer
import TransparencyLog

/// What a server does by itself to keep its store in order, as the commands of these names do.
extension ServeCommand {
    /// The tasks that the options ask for.
    ///
    /// Throws ``UsageError`` where the key that signs checkpoints is missing.
    func upkeep() throws -> [Schedule.Task] {
        var tasks: [Schedule.Task] = []
        if let gcEvery { tasks.append(task("gc", every: gcEvery, .collect, Self.collect)) }
        if let verifyEvery { tasks.append(task("verify", every: verifyEvery, .verify, Self.verify)) }
        if let checkpointEvery { tasks.append(try checkpoints(every: checkpointEvery)) }
        return tasks
    }

    private func task(
        _ name: String,
        every time: DurationOption,
        _ kind: Upkeep.Kind,
        _ body: @escaping @Sendable (StoreOptionGroup) throws -> String
    ) -> Schedule.Task {
        let options = options
        return Schedule.Task(
            name: name,
            every: time.milliseconds,
            last: { try options.openForReading().upkeep().first { $0.kind == kind }?.finishedAt },
            run: { try body(options) }
        )
    }

    // Each time with an opening of its own: a collection may use the room that is kept for it on a full disk.
    @Sendable private static func collect(_ options: StoreOptionGroup) throws -> String {
        let store = try options.open(for: .freeing)
        let report = try store.collect()
        options.record(.collect, faults: 0, bytes: report.bytes, in: store)
        return "removed \(ByteCount.counted(report.blobs.count, "blob")), \(ByteCount.text(report.bytes))"
    }

    @Sendable private static func verify(_ options: StoreOptionGroup) throws -> String {
        let store = try options.openForReading()
        let report = try store.verify()
        try options.noteVerified(report, in: store)
        options.record(.verify, faults: report.faults.count, bytes: report.bytes, in: store)
        let read = "\(ByteCount.counted(report.blobs, "blob")), \(ByteCount.text(report.bytes)) read"
        guard let first = report.faults.first else { return "all is well: \(read)" }
        let count = ByteCount.counted(report.faults.count, "fault")
        throw UpkeepFault(
            description: "\(count): \(printable(first.path)): \(first.detail); `bindery verify` lists them all"
        )
    }

    private func checkpoints(every time: DurationOption) throws -> Schedule.Task {
        guard let signer = try SigningOptionGroup.parse([]).signer(as: .log) else {
            throw UsageError(description: "--checkpoint-every needs a key of the log: set BINDERY_LOG_KEY")
        }
        let options = options
        try signer.checkRole(.log, in: options.openForReading(), warn: Output.warning)
        return Schedule.Task(
            name: "checkpoint",
            every: time.milliseconds,
            // When it was signed isn't told: the first one comes at the start, and one of the same size is kept.
            last: { nil },
            run: {
                let seen = try options.open().signCheckpoint(by: signer)
                return "\(ByteCount.counted(seen.checkpoint.size, "entry", "entries")) signed"
            }
        )
    }
}

/// A verification that found something.
private struct UpkeepFault: Error, CustomStringConvertible {
    let description: String
}
