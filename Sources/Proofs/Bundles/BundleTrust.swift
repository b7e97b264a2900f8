package import ArtifactStore
package import ContentAddress
package import ImageTransport
import OCI
package import Printable
import Release
package import TransparencyLog

/// What an import takes over of a bundle's proofs, after they were verified by the keys that the store trusts.
package struct BundleTrust {
    /// Lets releases in that no trusted key signed, though one speaks of their name.
    let allowsUnsigned: Bool
    let looksAtProofs: Bool
    /// Which logs and witnesses count, in the place of trusted keys.
    let policy: LogPolicy?
    /// The fingerprints of logs that may follow others of the same key.
    let acceptedOrigins: Set<Digest>

    package init(
        allowsUnsigned: Bool,
        looksAtProofs: Bool,
        policy: LogPolicy? = nil,
        acceptedOrigins: Set<Digest> = []
    ) {
        self.allowsUnsigned = allowsUnsigned
        self.looksAtProofs = looksAtProofs
        self.policy = policy
        self.acceptedOrigins = acceptedOrigins
    }

    /// `warn` is told what counts for nothing, and what comes in unsigned.
    package func proofs(of bundle: BundleImport, in store: Store, warn: (Message) -> Void) throws -> ImportedProofs {
        let seen = try store.lastSeenCheckpoints()
        let verification = BundleVerification(
            keys: try store.trustedKeys(),
            time: store.now,
            actor: store.actor,
            policy: policy,
            delta: bundle.delta,
            admit: { try admit($0, seen) },
            logged: { try store.loggedTime(of: $0) },
            known: { try store.seenCheckpoints(of: $0) }
        )
        var proofs = ImportedProofs()
        for part in bundle.parts {
            let verified = try looksAtProofs ? verification.verify(part) : .init(part: part)
            for remark in verified.remarks { warn("\(part.name): " + remark) }
            proofs.attestations += verified.attestations
            proofs.provenance += verified.provenance
            for (subject, marks) in Dictionary(grouping: verified.marks, by: \.subject) {
                proofs.revocations += try MarkOrder.counting(marks, beside: store.revocations(of: subject)) {
                    warn("\(part.name): " + $0)
                }
            }
            if let checkpoint = verified.checkpoint, !proofs.checkpoints.contains(checkpoint) {
                try Self.add(checkpoint, to: &proofs)
            }
            guard let release = part.release else { continue }
            if verified.isSealed { proofs.seals[release] = part.root }
            guard verification.wantsSignature(release), !verified.isSigned else { continue }
            guard allowsUnsigned else { throw ProofError.unsigned(release) }
            warn("\(release) is not signed by a key that is trusted for its name")
            proofs.unsigned.insert(release)
        }
        return proofs
    }

    /// Throws for a log that wasn't seen, whose key has signed another one that was: one that was forked has another name,
    /// too.
    private func admit(_ log: NoteVerifier, _ seen: [ImportedProofs.SeenCheckpoint]) throws {
        guard !acceptedOrigins.contains(log.fingerprint), !seen.contains(where: { $0.checkpoint.origin == log.name })
        else { return }
        let own = try seen.first { seen in
            let verifier = try NoteVerifier(name: seen.checkpoint.origin, key: log.key)
            return try SignedNote(parsing: seen.note).hasSignature(of: verifier)
        }
        guard let former = own?.checkpoint else { return }
        throw StatementProblem(
            """
            the log '\(log.name)' wasn't seen here, and its key signed the log '\(former.origin)' until now, which had \(former.size) events
            If that log goes on under the new name (`bindery log` there has an event restore or restart), import with \
            --accept-origin \(log.fingerprint)
            """
        )
    }

    // The parts of one bundle were exported together, or one after the other.
    private static func add(_ seen: ImportedProofs.SeenCheckpoint, to proofs: inout ImportedProofs) throws {
        let same = proofs.checkpoints.first {
            $0.checkpoint.origin == seen.checkpoint.origin && $0.checkpoint.size == seen.checkpoint.size
        }
        guard let same else { return proofs.checkpoints.append(seen) }
        guard same.checkpoint.root == seen.checkpoint.root else {
            throw ProofError.wrongProofs(
                part: seen.checkpoint.origin,
                reason: "two checkpoints of \(seen.checkpoint.size) events have different roots: the log was forked"
            )
        }
    }
}
