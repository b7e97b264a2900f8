import Testing

@testable import Dockerfile

/// Expectations are those of BuildKit's parser (frontend/dockerfile/parser, parser_heredoc_test.go).
@Suite struct HeredocTests {
    private func heredocs(_ text: String) throws -> [Heredoc] {
        try #require(try DockerfileTests.operation(text)?.copy).files.heredocs
    }

    @Test(arguments: [
        ("<<EOF", "EOF", true, false), ("<<-EOF", "EOF", true, true), ("<<'EOF'", "EOF", false, false),
        ("<<-\"EOF\"", "EOF", false, true), ("<<eo'f'", "eof", false, false), (#"<<eo\'f"#, "eo'f", true, false),
        (#"<<'e'o\'f"#, "eo'f", false, false), ("<<file.txt", "file.txt", true, false), ("<<$EOF", "$EOF", true, false),
        ("3<<EOF", "EOF", true, false),
    ])
    func readsNames(word: String, name: String, isExpanded: Bool, stripsTabs: Bool) throws {
        let heredoc = try #require(try heredocs("COPY \(word) /\nx\n\(name)").first)
        #expect(heredoc.name == name)
        #expect(heredoc.isExpanded == isExpanded)
        #expect(heredoc.stripsTabs == stripsTabs)
        #expect(heredoc.content == "x\n")
    }

    @Test func severalFollowEachOther() throws {
        let text = "COPY <<X <<Y plain /dest\nY\nX\nX\nY\nUSER a"
        #expect(try heredocs(text).map(\.content) == ["Y\n", "X\n"])
        let instructions = try DockerfileTests.instructions(text)
        #expect(instructions.map(\.lines) == [2...6, 7...7])
        #expect(try #require(instructions[0].operation.copy).files.paths == ["plain"])
    }

    @Test func keepsCommentsQuotesAndLineEndings() throws {
        let heredoc = try #require(try heredocs("COPY <<E /\n# c\r\n \"q\" \\\n\n'r'\nE\r\n").first)
        #expect(heredoc.content == "# c\r\n \"q\" \\\n\n'r'\n")
    }

    @Test func takesTabsOff() throws {
        let heredoc = try #require(try heredocs("COPY <<-E /\n\t\ta\tb\n\t\n c\n\tE").first)
        #expect(heredoc.content == "\t\ta\tb\n\t\n c\n")
        #expect(heredoc.text == "a\tb\n\n c\n")
    }

    @Test func jsonFormsAndOtherInstructionsHaveNone() throws {
        #expect(try DockerfileTests.operation(#"COPY ["<<a", "b"]"#) != nil)
        #expect(try DockerfileTests.operation("USER <<a") == .user("<<a"))
        #expect(try DockerfileTests.operation(#"RUN "<<a""#) == .run(.shell(#""<<a""#)))
        #expect(try DockerfileTests.operation("RUN <<E python3\nx\nE\nUSER a") == .run(.shell("<<E python3\nx\nE")))
        #expect(try DockerfileTests.operation("RUN <<E\nx\n y\nE\nUSER a") == .run(.shell("x\n y\n")))
        #expect(try DockerfileTests.operation("RUN <<-E\n\tx\n\tE\nUSER a") == .run(.shell("x\n")))
        #expect(try DockerfileTests.operation("RUN <<E\n#!/bin/a\nE\nUSER a") == .run(.shell("<<E")))
    }

    @Test func errors() {
        func problem(_ text: String) -> DockerfileError.Problem? {
            do {
                _ = try Dockerfile(parsing: "FROM scratch\n" + text)
                return nil
            } catch {
                return error.problem
            }
        }
        #expect(problem("COPY <<E /\nx\n") == .unterminatedHeredoc("E"))
        #expect(problem("COPY <<A <<B /\nx\nB\ny\n") == .unterminatedHeredoc("A"))
        #expect(problem("COPY a <<E\nx\nE\n") == .heredocAsDestination)
        let slash = DockerfileError.Problem.argumentCount(expected: "'<<a/b' names a file, so no slash is in it")
        #expect(problem("COPY <<a/b /c\nx\na/b\n") == slash)
    }
}

extension Operation {
    fileprivate var copy: CopyOperation? {
        if case .copy(let copy) = self { copy } else { nil }
    }
}
