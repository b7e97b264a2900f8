import ArgumentParser
import ArtifactStore
import Attestation
import ContentAddress
import OCI
import Printable
import Proofs
import Release
import Shapes

struct RevokeCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Marks a release, or bytes by their digest, as not to be used any more.",
        discussion: """
            The mark is an event in the log; with a key it is signed, too, and --output writes the statement (DSSE, one line).
            `audit`, `verifier`, `identify`, `show`, `where`, `context` and `build` warn of what is marked; with --deny `audit`
            and the gates refuse images that hold it, and `context` and `build` make none. `bindery where` on it lists the
            images to build again.

            A release is marked without the bytes that another release has, too; a digest, 64 digits of a file, a manifest
            or an index, marks them whatever release they are of. Nothing is removed: `bindery rm` frees space.

            A mark stays in the log for ever, and a later one counts instead: --deny after a warning, and --lift, with its
            reason, where the mark was a mistake.

            Examples:
              bindery revoke agent@1.2.3 --reason 'CVE-2026-1234' --advisory https://example.com/CVE-2026-1234
              bindery revoke agent@1.2.3 --deny --reason 'the build machine was compromised' --key release.key
              bindery revoke agent@1.2.3 --lift --reason 'the advisory was withdrawn'
            """
    )

    @Argument(
        help: "A release, name@version, or a digest.",
        completion: Completions.releases,
        transform: RevokeCommand.subject
    )
    var subject: Revocation.Subject

    @Option(help: "Why: for the log, and for whoever is refused.")
    var reason: String

    @Option(help: ArgumentHelp("Where there is more to read, a URL.", valueName: "url"))
    var advisory: String?

    @Flag(help: "Refuse it: not only warn.")
    var deny = false

    @Flag(help: "Lift the mark that is there.")
    var lift = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write the signed statement (.intoto.jsonl) to a file.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    @OptionGroup var signing: SigningOptionGroup

    @OptionGroup var options: StoreOptionGroup

    @Sendable static func subject(_ text: String) throws -> Revocation.Subject {
        if let digest = (try? Digest(parsing: text)) ?? (try? Digest(hex: text)) { return .bytes(digest) }
        if DigestPrefix(text) != nil {
            throw ValidationError("'\(text)' is a part of a digest: all 64 digits are needed to mark bytes")
        }
        return .release(try Arguments.release(text))
    }

    func validate() throws {
        try Complaints.check { complaints in
            complaints.require(!deny || !lift, "--deny and --lift exclude each other")
            complaints.require(!reason.allSatisfy(\.isWhitespace), "--reason is empty")
            complaints.require(
                reason.utf8.count <= RevocationStatement.largestReason
                    && advisory?.utf8.count ?? 0 <= RevocationStatement.largestReason,
                "--reason and --advisory take up to \(RevocationStatement.largestReason) bytes"
            )
            let isURL = advisory?.wholeMatch(of: /https?:\/\/[\x21-\x7e]+/) != nil
            complaints.require(advisory == nil || isURL, "--advisory is not a URL")
            complaints.require(advisory == nil || !lift, "--advisory has no effect with --lift")
        }
    }

    func run() throws {
        var places = OutputPlaces()
        places.add("--output", file: output)
        places.addInputs(signing.key, signing.passphraseFile, signing.signerKey)
        try places.take(json: options.json, store: options.path)
        let signer = try signing.signer(as: .release)
        guard output == nil || signer != nil else {
            throw UsageError(description: "--output has no effect without a key: give --key or --signer")
        }
        let store = try options.open()
        var names: [RepositoryName] = []
        if case .release(let release) = subject { names = [release.name] }
        try signer?.checkRole(.release, of: names, in: store, warn: Output.warning)
        let level: Revocation.Level = lift ? .lifted : deny ? .denied : .warned
        func mark(_ proof: Revocation.Proof?) -> Revocation {
            let (time, actor) = (StoreOptionGroup.now, StoreOptionGroup.actor)
            return Revocation(subject, level, reason: reason, advisory: advisory, at: time, by: actor, proof: proof)
        }
        let unsigned = mark(nil)
        let proof = try signer.map { try RevocationStatement(unsigned, in: store).signed(by: $0) }
        let (revocation, isNew) = try store.revoke(mark(proof))
        if let output, let proof = revocation.proof {
            try Output.write(String(decoding: proof.bytes, as: UTF8.self) + "\n", to: output)
        }
        if options.json { return try Output.json(Shape(isNew: isNew, revocation: RevocationShape(revocation))) }
        Output.line("\(subject)  \(revocation.words)")
        if !isNew { Output.note("bindery: it was marked so on \(revocation.revokedAt.rfc3339)") }
        if case .release(let release) = subject, level != .lifted { try warnOfShared(release, store) }
        if case .bytes(let digest) = subject, level != .lifted { try warnOfUnknown(digest, store) }
    }

    // It may come later, and it may be a slip.
    private func warnOfUnknown(_ digest: Digest, _ store: Store) throws {
        if try !store.knows(digest) {
            Output.warning("no release, image or audited file here has these bytes: \(digest)")
        }
    }

    // Bytes that another release has are that release's: whoever means the bytes says so.
    private func warnOfShared(_ release: ReleaseKey, _ store: Store) throws {
        let marks = try store.revocationMarks()
        for artifact in try store.artifacts(of: release) where artifact.key.isProgram {
            let others = try store.artifacts(with: artifact.digest).map(\.key.release).filter { marks[$0] == nil }
            guard let other = others.first else { continue }
            let words = "\(artifact.digest)\(deny ? " --deny" : "") --reason \(ShellWord.quoted(reason))"
            Output.warning(
                "\(artifact.key) is in \(other), too, which is not revoked: `bindery revoke \(words)` marks the bytes"
            )
        }
    }

    private struct Shape: Encodable {
        let isNew: Bool
        let revocation: RevocationShape
    }
}
