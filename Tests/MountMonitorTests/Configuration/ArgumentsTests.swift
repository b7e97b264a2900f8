import Testing

@testable import MountMonitor

@Suite struct ArgumentsTests {
    @Test(
        "a flag has one or two dashes, and its value behind = or in the next word",
        arguments: [["--config", "f"], ["--config=f"], ["-config", "f"], ["-config=f"], ["-c", "f"], ["-c=f"]]
    )
    func spellings(words: [String]) throws {
        #expect(try Arguments(parsing: words).source.file == "f")
    }

    @Test(
        arguments: [
            ([], .serve), (["--init-container-mode"], .initContainer), (["-init-container-mode=true"], .initContainer),
            (["--init-container-mode=false"], .serve), (["--check-config"], .checkConfiguration),
            (["--check-config", "--init-container-mode"], .checkConfiguration),
            (["--version", "--check-config"], .version),
            (["--version", "--help"], .help), (["-h"], .help), (["--help", "--version"], .help),
        ] as [([String], Arguments.Mode)]
    )
    func modes(words: [String], mode: Arguments.Mode) throws {
        #expect(try Arguments(parsing: words).mode == mode)
    }

    @Test func readsTheRest() throws {
        let source = try Arguments(parsing: ["--http-port", "81", "--log-level=warn", "--log-format", "text"]).source
        #expect(source == ConfigurationSource(file: nil, httpPort: 81, logLevel: .warn, logFormat: .text))
    }

    @Test(arguments: [
        (["x"], "unexpected argument \"x\""), (["--confg", "f"], "did you mean --config?"),
        (["--config"], "--config needs a value"), (["--config="], "needs a value"),
        (["--http-port", "http"], "wants a number"), (["--log-level", "loud"], "one of debug, info, warn, error"),
        (["--version=3"], "takes no value"), (["--"], "unexpected argument"), (["-"], "unexpected argument"),
    ])
    func refuses(words: [String], reason: String) throws {
        let error = try #require(throws: UsageError.self) { try Arguments(parsing: words) }
        #expect(error.description.contains(reason))
    }

    @Test func helpShowsTheVersion() {
        #expect(Help.text.contains("Version: \(Help.version)\n"))
    }
}
