import ArgumentParser
import ArtifactStore
import Attestation
import ContentAddress
import OCI
import Printable
import Proofs
import Release
import SystemIO

struct AttestCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "attest",
        abstract: "Signs a statement of your own about a sealed release or an image, and keeps it in the store.",
        discussion: """
            The predicate is a JSON object of any type, such as the result of a test or a review; the statement is an
            in-toto Statement v1 whose subject is the release's or image's digest. `seal` signs the release predicate by
            itself. The key's role follows from the type: SLSA provenance takes a builder's key, a verification summary
            an auditor's, everything else the release's.

            A verifier that is given the key takes any statement about the image for a good one: don't sign findings or
            failures.

            Examples:
              bindery attest agent@2.0.0 --type https://example.com/load-test/v1 --predicate result.json --key release.key
            """
    )

    @Argument(
        help: "A sealed release, name@version, or an image of the store.",
        completion: Completions.releasesAndImages,
        transform: Arguments.releaseOrImage
    )
    var subject: ReleaseOrImage

    @Option(help: "What kind of statement it is, a URI.")
    var type: String

    @Option(help: ArgumentHelp("The predicate, a file with a JSON object.", valueName: "file"), completion: .file())
    var predicate: String

    @OptionGroup var signing: SigningOptionGroup

    @OptionGroup var options: StoreOptionGroup

    private static let largestPredicate = 8 << 20

    func validate() throws {
        try Complaints.check { complaints in
            let isURI = URIText.isURI(type)
            complaints.require(isURI, "--type '\(type)' is not a URI")
            complaints.require(type != PredicateType.release, "`bindery seal` signs the release predicate")
            complaints.require(
                type != PredicateType.containment,
                "`bindery build --attest` signs the containment predicate"
            )
            complaints.require(type != RevocationStatement.type, "`bindery revoke` signs the revocation predicate")
        }
    }

    func run() throws {
        let role = PredicateType.role(of: type)
        guard let signer = try signing.signer(as: role) else {
            throw UsageError(
                description: "there is no key: give --key or --signer, or set BINDERY_\(role.rawValue.uppercased())_KEY"
            )
        }
        let value = try readPredicate()
        // A verifier that is given only a key takes any statement for a good word.
        if type == PredicateType.verification, case .object(let members) = value,
            members["verificationResult"] != .string("PASSED")
        {
            throw BadPredicate(path: predicate, reason: "a verification that isn't PASSED is never signed")
        }
        let store = try options.open()
        let subject = try AttestedSubject(subject, in: store)
        try signer.checkRole(role, of: [subject.name], in: store, warn: Output.warning)
        let statement = Statement(
            subjects: [Statement.Subject(name: subject.title, digest: subject.digest)],
            predicateType: type,
            predicate: value
        )
        let attestation = try NewAttestation(
            signing: statement,
            by: signer,
            what: "the statement about \(subject.title)"
        )
        let isNew = try store.attest(attestation)
        let key = signer.publicKey.identifier
        if options.json {
            return try Output.json(Shape(subject: subject.digest, predicateType: type, key: key, isNew: isNew))
        }
        Output.line("\(subject.digest)  \(type)  by \(key.short)")
        if !isNew { Output.note("bindery: the same statement by this key is there") }
    }

    private func readPredicate() throws -> JSONValue {
        let bytes = try File.open(predicate).readBytes(limit: Self.largestPredicate + 1)
        do {
            guard bytes.count <= Self.largestPredicate else {
                throw BadPredicate(path: predicate, reason: "it is too long")
            }
            let value = try JSONValue(parsing: bytes)
            guard case .object = value else { throw BadPredicate(path: predicate, reason: "an object is expected") }
            return value
        } catch let error as BadPredicate {
            throw error
        } catch {
            let reason = (error as? DecodingError)?.explanation ?? "\(error)"
            throw BadPredicate(path: predicate, reason: "\(reason); a JSON object is expected")
        }
    }

    private struct BadPredicate: FailureWithStatus, CustomStringConvertible {
        let path: String
        let reason: String
        var description: String { "\(printable(path)) can't be a predicate: \(printableMessage(reason))" }
        var exitStatus: ExitStatus { .usage }
    }

    private struct Shape: Encodable {
        let subject: Digest
        let predicateType: String
        let key: Digest
        let isNew: Bool
    }
}
