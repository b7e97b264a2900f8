import ImageAssembler
import Testing

/// Forms of COPY, with what BuildKit of August 2026 makes of each.
@Suite struct CopyFormsTests {
    private static let start = """
        FROM scratch AS a
        COPY <<x.md <<x.txt /d/s/
        1
        x.md
        2
        x.txt
        COPY <<y.txt /d/
        3
        y.txt
        FROM scratch

        """

    @Test(arguments: [
        ("COPY --from=a --exclude=*.md /d/s /t", ["t", "t/x.txt"]),
        ("COPY --from=a --exclude=x.md /d/s/x.md /t/", ["t", "t/x.md"]),
        ("COPY --from=a --exclude=/y.txt /d /t", ["t", "t/s", "t/s/x.md", "t/s/x.txt", "t/y.txt"]),
        ("COPY --from=a --exclude=s/** --exclude=!s/x.md /d /t", ["t", "t/s", "t/s/x.md", "t/y.txt"]),
        ("COPY --from=a --exclude=** --exclude=!y.txt /d /t", ["t", "t/y.txt"]),
        ("COPY --from=a --exclude=**/*.txt /d /t", ["t", "t/s", "t/s/x.md"]),
        ("COPY --from=a --parents /d/y.txt /d/s/x.md /t", ["t", "t/d", "t/d/s", "t/d/s/x.md", "t/d/y.txt"]),
        ("COPY --from=a --parents /d/./s/x.md /t/", ["t", "t/s", "t/s/x.md"]),
        ("COPY --from=a --parents /**/*.txt /t", ["t", "t/d", "t/d/s", "t/d/s/x.txt", "t/d/y.txt"]),
        ("COPY --from=a --parents **/x.md /t", ["t", "t/d", "t/d/s", "t/d/s/x.md"]),
        ("COPY --from=a --parents /d/./**/*.txt /t", ["t", "t/s", "t/s/x.txt", "t/y.txt"]),
        ("COPY --from=a --parents /d/** /t", ["t", "t/d", "t/d/s", "t/d/s/x.md", "t/d/s/x.txt", "t/d/y.txt"]),
        ("COPY --from=a --parents /d/**/s /t", ["t", "t/d", "t/d/s", "t/d/s/x.md", "t/d/s/x.txt"]),
        ("COPY --from=a --parents --exclude=**/*.md /** /t", ["t", "t/d", "t/d/s", "t/d/s/x.txt", "t/d/y.txt"]),
        ("COPY --from=a --exclude=s/** /d /t", ["t", "t/s", "t/y.txt"]),
        ("COPY --parents **/tool /t/", ["t", "t/linux", "t/linux/amd64", "t/linux/amd64/tool", "t/tool"]),
        ("COPY --from=a /d/y.txt /t/u/..", ["t"]),
        ("COPY --from=a /d/y.txt /t/u/../", ["t", "t/y.txt"]),
        ("COPY --from=a /d/y.txt /t/.", ["t", "t/y.txt"]),
        ("WORKDIR /w\nCOPY --from=a /d/y.txt ../t", ["t"]),
    ])
    func placesFiles(line: String, paths: [String]) throws {
        let image = try build(line)
        #expect(image.topEntries().map { String($0.prefix { $0 != " " }) } == paths)
    }

    @Test(arguments: [
        ("u+s,g+s,o+t", "6644"), ("a+t", "1644"), ("+t", "1644"), ("u+t", "1644"), ("o+t", "0644"), ("g=u,o=g", "0666"),
        ("a=,u+r", "0400"),
        ("o=g", "0644"),
    ])
    func changesModes(mode: String, expected: String) throws {
        let image = try build("COPY --from=a --chmod=\(mode) /d/y.txt /t")
        #expect(image.topEntries() == ["t file \(expected) 0"])
    }

    private func build(_ line: String) throws -> BuiltImage {
        let fixture = try StoreFixture()
        let artifact = try fixture.put("tool", "1.0.0", "linux/amd64", bytes: Array("good".utf8))
        let plan = try PlanFixture.plan(Self.start + line, PlanFixture.releases([artifact]))
        return try ImageBuilder(store: fixture.store).build(plan, path: "D", options: ImageBuilder.Options())
    }
}
