import ArgumentParser
import ArtifactStore
import CBuildVersion
import ContentAddress
import Foundation
import Glibc
import ImageAuditor
import ImageTransport
import OCI
import Printable
import Proofs
import RegistryServer

struct ServeCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves the store as a registry.",
        discussion: """
            Images are served under their names, and releases as OCI artifacts under releases/NAME, with the version as \
            the tag. Drafts aren't served. Nothing is taken unless --allow-push says so. Prints the address on standard output, and ends when \
            the process gets SIGTERM or SIGINT: answers that are on their way are sent first.

            Examples:
              bindery serve
              bindery serve --listen 0.0.0.0:5000 --host registry.example
              bindery serve --allow-push --allow-delete
              bindery serve --allow-push --immutable-tags 'v*' --audit-on-push deny
              docker pull localhost:5000/agent:2.0.0
              oras pull --plain-http localhost:5000/releases/agent:2.0.0
            """
    )

    @Option(
        help: ArgumentHelp(
            "Where to listen: an IP address or localhost, and a port; or systemd, whose socket unit opened it.",
            valueName: "address"
        )
    )
    var listen = "127.0.0.1:5000"

    @Option(
        help: ArgumentHelp(
            "Serve the images of this registry without its name: registry.example/agent as agent. Repeatable.",
            valueName: "registry"
        )
    )
    var host: [String] = []

    @Flag(help: "Take pushes of images and artifacts.")
    var allowPush = false

    @Flag(help: "Take deletions of tags, manifests and blobs that were pushed.")
    var allowDelete = false

    @Flag(help: "Take manifests whose config or layers were not pushed before them.")
    var acceptSparse = false

    @Option(
        help: ArgumentHelp(
            "Neither move nor delete tags that follow this pattern, TAG or REPOSITORY:TAG; * is any text. Repeatable.",
            valueName: "pattern"
        )
    )
    var immutableTags: [String] = []

    @Option(
        help: ArgumentHelp(
            "Audit pushed images: keep the audit, or serve only those that pass, and hold the others or not keep them.",
            valueName: "record|quarantine|deny"
        )
    )
    var auditOnPush: PushAudit.Consequence?

    @Option(
        help: ArgumentHelp("Hold pushed images to a policy file (docs/findings.md).", valueName: "file"),
        completion: .file()
    )
    var policy: String?

    @Option(
        help: ArgumentHelp("How long the audit of a push takes at most: 5m by default.", valueName: "duration"),
        transform: { text in
            guard let duration = DurationOption(text), duration.milliseconds >= 1000 else {
                throw ValidationError("a duration of a second or more is expected: 90s, 5m")
            }
            return duration
        }
    )
    var auditTime: DurationOption?

    @Option(
        help: ArgumentHelp(
            "Serve another registry's repositories below a prefix, and keep what is pulled: hub=docker.io. Repeatable.",
            valueName: "prefix=registry"
        )
    )
    var upstream: [String] = []

    @Option(
        help: ArgumentHelp("Requests of one client: 600/m, by user or address; s, m, h or d.", valueName: "rate"),
        transform: Self.rate
    )
    var clientRequests: Rate?

    @Option(
        help: ArgumentHelp("Bytes that one client sends and gets: 100GB/d.", valueName: "rate"),
        transform: Self.rate
    )
    var clientBytes: Rate?

    @Option(
        help: ArgumentHelp("How large a repository may become by pushes: 50GB.", valueName: "size"),
        transform: Self.size
    )
    var repositoryQuota: ByteSize?

    @Option(
        help: ArgumentHelp("How large the store may become by pushes: 2TB.", valueName: "size"),
        transform: Self.size
    )
    var storeQuota: ByteSize?

    @Option(
        help: ArgumentHelp("Who logs in: for writes (anybody reads), or for all.", valueName: "writes|all")
    )
    var login: Login?

    @Option(
        help: ArgumentHelp(
            "The users besides the store's tokens: a file by `htpasswd -B`. For writes, unless --login says for all.",
            valueName: "file"
        )
    )
    var htpasswd: String?

    @Option(
        help: ArgumentHelp("Serve by TLS, with this chain of certificates (PEM); needs --tls-key.", valueName: "file"),
        completion: .file()
    )
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The key of the certificate (PEM).", valueName: "file"), completion: .file())
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "Let only clients in whose certificate one of these has signed (PEM); needs --tls-certificate.",
            valueName: "file"
        ),
        completion: .file()
    )
    var tlsClients: String?

    @Flag(help: "Look at files that anybody sends (\"What is this?\"), not only those who have logged in.")
    var publicIdentify = false

    @Flag(help: "Let everybody write who reaches the server, on an address that other machines reach.")
    var insecureAnonymousWrite = false

    @Option(
        help: ArgumentHelp("How lines on standard error are written; text by default.", valueName: "text|json")
    )
    var logFormat = ServeLog.Format.text

    @Flag(help: "Log every request, not writes and failures alone.")
    var logRequests = false

    @Option(
        help: ArgumentHelp("Collect this long after the last time, as `bindery gc` does: 1d.", valueName: "duration"),
        transform: Self.period
    )
    var gcEvery: DurationOption?

    @Option(
        help: ArgumentHelp("Verify this long after the last time, as `bindery verify`: 7d.", valueName: "duration"),
        transform: Self.period
    )
    var verifyEvery: DurationOption?

    @Option(
        help: ArgumentHelp(
            "Sign the log this long after the last time, with the key that $BINDERY_LOG_KEY names: 1h.",
            valueName: "duration"
        ),
        transform: Self.period
    )
    var checkpointEvery: DurationOption?

    @OptionGroup var options: StoreOptionGroup

    /// What takes a login.
    enum Login: String, ExpressibleByArgument {
        case writes, all
    }

    func validate() throws {
        try Complaints.check { complaints in
            complaints.require(
                (tlsCertificate == nil) == (tlsKey == nil),
                "--tls-certificate and --tls-key go together"
            )
            complaints.require(
                tlsClients == nil || tlsCertificate != nil,
                "--tls-clients has no effect without --tls-certificate"
            )
            complaints.require(
                !insecureAnonymousWrite || allowPush || allowDelete,
                "--insecure-anonymous-write has no effect without --allow-push or --allow-delete"
            )
            complaints.require(
                immutableTags.isEmpty || allowPush || allowDelete,
                "--immutable-tags has no effect without --allow-push or --allow-delete"
            )
            complaints.require(
                repositoryQuota == nil && storeQuota == nil || allowPush,
                "--repository-quota and --store-quota have no effect without --allow-push"
            )
            complaints.require(
                auditOnPush == nil || allowPush,
                "--audit-on-push has no effect without --allow-push"
            )
            complaints.require(
                auditOnPush != nil || policy == nil && auditTime == nil,
                "--policy and --audit-time have no effect without --audit-on-push"
            )
            complaints.require(
                !acceptSparse || auditOnPush == nil || auditOnPush == .record,
                "--accept-sparse and --audit-on-push \(auditOnPush?.rawValue ?? "") exclude each other: a part isn't audited"
            )
            complaints.require(
                upstream.isEmpty || auditOnPush == nil || auditOnPush == .record,
                "--upstream and --audit-on-push \(auditOnPush?.rawValue ?? "") exclude each other: what is kept isn't audited"
            )
            complaints.require(
                !acceptSparse || allowPush,
                "--accept-sparse has no effect without --allow-push"
            )
        }
    }

    func run() throws {
        let address =
            listen == "systemd"
            ? try ListenAddress(inherited: ProcessInfo.processInfo.environment, process: getpid())
            : try ListenAddress(parsing: listen)
        let names = try ServedNames(hosts: host)
        var writes = WriteRule(push: allowPush, delete: allowDelete, sparse: acceptSparse)
        let isGuarded = login != nil || htpasswd != nil || tlsClients != nil
        if writes.push || writes.delete, !address.isLoopback, !insecureAnonymousWrite, !isGuarded {
            throw ServerError.openToAll(listen)
        }
        var tls: TLSFiles?
        if let tlsCertificate, let tlsKey {
            tls = try TLSFiles(certificate: tlsCertificate, key: tlsKey, clients: tlsClients)
        }
        let users = try htpasswd.map { try Htpasswd($0) }
        // Before there are threads: each would have its own mask.
        let signals = StopSignals()
        let isWritten = writes.push || writes.delete || !upstream.isEmpty
        let store = try options.open(for: isWritten ? .writing : .recording)
        writes.upstreams = try upstreams()
        writes.immutableTags = ImmutableTags(immutableTags)
        writes.audit = try audit(store)
        writes.proofs = { bundle, store in
            do {
                return try BundleTrust(allowsUnsigned: false, looksAtProofs: true).proofs(of: bundle, in: store) { _ in
                }
            } catch let error as ProofError {
                throw ServerError.unproved("\(error)")
            }
        }
        if repositoryQuota != nil || storeQuota != nil {
            writes.quota = Quota(store, perRepository: repositoryQuota?.bytes, ofStore: storeQuota?.bytes)
        }
        let log = ServeLog(logFormat, hasAll: logRequests)
        defer { log.finish() }
        for name in try names.unserved(in: store) {
            let message: Message = "\(name) isn't served: no repository can have this name\(Self.remedy(for: name))"
            log.write(.warning(message.text))
        }
        let drafts = DraftRule { try DraftUse.isUnsealed($0, in: store) }
        let isLoginNeeded = login != nil || htpasswd != nil
        let access = isLoginNeeded ? AccessRule(store, passwords: users, requiresLogin: login == .all) : nil
        let routes = try RegistryRoutes(
            store,
            names: names,
            drafts: drafts,
            writes: writes,
            access: access,
            limits: limits,
            identify: isLoginNeeded || publicIdentify ? identifyRule : nil,
            traffic: Traffic(prefix: Self.requestPrefix) { log.write(.request($0)) },
            report: { log.write($0) }
        )
        let tasks = try upkeep()
        let hosts = HostRule(for: address, hosts: host)
        let server = try RegistryServer(routes, at: address, hosts: hosts, tls: tls, now: { StoreOptionGroup.now })
        defer { server.stop() }
        if options.json { try Output.json(["url": server.url]) } else { Output.line("\(server.url)") }
        // Whoever starts a server waits for its address.
        try Output.finish()
        let schedule = Schedule(tasks, now: { StoreOptionGroup.now }) { log.write($0) }
        defer { schedule.stop() }
        signals.wait()
    }

    /// Tells the ids of this server's requests from those of others.
    private static var requestPrefix: String { String(UInt32.random(in: .min ... .max), radix: 16) + "-" }

    private func upstreams() throws -> [Upstream] {
        let registries = RegistryOptionGroup.impatient
        return try upstream.map { text in
            guard let upstream = Upstream(parsing: text, registries: registries, now: { StoreOptionGroup.now }) else {
                throw UsageError(
                    description:
                        "--upstream '\(printable(text, limit: 80))': PREFIX=REGISTRY is expected, hub=docker.io"
                )
            }
            return upstream
        }
    }

    private var limits: ClientLimits? {
        guard clientRequests != nil || clientBytes != nil else { return nil }
        let start = ContinuousClock.now
        return ClientLimits(requests: clientRequests, bytes: clientBytes) {
            Int64((ContinuousClock.now - start) / .milliseconds(1))
        }
    }

    @Sendable private static func rate(_ text: String) throws -> Rate {
        guard let rate = Rate(parsing: text) else {
            throw ValidationError("a number or size and a time are expected: 600/m, 100GB/d")
        }
        return rate
    }

    @Sendable private static func period(_ text: String) throws -> DurationOption {
        guard let duration = DurationOption(text), duration.milliseconds >= 60_000,
            duration.milliseconds <= 3_653 * 86_400_000
        else { throw ValidationError("a duration of a minute to ten years is expected: 30m, 12h, 7d") }
        return duration
    }

    @Sendable private static func size(_ text: String) throws -> ByteSize {
        guard let size = ByteSize(parsing: text) else {
            throw ValidationError("a size above 0 is expected: 500MB, 50GB, 2TiB")
        }
        return size
    }

    private func audit(_ store: Store) throws -> PushAudit? {
        guard let auditOnPush else { return nil }
        return PushAudit(
            store,
            auditOnPush,
            rules: try policy.map { try PolicyFile.read($0) },
            seconds: (auditTime?.milliseconds ?? 300_000) / 1000,
            readings: LayerReadings(store: store, version: String(cString: build_version()))
        )
    }

    private static func remedy(for name: String) -> String {
        guard let registry = (try? ImageReference(parsing: name))?.registry else { return "" }
        return "; --host \(registry) serves it without the registry"
    }
}

extension PushAudit.Consequence: ExpressibleByArgument {}

/// The signals that end a server, held back until it waits for them.
private struct StopSignals {
    private let signals: sigset_t

    init() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        self.signals = signals
    }

    func wait() {
        var signals = signals
        var signal: CInt = 0
        while sigwait(&signals, &signal) != 0 {}
    }
}
