import ArtifactStore
import ContentAddress
import ImageAssembler
import OCI
import TestSupport
import Testing

/// What the triggers of a base (`ONBUILD`) do in the stage that starts from it.
@Suite struct BaseTriggerTests {
    // The first derivation would make the same of such a base, but for its triggers.
    private static func addBase(to store: Store, triggers: [String]?) throws {
        try BaseFixture.addBase(to: store, [[BaseFixture.directory("srv")]]) { config in
            config.history = [ImageConfig.History(createdBy: "COPY srv /srv")]
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
            "COPY <<E /doc\n$B\nE", "ENV D=1 \\\n  E=2",
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

    @Test func aStageThatIsCopiedFromHasTriggersToo() throws {
        let fixture = try StoreFixture()
        try Self.addBase(to: fixture.store, triggers: ["COPY tool-linux-amd64 /t"])
        let image = try BaseFixture.build("FROM base:1 AS b\nFROM scratch\nCOPY --from=b /t /t", in: fixture)
        #expect(image.hasTriggers && image.topEntries() == ["t file 0755 0"])
    }

    @Test func anImageWithTriggersIsOfTheSecondDerivation() throws {
        for triggers in [[], ["ENV A=1"]] {
            let fixture = try StoreFixture()
            try Self.addBase(to: fixture.store, triggers: triggers)
            let image = try BaseFixture.build("FROM base:1\n", in: fixture)
            let manifest = try #require(image.documents.first { $0.digest == image.parts[0].manifest.digest })
            let saysSo = String(decoding: manifest.bytes, as: UTF8.self).contains(#""dev.bindery.derivation":"2""#)
            #expect(saysSo == !triggers.isEmpty)
            let first = { try BaseFixture.build("FROM base:1\n", in: fixture) { $0.derivation = 1 } }
            guard !triggers.isEmpty else {
                #expect(try first().digest == image.digest)
                continue
            }
            #expect { try first() } throws: { "\($0)".contains("the first derivation carries out no trigger") }
        }
    }

    @Test func moreTriggersThanAnImageHasLayersAreRefused() throws {
        for count in [127, 128] {
            let fixture = try StoreFixture()
            try Self.addBase(to: fixture.store, triggers: (1...count).map { "ENV A\($0)=1" })
            let build = { try BaseFixture.build("FROM base:1\n", in: fixture) }
            if count == 127 {
                #expect(throws: Never.self) { try build() }
            } else {
                #expect { try build() } throws: { "\($0)".contains("it is one of 128, and 127 are carried out") }
            }
        }
    }

    @Test func aContextWarnsOfTheTriggersOfBasesThatTheStoreHas() throws {
        let fixture = try StoreFixture()
        try Self.addBase(to: fixture.store, triggers: ["COPY . /app", "RUN make"])
        let own = try fixture.put("tool", "1.0.0", "linux/amd64", bytes: Array("tool".utf8), mode: 0o755)
        func warnings(_ text: String) throws -> [String] {
            try PlanFixture.plan(text, PlanFixture.releases([own])).withTriggers(knownTo: fixture.store).warnings
                .map { "\($0)" }
        }
        let found = try warnings("ARG B=base\nFROM base:2\nFROM $B:1\nCOPY tool /\n")
        #expect(found.count == 1 && found.first?.hasPrefix("line 3, FROM: the base image 'base:1'") == true)
        #expect(found.first?.hasSuffix("'COPY . /app', 'RUN make'") == true)
        for text in ["FROM base:1\nFROM scratch\nCOPY tool /\n", "FROM base:2\nCOPY tool /\n"] {
            #expect(try warnings(text).isEmpty)
        }
    }

    @Test(arguments: [
        ("RUN make", "'make' would run code"), ("RUN mkdir /x", "/bin/sh"), ("RUN --mount=type=cache x", "--mount"),
        ("COPY --from=base:1 /etc /", "engines differ in what --from"), ("COPY absent /", "not a file of the releases"),
        ("COPY tool-linux-arm64 /", "is for linux/arm64"), ("ADD tool-linux-arm64 /", "is for linux/arm64"),
        ("COPY . /app/", "is for linux/arm64"),
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
