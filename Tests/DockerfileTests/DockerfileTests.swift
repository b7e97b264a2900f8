import Testing

@testable import Dockerfile

@Suite struct DockerfileTests {
    /// The instructions of a stage that starts from scratch.
    static func instructions(_ text: String) throws -> [Instruction] {
        try Dockerfile(parsing: "FROM scratch\n" + text).stages[0].instructions
    }

    static func operation(_ text: String) throws -> Operation? {
        try instructions(text).first?.operation
    }

    @Test func readsAReleaseFile() throws {
        let file = try Dockerfile(
            parsing: """
                # syntax=docker/dockerfile:1
                ARG BASE=scratch
                FROM ${BASE} AS Release
                ARG TARGETARCH
                COPY --chmod=755 mount-monitor-linux-${TARGETARCH} /mount-monitor
                USER 65534
                ENTRYPOINT ["/mount-monitor"]
                """
        )
        #expect(file.directives == [ParserDirective(name: .syntax, value: "docker/dockerfile:1", line: 1)])
        #expect(file.globalArguments.map(\.operation) == [.arg([ArgumentDefinition(name: "BASE", value: "scratch")])])
        #expect(file.stages.map(\.from) == [FromOperation(base: "${BASE}", name: "release", platform: nil)])
        #expect(file.stages[0].instructions.map(\.keyword) == [.arg, .copy, .user, .entrypoint])
        #expect(file.stages[0].instructions.map(\.lines) == [4...4, 5...5, 6...6, 7...7])
        guard case .copy(let copy) = file.stages[0].instructions[1].operation else { Issue.record("no COPY"); return }
        #expect(copy.mode == "755")
        #expect(copy.files.paths == ["mount-monitor-linux-${TARGETARCH}"])
        #expect(copy.files.destination == "/mount-monitor")
    }

    @Test(arguments: [
        ("LF", "FROM scratch\nUSER a\n"), ("no final newline", "FROM scratch\nUSER a"),
        ("CRLF", "FROM scratch\r\nUSER a\r\n"), ("BOM", "\u{FEFF}FROM scratch\nUSER a\n"),
        ("indented", "  FROM scratch\n\t USER a \n"), ("lower case", "from scratch\nuser a"),
        ("comments", "# c\nFROM scratch\n  # c\n\nUSER a\n#"), ("continued at the end", "FROM scratch\nUSER a \\"),
    ])
    func lineEndingsAndSpaceDontMatter(label: String, text: String) throws {
        let file = try Dockerfile(parsing: text)
        #expect(file.stages[0].instructions.map(\.operation) == [.user("a")])
    }

