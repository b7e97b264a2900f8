import ArgumentParser
import ArtifactStore
import ContentAddress
import ImageAuditor
import ImageTransport
import OCI
import Printable
import Proofs
import Release

struct AuditCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Says which released binaries are in an image, from its bytes, and what else is.",
        discussion: """
            IMAGE is docker://REF, docker-daemon:REF, docker-archive:FILE[:REF], oci:DIR[:TAG], oci-archive:FILE[:TAG], dir:DIR,
            containers-storage:REF, docker-container:ID, rootfs:DIR, or the name of an image in the store.
            The verdict is exact, contains, mismatch, unknown, ambiguous or incomplete; the status is 0 for the first
            two, 1 for the others, and 4 for an image whose bytes aren't what its digests say.

            Several images end in one table, and with one status, the worst: 4, 1, 6, 5, 3, 2. An image that can't be read is a
            row of the table.

            Examples:
              bindery audit docker-daemon:agent:v1.2.3
              docker save agent:v1.2.3 | bindery audit docker-archive:-
              bindery audit oci:layout:v1.2.3 --expect agent@1.2.3 --exact
              bindery audit docker-archive:image.tar --base oci:debian:12 --json
              bindery audit --every-image --markdown summary.md
              kubectl get pods -A -o jsonpath='{..image}' |
                xargs -n 1 printf 'docker://%s\\n' | sort -u |
                bindery audit --images-from -
            """
    )

    @Argument(help: "The images.", completion: Completions.sources)
    var images: [String] = []

    @Flag(help: "Audit every image of the store.")
    var everyImage = false

    @Option(
        help: ArgumentHelp("Further images, one a line; '-' reads the list from standard input.", valueName: "file"),
        completion: .file()
    )
    var imagesFrom: String?

    // What `bindery reaudit` was called at first.
    @Flag(help: .hidden)
    var again = false

    @Option(
        help: "A release that must be in it, name@version; may be given several times.",
        completion: Completions.releases,
        transform: Arguments.release
    )
    var expect: [ReleaseKey] = []

    @Flag(help: "End with status 1 for anything but the verdict exact.")
    var exact = false

    @Flag(help: "End with status 1 for any error, such as a program that can't start, whatever the verdict.")
    var strict = false

    @Option(
        help: "Only this platform of an index.",
        completion: Completions.platforms,
        transform: Arguments.imagePlatform
    )
    var platform: Platform?

    @Option(help: "An image that it may be based on; may be given several times.", completion: Completions.sources)
    var base: [String] = []

    @Option(
        help: ArgumentHelp(
            "How many bytes of layers are read at most, uncompressed; 2 GiB and 200 for each compressed byte by default.",
            valueName: "bytes"
        )
    )
    var maxSize: Int64?

    @Option(
        help: ArgumentHelp("Hold the image to a policy file (docs/findings.md).", valueName: "file"),
        completion: .file()
    )
    var policy: String?

    @Option(
        help: ArgumentHelp(
            "End with 1 unless a signed statement of this predicate type counts, a URI or provenance, containment or vsa; repeatable.",
            valueName: "type"
        )
    )
    var requireAttestation: [String] = []

    @Option(
        help: ArgumentHelp(
            "Whose statements count: a trusted key by its name, or a file; all trusted keys by default.",
            valueName: "key|file"
        )
    )
    var trust: [String] = []

    @Option(
        help: ArgumentHelp("A statement that isn't in the store, a sigstore bundle; repeatable.", valueName: "file"),
        completion: .file()
    )
    var attestation: [String] = []

    @Flag(
        help: "Sign a SLSA verification summary of each image that passes, with an audit key, and keep it in the store."
    )
    var attest = false

    @Option(
        help: ArgumentHelp("Write what is signed there, too: a sigstore bundle, and .intoto.jsonl.", valueName: "dir"),
        completion: .directory
    )
    var attestTo: String?

    @Option(
        help: ArgumentHelp(
            "Who audits, in the summary: a URI; $BINDERY_VERIFIER_ID or \(VerificationSummary.localVerifier) by default.",
            valueName: "uri"
        )
    )
    var verifierID: String?

    @OptionGroup var signing: SigningOptionGroup

    @Flag(help: "List every file, not only what is released and the first others.")
    var all = false

    @Option(
        help: ArgumentHelp(
            "Write the JSON report to a file, too; '-' is standard output, for each report.",
            valueName: "file"
        ),
        completion: .file()
    )
    var report: String?

    @Option(help: ArgumentHelp("Write SARIF for code scanning to a file.", valueName: "file"), completion: .file())
    var sarif: String?

    @Option(help: ArgumentHelp("Write JUnit XML to a file.", valueName: "file"), completion: .file())
    var junit: String?

    @Option(
        help: ArgumentHelp("Append Markdown to a file, such as a job's summary.", valueName: "file"),
        completion: .file()
    )
    var markdown: String?

    @Option(
        help: ArgumentHelp(
            "Compare packages and modules with advisories of the OSV schema: JSON, JSON lines, a zip of them, or a directory.",
            valueName: "path"
        ),
        completion: .file()
    )
    var osv: [String] = []

    @Flag(help: "With --osv, accept what can't be compared.")
    var partial = false

    @Flag(help: "Don't keep the audit in the store.")
    var noRecord = false

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        try Complaints.check { complaints in
            complaints.require(
                !requireAttestation.isEmpty || trust.isEmpty && attestation.isEmpty,
                "--trust and --attestation have no effect without --require-attestation"
            )
            for type in requireAttestation where !RequiredAttestations.isType(type) {
                let words = "provenance, containment, vsa or a URI is expected"
                complaints.require(false, "--require-attestation '\(type)': \(words)")
            }
            complaints.require(
                requireAttestation.isEmpty || platform == nil,
                "--require-attestation and --platform exclude each other: a statement is about the whole image"
            )
            complaints.require(
                attest || attestTo == nil && verifierID == nil,
                "--attest-to and --verifier-id have no effect without --attest"
            )
            complaints.require(
                attest || signing.key == nil && signing.signer == nil && signing.passphraseFile == nil,
                "--key, --signer and --passphrase-file have no effect without --attest"
            )
            complaints.require(
                !attest || platform == nil && !noRecord,
                "--attest signs of the whole image and keeps it: --platform and --no-record exclude it"
            )
            complaints.require(
                verifierID.map(URIText.isURI) ?? true,
                "--verifier-id '\(verifierID ?? "")' is not a URI"
            )
            complaints.require(!osv.isEmpty || !partial, "--partial has no effect without --osv")
            guard again else {
                let isAny = !images.isEmpty || everyImage || imagesFrom != nil
                complaints.require(isAny, "give an image, --every-image or --images-from")
                return
            }
            let isPlain =
                expect.isEmpty && platform == nil && base.isEmpty && policy == nil && sarif == nil && junit == nil
                && markdown == nil && report == nil && !all && !everyImage && imagesFrom == nil
                && requireAttestation.isEmpty && !attest && !strict && osv.isEmpty
            complaints.require(
                isPlain,
                "--again asks what was asked before: it goes with --exact, --no-record and --json"
            )
        }
    }

    func run() throws {
        if again {
            let reaudit = ReauditCommand.of(images, exact: exact, noRecord: noRecord, registry, options)
            return try reaudit.run()
        }
        try OutputPlaces.check(directory: attestTo, "--attest-to", outside: options.path)
        var places = OutputPlaces()
        for (option, path) in [
            ("--report", report), ("--sarif", sarif), ("--junit", junit), ("--markdown", markdown),
        ] {
            places.add(option, file: path)
        }
        places.addInputs(imagesFrom, policy, signing.key, signing.passphraseFile, signing.signerKey)
        places.addInputs(images + trust + attestation + osv)
        try places.take(json: options.json, store: options.path)
        let streams = images.count { (try? ImageLocation(parsing: $0))?.isStandardStream == true }
        guard streams + (imagesFrom == "-" ? 1 : 0) <= 1 else {
            throw UsageError(description: "one list or archive alone can come from standard input")
        }
        let listed = try imagesFrom.map(NameList.images) ?? []
        let store = try options.openForAudits(isRecorded: !noRecord)
        let stored = everyImage ? try Self.all(in: store) : []
        let names = images + listed + stored
        // A list that came out empty by mistake must not pass.
        guard !names.isEmpty else {
            throw UsageError(description: "there is no image to audit: the list or the store is empty")
        }
        let progress = Progress("auditing", total: nil)
        let run = try auditRun(store, progress)
        guard names.count != 1 || everyImage || imagesFrom != nil else {
            let audit = try run.audit(names[0])
            progress.finish()
            if !base.isEmpty, audit.platforms.allSatisfy({ $0.base == nil }) {
                Output.warning("--base has no effect: \(base.joined(separator: ", ")) is not below \(names[0])")
            }
            if options.json {
                try Output.json(AuditReport(audit))
            } else {
                AuditText(audit, listsAll: all).print()
            }
            try writeReports([audit])
            if report != nil { try writeReport(AuditReport(audit)) }
            return try finish(audit)
        }
        let unasked = Set(stored).subtracting(images + listed)
        let audits = ManyAudits(names, by: run, passes: passes, unasked: unasked)
        progress.finish()
        guard !audits.isEmpty else {
            throw UsageError(
                description: "there is no image to audit: the store holds only artifacts, which no engine runs"
            )
        }
        if options.json {
            try Output.json(audits.shape)
        } else {
            if all { for audit in audits.audits { AuditText(audit, listsAll: true).print() } }
            audits.print()
        }
        try writeReports(audits.audits)
        if report != nil { try writeReport(audits.shape) }
        if audits.status != .done { throw audits.status }
    }

    // Each image of the store by its first name, or by its digest.
    private static func all(in store: Store) throws -> [String] {
        try store.images().map { $0.references.first ?? "image@\($0.digest.description)" }
    }

    private func finish(_ audit: ImageAudit) throws {
        guard audit.verdict != nil else {
            let damage = audit.allFindings.first { $0.code.doubt == .damaged }
            Output.error("\(audit.reference): \(damage?.message ?? "the image is damaged")")
            throw ExitStatus.integrity
        }
        if !passes(audit) { throw ExitStatus.no }
    }

    /// Whether an audit lets the image pass.
    var passes: @Sendable (ImageAudit) -> Bool {
        { [exact, strict] in $0.isAcceptable(exact: exact, strict: strict) }
    }
}

extension Arguments {
    /// `os/arch[/variant]`.
    @Sendable static func imagePlatform(_ text: String) throws -> Platform {
        do { return try Platform(parsing: text) } catch { throw ValidationError("\(error)") }
    }
}
