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
        ("tcp://[::1]:2375", .port(host: "::1", port: "2375")), ("tcp://:1234", .port(host: "localhost", port: "1234")),
        ("engine:1234", .port(host: "engine", port: "1234")), (" unix:///x \n", .socket("/x")),
    ])
    func readsTheWrittenForm(_ text: String, _ endpoint: EngineEndpoint) throws {
        #expect(try EngineEndpoint(parsing: text) == endpoint)
    }

    @Test(arguments: [
        "ssh://host", "unix://", "unix:///", "unix://x", "tcp://", "tcp://host:port", "tcp://host:70000", "tcp://[::1",
        "/run/x", "tcp://host/prefix", "npipe:////./pipe/docker_engine", "https://host", "unix:/x",
    ])
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

    @Test(arguments: ["DOCKER_TLS_VERIFY", "DOCKER_TLS"])
    func anEngineByTLSIsRefusedBeforeItIsAsked(_ name: String) throws {
        // Docker's command doesn't look at what the variable says.
        let variables = ["DOCKER_HOST": "tcp://engine:2376", name: "0", "DOCKER_CERT_PATH": "/certs"]
        let error = #expect(throws: TransportError.self) { try find(variables) }
        let words = "\(error.map { "\($0)" } ?? "")"
        #expect(words.contains("\(name) asks for TLS") && words.contains("docker save"), "\(words)")
        #expect(try find(["DOCKER_HOST": "unix:///a", name: "1"]) == .socket("/a"))
        #expect(try find(["DOCKER_HOST": "tcp://a", name: ""]) == .port(host: "a", port: "2375"))
    }

    @Test(arguments: ["[", "mkdir"])
    func aConfigThatCannotBeReadIsAWarning(_ content: String) throws {
        try withTemporaryDirectory { directory in
            try Shell.run(content == "[" ? "echo [ >config.json" : "mkdir config.json", in: directory)
            var warnings: [String] = []
            let found = try EngineEndpoint.find(
                { ["DOCKER_CONFIG": directory][$0] },
                isThere: { _ in false },
                warn: { warnings.append($0) }
            )
            #expect(found == .usual)
            #expect(warnings.count == 1 && warnings[0].contains(directory + "/config.json"))
        }
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
