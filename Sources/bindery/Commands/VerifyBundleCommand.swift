import ArgumentParser
import ArtifactStore
import Attestation
import ContentAddress
import ImageTransport
import OCI
import Printable
import Proofs
import Release
import Shapes
import SystemIO
import TransparencyLog

struct VerifyBundleCommand: BinderyCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-bundle",
        abstract: "Checks a bundle without a store: its bytes, its documents, and what it proves, by public keys.",
        discussion: """
            Every byte is hashed, and every statement, mark, proof and checkpoint in the bundle is checked. Of a delta
            (`export --since`) it says what it leaves out, and from where its log goes on. With --key, each
            release must be signed by one of these keys; with --log-key, each part's log by one of those, and it must go on
            from each --since. Status 1 says that something isn't signed, 4 that something is wrong. Needs no network.

            Examples:
              bindery verify-bundle agent.bundle
              bindery verify-bundle agent.bundle --key release.key.pub --log-key log.key.pub
              bindery verify-bundle agent.bundle --key release.key.pub --log-policy policy
              bindery verify-bundle oci:/media/disk/bundle --key release.key.pub --log-key log.key.pub --since checkpoint
            """
    )

    @Argument(help: "The bundle: a file, oci:DIR or oci-archive:FILE.", completion: .file())
    var bundle: String

    @Option(
        help: ArgumentHelp("A public key that signs releases and marks; repeatable.", valueName: "file"),
        completion: .file()
    )
    var key: [String] = []

    @Option(
        help: ArgumentHelp("A public key that signs builds; repeatable.", valueName: "file"),
        completion: .file()
    )
    var builderKey: [String] = []

    @Option(
        help: ArgumentHelp("A public key that signs checkpoints of the log; repeatable.", valueName: "file"),
        completion: .file()
    )
    var logKey: [String] = []

    @Option(
        help: ArgumentHelp("A checkpoint that was kept, from which the log must go on; repeatable.", valueName: "file"),
        completion: .file()
    )
    var since: [String] = []

    @Option(
        help: ArgumentHelp(
            "The logs and witnesses whose signatures count (C2SP tlog-policy), in the place of --log-key.",
            valueName: "file"
        ),
        completion: .file()
    )
    var logPolicy: String?

    @OptionGroup var output: OutputOptionGroup

    func validate() throws {
        if !since.isEmpty, logKey.isEmpty, logPolicy == nil {
            throw ValidationError("--since needs --log-key or --log-policy, by which it was signed")
        }
        if !logKey.isEmpty, logPolicy != nil {
            throw ValidationError("--log-key and --log-policy exclude each other")
        }
    }

    func run() throws {
        let isPlain = (try? FileStatus.of(bundle))?.kind == .file
        let source = try BundleSource(isPlain ? .layoutArchive(path: bundle, tag: nil) : ImageLocation(parsing: bundle))
        let keys = try trusted(key, .release) + trusted(builderKey, .builder) + trusted(logKey, .log)
        let logKeys = try logKey.map { try KeySource($0).publicKey() }
        let policy = try LogWitness.policy(at: logPolicy)
        let kept = try since.map { path in
            guard let policy else { return try LogProofs.checkpoint(at: path, by: logKeys) }
            return try WitnessedCheckpoint(File.open(path).readBytes(limit: SignedNote.sizeLimit), by: policy)
                .checkpoint
        }
        let read = try BundleImport(source)
        let verification = BundleVerification(
            keys: keys,
            time: StoreOptionGroup.now,
            actor: StoreOptionGroup.actor,
            policy: policy,
            delta: read.delta,
            known: { origin in
                kept.filter { $0.origin == origin }
            }
        )
        let results = try read.parts.map { try verification.verify($0) }
        let progress = Progress("hashing", total: read.size)
        defer { progress.finish() }
        try read.checkContents { progress.add($0) }
        progress.finish()
        let missing = results.map { problems($0, since: kept) }
        if output.json {
            let parts = zip(results, missing).map { Part($0, $1, hasPolicy: policy != nil) }
            try Output.json(Shape(parts: parts, delta: read.delta.map(DeltaShape.init)))
        } else {
            if let delta = read.delta { Output.line(delta.summary) }
            for (result, problems) in zip(results, missing) { print(result, problems) }
        }
        guard missing.allSatisfy(\.isEmpty) else { throw ExitStatus.no }
    }

    private func trusted(_ paths: [String], _ role: KeyRole) throws -> [TrustedKey] {
        try paths.map { path in
            let key = try KeySource(path).publicKey()
            return TrustedKey(
                identifier: key.identifier,
                name: path,
                role: role.rawValue,
                encoded: key.encoded,
                scope: [],
                validFrom: nil,
                validUntil: nil,
                trustedAt: Timestamp(milliseconds: 0),
                trustedBy: ""
            )
        }
    }

    /// What was asked for and isn't there.
    private func problems(_ result: BundleVerification.Verified, since kept: [Checkpoint]) -> [String] {
        var problems: [String] = []
        if !key.isEmpty, result.part.release != nil, !result.isSigned { problems.append("no --key has signed it") }
        if !logKey.isEmpty, result.checkpoint == nil { problems.append("no --log-key has signed a log of it") }
        if logPolicy != nil, result.checkpoint == nil { problems.append("it has no log, which --log-policy asks for") }
        // A log that was forked may have another name, too.
        if !kept.isEmpty, let origin = result.checkpoint?.checkpoint.origin,
            !kept.contains(where: { $0.origin == origin })
        {
            problems.append("no --since is of its log, '\(origin)'")
        }
        return problems
    }

    private func print(_ result: BundleVerification.Verified, _ problems: [String]) {
        Output.line("\(result.part.root)  \(result.part.name)")
        for signer in result.signers { Output.line("  signed by \(signer)") }
        for mark in result.marks { Output.line("  " + Style.yellow("\(mark.level.word): \(mark.reason)")) }
        if let checkpoint = result.checkpoint?.checkpoint {
            Output.line("  \(result.entries) events in the log '\(checkpoint.origin)' of \(checkpoint.size)")
            for witness in result.witnesses { Output.line("  witnessed by \(witness.witness.name)") }
        }
        if !result.part.referrers.isEmpty {
            Output.line("  \(result.part.referrers.count) attached by others, whose signatures are not checked")
        }
        for remark in result.remarks { Output.line("  " + remark) }
        for problem in problems { Output.line("  " + Style.yellow("\(problem)")) }
    }

    private struct Shape: Encodable {
        let parts: [Part]
        /// Only of a delta.
        let delta: DeltaShape?
    }

    private struct Part: Encodable {
        struct Log: Encodable {
            let origin: String
            let size: Int64
            let root: String
            let entries: Int
            /// Only with --log-policy.
            let witnesses: [String]?
        }

        let name: String
        let digest: Digest
        let signers: [String]
        let sealed: Bool
        let revocations: [RevocationShape]
        let log: Log?
        /// What others attached; only where there is any.
        let referrers: [Digest]?
        let remarks: [String]
        let problems: [String]

        init(_ result: BundleVerification.Verified, _ problems: [String], hasPolicy: Bool) {
            name = result.part.name
            digest = result.part.root
            signers = result.signers
            sealed = result.isSealed
            revocations = result.marks.map(RevocationShape.init)
            let witnesses = hasPolicy ? result.witnesses.map(\.witness.name) : nil
            log = (result.checkpoint?.checkpoint).map {
                Log(
                    origin: $0.origin,
                    size: $0.size,
                    root: $0.root.hex,
                    entries: result.entries,
                    witnesses: witnesses
                )
            }
            referrers = result.part.referrers.isEmpty ? nil : result.part.referrers
            remarks = result.remarks.map(\.text)
            self.problems = problems
        }
    }
}
