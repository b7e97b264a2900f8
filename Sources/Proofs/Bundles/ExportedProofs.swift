package import ArtifactStore
package import Attestation
package import ContentAddress
package import ImageTransport
import OCI
package import Printable
package import Release
package import TransparencyLog

/// What `export` adds to a bundle: proofs about each part, where the store has any (docs/bundle-format.md, section 5).
package struct ExportedProofs {
    let store: Store
    /// The checkpoint that entries of the log are proved in; nil where no key of the log has signed any.
    let checkpoint: ImportedProofs.SeenCheckpoint?
    /// What the other side knows of the log: events of before are left out.
    let since: Checkpoint?

    /// Signs the log as it stands, where there is a key; else takes the last checkpoint that was signed.
    ///
    /// Throws ``ProofError/notSignedSince(_:)`` where none was signed at the checkpoint that the other side has, or later.
    package init(_ store: Store, signer: (any Signing)?, since: Checkpoint? = nil) throws {
        self.store = store
        self.since = since
        checkpoint = try signer.map { try store.signCheckpoint(by: $0) } ?? store.signedCheckpoints().last
        if let since, (checkpoint?.checkpoint.size ?? -1) < since.size { throw ProofError.notSignedSince(since.size) }
    }

    /// The proofs about a part; `warn` is told of a mark without a signature.
    package func proofs(about root: Digest, release: ReleaseKey?, warn: (Message) -> Void) throws -> BundleProofs {
        var proofs = BundleProofs()
        let statements = try store.attestations(about: root)
        proofs.attestations = statements.map(\.bytes)
        let files = try release.map { try store.artifacts(of: $0) } ?? []
        var known: Set<Digest> = []
        let documents = try files.flatMap { try store.provenance(of: $0.digest) }
            .filter { known.insert($0.digest).inserted }
        proofs.provenance = documents.map(\.bytes)
        let marks =
            try (release.map { try store.revocations(of: .release($0)) } ?? [])
            + store.revocations(of: .bytes(root))
        let signed = marks.compactMap(\.proof)
        proofs.revocations = signed.map(\.bytes)
        if signed.count < marks.count {
            warn(
                "\(release.map { "\($0)" } ?? root.description) is marked without a signature, which no bundle carries"
            )
        }
        if let checkpoint {
            let events = try store.events(of: release, about: root, since: since?.size ?? 0)
            let carried = statements.map(\.digest) + documents.map(\.digest)
            let added = Set(try carried.compactMap { try store.statementEvent(of: $0) })
            // Whoever set a clock back to sign as if before isn't believed there, either.
            let later = try store.laterEvents(before: added)
            proofs.log = try store.logExcerpt(
                of: added.union(events).union(later).sorted(),
                in: checkpoint,
                since: since
            ).bytes
        }
        let signers = Set(statements.map(\.key) + signed.map(\.key) + documents.compactMap(\.key))
        proofs.keys = try store.trustedKeys().filter { signers.contains($0.identifier) }.map { key in
            Array(try PublicKey(encoded: key.encoded, what: key.name).pem.utf8)
        }
        return proofs
    }
}
