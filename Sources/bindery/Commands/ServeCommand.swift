import ArgumentParser
import ArtifactStore
import ContentAddress
import Glibc
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
              docker pull localhost:5000/agent:2.0.0
              oras pull --plain-http localhost:5000/releases/agent:2.0.0
            """
    )

    @Option(help: ArgumentHelp("Where to listen: an IP address or localhost, and a port.", valueName: "address"))
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

    @Flag(help: "Let everybody write who reaches the server, on an address that other machines reach.")
    var insecureAnonymousWrite = false

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
                !acceptSparse || allowPush,
                "--accept-sparse has no effect without --allow-push"
            )
        }
    }

    func run() throws {
        let address = try ListenAddress(parsing: listen)
        let names = try ServedNames(hosts: host)
        let writes = WriteRule(push: allowPush, delete: allowDelete, sparse: acceptSparse)
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
        let store = try options.open(for: writes.push || writes.delete ? .writing : .recording)
        for name in try names.unserved(in: store) {
            Output.warning("\(name) isn't served: no repository can have this name\(Self.remedy(for: name))")
        }
        let drafts = DraftRule { try DraftUse.isUnsealed($0, in: store) }
        let isLoginNeeded = login != nil || htpasswd != nil
        let access = isLoginNeeded ? AccessRule(store, passwords: users, requiresLogin: login == .all) : nil
        let routes = try RegistryRoutes(store, names: names, drafts: drafts, writes: writes, access: access) {
            Output.error(Message(message: $0))
        }
        let hosts = HostRule(for: address, hosts: host)
        let server = try RegistryServer(routes, at: address, hosts: hosts, tls: tls, now: { StoreOptionGroup.now })
        defer { server.stop() }
        if options.json { try Output.json(["url": server.url]) } else { Output.line("\(server.url)") }
        // Whoever starts a server waits for its address.
        try Output.finish()
        signals.wait()
    }

    private static func remedy(for name: String) -> String {
        guard let registry = (try? ImageReference(parsing: name))?.registry else { return "" }
        return "; --host \(registry) serves it without the registry"
    }
}

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
