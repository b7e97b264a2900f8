import ArgumentParser
import ArtifactStore
import CBuildVersion
import ContentAddress
import ImageAuditor
import ImageTransport
import OCI
import Printable
import Release

struct AuditCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Says which released binaries are in an image, from its bytes, and what else is.",
        discussion: """
            IMAGE is docker://REF, docker-daemon:REF, docker-archive:FILE[:REF], oci:DIR[:TAG], oci-archive:FILE[:TAG], dir:DIR,
            docker-container:ID, rootfs:DIR, or the name of an image in the store.
            The verdict is exact, contains, mismatch, unknown, ambiguous or incomplete; the status is 0 for the first
            two, 1 for the others, and 4 for an image whose bytes aren't what its digests say.

            Examples:
              bindery audit docker-daemon:agent:v1.2.3
              docker save agent:v1.2.3 | bindery audit docker-archive:-
              bindery audit oci:layout:v1.2.3 --expect agent@1.2.3 --exact
              bindery audit docker-archive:image.tar --base oci:debian:12 --json
            """
    )

    @Argument(help: "The image.")
    var images: [String] = []

    // What `bindery reaudit` was called at first.
    @Flag(help: .hidden)
    var again = false

    @Option(
        help: "A release that must be in it, name@version; may be given several times.",
        transform: Arguments.release
    )
    var expect: [ReleaseKey] = []

    @Flag(help: "End with status 1 for anything but the verdict exact.")
    var exact = false

    @Option(help: "Only this platform of an index.", transform: Arguments.imagePlatform)
    var platform: Platform?

    @Option(help: "An image that it may be based on; may be given several times.")
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

    @Flag(help: "List every file, not only what is released and the first others.")
    var all = false

    @Option(help: ArgumentHelp("Write the JSON report to a file, too.", valueName: "file"), completion: .file())
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

    @Flag(help: "Don't keep the audit in the store.")
    var noRecord = false

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        guard again else {
            guard images.count == 1 else { throw ValidationError("One image is expected.") }
            return
        }
        let isPlain =
            expect.isEmpty && platform == nil && base.isEmpty && policy == nil && sarif == nil && junit == nil
            && markdown == nil && report == nil && !all
        guard isPlain else {
            throw ValidationError("--again asks what was asked before: it goes with --exact, --no-record and --json.")
        }
    }

    func run() throws {
        if again {
            let reaudit = ReauditCommand.of(images, exact: exact, noRecord: noRecord, registry, options)
            return try reaudit.run()
        }
        let location = try ImageLocation(parsing: images[0])
        let store = try noRecord ? options.openForReading() : options.open()
        var settings = AuditOptions()
        settings.expected = expect
        settings.platform = platform
        settings.largestSize = maxSize
        let registries = registry.access
        for reference in base { settings.bases += try KnownBase.read(reference, store: store, registries: registries) }
        let progress = Progress("auditing", total: nil)
        settings.progress = { progress.add($0) }
        let rules = try policy.map { try PolicyFile.read($0) }
        var audit = try audit(location, store, registries, settings)
        progress.finish()
        if audit.digest != nil, let rules { audit = try audit.held(to: rules.policy, store: store, text: rules.text) }
        if audit.digest != nil, !noRecord, store.isWritable { try store.recordAudit(AuditRecord(audit)) }
        if options.json {
            try Output.json(AuditReport(audit))
        } else {
            AuditText(audit, listsAll: all).print()
        }
        try writeReports(audit)
        try finish(audit)
    }

    // An image that can't be opened has a verdict, too.
    private func audit(
        _ location: ImageLocation,
        _ store: Store,
        _ registries: any RegistryAccess,
        _ settings: AuditOptions
    ) throws -> ImageAudit {
        let limit = maxSize.map { UnpackLimit.bytes($0) } ?? .usual
        do {
            let source = try ImageSources.open(location, store: store, registries: registries, limit: limit)
            return try Auditor(store: store, options: settings).audit(source)
        } catch let error as TransportError {
            return try ImageAudit.unopened(images[0], error)
        } catch AuditError.transport(let error) {
            return try ImageAudit.unopened(images[0], error)
        }
    }

    private func writeReports(_ audit: ImageAudit) throws {
        if let report { try Output.write(try Output.encoded(AuditReport(audit)) + "\n", to: report) }
        if let sarif {
            let report = SARIFReport(audit, toolVersion: String(cString: build_version()))
            try Output.write(try Output.encoded(report), to: sarif)
        }
        if let junit {
            try Output.write(JUnitReport(audit, accepted: audit.isAcceptable(exact: exact)).text, to: junit)
        }
        if let markdown { try Output.append(MarkdownReport(audit).text, to: markdown) }
    }

    private func finish(_ audit: ImageAudit) throws {
        guard audit.verdict != nil else {
            let damage = audit.allFindings.first { $0.code.doubt == .damaged }
            Output.error("\(audit.reference): \(damage?.message ?? "the image is damaged")")
            throw ExitStatus.integrity
        }
        if !audit.isAcceptable(exact: exact) { throw ExitStatus.no }
    }
}

extension Arguments {
    /// `os/arch[/variant]`.
    @Sendable static func imagePlatform(_ text: String) throws -> Platform {
        do { return try Platform(parsing: text) } catch { throw ValidationError("\(error)") }
    }
}
