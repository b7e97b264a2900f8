import ContentAddress
import Dockerfile
import ImageAssembler
import Release
import Testing

/// What an engine runs is said by the context's Dockerfile, so that it reaches the image.
@Suite struct AllowedRunTests {
    private static let label = "LABEL dev.bindery.context.allow-run="

    private func plan(_ text: String, target: String? = nil) throws -> ContextPlan {
        try PlanFixture.plan(text, PlanFixture.tool()) {
            $0.allowsRun = true
            $0.target = target
        }
    }

    @Test(arguments: [
        ("at the end", "FROM scratch\nRUN x\nUSER 1\n", "FROM scratch\nRUN x\nUSER 1\n\(label)\"2\"\n"),
        ("without a last line feed", "FROM scratch\nRUN x", "FROM scratch\nRUN x\n\(label)\"2\""),
        (
            "a list of lines", "FROM scratch\nRUN a \\\n b\nRUN c\n",
            "FROM scratch\nRUN a \\\n b\nRUN c\n\(label)\"2-3,4\"\n"
        ),
        ("what goes on at the end of the file", "FROM scratch\nRUN a \\\n\n", "FROM scratch\nRUN a\n\(label)\"2-3\""),
        (
            "a here-document", "FROM scratch\nRUN <<E\na \\\nE\n# c\n",
            "FROM scratch\nRUN <<E\na \\\nE\n\(label)\"2-4\"\n# c\n"
        ),
        (
            "a stage that is needed", "FROM scratch AS a\nRUN x\nFROM scratch\nCOPY --from=a /x /\n",
            "FROM scratch AS a\nRUN x\nFROM scratch\nCOPY --from=a /x /\n\(label)\"2\"\n"
        ),
        (
            "files by platform", "FROM scratch\nADD https://a/b /\nCOPY tool /\n",
            "FROM scratch\nADD https://a/b /\nARG TARGETPLATFORM\nCOPY $TARGETPLATFORM/tool /\n\(label)\"2\"\n"
        ),
    ])
    func theLastInstructionIsALabel(what: String, text: String, expected: String) throws {
        let plan = try plan(text)
        let written = String(decoding: plan.contextDockerfile, as: UTF8.self)
        #expect(written.trimmingLast() == expected.trimmingLast())
        // And the parser sees it as an instruction of its own.
        let last = try Dockerfile(parsing: plan.contextDockerfile).stages.last?.instructions.last
        #expect(last?.source.hasPrefix(Self.label) == true)
        #expect(plan.isRewritten)
        let record = String(decoding: ContextRecord(plan).bytes, as: UTF8.self)
        #expect(record.hasPrefix(#"{"allowedRun":[{"instruction":""#))
    }

    @Test func theStageThatIsBuiltHasTheLabel() throws {
        let plan = try plan("FROM scratch AS a\nRUN x\nFROM scratch\nRUN y\n", target: "a")
        let text = "FROM scratch AS a\nRUN x\n\(Self.label)\"2\"\nFROM scratch\nRUN y\n"
        #expect(String(decoding: plan.contextDockerfile, as: UTF8.self) == text)
    }

    @Test(arguments: ["FROM scratch\nCOPY tool-linux-* /\n", "FROM scratch AS a\nRUN x\nFROM scratch\nUSER 1\n"])
    func aFileThatRunsNothingStaysAsItIs(text: String) throws {
        let plan = try plan(text)
        #expect(String(decoding: plan.contextDockerfile, as: UTF8.self) == text)
        #expect(!String(decoding: ContextRecord(plan).bytes, as: UTF8.self).contains("allowedRun"))
    }
}

extension String {
    fileprivate func trimmingLast() -> Substring { last == "\n" ? dropLast() : self[...] }
}
