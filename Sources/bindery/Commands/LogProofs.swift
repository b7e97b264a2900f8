import ArtifactStore
import Attestation
import ContentAddress
import OCI
import Printable
import Proofs
import Shapes
import SystemIO
import TransparencyLog

/// What `log` does with the tree over the events: sign it, prove from it, check it, write it.
enum LogProofs {
    static func checkpoint(_ command: LogCommand) throws {
        if command.cosignatures != nil { return try LogWitness.add(command) }
        let signer = try command.signing.signer(as: .log)
        if let old = command.old {
            let store = try signer == nil ? command.options.openForReading() : command.options.open()
            try signer?.checkRole(.log, in: store, warn: Output.warning)
            guard let seen = try signer.map({ try store.signCheckpoint(by: $0) }) ?? store.signedCheckpoints().last
            else {
                throw noKey
            }
            return try LogWitness.request(since: old, seen, store)
        }
        guard let signer else { throw noKey }
        let store = try command.options.open()
        try signer.checkRole(.log, in: store, warn: Output.warning)
        let seen = try store.signCheckpoint(by: signer)
        let verifier = try NoteVerifier(name: seen.checkpoint.origin, key: signer.publicKey)
        try print(SignedNote(parsing: seen.note), of: seen.checkpoint, command, verifier: verifier)
    }

    static func print(
        _ note: SignedNote,
        of checkpoint: Checkpoint,
        _ command: LogCommand,
        verifier: NoteVerifier?
    ) throws {
        let text = String(decoding: note.bytes, as: UTF8.self)
        guard command.options.json else { return Output.stream(text) }
        try Output.json(
            CheckpointShape(
                origin: checkpoint.origin,
                size: checkpoint.size,
                root: checkpoint.root,
                note: text,
                verifier: verifier?.text,
                fingerprint: verifier?.fingerprint
            )
        )
    }

    /// Begins the log again under another name.
    static func restart(_ command: LogCommand) throws {
        guard let reason = command.reason else { return }
        let store = try command.options.open()
        // The last word about the former log is its whole.
        if let signer = try command.signing.signer(as: .log) {
            try signer.checkRole(.log, in: store, warn: Output.warning)
            _ = try store.signCheckpoint(by: signer)
        }
        let former = try store.logHead().origin
        let origin = try store.restartLog(origin: command.origin, reason: reason)
        let head = try store.logHead()
        if command.options.json {
            return try Output.json(RestartShape(former: former, origin: origin, size: head.size, root: head.root))
        }
        Output.line("the log '\(former)' goes on as '\(origin)'")
    }

    private static var noKey: UsageError {
        UsageError(description: "there is no key of the log: give --key or --signer, or set BINDERY_LOG_KEY")
    }

    static func prove(_ command: LogCommand) throws {
        guard let number = command.number else { return }
        let proof = try command.options.openForReading().logProof(ofEvent: number)
        let leaf = MerkleHash.leaf(proof.leaf)
        if command.options.json {
            return try Output.json(LogProofShape(proof))
        }
        Output.line("event \(number) is leaf \(proof.index) of \(proof.checkpoint.size) in \(proof.checkpoint.origin)")
        Output.line("leaf  \(leaf.hex)")
        for hash in proof.path { Output.line("path  \(hash.hex)") }
        Output.line("root  \(proof.checkpoint.root.hex)")
    }

    static func verify(_ command: LogCommand) throws {
        let store = try command.options.openForReading()
        let policy = try LogWitness.policy(at: command.logPolicy)
        let witnessed = try policy.map { try self.witnessed(command, by: $0, in: store) } ?? []
        let keys = try policy == nil ? logKeys(command, in: store) : []
        let kept =
            try policy == nil ? command.since.map { try checkpoint(at: $0, by: keys) } : witnessed.map(\.checkpoint)
        let report = try store.checkLog(against: kept)
        if command.options.json {
            try Output.json(
                ReportShape(
                    origin: report.checkpoint.origin,
                    size: report.leaves,
                    root: report.checkpoint.root.hex,
                    faults: report.faults,
                    witnessed: policy == nil ? nil : witnessed.map(WitnessedShape.init)
                )
            )
        } else {
            for fault in report.faults { Output.line("\(fault)") }
            if report.faults.isEmpty {
                Output.line(
                    "\(ByteCount.counted(report.leaves, "event")), and the tree is made of them  \(report.checkpoint.root.hex)"
                )
            }
            for checkpoint in witnessed { Output.line(checkpoint.message) }
        }
        guard report.faults.isEmpty else { throw ExitStatus.integrity }
    }

