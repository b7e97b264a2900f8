import ArtifactStore
import ContentAddress
import ImageAssembler
import OCI
import Release
import Testing

/// Names that a caller gives go before stages and images.
@Suite struct NamedContextsTests {
    private func plan(_ text: String, _ contexts: [(String, NamedContexts.Content)]) throws -> ContextPlan {
        try PlanFixture.plan(text, PlanFixture.tool()) { options in
            for (name, content) in contexts {
                let isNew = options.contexts.add(name, content)
                #expect(isNew)
            }
        }
    }

    private func problems(_ text: String, _ contexts: [(String, NamedContexts.Content)]) throws -> [PlanProblem.Kind] {
        do {
            _ = try plan(text, contexts)
            return []
        } catch AssemblerError.plan(_, let problems) {
            return problems.map(\.kind)
        }
    }

    private func certificates() throws -> NamedContexts.Content {
        .release([try PlanFixture.artifact("ca-bundle", "1", "any", fileName: "ca.pem")])
    }

    private func helper(_ platforms: [String] = ["linux/amd64", "linux/arm64"]) throws -> NamedContexts.Content {
        .release(try platforms.map { try PlanFixture.artifact("helper", "2", $0) })
    }

    @Test func aReleasesFilesStandInADirectoryOfTheirOwn() throws {
        let plan = try plan(
            "FROM scratch\nCOPY --from=certs ca.pem /etc/\nCOPY --from=help helper /\nCOPY tool /\n",
            [("certs", try certificates()), ("help", try helper())]
        )
        #expect(
            plan.files.map(\.name) == [
                ".build-contexts/certs/ca.pem", ".build-contexts/help/linux/amd64/helper",
                ".build-contexts/help/linux/arm64/helper", "linux/amd64/tool", "linux/arm64/tool",
            ]
        )
        let text =
            "FROM scratch\nCOPY --from=certs ca.pem /etc/\nARG TARGETPLATFORM\n"
            + "COPY --from=help $TARGETPLATFORM/helper /\nCOPY $TARGETPLATFORM/tool /\n"
        #expect(String(decoding: plan.contextDockerfile, as: UTF8.self) == text)
        let record = String(decoding: ContextRecord(plan).bytes, as: UTF8.self)
        #expect(
            record.contains(
                #""buildContexts":[{"name":"certs","release":"ca-bundle@1"},{"name":"help","release":"helper@2"}]"#
            )
        )
    }

    @Test func theContextDoesntSeeThem() throws {
        let contexts = [("certs", try certificates())]
        #expect(try problems("FROM scratch\nCOPY ca.pem /\n", contexts).count == 1)
        #expect(try problems("FROM scratch\nCOPY --from=certs tool-linux-amd64 /\n", contexts).count == 1)
        let all = try plan("FROM scratch\nCOPY . /\nCOPY --from=certs . /\n", contexts)
        #expect(all.files.map(\.name) == [".build-contexts/certs/ca.pem", "tool-linux-amd64", "tool-linux-arm64"])
    }

    @Test func whatCantBeIsRefused() throws {
        let contexts = [("certs", try certificates())]
        #expect(try problems("FROM certs\n", contexts) == [.releaseAsBase("certs")])
        #expect(try problems("FROM scratch AS certs\n", contexts) == [.replacedTarget("certs")])
        #expect(throws: AssemblerError.self) {
            try plan("FROM scratch\nCOPY --from=help helper /\n", [("help", try helper(["linux/amd64"]))])
        }
    }

    @Test(arguments: ["a", "0", "A"])
    func aNameReplacesAStage(from: String) throws {
        let text = "FROM scratch AS a\nRUN x\nFROM scratch\nCOPY --from=\(from) ca.pem /\n"
        #expect(try problems(text, [("a", try certificates())]) == [])
        #expect(try problems(text, [("a", .image("base:1"))]) == [])
        #expect(try problems(text, [("b", .image("base:1"))]).count == 1)
    }

    @Test func spellingsOfAnImageAreOneName() throws {
        var contexts = NamedContexts()
        let isNew = contexts.add("docker.io/library/alpine", .image("base:1"))
        let isNewAgain = contexts.add("alpine:latest", .image("base:1"))
        #expect(isNew && !isNewAgain)
        let plan = try plan(
            "FROM alpine\n",
            [("docker.io/library/alpine:latest", .image("base:1")), ("x", .image("y"))]
        )
        #expect(plan.contexts.unused(in: plan.dockerfile) == ["x"])
    }
}
