import ArgumentParser
import ArtifactStore
import Attestation
import ContentAddress
import ImageAuditor
import OCI
import Printable
import Proofs
import Release
import Shapes

struct SealCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Declares a release complete: from then on no file is added to it or changed in it.",
        discussion: """
            The digest of the release's OCI index names it, the same in every store. With a key, the release predicate of
            in-toto is signed about that digest and each file's, for stock verifiers; `bindery attestations` shows it.
            A removal leaves the tombstone, and what was removed can come back with the same bytes.

            A draft (`bindery put --draft`) becomes the release, all of it at once.

            Sealing again changes nothing, and adds the statement of a key that hasn't signed yet.

            Examples:
              bindery seal mount-monitor@1.2.3 --require linux/amd64,linux/arm64
              bindery seal agent@2.0.0 --require-file docker/entrypoint.sh --key release.key
              bindery seal agent@2.0.0 --policy seal.yaml
              bindery seal agent@2.0.0 --signer sign-with-kms --signer-arg release --signer-key release.pub
            """
    )

    @Argument(help: "The release, name@version.", completion: Completions.releases, transform: Arguments.release)
    var release: ReleaseKey

    @Option(
        help: ArgumentHelp(
            "A platform that the release must have; repeatable, or separated by commas.",
            valueName: "platform"
        )
    )
    var require: [String] = []

    @Option(
        help: ArgumentHelp("A file that the release must have; repeatable.", valueName: "path"),
        transform: Arguments.path
    )
    var requireFile: [ReleasePath] = []

    @Option(
        help: ArgumentHelp("Seal only a release that follows these rules (docs/cli.md).", valueName: "file"),
        completion: .file()
    )
    var policy: String?

    @OptionGroup var signing: SigningOptionGroup

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let rules = try policy.map { try PolicyFile.readForSeal($0) }
        let required = try require.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map {
            try Arguments.platform(String($0))
        }
        let signer = try signing.signer(as: .release)
        let store = try options.open()
        try signer?.checkRole(.release, of: [release.name], in: store, warn: Output.warning)
        let artifacts = try store.artifacts(of: release, orDraft: true)
        guard !artifacts.isEmpty else { throw store.nothing(of: release) }
        try RevocationRule.check([release], refusing: nil, in: store)
        let isSealed = try store.seal(of: release) != nil
        try check(artifacts, has: required, isSealed)
        if let rules { try check(artifacts, by: rules, isSealed, in: store) }
        let document = try ReleaseStatement(release, artifacts)
        let attestation = try signer.map {
            try NewAttestation(signing: document.statement, by: $0, what: "the statement about \(release)")
        }
        let (seal, isNew) = try store.seal(release, as: document.release, artifacts, with: attestation)
        if options.json {
            return try Output.json(
                Shape(
                    release: "\(release)",
                    digest: seal.digest,
                    sealedAt: seal.sealedAt.rfc3339,
                    sealedBy: seal.sealedBy,
                    isNew: isNew,
                    files: artifacts.map(ArtifactShape.init),
                    key: signer?.publicKey.identifier
                )
            )
        }
        Output.line("\(seal.digest)  \(release)")
        if !isNew { Output.note("bindery: it was sealed on \(seal.sealedAt.rfc3339)") }
    }

    private func check(_ artifacts: [Artifact], has platforms: [ArtifactPlatform], _ isSealed: Bool) throws {
        let missing =
            platforms.filter { platform in !artifacts.contains { $0.key.platform == platform } }.map(\.description)
            + requireFile.filter { file in !artifacts.contains { $0.key.file == file } }.map(\.text)
        guard missing.isEmpty else { throw Incomplete(release: release, missing: missing, isSealed: isSealed) }
    }

    private func check(_ artifacts: [Artifact], by rules: SealPolicy, _ isSealed: Bool, in store: Store) throws {
        let problems = try rules.problems(of: artifacts) { artifact in
            try CheckedProvenance.all(of: artifact.digest, release.name, in: store).compactMap { _, checked in
                guard PredicateType.isProvenance(checked.provenance.statement.predicateType) else { return nil }
                return SealPolicy.Attested(builder: checked.provenance.builder, isVerified: checked.key != nil)
            }
        }
        guard problems.isEmpty else { throw Refused(release: release, problems: problems, isSealed: isSealed) }
    }

    private struct Refused: FailureWithStatus, CustomStringConvertible {
        let release: ReleaseKey
        let problems: [String]
        let isSealed: Bool
        var description: String {
            let lines = problems.map { "  \(printable($0))" }.joined(separator: "\n")
            let state = isSealed ? "is sealed already" : "stays open"
            return "\(release) doesn't follow the policy, and \(state)\n\(lines)"
        }
        var exitStatus: ExitStatus { .no }
    }

    private struct Incomplete: FailureWithStatus, CustomStringConvertible {
        let release: ReleaseKey
        let missing: [String]
        let isSealed: Bool
        var description: String {
            "\(release) is not complete: \(missing.map { printable($0) }.joined(separator: ", ")) is missing; "
                + (isSealed ? "it is sealed already" : "it stays open")
        }
        var exitStatus: ExitStatus { .notFound }
    }

    private struct Shape: Encodable {
        let release: String
        let digest: Digest
        let sealedAt: String
        let sealedBy: String
        let isNew: Bool
        let files: [ArtifactShape]
        let key: Digest?
    }
}
