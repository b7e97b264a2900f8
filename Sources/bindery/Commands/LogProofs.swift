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
        guard let signer = try command.signing.signer(as: .log) else {
            throw UsageError(description: "there is no key of the log: give --key or --signer, or set BINDERY_LOG_KEY")
        }
        let store = try command.options.open()
        let head = try store.logHead()
        let note = try SignedNote(signing: head.text, as: head.origin, by: signer)
        let bytes = note.bytes
        let verifier = try NoteVerifier(name: head.origin, key: signer.publicKey)
        try SignedNote(parsing: bytes).verify(by: verifier)
        try store.keepCheckpoint(head, note: bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        if command.options.json {
            return try Output.json(
                CheckpointShape(
                    origin: head.origin,
                    size: head.size,
                    root: head.root,
                    note: text,
                    verifier: verifier.text
                )
            )
        }
        // Byte for byte: the last line feed is the printer's.
        Output.line(Message(verbatim: String(text.dropLast())), isFolded: false)
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
        let keys = try logKeys(command, in: store)
        let kept = try command.since.map { try checkpoint(at: $0, by: keys) }
        let report = try store.checkLog(against: kept)
        if command.options.json {
            try Output.json(
                ReportShape(
                    origin: report.checkpoint.origin,
                    size: report.leaves,
                    root: report.checkpoint.root.hex,
                    faults: report.faults
                )
            )
        } else {
            for fault in report.faults { Output.line("\(fault)") }
            if report.faults.isEmpty {
                Output.line("\(report.leaves) events, and the tree is theirs  \(report.checkpoint.root.hex)")
            }
        }
        guard report.faults.isEmpty else { throw ExitStatus.integrity }
    }

    private static func logKeys(_ command: LogCommand, in store: Store) throws -> [PublicKey] {
        if let path = command.logKey { return [try KeySource(path).publicKey()] }
        let time = StoreOptionGroup.now
        let trusted = try store.trustedKeys().filter { $0.role == KeyRole.log.rawValue && $0.isValid(at: time) }
        guard command.since.isEmpty || !trusted.isEmpty else {
            throw UsageError(
                description: "--since needs the key that signed it: give --log-key, or trust one of the role log"
            )
        }
        return try trusted.map { try PublicKey(encoded: $0.encoded, what: $0.name) }
    }

    /// A checkpoint that was kept, signed by one of these keys.
    static func checkpoint(at path: String, by keys: [PublicKey]) throws -> Checkpoint {
        let note = try SignedNote(parsing: File.open(path).readBytes(limit: 1 << 20))
        let checkpoint = try Checkpoint(parsing: note.text)
        let verifiers = try keys.map { try NoteVerifier(name: checkpoint.origin, key: $0) }
        guard let own = verifiers.first(where: { note.hasSignature(of: $0) }) ?? verifiers.first else {
            throw NoteError.unsigned(by: checkpoint.origin)
        }
        try note.verify(by: own)
        return checkpoint
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
        Output.line("\(head.size) events in \(tiles.count) tiles  \(head.root.hex)")
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
        let verifier: String
    }

    private struct ReportShape: Encodable {
        let origin: String
        let size: Int64
        let root: String
        let faults: [String]
    }

    private struct TilesShape: Encodable {
        let origin: String
        let size: Int64
        let root: String
        let tiles: Int
    }
}
