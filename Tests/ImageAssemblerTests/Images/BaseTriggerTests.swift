import ArtifactStore
import ContentAddress
import ImageAssembler
import OCI
import TestSupport
import Testing

/// What the triggers of a base (`ONBUILD`) do in the stage that starts from it.
@Suite struct BaseTriggerTests {
    private static func addBase(to store: Store, triggers: [String]?) throws {
        try BaseFixture.addBase(to: store, [[BaseFixture.directory("srv")]]) { config in
            var execution = config.config ?? ImageConfig.Execution()
            execution.onBuild = triggers
            config.config = execution
        }
    }

    @Test func triggersOfABaseStandBehindFromAndAreNotHandedOn() throws {
        let lines = [
            "ARG TARGETARCH", #"ENV A="x \"y\"" B=$TARGETARCH"#, "WORKDIR /srv/app",
            "COPY --chmod=700 tool-linux-$B ./",
            "ADD tool-linux-amd64 /t", "LABEL l=$A", "EXPOSE 80", "VOLUME /v", "USER 7", #"CMD ["c"]"#,
            "COPY <<E /doc\n$B\nE",
        ]
        let fixtures = (triggers: try StoreFixture(), written: try StoreFixture())
        try Self.addBase(to: fixtures.triggers.store, triggers: lines)
        try Self.addBase(to: fixtures.written.store, triggers: nil)
        // ENTRYPOINT keeps a CMD of its own stage, and the trigger is one.
        let own = #"ENV C=$B"# + "\n" + #"ENTRYPOINT ["/t"]"# + "\nCOPY tool-linux-amd64 own\n"
        let image = try BaseFixture.build("FROM base:1\n" + own, in: fixtures.triggers)
        let written = try BaseFixture.build(
            "FROM base:1\n" + lines.joined(separator: "\n") + "\n" + own,
            in: fixtures.written
        )
        #expect(image.parts[0].config.digest == written.parts[0].config.digest)
        #expect(image.hasTriggers && !written.hasTriggers)
        let later = try BaseFixture.build("FROM base:1 AS b\n" + own + "FROM b\nUSER 8", in: fixtures.triggers)
        let writtenLater = try BaseFixture.build(
            "FROM base:1 AS b\n" + lines.joined(separator: "\n") + "\n" + own + "FROM b\nUSER 8",
            in: fixtures.written
        )
        #expect(later.parts[0].config.digest == writtenLater.parts[0].config.digest)
    }

    @Test(arguments: [
        ("RUN make", "'make' would run code"), ("RUN mkdir /x", "/bin/sh"), ("RUN --mount=type=cache x", "--mount"),
        ("COPY --from=base:1 /etc /", "engines differ in what --from"), ("COPY absent /", "not a file of the releases"),
        ("COPY tool-linux-arm64 /", "is for linux/arm64"), ("COPY . /app/", "is for linux/arm64"),
        ("COPY ../x /", "leads out"), ("ADD https://example.org/x /", "would be fetched"),
        ("ENV A=$NOWHERE", "nothing sets 'NOWHERE'"), ("FROM scratch", "can't be a trigger"),
        ("ONBUILD COPY x /", "can't be a trigger"), ("NOTHING x", "no instruction"), ("", "is empty"),
        ("ENV A=1\nENV B=2", "several"), ("COPY --parents a**b /", "'**' stands for"),
    ])
    func aTriggerThatCantBeCarriedOutIsNamed(trigger: String, reason: String) throws {
        let fixture = try StoreFixture()
        try Self.addBase(to: fixture.store, triggers: ["ENV FIRST=1", trigger])
        let own = try fixture.put("tool", "1.0.0", "linux/amd64", bytes: Array("tool".utf8), mode: 0o755)
        let other = try fixture.put("tool", "1.0.0", "linux/arm64", bytes: Array("arm".utf8), mode: 0o755)
        let plan = try PlanFixture.plan("# c\nFROM base:1\n", PlanFixture.releases([own, other]))
        let error = #expect(throws: AssemblerError.self) {
            try ImageBuilder(store: fixture.store).build(plan, path: "D", options: ImageBuilder.Options())
        }
        let text = "\(try #require(error))"
        let line =
            "line 2, FROM (linux/amd64): the base image 'base:1' has the trigger '\(trigger.prefix { $0 != "\n" })"
        #expect(text.contains(line) && text.contains("(ONBUILD)"))
        #expect(text.contains(reason))
    }
}
