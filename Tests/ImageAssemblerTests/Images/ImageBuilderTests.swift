import Archive
import ArtifactStore
import ContentAddress
import Dockerfile
import Glibc
import ImageAssembler
import OCI
import SystemIO
import Testing

@Suite struct ImageBuilderTests {
    private static let text = """
        FROM scratch AS base
        ARG TARGETARCH
        COPY --chmod=755 tool-linux-${TARGETARCH} /usr/bin/tool
        COPY --chown=5 <<config /etc/tool/
        arch = $TARGETARCH
        config
        FROM base
        COPY --from=base /usr/bin/ /copy/
        LABEL a=b
        WORKDIR /work
        USER 65534
        EXPOSE 8080
        ENTRYPOINT ["/usr/bin/tool"]
        """

    private static func build(
        in fixture: StoreFixture,
        order: [String] = ["linux/amd64", "linux/arm64"],
        change: (inout ImageBuilder.Options) -> Void = { _ in }
    ) throws -> BuiltImage {
        var artifacts: [Artifact] = []
        for platform in order {
            artifacts.append(
                try fixture.put("tool", "1.0.0", platform, bytes: Array("tool for \(platform)".utf8), mode: 0o755)
            )
        }
        let plan = try PlanFixture.plan(text, PlanFixture.releases(artifacts))
        var options = ImageBuilder.Options()
        change(&options)
        return try ImageBuilder(store: fixture.store).build(plan, path: "Dockerfile.release", options: options)
    }

