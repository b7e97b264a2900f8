import Dockerfile
import Testing

@Suite struct ShellLineTests {
    private static let variables = ["USER": "app", "EMPTY": "", "TWO": "a b", "STAR": "*", "DIR": "/srv/app-1.0"]

    private static func words(_ text: String) throws -> [[String]] {
        try ShellLine(parsing: text).certainCommands.map { command in
            try command.words.flatMap { try $0.fields(variables).map(\.text) }
        }
    }

    @Test(arguments: [
        ("mkdir -p /a", [["mkdir", "-p", "/a"]]),
        ("mkdir /a && chmod 755 /a", [["mkdir", "/a"], ["chmod", "755", "/a"]]),
        ("set -e; mkdir /a; touch /a/b", [["set", "-e"], ["mkdir", "/a"], ["touch", "/a/b"]]),
        ("mkdir 'a b' \"c d\"e", [["mkdir", "a b", "c de"]]),
        ("mkdir /a # && rm /b", [["mkdir", "/a"]]),
        ("mkdir /a#b", [["mkdir", "/a#b"]]),
        ("# nothing", []),
        ("chown $USER:${USER} $DIR", [["chown", "app:app", "/srv/app-1.0"]]),
        ("echo \"$TWO\" '$TWO' $TWO-$TWO", [["echo", "a b", "$TWO", "a", "b-a", "b"]]),
        ("echo \"\" $EMPTY ''$EMPTY", [["echo", "", ""]]),
        (#"printf "a\n\"\$b\\" x"#, [["printf", #"a\n"$b\"#, "x"]]),
        (#"echo a\ b \$USER \\ \'"#, [["echo", "a b", "$USER", "\\", "'"]]),
        ("mkdir a&&mkdir b", [["mkdir", "a"], ["mkdir", "b"]]),
        ("mkdir a\nmkdir b", [["mkdir", "a"], ["mkdir", "b"]]),
        ("mkdir a \\\n b", [["mkdir", "a", "b"]]),
        ("a || b", [["a"]]), ("a || b; c", [["a"], ["c"]]), ("[ -f x ] && b; c", [["[", "-f", "x", "]"], ["c"]]),
        ("a 2>&1", [["a"]]), ("a b 2> /dev/null || c", [["a", "b"]]), ("a 1>&2", [["a"]]),
        ("a >/dev/null 2>&1; b", [["a"], ["b"]]),
        ("cat <<A\nb && c\nA\nd", [["cat"], ["d"]]),
        ("cat a | tee b", [["cat", "a"], ["tee", "b"]]),
        ("! a; (b); { c; }", [["a"], ["b"], ["c"]]),
        ("if a; then b; else c; fi; d", [["a"], ["d"]]),
        ("case $USER in app) b;; esac; d", [["d"]]),
        ("echo a$ $/ \"b$\"", [["echo", "a$", "$/", "b$"]]),
        ("echo [ a[b", [["echo", "[", "a[b"]]),
    ])
    func commandsAreRead(text: String, commands: [[String]]) throws {
        #expect(try Self.words(text) == commands)
    }

    @Test(arguments: [
        ("${USER:-x}", "app"), ("${NOT:-x}", "x"), ("${NOT-x}", "x"), ("${EMPTY:-x}", "x"), ("${EMPTY-x}", ""),
        ("${USER:+x}", "x"), ("${NOT:+x}", ""), ("${EMPTY+x}", "x"), ("${EMPTY:+x}", ""),
        ("${DIR#*/}", "srv/app-1.0"), ("${DIR##*/}", "app-1.0"), ("${DIR%/*}", "/srv"), ("${DIR%%-*}", "/srv/app"),
        ("${TWO}", "a b"), ("x${NOT:-}y", "xy"),
    ])
    func variablesAreChanged(text: String, expected: String) throws {
        let command = try #require(try ShellLine(parsing: "echo \"\(text)\"").certainCommands.first)
        #expect(try command.words[1].text(Self.variables) == expected)
    }

    @Test(arguments: [
        "a & b", "a $(b)", "a `b`", "a [b]", "a {b,c}", "a ~", "a <<EOF", "a <<<b", "<<$E\n$E\n", "a <<E <<F\nE\nF\n",
        "a 2>b", "a 3>/dev/null", "a &&", "&& a", "; a", "a >", "a > b > c", "a 'b", "a \"b", "a \\", "a $STAR", "a $1",
        "a $?", "a ${A/b/c}", "a ${#A}", "a ${A:-$B}", "a ${A:?b}", "a >& b", "a && && b", "a ;; b", "a |& b",
        "while a; do b; done", "a() { b; }", "if a; then b", "if a; fi", "if a; then fi", "for a in b; c; done",
        "for a; do b; done",
        "(a", "a)", "{ a", "((a))", "[[ a ]]", "case a in b) c", "then", "! ! a", "a ${A:-\"b\"}", "cat <<E\na`b`\nE\n",
        "if a; then b; fi < c",
    ])
    func whatNeedsAShellIsRefused(text: String) {
        #expect(throws: ShellLine.Refusal.self) { try Self.words(text) }
    }

    @Test func nestingIsBounded() {
        let depth = 100_000
        for (open, close) in [("(", ")"), ("{ ", "; }"), ("if a; then ", "; fi")] {
            let text = String(repeating: open, count: depth) + "a" + String(repeating: close, count: depth)
            #expect(throws: ShellLine.Refusal.self) { try ShellLine(parsing: text) }
        }
    }

    @Test(arguments: ["mkdir $NOT", "mkdir ${NOT#a}", "mkdir ${HOME:-/root}", "mkdir \"${http_proxy:-}\""])
    func unknownVariablesAreNamed(text: String) {
        #expect {
            try Self.words(text)
        } throws: { error in
            if case ShellLine.Refusal.unset = error { true } else { false }
        }
    }

    @Test(arguments: [
        ("cat <<E >/f\na $USER \\$X \\a \"b\"\n\tE\nE\n", "a app $X \\a \"b\"\n\tE\n"),
        ("cat >/f << 'E'\na $NOT `b`\nE", "a $NOT `b`\n"),
        ("cat <<-E >/f\n\ta\n\t\tb \n\tE\n", "a\nb \n"),
        ("cat <<E >/f\na \\\nb\nE\n", "a b\n"), ("cat <<E >/f\nE\n", ""),
        ("if true; then cat <<E >/f; fi\na\nE\n", "a\n"),
    ])
    func hereDocumentsAreInput(text: String, input: String) throws {
        let line = try ShellLine(parsing: text)
        #expect(try line.heredocs.map { try $0.text(Self.variables) } == [input])
    }

    @Test func quotedPatternsStandForThemselves() throws {
        let command = try #require(try ShellLine(parsing: "rm /a/*.s? '*'/x\"?\"* '/b*'").certainCommands.first)
        let fields = try command.words.flatMap { try $0.fields([:]) }
        #expect(fields.map(\.text) == ["rm", "/a/*.s?", "*/x?*", "/b*"])
        #expect(fields.map(\.pattern) == [nil, "/a/*.s?", "\\*/x\\?*", nil])
    }
}
