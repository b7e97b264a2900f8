import ArtifactStore
import Attestation
import ContentAddress
import OCI
import Printable
import Proofs
import SystemIO
import TransparencyLog

/// What `log` does with witnesses: asks them, is one, and takes their signatures (docs/trust.md, "Witnesses").
enum LogWitness {
    /// Prints what a witness is sent: the last signed checkpoint, and what shows that it goes on from an earlier one.
    static func request(since old: Int64, _ seen: ImportedProofs.SeenCheckpoint, _ store: Store) throws {
        let path = try store.logConsistency(from: old, to: seen.checkpoint.size)
        let request = try WitnessRequest(old: old, path: path, note: SignedNote(parsing: seen.note))
        Output.stream(String(decoding: request.bytes, as: UTF8.self))
    }

    /// Signs a checkpoint of another log as its witness.
    static func sign(_ command: LogCommand) throws {
        guard let path = command.request, let name = command.witnessName else { return }
        guard let signer = try command.signing.signer(as: .witness) else {
            throw UsageError(
                description: "there is no key of the witness: give --key or --signer, or set BINDERY_WITNESS_KEY"
            )
        }
        let verifier = try NoteVerifier(name: name, key: signer.publicKey, kind: .cosignature)
        let request = try WitnessRequest(parsing: InputFile.open(path).readBytes(limit: SignedNote.sizeLimit + 1))
        let store = try command.options.open()
        try signer.checkRole(.witness, in: store, warn: Output.warning)
        let keys = try LogProofs.logKeys(command, in: store)
        try LogProofs.verify(request.note, of: request.checkpoint.origin, by: keys)
        _ = try store.recordWitnessed(request)
        let time = StoreOptionGroup.now.milliseconds / 1000
        let signature = try request.note.cosignature(as: name, at: time, by: signer)
        // What a program has signed is verified before anybody gets it.
        _ = try request.note.adding(Array(signature.line.utf8), of: [verifier])
        if command.options.json {
            let checkpoint = request.checkpoint
            return try Output.json(
                CosignatureShape(
                    origin: checkpoint.origin,
                    size: checkpoint.size,
                    root: checkpoint.root,
                    cosignature: signature.line,
                    verifier: verifier.text
                )
            )
        }
        Output.stream(signature.line)
    }

    /// Adds signatures of the policy's witnesses to the checkpoint that they are on, and prints it.
    static func add(_ command: LogCommand) throws {
        guard let path = command.cosignatures, let policy = try policy(at: command.logPolicy) else { return }
        let lines = try InputFile.open(path).readBytes(limit: SignedNote.sizeLimit)
        let store = try command.options.open()
        var problem: NoteError?
        for seen in try store.signedCheckpoints().reversed() {
            let note = try SignedNote(parsing: seen.note)
            do {
                let signed = try note.adding(lines, of: policy.witnesses)
                guard signed != note else { continue }
                try store.keepCheckpoint(seen.checkpoint, note: signed.bytes)
                return try LogProofs.print(signed, of: seen.checkpoint, command, verifier: nil)
            } catch NoteError.badSignature(let name) {
                // It may be on an earlier checkpoint.
                problem = problem ?? .badSignature(of: name)
            }
        }
        throw problem ?? .noNewSignature
    }

    /// The policy of a file; nil for none.
    static func policy(at path: String?) throws -> LogPolicy? {
        try path.map { path in
            let bytes = try File.open(path).readBytes(limit: LogPolicy.sizeLimit + 1)
            do { return try LogPolicy(parsing: bytes) } catch {
                throw UsageError(description: "\(path): \(error)")
            }
        }
    }

    private struct CosignatureShape: Encodable {
        let origin: String
        let size: Int64
        let root: Digest
        let cosignature: String
        let verifier: String
    }
}