    @Test func theDigestIsTheSameInAnyStoreOrderUmaskAndZone() async throws {
        let first = try Self.build(in: StoreFixture())
        #expect(first.parts.map(\.platform.description) == ["linux/amd64", "linux/arm64"])
        let digests = ([first.digest] + first.documents.map(\.digest)).map(\.description)
        // A process of its own: all threads of one share its umask and its environment.
        await #expect(processExitsWith: .success) { [digests = digests as [String]] in
            umask(0o077)
            setenv("TZ", "Pacific/Chatham", 1)
            setenv("LC_ALL", "tr_TR.UTF-8", 1)
            let second = try ImageBuilderTests.build(in: StoreFixture(), order: ["linux/arm64", "linux/amd64"])
            try #require(([second.digest] + second.documents.map(\.digest)).map(\.description) == digests)
        }
    }

    @Test func eachInputChangesTheDigest() throws {
        let base = try Self.build(in: StoreFixture()).digest
        #expect(try Self.build(in: StoreFixture()) { $0.epoch = 1 }.digest != base)
        #expect(try Self.build(in: StoreFixture()) { $0.compression = .none }.digest != base)
        #expect(try Self.build(in: StoreFixture()) { $0.annotations.index = ["a": "b"] }.digest != base)
        #expect(try Self.build(in: StoreFixture()) { $0.buildArguments = ["TARGETARCH": "arm64"] }.digest != base)
    }

    @Test func theDiffIDsDependOnNoCompressor() throws {
        let gzip = try Self.build(in: StoreFixture())
        let none = try Self.build(in: StoreFixture()) { $0.compression = .none }
        #expect(gzip.parts.map { $0.layers.map(\.diffID) } == none.parts.map { $0.layers.map(\.diffID) })
        for layer in none.parts.flatMap(\.layers) { #expect(layer.descriptor.digest == layer.diffID) }
    }

    @Test func aSecondBuildMakesAndWritesNothing() throws {
        let fixture = try StoreFixture()
        let reference = try ImageReference(parsing: "tool:1")
        let first = try Self.build(in: fixture) { $0.references = [reference] }
        let events = try fixture.store.latestEvents(limit: 100).count
        let second = try Self.build(in: fixture) { $0.references = [reference] }
        #expect(first.digest == second.digest)
        #expect(try fixture.store.latestEvents(limit: 100).count == events)
        #expect(try fixture.store.image(reference)?.digest == first.digest)
        #expect(try Directory.names(in: fixture.store.paths.staging).isEmpty)
    }

    @Test func everyBlobOfTheImageIsInTheStoreAndIntact() throws {
        let fixture = try StoreFixture()
        let image = try Self.build(in: fixture)
        for digest in image.blobs { _ = try fixture.store.readBlob(digest) }
        #expect(try fixture.store.images().map(\.digest) == [image.digest])
        #expect(image.artifacts == [.of("tool for linux/amd64"), .of("tool for linux/arm64")])
    }

    @Test func aDamagedArtifactGetsIntoNoLayer() throws {
        let fixture = try StoreFixture()
        let artifact = try fixture.put("tool", "1.0.0", "linux/amd64", bytes: Array("good".utf8))
        try #require(chmod(fixture.store.paths.blob(artifact.digest), 0o644) == 0)
        try File.open(fixture.store.paths.blob(artifact.digest), O_WRONLY).write(Array("evil".utf8))
        let plan = try PlanFixture.plan("FROM scratch\nCOPY tool-linux-amd64 /", PlanFixture.releases([artifact]))
        #expect(throws: AssemblerError.self) {
            try ImageBuilder(store: fixture.store).build(plan, path: "D", options: ImageBuilder.Options())
        }
        #expect(try fixture.store.images().isEmpty)
        #expect(try Directory.names(in: fixture.store.paths.blobs).count == 1)
    }

    @Test(arguments: [
        (
            "FROM debian\nCOPY tool-linux-amd64 /",
            "line 1, FROM (linux/amd64): the base image 'debian' is not in the store"
        ),
        ("FROM scratch\nCOPY --chown=bob tool-linux-amd64 /", "'bob' is not a user or group of this image"),
        ("FROM scratch\nCOPY --chmod=999 tool-linux-amd64 /", "--chmod=999 is not a mode"),
        ("FROM scratch\nCOPY tool-linux-amd64 /a\nCOPY tool-linux-amd64 /a/b", "'/a' is not a directory"),
        (
            "FROM scratch\nWORKDIR /a/b\nCOPY tool-linux-amd64 /x/\nCOPY --from=0 /x /a/b/c",
            "'0' is not an earlier stage"
        ),
        (
            "FROM scratch AS Base\nFROM Base\nCOPY tool-linux-amd64 /",
            "line 2, FROM: the base image 'Base'"
        ),
        ("FROM scratch\nENV A=1\nCOPY <<E /x\nv=$A ${x^^}\nE\n", "lines 3 to 5, COPY: the here-document 'E'"),
        ("FROM scratch\nCOPY <<E /x\n${x?err}\nE\n", "<<'E' takes its text as it is"),
        ("FROM scratch\nEXPOSE 80/http", "'80/http' is not a port"),
        ("FROM scratch\nSTOPSIGNAL SIGFOO", "'SIGFOO' is not a signal"),
        ("FROM scratch\nEXPOSE 80/x\nSTOPSIGNAL NO", "line 3, STOPSIGNAL"),
        ("FROM scratch\nENV A=1\nARG A=2", "engines differ"),
        ("FROM scratch\nCOPY --parents a**/tool-linux-amd64 /x/", "any number of directories"),
        ("FROM scratch\nCOPY --chown=4294967294 tool-linux-amd64 /", "'4294967294' is not a user"),
        ("FROM scratch AS a\nFROM scratch\nCOPY --from=a /none /", "there is no '/none'"),
        ("FROM scratch\nCOPY tool-linux-amd64 tool-linux-amd64 /x", "'/x' takes several sources"),
    ])
    func refuses(text: String, message: String) throws {
        try refuses(text, [message])
    }

    /// What is seen in the text and what only the base tells are one message, in the order of the file.
    @Test(arguments: [
        (
            "FROM debian\nCOPY none /\nSTOPSIGNAL NO",
            [
                "line 1, FROM (linux/amd64): the base image 'debian'", "line 2, COPY: 'none' is not a file",
                "line 3, STOPSIGNAL",
            ]
        ),
        (
            "FROM scratch\nCOPY none /\nCOPY --from=0 /x /\nSTOPSIGNAL NO\nEXPOSE 1/x",
            ["line 2, COPY: 'none'", "line 3, COPY: '0' is not", "line 4, STOPSIGNAL", "line 5, EXPOSE"]
        ),
        ("FROM scratch\nEXPOSE 1/x\nCOPY none /", ["line 2, EXPOSE", "line 3, COPY: 'none'"]),
    ])
    func tellsAllProblemsInOneGo(text: String, messages: [String]) throws {
        try refuses(text, messages)
    }

    private func refuses(_ text: String, _ messages: [String]) throws {
        let fixture = try StoreFixture()
        let artifact = try fixture.put("tool", "1.0.0", "linux/amd64", bytes: Array("good".utf8))
        let releases = PlanFixture.releases([artifact])
        #expect {
            let plan = try PlanFixture.plan(text, releases) { $0.keepsProblems = true }
            _ = try ImageBuilder(store: fixture.store).build(plan, path: "D", options: ImageBuilder.Options())
        } throws: { error in
            // A line of its own about the file comes first.
            let lines = "\(error)".split(separator: "\n").dropFirst()
            return messages.count == 1
                ? "\(error)".contains(messages[0])
                : lines.count == messages.count && zip(lines, messages).allSatisfy { $0.contains($1) }
        }
        #expect(try fixture.store.images().isEmpty)
    }
}
