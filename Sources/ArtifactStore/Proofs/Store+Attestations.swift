package import ContentAddress
import GRDB
import OCI

extension Store {
    /// The statements about some bytes, in the order in which they came.
    package func attestations(about subject: Digest) throws(StoreError) -> [StoredAttestation] {
        try index.read { try AttestationRows.list(about: subject, in: $0) }
    }

    /// Keeps a signed statement; false when the same one by the same key is there.
    package func attest(_ attestation: NewAttestation) throws(StoreError) -> Bool {
        let time = now
        return try index.write { try attest(attestation, at: time, in: $0) }
    }

    /// The same, in the transaction of a change that the statement belongs to.
    func attest(_ attestation: NewAttestation, at time: Timestamp, in db: Database) throws -> Bool {
        let actor = options.actor
        guard let kept = try AttestationRows.insert(attestation, at: time, by: actor, in: db) else { return false }
        var more: [String: JSONValue] = [
            "predicateType": .string(kept.predicateType), "key": .string(kept.key.description),
            "subjects": .array(kept.subjects.map { .string($0.description) }),
        ]
        if let time = attestation.loggedAt { more["loggedAt"] = .string(time.rfc3339) }
        try EventRows.append(.attest, digest: kept.digest, at: time, by: actor, more: more, in: db)
        return true
    }
}
