import ArtifactStore
import ContentAddress
import ImageAssembler
import OCI
import Testing

/// What Debian's engines are too old for, after the words of the Dockerfile reference.
@Suite struct ReferenceTests {
    /// A stage with files to copy from.
    private static let files = """
        FROM scratch AS files
        COPY <<a.txt <<b.md /x/y/
        a
        a.txt
        b
        b.md
        COPY <<c.txt /x/
        c
        c.txt
        FROM scratch

        """

    private static func top(_ text: String) throws -> [String] {
        let fixture = try StoreFixture()
        let artifact = try fixture.put("tool", "1.0.0", "linux/amd64", bytes: Array("tool".utf8), mode: 0o755)
        let plan = try PlanFixture.plan(text, PlanFixture.releases([artifact]))
        return try ImageBuilder(store: fixture.store)
            .build(plan, path: "D", options: ImageBuilder.Options()).topEntries()
    }

    @Test(arguments: [
        (
            "COPY --parents: the directories of the source are kept",
            "COPY --parents --from=files /x/y/a.txt /x/c.txt /p/",
            [
                "p directory 0755 0", "p/x directory 0755 0", "p/x/c.txt file 0644 0", "p/x/y directory 0755 0",
                "p/x/y/a.txt file 0644 0",
            ]
        ),
        (
            "COPY --parents: those before the pivot /./ are not",
            "COPY --parents --from=files /x/./y/*.txt /p/",
            ["p directory 0755 0", "p/y directory 0755 0", "p/y/a.txt file 0644 0"]
        ),
        (
            "COPY --exclude: what matches stays out",
            "COPY --exclude=**/*.md --exclude=c.* --from=files /x /p/",
            ["p directory 0755 0", "p/y directory 0755 0", "p/y/a.txt file 0644 0"]
        ),
        (
            "COPY --chmod: symbolic modes, X for directories only",
            "COPY --chmod=u=rwX,go= --from=files /x/y /p/",
            ["p directory 0755 0", "p/a.txt file 0600 0", "p/b.md file 0600 0"]
        ),
        (
            "COPY --chmod and --chown by a build argument",
            "ARG MODE=440\nARG OWNER=3:4\nCOPY --chmod=$MODE --chown=${OWNER} tool-linux-amd64 /t",
            ["t file 0440 3"]
        ),
        (
            "here-documents: several files, and a program",
            "COPY --chmod=755 <<run.sh <<'two' /bin/\n#!/bin/sh\nrun.sh\n$x\ntwo\n",
            ["bin directory 0755 0", "bin/run.sh file 0755 0", "bin/two file 0755 0"]
        ),
        (
            "ADD --link and --exclude",
            "ADD --link --exclude=nothing tool-linux-amd64 /a/t",
            ["a directory 0755 0", "a/t file 0755 0"]
        ),
        (
            "ADD of a here-document",
            "ADD --chown=9 <<E /a\nx\nE\n",
            ["a file 0644 9"]
        ),
    ])
    func copies(label: String, text: String, expected: [String]) throws {
        #expect(try Self.top(Self.files + text) == expected)
    }

    @Test(
        "A here-document's variables are expanded unless its name is quoted",
        arguments: [("E", "v\n"), ("'E'", "$V\n")]
    )
    func expands(name: String, content: String) throws {
        let fixture = try StoreFixture()
        let artifact = try fixture.put("tool", "1.0.0", "linux/amd64", bytes: Array("tool".utf8), mode: 0o755)
        let text = "FROM scratch\nARG V=v\nCOPY <<\(name) /f\n$V\nE\n"
        let plan = try PlanFixture.plan(text, PlanFixture.releases([artifact]))
        let image = try ImageBuilder(store: fixture.store).build(plan, path: "D", options: ImageBuilder.Options())
        #expect(try fixture.store.readBlob(.of(content)) == Array(content.utf8))
        #expect(image.parts.first?.layers.count == 1)
    }
}
