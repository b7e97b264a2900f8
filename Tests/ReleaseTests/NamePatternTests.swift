import Foundation
import Testing

@testable import Release

@Suite struct NamePatternTests {
    @Test(
        arguments: [
            ("{name}-{os}-{arch}", "mount-monitor-linux-amd64", ["mount-monitor", "linux/amd64"]),
            ("{name}-{os}-{arch}", "a-b-linux-c-linux-arm64", ["a-b-linux-c", "linux/arm64"]),
            ("{name}_{version}_{os}_{arch}", "agent_1.2.3-rc.1_linux_x86", ["agent", "linux/386", "1.2.3-rc.1"]),
            ("{name}_{version}_{os}_{arch}", "tool_1.2.3_linux_x86_64", ["tool", "linux/amd64", "1.2.3"]),
            // As GoReleaser's default template has them.
            ("{name}_{version}_{os}_{arch}", "tool_1.2.3_linux_amd64v3", ["tool", "linux/amd64/v3", "1.2.3"]),
            (
                "{name}_{version}_{os}_{arch}", "tool_1.2.3_linux_mips_softfloat",
                ["tool", "linux/mips/softfloat", "1.2.3"]
            ),
            (
                "{name}_{version}_{os}_{arch}", "tool_1.2.3_linux_mips64le_hardfloat",
                ["tool", "linux/mips64le", "1.2.3"]
            ),
            ("{name}_{version}_{os}_{arch}{variant}", "tool_1.2.3_linux_amd64v3", ["tool", "linux/amd64/v3", "1.2.3"]),
            (
                "{name}-{version}-{os}-{arch}", "my-tool-1.2.3-rc.1-linux-amd64",
                ["my-tool", "linux/amd64", "1.2.3-rc.1"]
            ),
            ("{name}-{version}-{os}-{arch}", "tool-v1.2.3-4-linux-amd64", ["tool", "linux/amd64", "v1.2.3-4"]),
            ("{name}_{os}_{arch}", "tool_Linux_x86_64", ["tool", "linux/amd64"]),
            ("{name}_{os}_{arch}", "tool_windows_amd64.exe", ["tool", "windows/amd64"]),
            ("{name}-{arch}", "agent-x86_64", ["agent", "linux/amd64"]),
            ("{name}.bin", "agent.bin", ["agent"]),
            ("{name}-{os}-{arch}-{variant}", "bin-linux-arm-v6", ["bin", "linux/arm/v6"]),
            ("{name}_{os}_{arch}_{variant}/{file}", "dist/tool_linux_amd64_v1/tool", nil),
            (
                "{name}_{os}_{arch}_{variant}/{file}", "tool_linux_amd64_v1/bin/tool",
                ["tool", "linux/amd64", nil, "bin/tool"]
            ),
            ("{os}/{arch}/{name}", "out/linux/arm64/tool", ["tool", "linux/arm64"]),
        ] as [(String, String, [String?]?)]
    )
    func readsWhatTheNameSays(pattern: String, name: String, expected: [String?]?) throws {
        let readings = try NamePattern(pattern).readings(name)
        guard let expected else {
            #expect(readings.isEmpty)
            return
        }
        let match = try NamePattern(pattern).read(name)
        let found = [match.name, try match.platforms().first?.description, match.version, match.file]
        #expect(found == expected + Array(repeating: nil, count: 4 - expected.count))
    }

    @Test(arguments: [
        ("tool_1.2.3_linux_amd64", NamePattern.Known(name: "other"), "name tool"),
        ("tool_1.2.3_linux_amd64", .init(version: "1.2.4"), "version 1.2.3"),
        ("tool_v1.2.3_linux_amd64", .init(name: "tool", version: "1.2.3"), ""), ("tool_1.2.3_linux_amd64", .init(), ""),
    ])
    func whatTheCallerSaysOtherwiseIsKnown(path: String, known: NamePattern.Known, expected: String) throws {
        let other = try NamePattern("{name}_{version}_{os}_{arch}").overruled(path, by: known)
        #expect(other.map { "\($0.field) \($0.read)" } ?? "" == expected)
    }

    @Test(arguments: ["tool_1.2.3_darwin_all", "tool_1.2.3_macos_universal", "tool_1.2.3_Darwin_universal2"])
    func aUniversalProgramIsForBothPlatforms(name: String) throws {
        let match = try NamePattern("{name}_{version}_{os}_{arch}").read(name)
        #expect(try match.platforms().map(\.description) == ["darwin/amd64", "darwin/arm64"])
        #expect(match.version == "1.2.3")
    }

    @Test(arguments: [
        ("{name}-{os}-{arch}", "agent-linux-all"), ("{name}-{arch}", "agent-all"), ("{arch}-{os}", "all-darwin"),
        ("{name}-{os}-{arch}", "checksums.txt"), ("{name}-{os}-{arch}", "agent-linux"), ("{name}.bin", ".bin"),
        ("{name}-{os}-{arch}", "agent-linux-amd64.sig"), ("x{name}", "y"), ("{name}-{os}-{arch}", "agent-beos-amd64"),
        ("{name}-{os}-{arch}", "agent-linux-mixed"),
    ])
    func otherNamesDoNotFollowThePattern(pattern: String, name: String) throws {
        #expect(throws: NamePatternError.self) { try NamePattern(pattern).read(name) }
    }

    @Test("a name with two readings is refused, and both are shown")
    func twoReadings() throws {
        let pattern = try NamePattern("{name}-{version}-{os}-{arch}")
        for name in ["tool-2-1.2.3-linux-amd64", "my-tool-nightly-linux-amd64"] {
            let error = #expect(throws: NamePatternError.self) { try pattern.read(name) }
            #expect(error?.description.components(separatedBy: "version ").count == 3)
        }
        #expect(try pattern.read("tool-2-1.2.3-linux-amd64", .init(name: "tool-2")).version == "1.2.3")
        #expect(try pattern.read("my-tool-nightly-linux-amd64", .init(version: "nightly")).name == "my-tool")
    }

    @Test("a version in the name is refused where the pattern has none")
    func versionInTheName() throws {
        let pattern = try NamePattern("{name}_{os}_{arch}")
        #expect(throws: NamePatternError.self) { try pattern.read("tool_1.2.3_linux_x86_64") }
        #expect(try pattern.read("tool_1.2.3_linux_x86_64", .init(name: "tool")).name == "tool")
    }

    @Test("any words name a platform where --platform says it")
    func givenPlatform() throws {
        let match = try NamePattern("{name}-{os}-{arch}").read("agent-beos-mixed", .init(hasPlatform: true))
        #expect([match.name, match.os, match.arch] == ["agent", "beos", "mixed"])
    }

    @Test(arguments: ["{name", "{nam}-{os}", "{}", "{name}-{name}"])
    func unknownFieldsAreErrors(pattern: String) {
        #expect(throws: NamePatternError.self) { try NamePattern(pattern) }
    }
}
