import Foundation
import TestSupport

/// A real registry, Debian's docker-registry (scripts/setup.sh installs it), on a free port of this machine.
final class DebianRegistry: Sendable {
    struct Options: Sendable {
        var hasTLS = false
        var hasPassword = false
    }

    let port: Int
    let directory: String
    private let process: Process

    /// The host as references write it.
    var host: String { "127.0.0.1:\(port)" }
    /// The authority that vouches for it when it has TLS.
    var authority: String { directory + "/ca.pem" }

    /// Starts one and runs a body with it.
    static func run<Result>(_ options: Options = Options(), _ body: (DebianRegistry) throws -> Result) throws -> Result
    {
        try withTemporaryDirectory { directory in
            let registry = try DebianRegistry(directory, options)
            defer { registry.stop() }
            return try body(registry)
        }
    }

    private init(_ directory: String, _ options: Options) throws {
        self.directory = directory
        if options.hasTLS { try Self.makeCertificates(directory) }
        // A port that was free may be taken by the time that the registry asks for it.
        for _ in 0..<20 {
            let port = try FreePort.next()
            let process = try Self.start(Self.configuration(directory, options, port), directory)
            if FreePort.waitUntilSomethingListens(port, unless: { !process.isRunning }) {
                (self.port, self.process) = (port, process)
                return
            }
        }
        throw FreePort.Failure(reason: "docker-registry ends by itself")
    }

    private static func configuration(_ directory: String, _ options: Options, _ port: Int) throws -> String {
        var lines = [
            "version: 0.1", "log: {level: error}", "storage:", "  filesystem: {rootdirectory: \(directory)/data}",
            "  delete: {enabled: true}", "http:", "  addr: 127.0.0.1:\(port)",
        ]
        if options.hasTLS {
            lines += ["  tls:", "    certificate: \(directory)/cert.pem", "    key: \(directory)/key.pem"]
        }
        if options.hasPassword {
            // bcrypt of "secret".
            let line = "user:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n"
            try Data(line.utf8).write(to: URL(fileURLWithPath: directory + "/htpasswd"))
            lines += ["auth:", "  htpasswd:", "    realm: test", "    path: \(directory)/htpasswd"]
        }
        return lines.joined(separator: "\n")
    }

    private static func start(_ configuration: String, _ directory: String) throws -> Process {
        let path = directory + "/config.yml"
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: path))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/docker-registry")
        process.arguments = ["serve", path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    private static func makeCertificates(_ directory: String) throws {
        try Shell.run(
            """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=test authority' \
              -keyout ca.key -out ca.pem 2>/dev/null
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=registry' \
              -keyout key.pem -out request.pem 2>/dev/null
            openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out cert.pem \
              -extfile <(echo 'subjectAltName=IP:127.0.0.1,DNS:localhost') 2>/dev/null
            """,
            in: directory
        )
    }
}
