import Testing

@testable import bindery

@Suite struct LongWordListTests {
    private static let files = (0..<40).map { "file-\($0)" }

    @Test(
        "A command's words come back in their order, wherever the lists of files stand",
        arguments: [
            ["put"] + files + ["--version", "1"],
            ["put", "--version", "1", "--name-pattern", "{name}"] + files,
            ["put", "--version", "1"] + files + ["--no-sync"] + files + ["-"],
            ["put", "--"] + files + ["-x"],
            ["put", "a", "b", "--version", "1"],
        ]
    )
    func comesBack(words: [String]) {
        let list = LongWordList(words)
        #expect(list.restore(list.words) == words)
    }

    @Test func aThousandFilesAreOneWordForTheParser() {
        let list = LongWordList(["put", "--version"] + Self.files + ["--no-sync"])
        // The first may be the value of --version.
        #expect(list.words.count == 5)
        #expect(list.words[2] == "file-0")
    }

    @Test func thePutCommandGetsItsFilesBack() throws {
        let words = ["put"] + Self.files + ["--version", "1", "--name-pattern", "{name}"] + Self.files
        let command = try #require(try PutCommand.parse(root: words, as: Bindery.self) as? PutCommand)
        #expect(command.files == Self.files + Self.files)
    }

    @Test func otherCommandsAreLeftAlone() throws {
        #expect(try PutCommand.parse(root: ["ls"] + Self.files, as: Bindery.self) == nil)
    }
}
