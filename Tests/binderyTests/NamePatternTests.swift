import ArtifactStore
import OCI
import Release
import Testing

@testable import bindery

@Suite struct NamePatternTests {
    @Test(
        arguments: [
            ("{name}-{os}-{arch}", "mount-monitor-linux-amd64", ["mount-monitor", "linux", "amd64"]),
            ("{name}-{os}-{arch}", "a-b-linux-c-linux-arm64", ["a-b-linux-c", "linux", "arm64"]),
            ("{name}_{version}_{os}_{arch}", "agent_1.2.3-rc.1_linux_x86", ["agent", "linux", "x86", "1.2.3-rc.1"]),
            ("{name}-{arch}", "agent-x86_64", ["agent", nil, "x86_64"]),
            ("{name}.bin", "agent.bin", ["agent"]),
            ("bin-{os}-{arch}-{variant}", "bin-linux-arm-v7", [nil, "linux", "arm", nil, "v7"]),
        ] as [(String, String, [String?])]
    )
    func readsWhatTheNameSays(pattern: String, name: String, expected: [String?]) throws {
        let match = try #require(try NamePattern(pattern).match(name))
        let found = [match.name, match.os, match.arch, match.version, match.variant]
        #expect(found == expected + Array(repeating: nil, count: 5 - expected.count))
    }

    @Test(arguments: [
        ("{name}-{os}-{arch}", "checksums.txt"), ("{name}-{os}-{arch}", "agent-linux"), ("{name}.bin", ".bin"),
        ("{name}-{os}-{arch}", "agent-linux-amd64.sig"), ("x{name}", "y"),
    ])
    func otherNamesDoNotFollowThePattern(pattern: String, name: String) throws {
        #expect(try NamePattern(pattern).match(name) == nil)
    }

    @Test(arguments: ["{name", "{nam}-{os}", "{}"])
    func unknownFieldsAreUsageErrors(pattern: String) {
        #expect(throws: UsageError.self) { try NamePattern(pattern) }
    }

    @Test func platformsAreNormalised() throws {
        let match = try #require(try NamePattern("{name}-{arch}").match("agent-aarch64"))
        #expect(try match.platform()?.description == "linux/arm64")
    }
}
