import ContentAddress
import Foundation
import GRDB
import OCI
import Release
package import TransparencyLog

extension StoreImport {
    /// Whether all that a bundle proves is here.
    static func isRecorded(_ proofs: ImportedProofs, in db: Database) throws -> Bool {
        for (release, digest) in proofs.seals where try SealRows.find(release, in: db)?.digest != digest {
            return false
        }
        for attestation in proofs.attestations where try !AttestationRows.has(attestation, in: db) { return false }
        for provenance in proofs.provenance where try !ProvenanceRows.has(provenance, in: db) { return false }
        for mark in proofs.revocations where try !isKnown(mark, in: db) { return false }
        for seen in proofs.checkpoints where try !CheckpointRows.has(seen.checkpoint, in: db) { return false }
        return true
    }

    // An old bundle doesn't bring back a mark that was lifted since; one that says the same again is another statement.
    private static func isKnown(_ mark: Revocation, in db: Database) throws -> Bool {
        try RevocationRows.list(on: mark.subject, in: db).contains { $0.says(mark) && $0.proof == mark.proof }
    }

    /// Writes what a bundle proves of the releases that its transaction has brought in.
    func write(_ proofs: ImportedProofs, from source: String, at time: Timestamp, in db: Database) throws {
        let actor = store.options.actor
        let place: [String: JSONValue] = ["source": .string(source)]
        for (release, digest) in proofs.seals.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            try seal(release, as: digest, at: time, by: actor, more: place, in: db)
        }
        for attestation in proofs.attestations { _ = try store.attest(attestation, at: time, in: db) }
        for provenance in proofs.provenance {
            try ProvenanceRows.insert(provenance, at: time, by: actor, more: place, in: db)
        }
        for mark in proofs.revocations where try !Self.isKnown(mark, in: db) {
            try RevocationRows.insert(mark, in: db)
            try EventRows.append(mark, more: place, in: db)
        }
        for seen in proofs.checkpoints where try !CheckpointRows.has(seen.checkpoint, in: db) {
            try CheckpointRows.record(seen, at: time, by: actor, more: place, in: db)
        }
    }

    private func seal(
        _ release: ReleaseKey,
        as digest: Digest,
        at time: Timestamp,
        by actor: String,
        more: [String: JSONValue],
        in db: Database
    ) throws {
        if let earlier = try SealRows.find(release, in: db) {
            guard earlier.digest == digest else { throw StoreError.otherSeal(earlier, offered: digest) }
            return
        }
        let artifacts = try ArtifactRows.list(release, in: db)
        let brought = Set(request.artifacts.map(\.key).filter { $0.release == release })
        if let further = artifacts.first(where: { !brought.contains($0.key) }) {
            throw StoreError.notSealed(release, further: further.key)
        }
        let seal = SealedRelease(key: release, digest: digest, sealedAt: time, sealedBy: actor)
        try SealRows.insert(seal, artifacts, in: db)
        try EventRows.append(seal, files: artifacts.count, more: more, in: db)
    }
}

extension Store {
    /// The last checkpoint that was seen of each log.
    package func lastSeenCheckpoints() throws(StoreError) -> [ImportedProofs.SeenCheckpoint] {
        try index.read { try CheckpointRows.last(in: $0) }
    }

    /// The checkpoints of a log that bundles brought here.
    package func seenCheckpoints(of origin: String) throws(StoreError) -> [Checkpoint] {
        try index.read { try CheckpointRows.list(of: origin, in: $0) }
    }
}
