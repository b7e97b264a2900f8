package import ArtifactStore
import ContentAddress
package import ImageTransport
import OCI
package import Printable
import Release
import TransparencyLog

/// What an import takes over of a bundle's proofs, after they were verified by the keys that the store trusts.
package struct BundleTrust {
    /// Lets releases in that no trusted key signed, though one speaks of their name.
    let allowsUnsigned: Bool
    let looksAtProofs: Bool

    package init(allowsUnsigned: Bool, looksAtProofs: Bool) {
        self.allowsUnsigned = allowsUnsigned
        self.looksAtProofs = looksAtProofs
    }

    /// `warn` is told what counts for nothing, and what comes in unsigned.
    package func proofs(of bundle: BundleImport, in store: Store, warn: (Message) -> Void) throws -> ImportedProofs {
        let verification = BundleVerification(keys: try store.trustedKeys(), time: store.now, actor: store.actor) {
            origin in
            try store.seenCheckpoints(of: origin)
        }
        var proofs = ImportedProofs()
        for part in bundle.parts {
            let verified = try looksAtProofs ? verification.verify(part) : .init(part: part)
            for remark in verified.remarks { warn("\(part.name): " + remark) }
            proofs.attestations += verified.attestations
            proofs.provenance += verified.provenance
            proofs.revocations += verified.marks
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
