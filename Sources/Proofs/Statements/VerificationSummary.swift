package import ArtifactStore
package import Attestation
import ContentAddress
package import ImageAuditor
import JSON
import OCI
import Printable
import SystemIO

/// What an auditor signs of an image that passed its audit: a SLSA verification summary
/// (docs/predicates/verification.md).
///
/// Nothing is ever signed of one that didn't pass: a verifier that has only a key takes any statement for a good one.
package struct VerificationSummary: Sendable {
    let signer: any Signing
    /// Who audits: a URI.
    let verifier: String
    /// The directory that statements are written to, too.
    let directory: String?
    let exact: Bool
    let strict: Bool
    let policy: String?
    let store: Store

    package init(
        signer: any Signing,
        verifier: String,
        directory: String?,
        exact: Bool,
        strict: Bool,
        policy: String?,
        store: Store
    ) {
        self.signer = signer
        self.verifier = verifier
        self.directory = directory
        self.exact = exact
        self.strict = strict
        self.policy = policy
        self.store = store
    }

    package static let localVerifier = "https://bindery.dev/verifiers/local"

    private static let levels: [(verdict: Verdict, level: String)] = [
        (.exact, "BINDERY_EXACT"), (.contains, "BINDERY_CONTAINS"),
    ]

    /// Signs the summary of an audit and keeps it; says what was done.
    package func add(_ audit: ImageAudit, tell: (String) -> Void) throws {
        guard let digest = audit.digest, audit.isAcceptable(exact: exact, strict: strict),
            let statement = statement(about: audit)
        else {
            return tell("\(audit.reference): nothing was signed, since it didn't pass")
        }
        let what = "the summary of \(digest.short)"
        let attestation = try NewAttestation(signing: statement, by: signer, what: what)
        let isNew = try store.attest(attestation)
        tell("\(audit.reference): \(isNew ? "signed" : "was signed already"), by \(signer.publicKey.identifier.short)")
        guard let directory else { return }
        let bundle = try SigstoreBundle(parsing: attestation.bytes, what: what)
        try Directory.createWithParents(directory)
        let line = CanonicalJSON.encode(bundle.envelope.json) + [UInt8(ascii: "\n")]
        try AtomicFile.write(attestation.bytes, to: "\(directory)/\(digest.hex).vsa.sigstore.json")
        try AtomicFile.write(line, to: "\(directory)/\(digest.hex).vsa.intoto.jsonl")
    }

    // Without a time, so that the same audit says the same and is kept once: when it was said is for the log to tell.
    private func statement(about audit: ImageAudit) -> Statement? {
        guard let digest = audit.digest, let level = Self.levels.first(where: { $0.verdict == audit.verdict })?.level
        else { return nil }
        var rules: [String: JSONValue] = ["uri": .string("https://bindery.dev/audit/v1")]
        if let policy { rules["digest"] = .object(["sha256": .string(Digest.of(Array(policy.utf8)).hex)]) }
        var seen: Set<Digest> = []
        let subjects = ([digest] + audit.platforms.map(\.manifest)).filter { seen.insert($0).inserted }
        return Statement(
            subjects: subjects.map { Statement.Subject(name: nil, digest: $0) },
            predicateType: PredicateType.verification,
            predicate: .object([
                "policy": .object(rules),
                "resourceUri": .string("\(audit.reference)"),
                "slsaVersion": "1.0",
                "verificationResult": "PASSED",
                "verifiedLevels": .array([.string(level)]),
                "verifier": .object(["id": .string(verifier)]),
            ])
        )
    }

    /// Holds what a summary claims against an audit of the image.
    ///
    /// Throws ``StatementProblem`` for one that didn't pass, and for a verdict of ours that isn't borne out.
    static func check(_ statement: Statement, against audit: ImageAudit) throws {
        guard let predicate = statement.predicate, predicate["verificationResult"]?.string == "PASSED" else {
            throw StatementProblem("it says that the verification didn't pass")
        }
        let claimed = (predicate["verifiedLevels"]?.elements ?? []).compactMap(\.string)
        for (verdict, level) in levels where claimed.contains(level) {
            guard audit.verdict?.isAcceptable(exact: verdict == .exact) == true else {
                throw StatementProblem(
                    "it says \(verdict.rawValue), and the image is \(audit.verdict?.rawValue ?? "damaged")"
                )
            }
        }
    }
}
