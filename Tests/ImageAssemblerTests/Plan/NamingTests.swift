import ArtifactStore
import ImageAssembler
import Testing

@Suite struct NamingTests {
    @Test(arguments: [
        ("{name}-{os}-{arch}", "team/agent", "linux/amd64", "agent-linux-amd64"),
        ("{name}-{os}-{arch}", "agent", "linux/arm/v7", "agent-linux-arm-v7"),
        ("{name}_{version}.{arch}{variant}", "agent", "linux/arm/v7", "agent_1.0.0.armv7"),
        ("{arch}/{name}", "agent", "linux/amd64", "amd64/agent"),
        ("{name}", "agent", "any", "file.txt"),
    ])
    func names(template: String, name: String, platform: String, expected: String) throws {
        let artifact = try PlanFixture.artifact(name, "1.0.0", platform, fileName: "file.txt")
        #expect(try NamingTemplate(parsing: template).fileName(for: artifact) == expected)
    }

    @Test(arguments: [
        ("", NamingError.empty), ("{name", .unmatchedBrace("{name")), ("name}", .unmatchedBrace("name}")),
        ("{nme}", .unknownField("nme", known: ["name", "version", "os", "arch", "variant"])),
    ])
    func refuses(template: String, error: NamingError) {
        #expect(throws: error) { try NamingTemplate(parsing: template) }
    }

    @Test(arguments: ["a/b", "", ".", "..", "a\nb", "a\u{7F}", "Dockerfile", ".dockerignore", "bindery-context.json"])
    func namesThatCantStandInAContextAreRefused(name: String) throws {
        let artifact = try PlanFixture.artifact("a", "1.0.0", "any", fileName: name)
        #expect {
            try ContextFile.files(of: [artifact], naming: NamingTemplate())
        } throws: { error in
            guard case AssemblerError.badFileName(name, artifact.key, _) = error else { return false }
            return true
        }
    }

    @Test func twoArtifactsOfOneNameAreRefused() throws {
        let artifacts = [
            try PlanFixture.artifact("x/tool", "1.0.0", "linux/amd64"),
            try PlanFixture.artifact("y/tool", "2.0.0", "linux/amd64"),
        ]
        #expect {
            try ContextFile.files(of: artifacts, naming: NamingTemplate())
        } throws: { error in
            "\(error)".hasPrefix(
                "'tool-linux-amd64' would be the name of two files: x/tool 1.0.0 linux/amd64, and y/tool 2.0.0 linux/amd64"
            )
        }
        #expect(try ContextFile.files(of: artifacts, naming: NamingTemplate(parsing: "{name}{version}")).count == 2)
    }
}
