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
        ("{name}-{file}", "team/agent", "linux/amd64", "agent-agent"),
    ])
    func names(template: String, name: String, platform: String, expected: String) throws {
        let artifact = try PlanFixture.artifact(name, "1.0.0", platform, fileName: "file.txt")
        #expect(try NamingTemplate(parsing: template).fileName(for: artifact) == expected)
    }

    @Test(arguments: [
        ("", NamingError.empty), ("{name", .unmatchedBrace("{name")), ("name}", .unmatchedBrace("name}")),
        ("{nme}", .unknownField("nme", known: ["name", "version", "os", "arch", "variant", "file"])),
    ])
    func refuses(template: String, error: NamingError) {
        #expect(throws: error) { try NamingTemplate(parsing: template) }
    }

    @Test(arguments: [
        "/a", "a/", "a//b", "../a", "a/./b", "", ".", "..", "a\nb", "a\u{7F}",
    ])
    func namesThatCantStandInAContextAreRefused(name: String) throws {
        let artifact = try PlanFixture.artifact("a", "1.0.0", "any", fileName: name)
        #expect {
            try PlanFixture.plan("FROM scratch", PlanFixture.releases([artifact]))
        } throws: { error in
            guard case AssemblerError.badFileName(name, artifact.key, _) = error else { return false }
            return true
        }
    }
}
