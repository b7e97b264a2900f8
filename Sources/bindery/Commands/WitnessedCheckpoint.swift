import ContentAddress
import OCI
import Printable
import TransparencyLog

/// A checkpoint that a policy accepts.
struct WitnessedCheckpoint {
    let checkpoint: Checkpoint
    /// Those of the policy that have signed it.
    let witnesses: [Cosignature]

    /// Throws for a checkpoint that the policy doesn't accept.
    init(_ note: [UInt8], by policy: LogPolicy) throws(NoteError) {
        let note = try SignedNote(parsing: note)
        witnesses = try policy.check(note)
        checkpoint = try Checkpoint(parsing: note.text)
    }

    /// A line for people.
    var message: Message {
        let names = witnesses.map { "\($0.witness.name) (\(Timestamp(milliseconds: $0.time &* 1000).shown))" }
        let by: Message = names.isEmpty ? "its log alone, as the policy says" : "\(names.joined(separator: ", "))"
        return "the checkpoint of \(checkpoint.size) events is signed by " + by
    }
}

/// Such a checkpoint in JSON.
struct WitnessedShape: Encodable {
    struct Witness: Encodable {
        let name: String
        let time: String
    }

    let origin: String
    let size: Int64
    let root: String
    let witnesses: [Witness]

    init(_ checkpoint: WitnessedCheckpoint) {
        origin = checkpoint.checkpoint.origin
        size = checkpoint.checkpoint.size
        root = checkpoint.checkpoint.root.hex
        witnesses = checkpoint.witnesses.map { witness in
            Witness(name: witness.witness.name, time: Timestamp(milliseconds: witness.time &* 1000).rfc3339)
        }
    }
}