    /// The checkpoints that were given, each of which the policy must accept; else the last kept one that it accepts.
    private static func witnessed(
        _ command: LogCommand,
        by policy: LogPolicy,
        in store: Store
    ) throws -> [WitnessedCheckpoint] {
        if !command.since.isEmpty {
            return try command.since.map { path in
                try WitnessedCheckpoint(File.open(path).readBytes(limit: SignedNote.sizeLimit), by: policy)
            }
        }
        var problem: (any Error)?
        for seen in try store.signedCheckpoints().reversed() {
            do {
                return [try WitnessedCheckpoint(seen.note, by: policy)]
            } catch {
                problem = problem ?? error
            }
        }
        throw problem
            ?? StoreError.notFound(
                what: "a signed checkpoint",
                hint: "`bindery log checkpoint` signs one; docs/trust.md says how witnesses sign it, too."
            )
    }

    static func logKeys(_ command: LogCommand, in store: Store) throws -> [PublicKey] {
        if let path = command.logKey { return [try KeySource(path).publicKey()] }
        let time = StoreOptionGroup.now
        let trusted = try store.trustedKeys().filter { $0.role == KeyRole.log.rawValue && $0.isValid(at: time) }
        guard command.since.isEmpty && command.request == nil || !trusted.isEmpty else {
            throw UsageError(
                description:
                    "a checkpoint needs the key that signed it: give --log-key, or trust one of the role log"
            )
        }
        return try trusted.map { try PublicKey(encoded: $0.encoded, what: $0.name) }
    }

    /// A checkpoint that was kept, signed by one of these keys.
    static func checkpoint(at path: String, by keys: [PublicKey]) throws -> Checkpoint {
        let note = try SignedNote(parsing: File.open(path).readBytes(limit: 1 << 20))
        let checkpoint = try Checkpoint(parsing: note.text)
        try verify(note, of: checkpoint.origin, by: keys)
        return checkpoint
    }

    /// Throws unless one of these keys has signed a checkpoint of a log.
    static func verify(_ note: SignedNote, of origin: String, by keys: [PublicKey]) throws {
        let verifiers = try keys.map { try NoteVerifier(name: origin, key: $0) }
        guard let own = verifiers.first(where: { note.hasSignature(of: $0) }) ?? verifiers.first else {
            throw NoteError.unsigned(by: origin)
        }
        try note.verify(by: own)
    }

    /// Writes the tree's tiles and entries; what is there already is replaced by the same.
    static func tiles(_ command: LogCommand) throws {
        guard let directory = command.output else { return }
        let store = try command.options.openForReading()
        let head = try store.logHead()
        let tiles = Tile.all(of: head.size)
        for tile in tiles {
            let (hashes, entries) = try store.logTile(tile)
            try write(hashes.flatMap(\.bytes), to: "\(directory)/\(tile.path)")
            if let entries, let bytes = Tile.entries(entries) {
                try write(bytes, to: "\(directory)/\(tile.entriesPath)")
            }
        }
        if command.options.json {
            return try Output.json(
                TilesShape(origin: head.origin, size: head.size, root: head.root.hex, tiles: tiles.count)
            )
        }
        Output.line(
            "\(ByteCount.counted(head.size, "event")) in \(ByteCount.counted(tiles.count, "tile"))  \(head.root.hex)"
        )
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        try Directory.createWithParents(Directory.parent(of: path))
        try AtomicFile.write(bytes, to: path)
    }

    private struct CheckpointShape: Encodable {
        let origin: String
        let size: Int64
        let root: Digest
        let note: String
        let verifier: String?
        let fingerprint: Digest?
    }

    private struct RestartShape: Encodable {
        let former: String
        let origin: String
        let size: Int64
        let root: Digest
    }

    private struct ReportShape: Encodable {
        let origin: String
        let size: Int64
        let root: String
        let faults: [String]
        let witnessed: [WitnessedShape]?
    }

    private struct TilesShape: Encodable {
        let origin: String
        let size: Int64
        let root: String
        let tiles: Int
    }
}
