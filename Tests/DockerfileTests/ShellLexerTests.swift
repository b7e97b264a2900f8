import Testing

@testable import Dockerfile

/// Expectations are those of BuildKit's shell lexer (frontend/dockerfile/shell).
@Suite struct ShellLexerTests {
    private static let variables = ["HOME": "/root", "NAME": "bindery", "EMPTY": "", "PATHS": "/usr/bin/tool.tar.gz"]

    @Test(arguments: [
        ("plain", "plain"),
        ("pl'ai'n", "plain"),
        ("pl\"ai\"n", "plain"),
        (#"don\'t"#, "don't"),
        (#"a\tb"#, "atb"),
        (#""a\tb""#, #"a\tb"#),
        (#""a\\tb""#, #"a\tb"#),
        (#"'a\tb'"#, #"a\tb"#),
        (#"'a\\tb'"#, #"a\\tb"#),
        (#"end\"#, "end"),
        (#"end\\"#, #"end\"#),
        (#"'end\'"#, #"end\"#),
        (#""it's""#, "it's"),
        (#"'"quoted"'"#, #""quoted""#),
        (#""''""#, "''"),
        ("$.", "$."),
        ("a$1b", "ab"),
        ("a$.b", "a$.b"),
        ("a$HOME", "a/root"),
        (#"a\$HOME"#, "a$HOME"),
        (#"a\\$HOME"#, #"a\/root"#),
        (#""a\$HOME""#, "a$HOME"),
        ("'a$HOME'", "a$HOME"),
        (#"\${}"#, "${}"),
        ("${HOME}x", "/rootx"),
        ("${NONE}x", "x"),
        ("${NONE:-d}", "d"), ("${EMPTY:-d}", "d"), ("${HOME:-d}", "/root"),
        ("${NONE-d}", "d"), ("${EMPTY-d}", ""), ("${HOME-d}", "/root"),
        ("${NONE:+d}", ""), ("${EMPTY:+d}", ""), ("${HOME:+d}", "d"),
        ("${NONE+d}", ""), ("${EMPTY+d}", "d"), ("${HOME+d}", "d"),
        ("${HOME:?no}", "/root"), ("${HOME?no}", "/root"), ("${EMPTY?no}", ""),
        ("${NONE:-$HOME}", "/root"),
        ("${NONE:-${ALSO:-deep}}", "deep"),
        ("${HOME:+${HOME}:}x", "/root:x"),
        (#"${NONE:-\$HOME}"#, "$HOME"),
        (#"${NONE:-\${HOME}z}x"#, "${HOMEz}x"),
        ("${NONE:-a {b}", "a {b"),
        ("${HOME}}", "/root}"),
        ("$1", ""), ("${1:-d}", "d"), ("$999a", "a"), ("$@", ""), ("$@@@", "@@"), ("$$", ""), ("${#:-d}", "d"),
        ("$0x", "x"), ("${?:-d}", "d"), ("${-:-d}", "d"),
        ("한${HOME}국", "한/root국"), ("a$HOME국", "a"),
        ("$HOME_x", ""),
        ("a<b", "a<b"), ("a << b", "a << b"),
    ])
    func expands(source: String, expected: String) throws {
        #expect(try ShellLexer().expand(source, Self.variables).text == expected)
    }

    @Test(arguments: [
        ("${PATHS#*/}", "usr/bin/tool.tar.gz"),
        ("${PATHS##*/}", "tool.tar.gz"),
        ("${PATHS%.*}", "/usr/bin/tool.tar"),
        ("${PATHS%%.*}", "/usr/bin/tool"),
        ("${PATHS#nothing}", "/usr/bin/tool.tar.gz"),
        ("${PATHS#}", "/usr/bin/tool.tar.gz"), ("${PATHS%%}", "/usr/bin/tool.tar.gz"),
        ("${PATHS#/???/}", "bin/tool.tar.gz"),
        ("${PATHS%?z}", "/usr/bin/tool.tar."),
        ("${PATHS/bin/sbin}", "/usr/sbin/tool.tar.gz"),
        (#"${PATHS//\//-}"#, "-usr-bin-tool.tar.gz"),
        (#"${PATHS//\//\/}"#, #"\/usr\/bin\/tool.tar.gz"#),
        ("${PATHS//t*r/T}", "/usr/bin/T.gz"),
        ("${PATHS/x/y}", "/usr/bin/tool.tar.gz"),
        ("${PATHS/$EMPTY/w}", "w/usr/bin/tool.tar.gz"),
        ("${NAME//$EMPTY/-}", "-b-i-n-d-e-r-y-"),
        ("${NAME///}", "bindery"), ("${NONE///}", ""), ("${NAME//?/x}", "xxxxxxx"),
    ])
    func patterns(source: String, expected: String) throws {
        #expect(try ShellLexer().expand(source, Self.variables).text == expected)
    }

    @Test(arguments: [
        (#"${V#()[]{\}^$.\*\?|\\}"#, #"()[]{}^$.*?|\x"#, "x"),
        (#"${V%%\**}"#, "xx**", "xx"),
        (#"${V%%\**\*}"#, "a***yy*", "a"),
        (#"${V#*x*y}"#, "xxyy", "y"),
        (#"${V#*}"#, "xxyy", "xxyy"),
        (#"${V##*x}"#, "xxyy", "yy"),
        (#"${V#?\?}"#, "???y", "?y"),
    ])
    func patternsWithEscapes(source: String, value: String, expected: String) throws {
        #expect(try ShellLexer().expand(source, ["V": value]).text == expected)
    }

    @Test(arguments: [
        ("it's", ExpansionError.unterminatedQuote("'")),
        (#"it\\'s"#, .unterminatedQuote("'")),
        ("\"open", .unterminatedQuote("\"")),
        (#""open\""#, .unterminatedQuote("\"")),
        ("${}", .badSubstitution), ("${{a}", .badSubstitution), ("${:}", .badSubstitution),
        ("${:-b}", .badSubstitution),
        ("${HOME", .missingBrace), ("${HOME:-b", .missingBrace), ("${NONE:-b ${HOME}", .missingBrace),
        ("${", .missingBrace),
        ("${.}", .unsupportedModifier(".")), ("${HOME:=b}", .unsupportedModifier(":=")),
        ("${HOME=b}", .unsupportedModifier("=")), ("${HOME:YYY}", .unsupportedModifier(":Y")),
        ("${HOME:#}", .unsupportedModifier(":#")), ("${HOME:%%}", .unsupportedModifier(":%")),
        ("${NAME//ww}", .missingSlash), ("${NAME//}", .missingSlash),
        ("${NONE?}", .required(name: "NONE", message: "is not allowed to be unset")),
        ("${NONE:?}", .required(name: "NONE", message: "is not allowed to be unset")),
        ("${EMPTY:?}", .required(name: "EMPTY", message: "is not allowed to be empty")),
        ("${NONE:?give $NAME}", .required(name: "NONE", message: "give bindery")),
        (#"${HOME#\x}"#, .invalidPattern(#"\x"#)),
    ])
    func refuses(source: String, error: ExpansionError) {
        #expect(throws: error) { try ShellLexer().expand(source, Self.variables) }
    }

    @Test(arguments: [
        ("a$SPACE b", ["ax", "y", "b"]),
        ("a\"$SPACE\"b", ["ax  yb"]),
        (#"a\ b"#, ["a b"]),
        ("  a   b  ", ["a", "b"]),
        ("a '' b", ["a", "b"]),
    ])
    func splitsWords(source: String, expected: [String]) throws {
        #expect(try ShellLexer().expand(source, ["SPACE": "x  y"]).words == expected)
    }

    @Test func usesTheEscapeCharacterItIsGiven() throws {
        #expect(try ShellLexer(escape: "`").expand(#"c:\dir`$X$Y"#, ["Y": "z"]).text == #"c:\dir$Xz"#)
    }

    @Test func tellsWhichVariablesWereAskedFor() throws {
        let expansion = try ShellLexer().expand("${A-x} ${B:-$C} $D", ["A": "1", "C": "2"])
        #expect(expansion.used == ["A", "C"])
        #expect(expansion.unset == ["B", "D"])
    }

    @Test func keepsQuotesAndUnsetVariablesWhenAsked() throws {
        var lexer = ShellLexer()
        lexer.keepsUnset = true
        lexer.keepsQuotes = true
        let source = #"'a' "b" $N ${N} ${N:-d} ${N/p/r}"#
        #expect(try lexer.expand(source, [:]).text == source)
        lexer.ignoresQuotes = true
        #expect(try lexer.expand("it's $A", ["A": "1"]).text == "it's 1")
    }

    @Test func boundsDepthLengthAndSteps() {
        let nested = String(repeating: "${a:-", count: 5_000) + String(repeating: "}", count: 5_000)
        #expect(throws: ExpansionError.tooDeep) { try ShellLexer().expand(nested, [:]) }
        let long = String(repeating: "x", count: 1 << 19)
        #expect(throws: ExpansionError.tooLong) { try ShellLexer().expand("$a$a$a", ["a": long]) }
        #expect(throws: ExpansionError.tooLong) { try ShellLexer().expand("${a//*y*y*y/z}", ["a": long]) }
    }
}
