import ContentAddress
import Foundation
import TestSupport
import Testing

@testable import ImageTransport

@Suite struct EngineEndpointTests {
    @Test(arguments: [
        ("unix:///run/x.sock", EngineEndpoint.socket("/run/x.sock")),
        ("tcp://localhost:2375", .port(host: "localhost", port: "2375")),
        ("tcp://localhost:2375/", .port(host: "localhost", port: "2375")),
        ("tcp://engine", .port(host: "engine", port: "2375")),
        ("tcp://[::1]:2375", .port(host: "::1", port: "2375")),
    ])
    func readsTheWrittenForm(_ text: String, _ endpoint: EngineEndpoint) throws {
        #expect(try EngineEndpoint(parsing: text) == endpoint)
    }

    @Test(arguments: ["ssh://host", "unix://", "tcp://", "tcp://host:port", "tcp://host:70000", "tcp://[::1", "/run/x"])
    func refusesOthers(_ text: String) {
        let error = #expect(throws: TransportError.self) { try EngineEndpoint(parsing: text) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("DOCKER_HOST must be unix:///PATH or tcp://HOST:PORT"))
    }

    @Test(arguments: [
        (["DOCKER_HOST": "unix:///a"], ["/var/run/docker.sock"], "/a"),
        (["DOCKER_HOST": "unix:///a", "DOCKER_CONTEXT": "none"], [], "/a"),
        ([:], ["/var/run/docker.sock", "/run/podman/podman.sock"], "/var/run/docker.sock"),
        (["DOCKER_CONTEXT": "default", "HOME": "/"], [], "/var/run/docker.sock"),
        (["XDG_RUNTIME_DIR": "/run/user/1"], ["/run/user/1/docker.sock"], "/run/user/1/docker.sock"),
        (
            ["XDG_RUNTIME_DIR": "/run/user/1"], ["/run/user/1/podman/podman.sock", "/run/podman/podman.sock"],
            "/run/user/1/podman/podman.sock"
        ),
        (["XDG_RUNTIME_DIR": "/run/user/1"], ["/run/podman/podman.sock"], "/run/podman/podman.sock"),
        (["CONTAINER_HOST": "unix:///b"], ["/run/podman/podman.sock"], "/b"),
        (["CONTAINER_HOST": "ssh://b"], ["/var/run/docker.sock"], "/var/run/docker.sock"),
        ([:], [], "/var/run/docker.sock"),
    ])
    func isFoundWhereTheDockerCommandLooks(_ variables: [String: String], _ files: [String], _ path: String) throws {
        let found = try EngineEndpoint.find {
            variables[$0]
        } isThere: {
            files.contains($0)
        }
        #expect(found == .socket(path))
    }

    private func withContext(_ host: String, _ body: (String) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            let meta = directory + "/contexts/meta/" + Digest.of("mine").hex
            try FileManager.default.createDirectory(atPath: meta, withIntermediateDirectories: true)
            let text = #"{"Name": "mine", "Metadata": {}, "Endpoints": {"docker": {"Host": "\#(host)"}}}"#
            try Data(text.utf8).write(to: URL(fileURLWithPath: meta + "/meta.json"))
            try Data(#"{"currentContext": "mine", "auths": {}}"#.utf8)
                .write(to: URL(fileURLWithPath: directory + "/config.json"))
            try body(directory)
        }
    }

    private func find(_ variables: [String: String]) throws -> EngineEndpoint {
        try EngineEndpoint.find {
            variables[$0]
        } isThere: { _ in
            false
        }
    }

    @Test func mayBeAContextOfTheDockerCommand() throws {
        try withContext("unix:///run/mine.sock") { directory in
            let cases: [([String: String], EngineEndpoint)] = [
                ([:], .socket("/run/mine.sock")), (["DOCKER_CONTEXT": "mine"], .socket("/run/mine.sock")),
                (["DOCKER_CONTEXT": "default"], .usual), (["DOCKER_HOST": "unix:///a"], .socket("/a")),
            ]
            for (variables, endpoint) in cases {
                let found = try find(variables.merging(["DOCKER_CONFIG": directory]) { first, _ in first })
                #expect(found == endpoint)
            }
        }
    }

    @Test func aContextThatIsNotThereIsNamed() throws {
        try withContext("unix:///run/mine.sock") { directory in
            let error = #expect(throws: TransportError.self) {
                try find(["DOCKER_CONFIG": directory, "DOCKER_CONTEXT": "../other"])
            }
            #expect("\(error.map { "\($0)" } ?? "")".contains("context '../other'"))
        }
    }

    @Test(arguments: ["ssh://user@host", ""])
    func aContextThatCannotBeReachedIsNamed(_ host: String) throws {
        try withContext(host) { directory in
            let error = #expect(throws: TransportError.self) { try find(["DOCKER_CONFIG": directory]) }
            #expect("\(error.map { "\($0)" } ?? "")".contains("context 'mine'"))
        }
    }
}