    @Test(arguments: [
        ("RUN a\\\n  b\\\nc\\\nd", "RUN a  bcd"),
        ("RUN a \\\n# comment\n\n  # indented\nb", "RUN a b"),
        ("RUN a \\  \t\nb", "RUN a b"),
        ("RUN a\\\\\nUSER b", #"RUN a\\"#),
        ("RUN a \\\n\\\n \\\nb", "RUN a  b"),
        ("RUN \\\n  a && \\\n  b", "RUN   a &&   b"),
    ])
    func joinsContinuations(text: String, source: String) throws {
        #expect(try Self.instructions(text)[0].source == source)
    }

    @Test func emptyLinesInAContinuationAreWarnedOf() throws {
        let file = try Dockerfile(parsing: "FROM scratch\nRUN a \\\n\n b \\\n# c\n c\nUSER a")
        #expect(file.warnings.map(\.line) == [3])
        #expect(file.stages[0].instructions.map(\.lines) == [2...6, 7...7])
    }

    @Test(arguments: [
        ("# escape=`\nFROM scratch\nENV p c:\\\nUSER a", 2, "`"),
        ("#EsCaPe = ` \nFROM scratch\nUSER `\na", 1, "`"),
        ("# c\n# escape=`\nFROM scratch\nUSER \\\na", 1, "\\"),
        ("\n# escape=`\nFROM scratch\nUSER \\\na", 1, "\\"),
        ("# other=1\n# escape=`\nFROM scratch\nUSER \\\na", 1, "\\"),
        ("# syntax=a\n# check=skip=all\n# escape=`\nFROM scratch\nUSER `\na", 1, "`"),
        ("#!/bin/sh\n# escape=`\nFROM scratch\nUSER \\\na", 1, "\\"),
    ])
    func escapeDirective(text: String, count: Int, escape: Character) throws {
        let file = try Dockerfile(parsing: text)
        #expect(file.stages[0].instructions.count == count)
        #expect(Character(file.escape) == escape)
    }

    @Test(arguments: [
        (#"CMD []"#, CommandForm.exec([])), (#"CMD [""]"#, .exec([""])), (#"CMD ["a","b"]"#, .exec(["a", "b"])),
        ("CMD\t[\t\"a\",\t\"b\"\t]\t", .exec(["a", "b"])),
        (
            #"CMD ["abc 1", "♥", "\" \\ \/ \b \f \n \r \t \u0000 \ud83d\ude00 \ud83d"]"#,
            .exec(["abc 1", "♥", "\" \\ / \u{8} \u{C} \n \r \t \0 😀 \u{FFFD}"])
        ),
        (#"CMD ['a','b']"#, .shell("['a','b']")), (#"CMD ["a", "b""#, .shell(#"["a", "b""#)),
        (#"CMD ["a" "b"]"#, .shell(#"["a" "b"]"#)), (#"CMD ["a"] b"#, .shell(#"["a"] b"#)),
        (#"CMD "["a"]""#, .shell(#""["a"]""#)), ("CMD [ -f x ]", .shell("[ -f x ]")), ("CMD []", .exec([])),
        ("CMD echo  'a'  $b", .shell("echo  'a'  $b")),
    ])
    func execAndShellForm(text: String, expected: CommandForm) throws {
        #expect(try Self.operation(text) == .cmd(expected))
    }

    @Test(arguments: [
        ("name value", [("name", "value", true)]),
        ("name  a = b  c", [("name", "a = b  c", true)]),
        ("name=value", [("name", "value", false)]),
        ("a=1 b=2", [("a", "1", false), ("b", "2", false)]),
        (#"a="x y" b=x\ y c='z "q"'"#, [("a", #""x y""#, false), ("b", #"x\ y"#, false), ("c", #"'z "q"'"#, false)]),
        (#"a="x\"y" b="""#, [("a", #""x\"y""#, false), ("b", #""""#, false)]),
        ("a= b=", [("a", "", false), ("b", "", false)]),
        ("a=x=y", [("a", "x=y", false)]),
        (#"a=b \"#, [("a", "b", false)]),
    ])
    func environment(text: String, expected: [(String, String, Bool)]) throws {
        let assignments = expected.map { Assignment(name: $0.0, value: $0.1, isOldForm: $0.2) }
        #expect(try Self.operation("ENV " + text) == .env(assignments))
        #expect(try Self.operation("LABEL " + text) == .label(assignments))
    }

    @Test func argumentsMayLackADefault() throws {
        #expect(
            try Self.operation("ARG a b=c d=\"e f\" g=")
                == .arg([
                    ArgumentDefinition(name: "a", value: nil), ArgumentDefinition(name: "b", value: "c"),
                    ArgumentDefinition(name: "d", value: "\"e f\""), ArgumentDefinition(name: "g", value: ""),
                ])
        )
    }

    @Test func simpleInstructions() throws {
        #expect(try Self.operation("EXPOSE 9000 80/udp  5000-5002") == .expose(["5000-5002", "80/udp", "9000"]))
        #expect(try Self.operation(#"VOLUME ["/a b", "/c"]"#) == .volume(["/a b", "/c"]))
        #expect(try Self.operation("VOLUME /a /b") == .volume(["/a", "/b"]))
        #expect(try Self.operation("WORKDIR /a b") == .workdir("/a b"))
        #expect(try Self.operation("STOPSIGNAL SIGTERM") == .stopsignal("SIGTERM"))
        #expect(try Self.operation("MAINTAINER A <a@b.c>") == .maintainer("A <a@b.c>"))
        #expect(try Self.operation(#"SHELL ["/bin/sh", "-c"]"#) == .shell(["/bin/sh", "-c"]))
        #expect(try Self.operation("ONBUILD COPY . /") == .onbuild(.copy, "COPY . /"))
        #expect(try Self.operation("ONBUILD COPY <<a /\nx\na") == .onbuild(.copy, "COPY <<a /\nx\na"))
    }

    @Test func healthchecks() throws {
        #expect(try Self.operation("HEALTHCHECK NONE") == .healthcheck(Healthcheck(test: ["NONE"])))
        #expect(try Self.operation("HEALTHCHECK cmd a b") == .healthcheck(Healthcheck(test: ["CMD-SHELL", "a b"])))
        let flags = "--interval=1m30s --timeout=2.5s --start-period=0s --start-interval=1ms --retries=3"
        #expect(
            try Self.operation("HEALTHCHECK \(flags) CMD [\"a\", \"b\"]")
                == .healthcheck(
                    Healthcheck(
                        test: ["CMD", "a", "b"],
                        interval: 90_000_000_000,
                        timeout: 2_500_000_000,
                        startInterval: 1_000_000,
                        retries: 3
                    )
                )
        )
        // As Go rounds it.
        let third = try Self.operation("HEALTHCHECK --interval=0.3333333333333333333h CMD a")
        #expect(third == .healthcheck(Healthcheck(test: ["CMD-SHELL", "a"], interval: 1_200_000_000_000)))
    }

    @Test func copyFlags() throws {
        let text =
            "COPY --from=0 --chown=1:2 --chmod=u=rw,go=r --link --parents=false --exclude=*.a --exclude=b x y /z/"
        guard case .copy(let copy) = try Self.operation(text) else { Issue.record("no COPY"); return }
        #expect(copy.from == "0")
        #expect(copy.owner == "1:2")
        #expect(copy.mode == "u=rw,go=r")
        #expect(copy.isLinked)
        #expect(!copy.keepsParents)
        #expect(copy.excludes == ["*.a", "b"])
        #expect(copy.files == SourcesAndDestination(paths: ["x", "y"], heredocs: [], destination: "/z/"))
        #expect(
            try Self.instructions(text)[0].flags == ["from", "chown", "chmod", "link", "parents", "exclude", "exclude"]
        )
    }

    @Test(arguments: [
        ("COPY --chmod='7'55 a b", "755"), (#"COPY --chmod=7\55 a b"#, "755"), ("COPY --chmod=755 -- a b", "755"),
        (#"COPY --chmod=755 ["a", "b"]"#, "755"),
    ])
    func flagsMayBeQuotedAndEnded(text: String, mode: String) throws {
        guard case .copy(let copy) = try Self.operation(text) else { Issue.record("no COPY"); return }
        #expect(copy.mode == mode)
        #expect(copy.files.paths == ["a"])
    }

    @Test func addFlags() throws {
        guard case .add(let add) = try Self.operation("ADD --keep-git-dir --checksum=sha256:1 --unpack=false a b")
        else {
            Issue.record("no ADD")
            return
        }
        #expect(add.keepsGitDirectory == true)
        #expect(add.checksum == "sha256:1")
        #expect(add.unpacks == false)
        #expect(!add.isLinked)
    }

    @Test func runKeepsItsTextAndItsFlags() throws {
        let instruction = try Self.instructions("RUN --mount=type=cache,target=/a --mount=type=tmpfs echo --b")[0]
        #expect(instruction.operation == .run(.shell("echo --b")))
        #expect(instruction.flags == ["mount", "mount"])
    }
}
