package import ArtifactStore
import Attestation
package import ContentAddress
package import ImageTransport
package import OCI
package import Printable
import Release
package import TransparencyLog

/// Checks what a bundle carries about its parts, by keys that are trusted, and says what follows from it.
///
/// What is wrong is refused; what is signed by keys that nobody trusts here counts for nothing, and is said.
package struct BundleVerification {
    /// The keys that count.
    let keys: [TrustedKey]
    let time: Timestamp
    /// Who takes over the marks.
    let actor: String
    /// Which logs and witnesses count, in the place of keys; nil for none.
    let policy: LogPolicy?
    /// What the bundle leaves out; nil for one that is whole.
    let delta: BundleDelta?
    /// Throws for a log that may not be seen for the first time.
    let admit: (_ log: NoteVerifier) throws -> Void
    /// When the log here has a statement that is kept already, by its digest.
    let logged: (_ statement: Digest) throws -> Timestamp?
    /// The checkpoints of a log that are known here.
    let known: (_ origin: String) throws -> [Checkpoint]

    package init(
        keys: [TrustedKey],
        time: Timestamp,
        actor: String,
        policy: LogPolicy?,
        delta: BundleDelta? = nil,
        admit: @escaping (_ log: NoteVerifier) throws -> Void = { _ in },
        logged: @escaping (_ statement: Digest) throws -> Timestamp? = { _ in nil },
        known: @escaping (_ origin: String) throws -> [Checkpoint]
    ) {
        self.keys = keys
        self.time = time
        self.actor = actor
        self.policy = policy
        self.delta = delta
        self.admit = admit
        self.logged = logged
        self.known = known
    }

    /// What the proofs about a part come to.
    package struct Verified {
        package let part: BundleImport.Part
        /// The names of the keys whose statements about it count.
        package var signers: [String] = []
        /// Whether a statement that counts, or a log, says that the release is complete.
        package var isSealed = false
        /// Whether one that counts says which files the release has.
        package var isSigned = false
        package var attestations: [NewAttestation] = []
        package var provenance: [NewProvenance] = []
        package var marks: [Revocation] = []
        /// The checkpoint, where a trusted key has signed it.
        package var checkpoint: ImportedProofs.SeenCheckpoint?
        /// Those of the policy's witnesses that have signed it.
        package var witnesses: [Cosignature] = []
        /// How many events of the log were proved to be in it.
        package var entries = 0
        /// When a log that counts has each statement, by its digest.
        var times: [Digest: Timestamp] = [:]
        package var remarks: [Message] = []
    }

    /// Throws ``ProofError/wrongProofs(part:reason:)`` for a proof that is wrong.
    package func verify(_ part: BundleImport.Part) throws -> Verified {
        var verified = Verified(part: part)
        guard let proofs = part.proofs else { return verified }
        do {
            // First: it tells when the others were signed.
            if let log = proofs.log { try verifyLog(log, into: &verified) }
            let offered = try proofs.keys.map { try PublicKey(pem: $0, what: "a key") }
            for (number, bytes) in proofs.attestations.enumerated() {
                let what = "statement \(number + 1)"
                do {
                    try verify(bytes, what: what, offered, into: &verified)
                } catch {
                    guard proofs.isAttached else { throw error }
                    verified.attestations.removeAll { $0.bytes == bytes }
                    verified.remarks.append("\(what) counts for nothing: \(message: "\(error)")")
                }
            }
            for (number, bytes) in proofs.provenance.enumerated() {
                try verifyProvenance(bytes, what: "attestation \(number + 1) of a builder", into: &verified)
            }
            for (number, bytes) in proofs.revocations.enumerated() {
                try verifyMark(bytes, what: "mark \(number + 1)", into: &verified)
            }
            verified.marks = MarkOrder.sorted(verified.marks)
        } catch {
            throw ProofError.wrongProofs(part: part.name, reason: "\(error)")
        }
        return verified
    }

    private func verify(
        _ bytes: [UInt8],
        what: String,
        _ offered: [PublicKey],
        into verified: inout Verified
    ) throws {
        let bundle = try SigstoreBundle(parsing: bytes, what: what)
        let statement = bundle.statement
        guard statement.isAbout(verified.part.root) else {
            let other =
                statement.subjects.first.map { $0.digest?.short ?? $0.name ?? "nothing of a SHA-256" } ?? "nothing"
            throw StatementProblem("\(what) is about \(other), not about \(verified.part.root.short)")
        }
        if statement.predicateType == PredicateType.release, statement != (try verified.part.releaseStatement()) {
            let difference = Self.difference(statement, try verified.part.releaseStatement())
            throw StatementProblem("\(what) says something else than the release is: " + difference)
        }
        guard let identifier = Base64.decode(bundle.hint).flatMap({ try? Digest(bytes: $0) }) else {
            throw StatementProblem("\(what) names no key")
        }
        if let key = offered.first(where: { $0.identifier == identifier }) { try bundle.verify(by: key, what: what) }
        let logged = verified.times[.of(bytes)]
        verified.attestations.append(
            NewAttestation(
                bytes: bytes,
                predicateType: statement.predicateType,
                key: identifier,
                payload: Digest.of(statement.bytes),
                subjects: statement.subjects.compactMap(\.digest),
                loggedAt: logged
            )
        )
        guard let key = keys.first(where: { $0.identifier == identifier }) else {
            verified.remarks.append("\(what) is signed by the key \(identifier.short), which is not trusted here")
            return
        }
        try bundle.verify(by: PublicKey(encoded: key.encoded), what: what)
        do {
            try key.check(signing: statement.predicateType, of: [verified.part.repository], at: time) {
                try logged ?? self.logged(.of(bytes))
            }
        } catch {
            verified.remarks.append("\(what) doesn't count: \("\(error)")")
            return
        }
        if !verified.signers.contains(key.name) { verified.signers.append(key.name) }
        guard statement.predicateType == PredicateType.release else { return }
        (verified.isSigned, verified.isSealed) = (true, true)
    }

    private static func difference(_ statement: Statement, _ release: Statement?) -> Message {
        let (found, expected) = (Set(statement.subjects), Set(release?.subjects ?? []))
        func name(_ subject: Statement.Subject) -> Message { "\(subject.name ?? subject.digest?.short ?? "a file")" }
        if let other = statement.subjects.first(where: { !expected.contains($0) }) {
            return name(other) + " is not of the release with this name and digest"
        }
        if let missing = release?.subjects.first(where: { !found.contains($0) }) {
            return name(missing) + " is missing"
        }
        return found.count < statement.subjects.count ? "a file is there twice" : "its predicate is another"
    }

    private func verifyProvenance(_ bytes: [UInt8], what: String, into verified: inout Verified) throws {
        let provenance = try Provenance(parsing: bytes, what: what)
        guard provenance.bytes == bytes else { throw StatementProblem("\(what) has space around it") }
        guard verified.part.files.contains(where: { provenance.statement.isAbout($0.digest) }) else {
            throw StatementProblem("\(what) is about no file of the release")
        }
        let logged = verified.times[.of(bytes)]
        let checked = CheckedProvenance(provenance, of: verified.part.repository, keys: keys, at: time) {
            try logged ?? self.logged(.of(bytes))
        }
        if let problem = checked.problem { verified.remarks.append("\(what) is unverified: \(problem)") }
        var kept = checked.kept.about(Set(verified.part.files.map(\.digest)))
        kept.loggedAt = logged
        verified.provenance.append(kept)
    }

    private func verifyMark(_ bytes: [UInt8], what: String, into verified: inout Verified) throws {
        let envelope = try Envelope(parsing: bytes, what: what)
        guard envelope.payloadType == Statement.payloadType else {
            throw StatementProblem("\(what) is not a statement")
        }
        let statement = try Statement(parsing: envelope.payload, what: what)
        let mark = try RevocationStatement.read(statement, what: what)
        guard mark.subject == .bytes(verified.part.root) || mark.subject == verified.part.release.map({ .release($0) })
        else { throw StatementProblem("\(what) is on \("\(mark.subject)"), which is something else") }
        let signers = try keys.filter { key in
            guard key.role == KeyRole.release.rawValue else { return false }
            return envelope.isSigned(by: try PublicKey(encoded: key.encoded))
        }
        let logged = verified.times[.of(bytes)]
        var problem: Message = "it is marked as \(mark.level.word) (\(mark.reason)), by a key that is not trusted here"
        // One that ended, or speaks of other names, doesn't silence the others.
        let signer = signers.first { key in
            do {
                try key.check(signing: RevocationStatement.type, of: [verified.part.repository], at: time) { logged }
                return true
            } catch {
                problem = "\(what) doesn't count: \("\(error)")"
                return false
            }
        }
        guard let signer else { return verified.remarks.append(problem) }
        let proof = Revocation.Proof(key: signer.identifier, bytes: bytes)
        verified.marks.append(
            Revocation(
                mark.subject,
                mark.level,
                reason: mark.reason,
                advisory: mark.advisory,
                at: time,
                by: actor,
                proof: proof
            )
        )
    }

    private func verifyLog(_ bytes: [UInt8], into verified: inout Verified) throws {
        let excerpt = try LogExcerpt(parsing: bytes)
        let origin = excerpt.checkpoint.origin
        verified.entries = excerpt.entries.count
        guard try isTrusted(excerpt.note, of: origin, into: &verified) else {
            verified.remarks.append("the log '\(origin)' is signed by no key that is trusted here")
            return
        }
        try check(excerpt, since: known(origin))
        verified.checkpoint = ImportedProofs.SeenCheckpoint(excerpt.checkpoint, note: excerpt.note.bytes)
        verified.times = StatementTimes.read(excerpt)
        let isLogged = excerpt.entries.contains { entry in
            guard case .object(let event)? = try? JSONValue(parsing: entry.leaf) else { return false }
            return event["what"] == .string("seal") && event["digest"] == .string("\(verified.part.root)")
        }
        if isLogged, verified.part.release != nil { verified.isSealed = true }
    }

    /// Throws unless a log goes on from what is known of it, and from where a delta says that it begins.
    private func check(_ excerpt: LogExcerpt, since known: [Checkpoint]) throws {
        if let since = delta?.since {
            try excerpt.check(against: [Checkpoint(origin: since.origin, size: since.size, root: since.root)])
        }
        do {
            try excerpt.check(against: known)
        } catch {
            guard case .unproved(let origin, let last) = error, let since = delta?.since, since.origin == origin else {
                throw error
            }
            throw StatementProblem(
                """
                the delta begins at event \(since.size) of the log '\(origin)', of which \(last) events are known here
                Import the bundles between, or export since the last checkpoint that is known here.
                """
            )
        }
    }

    /// Whether a checkpoint counts: by the policy, or else by a key.
    private func isTrusted(_ note: SignedNote, of origin: String, into verified: inout Verified) throws -> Bool {
        if let policy {
            verified.witnesses = try policy.check(note)
            return true
        }
        var isTrusted = false
        for key in keys where key.role == KeyRole.log.rawValue && key.isValid(at: time) {
            let verifier = try NoteVerifier(name: origin, key: PublicKey(encoded: key.encoded))
            guard note.hasSignature(of: verifier) else { continue }
            try note.verify(by: verifier)
            try admit(verifier)
            isTrusted = true
        }
        return isTrusted
    }

    /// Whether a key that is trusted speaks of a release's name, so that it may not come unsigned.
    ///
    /// Also one that has ended since: its end doesn't open the name to everybody.
    func wantsSignature(_ release: ReleaseKey) -> Bool {
        keys.contains { key in
            key.role == KeyRole.release.rawValue && key.validFrom.map { $0 <= time } ?? true && key.covers(release.name)
        }
    }
}

extension BundleImport.Part {
    /// What the release's own statement says, by its files; nil for an image.
    func releaseStatement() throws -> Statement? {
        guard let release else { return nil }
        let artifacts = files.map { file in
            Artifact(
                key: file.key,
                digest: file.digest,
                size: file.size,
                fileName: file.fileName,
                mode: file.mode,
                putAt: Timestamp(milliseconds: 0),
                putBy: "",
                annotations: file.annotations
            )
        }
        return try ReleaseStatement(release, artifacts.sorted { ArtifactKey.isBefore($0.key, $1.key) }).statement
    }
}
