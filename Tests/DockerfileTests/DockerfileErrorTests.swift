import Testing

@testable import Dockerfile

@Suite struct DockerfileErrorTests {
    private func error(_ text: String) -> DockerfileError? {
        do {
            _ = try Dockerfile(parsing: text)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("COPPY a b", DockerfileError.Problem.unknownInstruction("COPPY", nearest: "COPY")),
        ("ENTRYPIONT a", .unknownInstruction("ENTRYPIONT", nearest: "ENTRYPOINT")),
        ("XYZZY a", .unknownInstruction("XYZZY", nearest: nil)),
        ("COPY --chmd=1 a b", .unknownFlag("--chmd", nearest: "chmod")),
        ("USER --boo a", .unknownFlag("--boo", nearest: nil)),
        ("COPY --chmod=1 --chmod=2 a b", .repeatedFlag("--chmod")),
        ("COPY --chmod a b", .flagWithoutValue("--chmod")),
        ("COPY --link= a b", .flagWithoutValue("--link")),
        ("COPY --link=maybe a b", .flagNotBoolean("--link", value: "maybe")),
        ("COPY a", .argumentCount(expected: "COPY needs at least one source and a destination")),
        ("ADD", .argumentCount(expected: "ADD needs at least one source and a destination")),
        ("USER", .argumentCount(expected: "USER needs an argument")),
        ("WORKDIR ", .argumentCount(expected: "WORKDIR needs an argument")),
        ("EXPOSE", .argumentCount(expected: "EXPOSE needs at least one argument")),
        ("ENV", .argumentCount(expected: "ENV needs at least one name=value")),
        ("ENV a", .argumentCount(expected: "ENV a has no value: write name=value")),
        ("ENV a=b c", .notAssignment("c")), ("ENV =b", .blankName), ("ARG =b", .blankName),
        ("ARG", .argumentCount(expected: "ARG needs at least one name")),
        ("VOLUME", .argumentCount(expected: "VOLUME needs at least one path, and none may be empty")),
        (#"VOLUME [" "]"#, .argumentCount(expected: "VOLUME needs at least one path, and none may be empty")),
        (#"CMD ["a", 1]"#, .notArrayOfStrings), (#"CMD ["a", {"b": [null]}]"#, .notArrayOfStrings),
        (#"COPY ["a", true, "b"]"#, .notArrayOfStrings),
        ("SHELL sh -c", .needsExecForm), ("SHELL []", .argumentCount(expected: "SHELL needs a program")),
        ("ONBUILD ONBUILD USER a", .invalidTrigger("ONBUILD")), ("ONBUILD FROM a", .invalidTrigger("FROM")),
        ("ONBUILD", .argumentCount(expected: "ONBUILD needs an instruction")),
        ("HEALTHCHECK", .argumentCount(expected: "HEALTHCHECK needs NONE, or CMD and a command")),
        ("CMD", .argumentCount(expected: "CMD needs a command; CMD [] clears it")),
        ("ENTRYPOINT ", .argumentCount(expected: "ENTRYPOINT needs a command; ENTRYPOINT [] clears it")),
        ("HEALTHCHECK CMD", .argumentCount(expected: "HEALTHCHECK CMD needs a command")),
        ("HEALTHCHECK NONE a", .argumentCount(expected: "HEALTHCHECK NONE takes no arguments")),
        ("HEALTHCHECK CONNECT TCP 1", .unknownHealthcheck("CONNECT")),
        ("HEALTHCHECK --interval=50ns CMD a", .invalidDuration(flag: "interval", value: "50ns")),
        ("HEALTHCHECK --timeout=5 CMD a", .invalidDuration(flag: "timeout", value: "5")),
        ("HEALTHCHECK --timeout=9999999999h CMD a", .invalidDuration(flag: "timeout", value: "9999999999h")),
        ("HEALTHCHECK --retries=-1 CMD a", .invalidRetries("-1")),
        ("FROM a b", .argumentCount(expected: "FROM is written FROM image or FROM image AS name")),
        ("FROM a AS 1b", .invalidStageName("1b")),
        // Engines read an accent and what it stands behind apart.
        ("COPY a /\u{301}/", .combined("/\u{301}")), ("ENV Q=\u{301} R=1", .combined("=\u{301}")),
        ("LABEL a=b \u{FE0F}c=d", .combined(" \u{FE0F}")), ("RUN mkdir /\u{200D}a", .combined("/\u{200D}")),
    ])
    func refuses(text: String, problem: DockerfileError.Problem) throws {
        let error = try #require(self.error("FROM scratch\n\n# c\n" + text))
        #expect(error.problem == problem)
        #expect(error.lines == 4...4)
        #expect(error.description.hasPrefix("Dockerfile, line 4: "))
    }

    @Test func charactersThatCombineWithLettersAreText() {
        #expect(
            error("FROM scratch\r\nLABEL a=\"#\u{FE0F}\u{20E3} e\u{301} \u{26A0}\u{FE0F} 1\u{FE0F}\u{20E3}\"\r\n")
                == nil
        )
    }

    @Test(arguments: [
        ("", DockerfileError.Problem.noInstructions), ("# only\n\n", .noInstructions), ("ARG a", .noStage),
        ("USER a\nFROM b", .beforeFrom),
        ("# escape=x\nFROM a", .invalidEscape("x")), ("# escape=`\n# escape=`\nFROM a", .repeatedDirective("escape")),
        ("FROM a\nUSER \0", .notText),
        ("\\", .unknownInstruction("", nearest: nil)),
    ])
    func refusesFiles(text: String, problem: DockerfileError.Problem) {
        #expect(error(text)?.problem == problem)
    }

    // Not arguments of the test above, which a run would print in full.
    @Test func refusesWhatIsTooLarge() {
        #expect(error(String(repeating: "x", count: 70_000))?.problem == .lineTooLong(70_000))
        #expect(error(String(repeating: "#\n", count: 600_000))?.problem == .fileTooLarge(1_200_000))
    }

    @Test func refusesBytesThatAreNoText() {
        #expect(throws: DockerfileError(lines: 2...2, problem: .notText)) {
            try Dockerfile(parsing: Array("FROM a\nUSER ".utf8) + [0xFF])
        }
    }

    @Test func errorsSpanAllLinesOfTheirInstruction() {
        let error = self.error("FROM a\nCOPY --frm=b \\\n # c\n  c d")
        #expect(error?.lines == 2...4)
        #expect(error?.description == "Dockerfile, lines 2 to 4: COPY: there is no flag '--frm': --from is meant?")
    }
}
