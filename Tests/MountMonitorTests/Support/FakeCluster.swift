import Foundation
import NIOCore
import NIOPosix
import TestSupport

@testable import MountMonitor

/// A cluster as a pod sees it: the service account's directory, and an API server of another make behind TLS.
final class FakeCluster {
    let directory: String
    private(set) var port = 0
    private let host: String
    private var server: Process?

    private struct NoPort: Error {
        let text: String
    }

    /// An API server at `host` whose certificate is for `names`, valid for that time, with these answers.
    init(
        in directory: String,
        host: String = "127.0.0.1",
        names: String = "IP:127.0.0.1,IP:::1,DNS:localhost",
        validity: String = "",
        answers: [String: JSON] = [:]
    ) throws {
        self.directory = directory
        self.host = host
        try Shell.run("bash '\(Peers.directory)/certificates.sh' . '\(names)' \(validity)", in: directory)
        try write("token", "token-1\n")
        try write("namespace", "media")
        try write("answers.json", JSON.object(answers.map { .init($0.key, $0.value) }).text)
        try write("requests.jsonl", "")
        try start()
    }

    /// Starts the server, on the port it had before.
    func start() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["python3", Peers.directory + "/api_server.py", directory, host] + (port > 0 ? ["\(port)"] : [])
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        server = process
        let text = output.fileHandleForReading.line()
        guard let port = Int(text) else { throw NoPort(text: text) }
        self.port = port
    }

    func stop() {
        server?.terminate()
        server?.waitUntilExit()
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
    }

    /// Answers each request like that, or as a cluster does.
    func fail(_ fault: JSON?) throws {
        let path = directory + "/fault.json"
        if let fault {
            try write("fault.new", fault.text)
            _ = rename(directory + "/fault.new", path)
        } else {
            _ = unlink(path)
        }
    }

    /// The deletions that were carried out.
    var deletions: Int {
        let text = try? String(contentsOfFile: directory + "/deletions", encoding: .utf8)
        return text?.split(separator: "\n").count ?? 0
    }

    /// What the API server was asked, in order.
    func requests() throws -> [JSON] {
        let data = try Data(contentsOf: URL(fileURLWithPath: directory + "/requests.jsonl"))
        return try String(decoding: data, as: UTF8.self).split(separator: "\n").map { try JSONTests.parse(String($0)) }
    }

    /// The client of the pod media/plex-0.
    func client(
        _ group: MultiThreadedEventLoopGroup,
        host: String? = nil,
        timeout: GoDuration = .seconds(600)
    ) throws
        -> KubernetesClient
    {
        let account = ServiceAccount(directory: directory)
        let environment = [
            "KUBERNETES_SERVICE_HOST": host ?? self.host, "KUBERNETES_SERVICE_PORT": String(port), "POD_NAME": "plex-0",
        ]
        let place = try ClusterPlace(account: account, environment: { environment[$0] })
        return KubernetesClient(
            place: place,
            account: account,
            version: "1.2.3",
            loop: group.next(),
            timeout: timeout,
            eventTimeout: timeout
        )
    }

    static let pod = "/api/v1/namespaces/media/pods/plex-0"
    static let events = "/api/v1/namespaces/media/events"
    static let review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

    /// One answer of the API server.
    static func answer(_ status: Int64, _ body: String = "{}", mode: String? = nil, retryAfter: String? = nil) -> JSON {
        .object(
            [.init("status", .integer(status)), .init("body", .string(body))]
                + (mode.map { [.init("mode", .string($0))] } ?? [])
                + (retryAfter.map { [.init("retry_after", .string($0))] } ?? [])
        )
    }
}

/// Runs something with a cluster, and an event loop for its client.
func withCluster(
    host: String = "127.0.0.1",
    names: String = "IP:127.0.0.1,IP:::1,DNS:localhost",
    validity: String = "",
    answers: [String: JSON] = [:],
    _ body: (FakeCluster, MultiThreadedEventLoopGroup) throws -> Void
) throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    defer { try? group.syncShutdownGracefully() }
    try withTemporaryDirectory { directory in
        let cluster = try FakeCluster(in: directory, host: host, names: names, validity: validity, answers: answers)
        defer { cluster.stop() }
        try body(cluster, group)
    }
}
