import Testing

@testable import MountMonitor

@Suite struct ArgumentsTests {
    @Test(
        "a flag has one or two dashes, and its value behind =, in the next word, or for -c at once",
        arguments: [
            ["--config", "f"], ["--config=f"], ["-config", "f"], ["-config=f"], ["-c", "f"], ["-c=f"], ["-cf"],
        ]
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
            (["--probe", "live"], .probe(.live)), (["--probe=ready", "--http-port", "1"], .probe(.ready)),
            (["--init-container-mode", "false"], .initContainer), (["--", "--version"], .serve),
            (["--version", "--help"], .help), (["-h"], .help), (["--help", "--version"], .help),
        ] as [([String], Arguments.Mode)]
    )
    func modes(words: [String], mode: Arguments.Mode) throws {
        #expect(try Arguments(parsing: words).mode == mode)
    }

    @Test func readsTheRest() throws {
        let source = try Arguments(parsing: ["--http-port", "81", "--log-level=warn", "--log-format", "text"]).source
        #expect(source == ConfigurationSource(file: nil, httpPort: 81, logLevel: "warn", logFormat: "text"))
    }

    @Test(arguments: [
        (["--confg", "f"], "did you mean --config?"), (["--config"], "--config needs a value"),
        (["-c"], "-c needs a value"), (["--http-port", "http"], "wants a number"), (["--http-port="], "wants a number"),
        (["--version=3"], "takes no value"), (["--probe=dead"], "live or ready"), (["-x"], "unknown flag"),
        (["--=x"], "bad flag"), (["---x"], "bad flag"),
    ])
    func refuses(words: [String], reason: String) throws {
        let error = try #require(throws: ArgumentError.self) { try Arguments(parsing: words) }
        #expect(error.description.contains(reason))
    }

    @Test(
        "what has no effect is a warning",
        arguments: [
            ["x"], ["-"], ["--", "x"], ["--config="], ["-c", ""], ["--http-port=0"], ["--http-port", "-5"],
            ["--log-level="],
            ["--log-format", ""],
        ]
    )
    func warns(words: [String]) throws {
        let arguments = try Arguments(parsing: words)
        #expect(arguments.warnings.count == 1 && arguments.source == ConfigurationSource() && arguments.mode == .serve)
    }

    @Test(
        arguments: [
            ("8080", 8080), ("-1", -1), ("+7", 7), ("0x1F90", 8080), ("0X1f90", 8080), ("0b101", 5), ("0o17", 15),
            ("017", 15),
            ("0", 0), ("00", 0), ("8_080", 8080), ("0x_1F", 31), ("", nil), ("x", nil), ("0x", nil), ("_1", nil),
            ("1_", nil),
            ("1__0", nil), ("08", nil), ("1.5", nil), ("--1", nil), ("99999999999999999999", nil), ("\u{661}", nil),
        ] as [(String, Int?)]
    )
    func numbersAreReadAsGoReadsThem(text: String, number: Int?) {
        #expect(GoInteger.parse(text) == number)
    }

    @Test func checkingAConfigurationIsStrict() throws {
        #expect(try Arguments(parsing: ["--check-config"]).source.isStrict)
        #expect(try Arguments(parsing: ["--strict-config"]).source.isStrict)
        #expect(try !Arguments(parsing: ["--init-container-mode"]).source.isStrict)
    }

    @Test func helpShowsTheVersion() {
        #expect(Help.text.contains("Version: \(ProgramVersion.text)\n"))
    }
}
